"""Copies out of archives: which is taken, and how what an archive answered is read as the page itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.backfill.cdx import page_in
from crawler.urls import canonical
from index.article import isoformat
from index.capture import Capture
from index.store.backfill import KnownCopy

ORIGINAL = "x-archive-orig-"
MOST_TRIES = 3  # copies of a page that are looked at until one is an article
_SLACK = timedelta(days=1)  # before its publication by a finder's date, which is often a day late
_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_OF_THE_BODY = frozenset({"content-type", "content-encoding"})


def nearest(copies: Iterable[KnownCopy], published: datetime | None) -> KnownCopy | None:
    """The copy to take: the first after publication, or else the last before it; None when none is left.

    Without a date of publication it is the oldest.
    """
    left = [copy for copy in copies if not copy.outcome]
    if published is None:
        return min(left, key=lambda copy: copy.captured, default=None)
    since = published - _SLACK
    return min(
        left,
        key=lambda copy: (copy.captured < since, abs(copy.captured - published)),
        default=None,
    )


def rungs(
    copies: Sequence[KnownCopy], published: datetime | None, ladder: Sequence[timedelta]
) -> list[KnownCopy]:
    """At most one copy a rung of the ladder, of those whose body differs: what history is made of.

    `ladder` are ages after publication (after the first capture, where that is unknown), ascending; the
    last capture of all closes it. Captures with the digest of one that is taken are left out.
    """
    ordered = sorted(copies, key=lambda copy: copy.captured)
    if not ordered:
        return []
    start = published or ordered[0].captured
    steps = [start + age for age in sorted(ladder)]
    taken: list[KnownCopy] = []
    seen: set[str] = set()
    for first, last in zip([None, *steps], [*steps, None], strict=True):
        between = (
            copy
            for copy in ordered
            if (first is None or copy.captured >= first) and (last is None or copy.captured < last)
        )
        copy = next((one for one in between if not one.digest or one.digest not in seen), None)
        if copy is not None:
            taken.append(copy)
            seen.add(copy.digest)
    if ordered[-1] not in taken and ordered[-1].digest not in seen:
        taken.append(ordered[-1])
    return taken


def as_copy(capture: Capture, copy: KnownCopy) -> Capture:
    """An archive's answer as the capture that it is a copy of.

    It is under the publisher's address, at the time at which the archive captured it, with the
    headers that the publisher sent, as far as the archive tells them. A redirect within the archive may
    have led to another page, or to another time: the final address says which.
    """
    inner = page_in(capture.url)
    captured = _memento_time(capture) or (inner[1] if inner else None) or copy.captured
    url = inner[0] if inner and canonical(inner[0]) != copy.key else copy.url
    told = [
        (name[len(ORIGINAL) :], value)
        for name, value in capture.headers
        if name.lower().startswith(ORIGINAL)
    ]
    headers = [(name, value) for name, value in told if name.lower() not in _OF_THE_WIRE]
    own = {name.lower() for name, _ in headers}
    headers += [
        (name, value)
        for name, value in capture.headers
        if name.lower() in _OF_THE_BODY and name.lower() not in own
    ]
    return replace(
        capture,
        url=url,
        headers=tuple(headers),
        fetched=captured,
        request_headers=(),
        ip="",
        listing=replace(
            capture.listing,
            url=copy.url,
            copy_of=copy.url,
            captured=isoformat(captured) or "",
            archive_source=capture.url,
        ),
    )


def _memento_time(capture: Capture) -> datetime | None:
    try:
        moment = parsedate_to_datetime(capture.header("Memento-Datetime"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
