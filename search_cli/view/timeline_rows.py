"""Counts over time as rows and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from index.study.intervals import UNDATED, Interval, group_days
from search_cli.asking.grouping import FRAME, cell_name
from search_cli.output.pictures import Picture
from search_cli.output.render import Row
from search_cli.view.charting import fitting, share_of
from search_cli.view.picturing import bars_picture, grid_picture
from search_cli.view.watching import ALL, Watch

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node

FIELDS = ("interval", "value", "articles", "watched")
PICTURED = 92  # intervals of a picture
GRID_ROWS = 60
Days = Mapping[str, Mapping[str, int]]


def count_days(
    corpus: Corpus, tree: Node, groups: Sequence[str], frames: Mapping[str, Node]
) -> dict[str, dict[str, int]]:
    """Matching articles by day, all in one row or in one for each cell of the grid.

    What has no value of a group is counted as unknown, so that rows of one outlet, language or
    country an article add up to all. Frames alone are in the order of the story's file.
    """
    from index.study.groups import days_of, read_cells

    if not groups:
        return {ALL: corpus.count_facet(corpus.match(tree), "day")}
    days = days_of(read_cells(corpus, tree, (*groups, "day"), frames))
    rows = {cell_name(cell): counts for cell, counts in days.items()}
    if tuple(groups) == (FRAME,):
        return {name: rows.get(name, {}) for name in frames}
    return rows


def timeline_picture(
    title: str,
    days: Days,
    whole: Mapping[str, int],
    wanted: Interval,
    watch: Watch,
    *,
    share: bool,
) -> Picture:
    """The rows as a picture: of outlets a grid, of others bars or, as shares, lines."""
    interval = fitting(list(whole), wanted, PICTURED)
    counts = {name: group_days(row, interval) for name, row in days.items()}
    if watch.by_outlet and not share:
        shown = dict(list(counts.items())[:GRID_ROWS])
        gaps = {name: watch.gaps(name, interval) for name in shown}
        return grid_picture(shown, interval, title=title, gaps=gaps)
    of = group_days(whole, interval) if share else None
    return bars_picture(counts, interval, title=title, gaps=watch.gaps(ALL, interval), whole=of)


def timeline_fields(*, share: bool) -> tuple[str, ...]:
    """The fields of the rows."""
    return (*FIELDS, "share") if share else FIELDS


def timeline_rows(
    name: str, days: Mapping[str, int], interval: Interval, whole: Mapping[str, int], watch: Watch
) -> Iterator[Row]:
    """A row of values for each interval that has articles or had no crawl."""
    gaps = watch.gaps(name, interval)
    counts = dict.fromkeys(gaps, 0) | group_days(days, interval)
    for place, count in sorted(counts.items()):
        known = watch.knows(name) and place != UNDATED
        yield {
            "interval": place,
            "value": name,
            "articles": count,
            "watched": place not in gaps if known else None,
            "share": share_of(count, whole.get(place, 0)),
        }
