"""The time zone in which days are counted and times are shown."""

from __future__ import annotations

import os
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

_LINK = Path("/etc/localtime")


def find_zone(name: str = "") -> tzinfo:
    """The zone of that IANA name, or else of $TZ, or else of the machine; never raises.

    A machine that tells no name gets its offset of this moment.
    """
    for candidate in (name, os.environ.get("TZ", "").removeprefix(":"), _linked_name()):
        try:
            if candidate:
                return ZoneInfo(candidate)
        except (KeyError, ValueError, OSError):
            continue
    here = datetime.now().astimezone().tzinfo
    assert here is not None
    return here


def _linked_name() -> str:
    try:
        return str(_LINK.resolve()).rpartition("zoneinfo/")[2]
    except OSError:
        return ""
