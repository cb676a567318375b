"""Which times a visit to a list accounts for: what was published then was on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from index.store import Span

_STRAGGLERS = 10  # one item of that many may be older than what the list otherwise reaches back to


def accounted(dates: Sequence[datetime], now: datetime, *, archive: bool = False) -> Span:
    """The times from a list's oldest items, but for a few stragglers, to the visit at `now`.

    `dates` are those of its items, oldest first. An `archive` (a sitemap of an index) ends with
    its newest item. A list without dates accounts for the moment alone.
    """
    past = [moment for moment in dates if moment <= now]
    if not past:
        return Span(now, now)
    return Span(past[len(past) // _STRAGGLERS], past[-1] if archive else now)


def is_joined(span: Span, newest: Span | None) -> bool:
    """Whether a list reaches back to its last visit; otherwise it was full, and what lay between cut off."""
    return newest is not None and span.began <= newest.ended
