"""Counts over time: intervals, and rows of blocks that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from index.study.intervals import INTERVALS, UNDATED, Counts, Interval, interval_of
from index.text.wording import counted
from search_cli.output.render import cells, isolate, one_line, pad, paint, shorten
from search_cli.output.terminal import Terminal

_BLOCKS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"
GAP = "░"  # an interval without a crawl and without articles
_NAME = 24  # cells of the longest name of a row
_COUNT = 7
# The part of an ISO date that tells an interval from the next one.
_LABEL: Mapping[Interval, tuple[int, int]] = {
    "day": (5, 10), "week": (5, 10), "month": (0, 7), "year": (0, 4),
}  # fmt: skip


def intervals_between(first: str, last: str, interval: Interval) -> list[str]:
    """Every interval from one to another, both counted."""
    found = [first]
    while found[-1] < last:
        found.append(interval_of(_after(date.fromisoformat(found[-1]), interval), interval))
    return found


def whole_intervals(
    days: Collection[str], first: str, last: str, interval: Interval
) -> frozenset[str]:
    """The intervals all of whose days from `first` to `last` are among the given ones."""
    every = intervals_between(first, last, "day")
    others = {interval_of(day, interval) for day in every if day not in days}
    return frozenset(interval_of(day, interval) for day in every) - others


def fitting(days: Sequence[str], wanted: Interval, room: int) -> Interval:
    """The interval that was wanted, or the next longer one whose number fits into the room."""
    dated = [day for day in days if day != UNDATED]
    for interval in INTERVALS[INTERVALS.index(wanted) :]:
        if not dated:
            return interval
        ends = (interval_of(min(dated), interval), interval_of(max(dated), interval))
        if _count_between(*ends, interval) <= room:
            return interval
    return "year"


def chart_lines(
    rows: Mapping[str, Counts],
    interval: Interval,
    terminal: Terminal,
    gaps: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Iterator[str]:
    """A row of blocks for each name with its total; all to one scale, each block an interval.

    `rows` are counts by interval. A `·` is an interval without articles, a `░` one
    that was not crawled either (`gaps`). Undated articles come at the end, the dates below.
    """
    names = {name: shorten(one_line(name), _NAME) for name in rows}
    width = max(map(cells, names.values()), default=0)
    axis = _axis(rows, interval)
    largest = max((rows[name].get(place, 0) for name in rows for place in axis), default=0)
    for name, counts in rows.items():
        blocks = "".join(
            _block(counts.get(place, 0), largest, GAP if place in gaps.get(name, ()) else _NOTHING)
            for place in axis
        )
        total = f"{sum(counts.values()):>{_COUNT},}"
        undated = f"  {counts[UNDATED]:,} undated" if counts.get(UNDATED) else ""
        shown = isolate(names[name]) + pad("", width - cells(names[name]))
        yield f"{paint(shown, 'cyan', colored=terminal.colored)}  {blocks}{total}{undated}"
    yield from axis_lines(axis, interval, width + 2)


def share_lines(
    rows: Mapping[str, Counts],
    whole: Counts,
    interval: Interval,
    terminal: Terminal,
    gaps: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Iterator[str]:
    """A row of blocks for each name, each block its share of an interval, up to all of it.

    A `░` is an interval without a crawl. The end of the row has the share of the whole, with undated
    articles.
    """
    names = {name: shorten(one_line(name), _NAME) for name in rows}
    width = max(map(cells, names.values()), default=0)
    axis = _axis({"": whole}, interval)
    every = sum(whole.values())
    for name, counts in rows.items():
        blocks = "".join(
            _block(
                counts.get(place, 0),
                whole.get(place, 0),
                GAP if place in gaps.get(name, ()) else _NOTHING,
            )
            for place in axis
        )
        share = f"{share_of(sum(counts.values()), every) * 100:>{_COUNT - 1}.0f}%"
        shown = isolate(names[name]) + pad("", width - cells(names[name]))
        yield f"{paint(shown, 'cyan', colored=terminal.colored)}  {blocks}{share}"
    yield from axis_lines(axis, interval, width + 2)


def axis_lines(places: Sequence[str], interval: Interval, indent: int) -> Iterator[str]:
    """Marks under the blocks of a chart, and the dates that they stand for, as many as fit."""
    if not places:
        return
    start, end = _LABEL[interval]
    step = max(end - start + 2, 1)
    marked = range(0, len(places), step)
    labels = "".join(f"{places[place][start:end]:<{step}}" for place in marked).rstrip()
    ticks = "".join("╵" if place % step == 0 else " " for place in range(len(places)))
    yield f"{pad('', indent)}{ticks.rstrip()}"
    yield f"{pad('', indent)}{labels}"


def scale_line(rows: Mapping[str, Counts], interval: Interval) -> str:
    """What a full block means, and the date of the peak; empty if nothing is dated."""
    dated = [
        (count, place) for row in rows.values() for place, count in row.items() if place != UNDATED
    ]
    if not dated:
        return ""
    most = max(count for count, _ in dated)
    place = min(place for count, place in dated if count == most)
    when = place if interval == "day" else f"{interval} of {place}"
    return f"{_BLOCKS[-1]} = {counted(most, 'article')}, the peak: {when}"


def share_of(count: int, whole: int) -> float:
    """The share of a count, 0 to 1, to three places; 0 of nothing."""
    return round(count / whole, 3) if whole else 0.0


def room_for_blocks(names: Sequence[str], terminal: Terminal) -> int:
    """How many blocks a row of a chart has room for."""
    width = max((min(cells(one_line(name)), _NAME) for name in names), default=0)
    return max(terminal.width - width - _COUNT - 2 - len("  9,999 undated"), 10)


def ends_of(days: Sequence[str]) -> str:
    """`2023-02-02 to 2023-02-12`, or nothing if no day is known."""
    dated = [day for day in days if day != UNDATED]
    return f"{min(dated)} to {max(dated)}" if dated else "undated"


def _axis(rows: Mapping[str, Counts], interval: Interval) -> list[str]:
    dated = [place for counts in rows.values() for place in counts if place != UNDATED]
    return intervals_between(min(dated), max(dated), interval) if dated else []


def _block(count: int, largest: int, none: str = _NOTHING) -> str:
    if not count:
        return none
    return _BLOCKS[-(-count * len(_BLOCKS) // largest) - 1]


def _after(first: date, interval: Interval) -> str:
    """A day of the next interval."""
    return (
        first + timedelta(days={"day": 1, "week": 7, "month": 32, "year": 370}[interval])
    ).isoformat()


def _count_between(first: str, last: str, interval: Interval) -> int:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    months = (end.year - begin.year) * 12 + end.month - begin.month
    days = (end - begin).days
    return {"day": days, "week": days // 7, "month": months, "year": months // 12}[interval] + 1
