"""Times as the tables hold them."""

from __future__ import annotations

from datetime import datetime

from index.article import parse_iso


def time_of(text: str) -> datetime:
    """A time of the store as a moment; raises `TypeError` for an empty one."""
    moment = parse_iso(text)
    if moment is None:
        raise TypeError("the store holds a time here")
    return moment
