"""The page of counts over time, as a grid of shaded cells, a picture and rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from index.study.intervals import UNDATED, Interval, group_days
from search_cli.asking.grouping import FRAME, GROUPS, frames_for, read_groups
from search_cli.serve.results import LABELS, tree_of
from search_cli.serve.study import Option, Study, Values, choices
from search_cli.view.charting import fitting, intervals_between
from search_cli.view.listing import explain, header
from search_cli.view.timeline_rows import (
    count_days,
    timeline_fields,
    timeline_picture,
    timeline_rows,
)
from search_cli.view.watching import Watch

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.workspace import Workspace
    from search_cli.serve.asked import Asked

COLUMNS = 60  # intervals of a grid
ROWS = 30
SHADES = 5
_GROUPS = (*((name, LABELS[name].lower()) for name in GROUPS), (FRAME, "frame"))

TIMELINE = (
    Option(key="by", label="A row for each", kind="choice", values=_GROUPS, default="outlet"),
    Option(key="and", label="and", kind="choice", values=(("", "no more"), *_GROUPS)),
    Option(key="interval", label="By", kind="choice", default="day",
           values=choices("day", "week", "month", "year")),
    Option(key="share", label="As shares", kind="tick"),
)  # fmt: skip


def timeline_page(workspace: Workspace, corpus: Corpus, asked: Asked, values: Values) -> Study:
    """Articles by interval and group; the same as `pressclip timeline`."""
    tree, _ = tree_of(workspace, corpus, asked)
    groups, share = read_groups([values["by"], values["and"]]), bool(values["share"])
    wanted = cast("Interval", values["interval"])
    arguments = ["--by", ",".join(groups)]
    arguments += ["--interval", wanted] if wanted != "day" else []
    arguments += ["--share"] if share else []
    fields = timeline_fields(share=share)
    matches = corpus.match(tree)
    if not matches.total:
        told = tuple(explain(corpus.explain_nothing(tree)))
        return Study(fields=fields, nothing=told, arguments=tuple(arguments))
    days = count_days(corpus, tree, groups, frames_for(workspace, tree, groups, "timeline"))
    whole = corpus.count_facet(matches, "day")
    watch = Watch.of(corpus, list(whole), by_outlet=groups == ("outlet",))
    of = group_days(whole, wanted)
    title = corpus.echo(tree)
    return Study(
        fields=fields,
        records=[
            row for name in days for row in timeline_rows(name, days[name], wanted, of, watch)
        ],
        told=header(corpus, matches, title),
        arguments=tuple(arguments),
        parts=_grid(corpus, days, whole, wanted, groups, watch),
        picture=partial(timeline_picture, title, days, whole, wanted, watch, share=share)
        if any(day != UNDATED for day in whole)
        else None,
    )


def _grid(
    corpus: Corpus,
    days: dict[str, dict[str, int]],
    whole: dict[str, int],
    wanted: Interval,
    groups: tuple[str, ...],
    watch: Watch,
) -> dict[str, object]:
    """The rows with a cell for each interval: its count, or None if nobody looked, and a shade."""
    interval = fitting(list(whole), wanted, COLUMNS)
    grouped = {name: group_days(counts, interval) for name, counts in days.items()}
    dated = [place for place in group_days(whole, interval) if place != UNDATED]
    places = intervals_between(min(dated), max(dated), interval) if dated else []
    most = max((row.get(place, 0) for row in grouped.values() for place in places), default=1) or 1
    names = corpus.outlet_names() if groups == ("outlet",) else {}
    rows = []
    for name, counts in list(grouped.items())[:ROWS]:
        gaps = watch.gaps(name, interval)
        cells = [
            (place, counts.get(place, 0), -(-counts.get(place, 0) * SHADES // most), place in gaps)
            for place in places
        ]
        rows.append(
            {
                "name": names.get(name, name),
                "total": sum(counts.values()),
                "undated": counts.get(UNDATED, 0),
                "cells": cells,
            }
        )
    return {
        "grid": rows,
        "by": " · ".join(groups),
        "interval": interval,
        "places": places,
        "more": max(len(grouped) - ROWS, 0),
    }
