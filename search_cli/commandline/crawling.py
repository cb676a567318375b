"""What the verbs that fetch have in common: Scrapy's settings, and how progress is shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from search_cli.session import Session


def scrapy_settings(pairs: Sequence[str]) -> dict[str, str]:
    """The settings of `-s NAME=VALUE`; raises `UsageError`."""
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(
                f"-s {pair}: not NAME=VALUE", hint="for example -s DOWNLOAD_TIMEOUT=60"
            )
    return dict(pair.split("=", 1) for pair in pairs)


def progress_style(session: Session) -> str:
    """How to say how far the crawl is: lines in place only where nothing else is written."""
    if session.quiet:
        return ""
    return "terminal" if sys.stderr.isatty() and not session.verbose else "log"
