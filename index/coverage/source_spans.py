"""Which articles a source could have shown, by what was asked of it: times, for all outlets or for some.

What was cut short shortens them: an answer with as many records as a source ever gives, the rest of an
answer that was never asked for, a file that did not come.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from index.store import Span
from index.store.asked_keys import AskedKey
from index.store.backfill import ANSWERED, MISSING, WHOLE, Asked
from index.workspace.story import Window

OWN_LISTS = "outlets' own lists"
GDELT, COMMON_CRAWL = "gdelt", "common crawl"
WAYBACK, WIKIPEDIA, MEDIA_CLOUD = "wayback", "wikipedia", "media cloud"

_DONE = (ANSWERED, MISSING)
_QUARTERS = 96  # of an hour in a day
_LATE = timedelta(days=1)  # what is published is met, captured or listed so much later at times
_MOST_OF_DOC = 250  # records of an answer of GDELT's search: with that many, some were left out
_CRAWL_LASTS = timedelta(days=14)
_SPAN = re.compile(r"(\d{8})(\d{6})?-(\d{8})(\d{6})?")
_CRAWL = re.compile(r"CC-MAIN-(\d{4})-(\d{2}) (\S+)")
_FILE = re.compile(r"CC-NEWS-(\d{14})-\d+\.warc")

OutletOf = Callable[[str], str]


@dataclass(slots=True)
class Shown:
    """The times of publication that a source could have shown: of all outlets, and of single ones."""

    all: list[Span] = field(default_factory=list)
    outlets: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def holds(self, moment: datetime, outlet: str) -> bool:
        """Whether the source could have shown an outlet's article of a moment."""
        spans = (self.all, self.outlets.get(outlet, ()))
        return any(span.began <= moment < span.ended for some in spans for span in some)


def spans_of_sources(
    asked: Iterable[Asked], window: Window, outlet_of: OutletOf = str
) -> dict[str, Shown]:
    """For each sample the times that its sources could have shown, by the requests made and planned.

    `outlet_of` gives the outlet of a host.
    """
    by_source: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        if not AskedKey.parse(one.key).only:  # of some outlets or languages alone
            by_source[one.source].append(one)
    found: dict[str, Shown] = defaultdict(Shown)
    found[GDELT].all += [
        *_days(days_of_minutes(_keys(by_source["gdelt"], WHOLE), window)),
        *_of_search(by_source["gdelt-doc"]),
    ]
    found[COMMON_CRAWL].all += _of_news_files(by_source["cc-news"])
    for host, span in _of_crawls(by_source["common-crawl"], window):
        found[COMMON_CRAWL].outlets[outlet_of(host)].append(span)
    for host, spans in _of_captures(by_source["wayback"]):
        found[WAYBACK].outlets[outlet_of(host)] += spans
    if any(one.outcome == ANSWERED and one.records for one in by_source["wikipedia"]):
        found[WIKIPEDIA].all.append(_whole(window))
    if _is_through(by_source["mediacloud"]):
        found[MEDIA_CLOUD].all += _of_windows(by_source["mediacloud"])
    for outlet, spans in _of_sitemaps(by_source["sitemaps"]):
        found[OWN_LISTS].outlets[outlet] += spans
    return {name: shown for name, shown in found.items() if shown.all or shown.outlets}


def days_of_minutes(whole: Iterable[str], window: Window) -> frozenset[date]:
    """The days of which every quarter of an hour was asked for, by the keys of whole quarters.

    An article may be met a day late: a day counts only when the next was asked for as well.
    """
    own: dict[date, set[str]] = defaultdict(set)
    late: dict[date, set[str]] = defaultdict(set)
    for key in map(AskedKey.parse, whole):
        day = _day(key.plain[:8])
        if day is None:
            continue
        if key.holds(day):
            own[day].add(key.plain)
        if key.holds(day - _LATE):
            late[day - _LATE].add(key.plain)
    found = (day for day in own if min(len(own[day]), len(late[day])) >= _QUARTERS)
    return frozenset(day for day in found if day in window)


def _of_search(requests: Sequence[Asked]) -> Iterator[Span]:
    """The intervals that every query of GDELT's search was asked about, and answered in full."""
    by_query: dict[str, list[Span]] = defaultdict(list)
    for one in requests:
        span = _span(one.key)
        query = one.key.partition(" ")[2]
        by_query.setdefault(query, [])
        # A fuller answer stands for its first records only; its halves were asked for again.
        if span and one.outcome == ANSWERED and one.records < _MOST_OF_DOC:
            by_query[query].append(span)
    yield from _common(list(by_query.values()))


def _of_news_files(requests: Sequence[Asked]) -> Iterator[Span]:
    """The times whose files of CC-NEWS were all read: from one file's name to the next one's."""
    known: dict[datetime, bool] = {}
    for one in requests:
        if (match := _FILE.search(one.key)) and (moment := _moment(match[1])):
            is_read = one.outcome in _DONE and AskedKey.parse(one.key).holds(moment.date())
            known[moment] = known.get(moment, False) or is_read
    files = sorted(known.items())
    began: datetime | None = None
    for moment, is_read in files:
        if is_read and began is None:
            began = moment
        elif not is_read and began is not None:
            yield from _shortened(Span(began, moment))
            began = None
    if began is not None:
        yield from _shortened(Span(began, files[-1][0] + _LATE))


def _of_crawls(requests: Sequence[Asked], window: Window) -> Iterator[tuple[str, Span]]:
    """By host, the time up to the end of a crawl in which it was looked for."""
    for one in requests:
        match = _CRAWL.fullmatch(AskedKey.parse(one.key).plain)
        if match is None or one.outcome not in _DONE or not 1 <= int(match[2]) <= 53:
            continue
        monday = date.fromisocalendar(int(match[1]), min(int(match[2]), 52), 1)
        ended = _midnight(monday) + _CRAWL_LASTS
        yield match[3], Span(_whole(window).began, ended)


def _of_captures(requests: Sequence[Asked]) -> Iterator[tuple[str, list[Span]]]:
    """By host, the interval of which all captures were listed; none while a rest is still to be asked."""
    spans: dict[str, list[Span]] = defaultdict(list)
    torn: set[tuple[str, Span]] = set()
    for one in requests:
        host, _, rest = one.key.partition(" ")
        span = _span(rest)
        if span is None:
            continue
        spans[host].append(span)
        if one.outcome not in _DONE:
            torn.add((host, span))
    for host, found in spans.items():
        whole = [span for span in dict.fromkeys(found) if (host, span) not in torn]
        yield host, [short for span in whole for short in _shortened(span)]


def _of_sitemaps(requests: Sequence[Asked]) -> Iterator[tuple[str, list[Span]]]:
    """By outlet, the windows for which all its sitemaps were read."""
    by_outlet: dict[str, list[Asked]] = defaultdict(list)
    for one in requests:
        by_outlet[one.part].append(one)
    for outlet, these in by_outlet.items():
        if _is_through(these):
            yield outlet, list(_of_windows(these))


def _of_windows(requests: Iterable[Asked]) -> Iterator[Span]:
    """The windows that are in keys as `… 2023-02-01..2023-02-28 …`."""
    windows = {word for one in requests for word in one.key.split() if ".." in word}
    for word in sorted(windows):
        first, _, last = word.partition("..")
        try:
            yield _whole(Window(date.fromisoformat(first), date.fromisoformat(last)))
        except ValueError:
            continue


def _is_through(requests: Sequence[Asked]) -> bool:
    return bool(requests) and all(one.outcome in _DONE for one in requests)


def _keys(requests: Iterable[Asked], outcome: str) -> Iterator[str]:
    return (one.key for one in requests if one.outcome == outcome)


def _common(several: Sequence[Sequence[Span]]) -> list[Span]:
    """The times that are in a span of every one of several."""
    if not several or not all(several):
        return []
    ends = sorted({end for spans in several for span in spans for end in (span.began, span.ended)})
    merged = [merge_spans(spans) for spans in several]
    pieces = (Span(first, last) for first, last in pairwise(ends))
    return [one for one in pieces if all(_is_inside(one, spans) for spans in merged)]


def _is_inside(piece: Span, merged: Sequence[Span]) -> bool:
    place = bisect_right([span.began for span in merged], piece.began) - 1
    return place >= 0 and piece.ended <= merged[place].ended


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """The same times in as few spans as they make, in order."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.began):
        if merged and span.began <= merged[-1].ended:
            merged[-1] = Span(merged[-1].began, max(merged[-1].ended, span.ended))
        elif span.began < span.ended:
            merged.append(span)
    return merged


def _shortened(span: Span) -> Iterator[Span]:
    """A span of captures without its last day: what is published then may be captured after it."""
    if span.began < span.ended - _LATE:
        yield Span(span.began, span.ended - _LATE)


def _days(days: Iterable[date]) -> Iterator[Span]:
    return (Span(_midnight(day), _midnight(day) + timedelta(days=1)) for day in sorted(days))


def _whole(window: Window) -> Span:
    first, last = window.start or date(1990, 1, 1), window.end or date(2099, 12, 30)
    return Span(_midnight(first), _midnight(last) + timedelta(days=1))


def _span(key: str) -> Span | None:
    match = _SPAN.match(key)
    if match is None:
        return None
    began, ended = (_moment(f"{match[n]}{match[n + 1] or '000000'}") for n in (1, 3))
    return Span(began, ended) if began and ended and began < ended else None


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    moment = _moment(f"{text}000000")
    return moment.date() if moment else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
