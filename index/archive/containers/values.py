"""What readers of containers yield beside captures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

# Why a record is passed over.
CONVERSION = "conversion"  # text taken out of a page, without the page
SEGMENT = "segment"  # a part of a record that goes on in others
MEDIA = "media"  # a picture, a style, a script, a film
OTHER_ADDRESS = "other-address"  # neither http nor https
OTHER_HOST = "other-host"  # not wanted by the caller
OTHER_TIME = "other-time"
WRONG_INDEX = "wrong-index"  # the index does not fit its file, which was read without it
COMPANION = "companion"  # a request, metadata or what is said of the file
UNRESOLVED = "unresolved"  # a revisit whose page is not at hand

# The most of a zstd frame that has to be there before it gives anything (RFC 8878, 3.1.1.2).
ZSTD_BLOCK = 128 * 1024 + 64

Wanted = Callable[[str, datetime | None], str]  # of an address and a time: why not, or nothing


def everything(url: str, moment: datetime | None) -> str:
    """Wants whatever there is."""
    del url, moment
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A record that is sound and yields no page, and why."""

    kind: str
    url: str = ""


@dataclass(slots=True)
class Place:
    """How far a file is read: everything before this byte was yielded. Within a WACZ it is of no use."""

    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """A page that was found as it had been before; its body is in an earlier record.

    That one is of `original` at `captured`, where it is named or was seen with the same digest; at
    None it is the last one before. Where nothing is known of it `original` is empty.
    """

    url: str
    fetched: datetime
    source: str
    headers: tuple[tuple[str, str], ...] = ()
    original: str = ""
    captured: datetime | None = None
