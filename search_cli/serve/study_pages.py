"""Pages that study what a search found: counts by day and group, and who carried which text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from index.study.intervals import UNDATED, group_days
from search_cli.asking.grouping import FRAME, GROUPS, NO_VALUE, frames_for, read_groups
from search_cli.output.moments import moment
from search_cli.serve.asked import Asked
from search_cli.serve.results import LABELS, facet_value, tree_of
from search_cli.view.charting import fitting, intervals_between
from search_cli.view.spread import family_record, largest_families

if TYPE_CHECKING:
    from search_cli.serve.desk import ServedDesk

Values = dict[str, Any]
COLUMNS = 60  # intervals of a grid
ROWS = 30
FAMILIES = 30
GRID_GROUPS = ("outlet", "country", "kind", "lang", "collection", "agency", "section", FRAME)


def grid_of(desk: ServedDesk, asked: Asked, by: str) -> Values:
    """Articles by interval for each value of a group; raises `UsageError` for an unknown one."""
    from index.study.groups import days_of, read_cells

    corpus = desk.corpus
    (group, *_) = read_groups([by]) or ("outlet",)
    tree, _ = tree_of(desk.workspace, corpus, asked)
    frames = frames_for(desk.workspace, tree, (group,), "timeline")
    rows = days_of(read_cells(corpus, tree, (group, "day"), frames))
    days = [day for counts in rows.values() for day in counts if day != UNDATED]
    interval = fitting(days, "day", COLUMNS)
    grouped = {cell: group_days(counts, interval) for cell, counts in rows.items()}
    dated = {place for counts in grouped.values() for place in counts if place != UNDATED}
    places = intervals_between(min(dated), max(dated), interval) if dated else []
    most = max((counts.get(place, 0) for counts in grouped.values() for place in places), default=1)
    names = corpus.outlet_names() if group == "outlet" else {}
    return {
        "by": group,
        "groups": [(name, LABELS.get(name, "Frame")) for name in GRID_GROUPS],
        "interval": interval,
        "places": places,
        "more": max(len(grouped) - ROWS, 0),
        "rows": [
            {
                "name": names.get(cell[0], cell[0]) or NO_VALUE,
                "total": sum(counts.values()),
                "undated": counts.get(UNDATED, 0),
                "cells": [
                    (place, counts.get(place, 0), -(-counts.get(place, 0) * 5 // most))
                    for place in places
                ],
            }
            for cell, counts in list(grouped.items())[:ROWS]
        ],
    }


def counts_of(desk: ServedDesk, asked: Asked, facet: str) -> Values:
    """Every value of a facet; raises `UsageError` for an unknown one."""
    if facet not in (*GROUPS, "day"):
        raise UsageError(f"no such facet: {facet}", hint=f"one of: {', '.join((*GROUPS, 'day'))}")
    corpus = desk.corpus
    tree, _ = tree_of(desk.workspace, corpus, asked)
    counted = corpus.count_facet(corpus.match(tree), facet)
    names = corpus.outlet_names()
    return {
        "label": LABELS[facet],
        "values": [facet_value(facet, name, count, names) for name, count in counted.items()],
    }


def families_of(desk: ServedDesk, asked: Asked) -> Values:
    """The texts that most of the matching articles carried, with their origin and how far they went."""
    corpus = desk.corpus
    tree, _ = tree_of(desk.workspace, corpus, asked)
    codes = largest_families(corpus, tree)
    countries = {outlet.id: outlet.country for outlet in desk.workspace.outlets()}
    names = corpus.outlet_names()
    records = [family_record(corpus, tree, code, countries) for code in codes[:FAMILIES]]
    return {
        "more": max(len(codes) - FAMILIES, 0),
        "rows": [
            {
                **one,
                "origin": names.get(one["origin"] or "", one["origin"]),
                "outlets": [names.get(name, name) for name in one["outlets"]],
            }
            for one in records
        ],
    }


def overview_of(desk: ServedDesk) -> Values:
    """The stories and saved searches of the desk, each with its articles and what is new of it."""
    from search_cli.asking.novelty import Told, count_versions

    corpus = desk.corpus
    rows = []
    for name in desk.workspace.queries:
        tree = corpus.understand(f"query:{name}")
        told = Told.read(desk.workspace, name)
        current = count_versions(corpus, tree) if told.at else {}
        rows.append(
            {
                "name": name,
                "query": f"query:{name}",
                "articles": corpus.match(tree).total,
                "since": moment(told.at, corpus.zone),
                "new": len(told.fresh(current)),
            }
        )
    return {
        "stories": [
            {
                "id": story.id,
                "title": story.title,
                "about": story.about,
                "query": f"story:{story.id}",
                "articles": corpus.count(f"story:{story.id}"),
            }
            for story in corpus.stories()
        ],
        "saved": rows,
    }
