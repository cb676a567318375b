"""Pages that study what a search found: counts by day and group, and who carried which text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from search_cli.asking.grouping import GROUPS
from search_cli.output.moments import moment
from search_cli.serve.asked import Asked
from search_cli.serve.results import LABELS, facet_value, tree_of
from search_cli.view.spread import family_records, largest_families

if TYPE_CHECKING:
    from search_cli.serve.desk import ServedDesk

Values = dict[str, Any]
FAMILIES = 30


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
    matches = corpus.match(tree)
    codes = largest_families(matches)
    countries = {outlet.id: outlet.country for outlet in desk.workspace.outlets()}
    names = corpus.outlet_names()
    records = family_records(corpus, matches, codes[:FAMILIES], countries)
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
