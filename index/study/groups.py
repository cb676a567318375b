"""Articles counted by the groups they belong to: one facet, or several as a grid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.searcher import Valued
    from index.query import Node
    from index.workspace import Workspace
    from index.workspace.story import Story

FRAME = "frame"
"""What an article may be grouped by besides the facets: the frames of a story that it matches."""

NO_VALUE = "unknown"
"""What the group is called of articles that have no value."""

Cell = tuple[str, ...]
"""A value of each of the groups, "" where an article has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many articles a cell of a grid has, and how many distinct texts they are."""

    cell: Cell
    articles: int
    texts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a cell had of the texts that several articles carried: the texts, its articles of them,

    and how many of these were the first of their text.
    """

    cell: Cell
    texts: int
    articles: int
    originals: int


def count_carried(articles: Iterable[Valued]) -> list[Carried]:
    """By cell what it carried of the texts that two of the articles or more have; most texts first."""
    listed = list(articles)
    sizes = Counter(one.family for one in listed)
    members: dict[Cell, list[Valued]] = {}
    for one in listed:
        if sizes[one.family] > 1:
            for cell in one.cells():
                members.setdefault(cell, []).append(one)
    found = [
        Carried(
            cell=cell,
            texts=len({one.family for one in own}),
            articles=len(own),
            originals=sum(one.code == one.family for one in own),
        )
        for cell, own in members.items()
    ]
    return sorted(found, key=lambda one: (-one.texts, -one.articles, one.cell))


def count_cells(rows: Iterable[tuple[Cell, int]]) -> list[Counted]:
    """The cells of (cell, family) rows, one row an article; the largest first, then by name."""
    articles: Counter[Cell] = Counter()
    families: dict[Cell, set[int]] = {}
    for cell, family in rows:
        articles[cell] += 1
        families.setdefault(cell, set()).add(family)
    found = [
        Counted(cell=cell, articles=count, texts=len(families[cell]))
        for cell, count in articles.items()
    ]
    return sorted(found, key=lambda one: (-one.articles, one.cell))


def read_cells(
    corpus: Corpus, tree: Node, by: Sequence[str], frames: Mapping[str, Node]
) -> list[tuple[Cell, int]]:
    """For each cell that a matching article is in: the cell and the article's family.

    `by` are facets, or `frame` for the `frames`, of which an article has each that it matches; one
    that matches none is in no cell. Raises `UsageError` for an unknown facet.
    """
    facets = [name for name in by if name != FRAME]
    valued = corpus.read_values(corpus.match(tree), *facets)
    if FRAME not in by:
        return [(cell, one.family) for one in valued for cell in one.cells()]
    place = list(by).index(FRAME)
    held = frames_of(corpus, tree, frames)
    return [
        ((*cell[:place], frame, *cell[place:]), one.family)
        for one in valued
        for frame in held.get(one.code, ())
        for cell in one.cells()
    ]


def frames_of(corpus: Corpus, tree: Node, frames: Mapping[str, Node]) -> dict[int, list[str]]:
    """The frames of each matching article that has one, by the article's number."""
    from index.query import And

    held: dict[int, list[str]] = {}
    for name, query in frames.items():
        matching: list[Valued] = corpus.read_values(corpus.match(And((tree, query))))
        for one in matching:
            held.setdefault(one.code, []).append(name)
    return held


def days_of(rows: Iterable[tuple[Cell, int]]) -> dict[Cell, dict[str, int]]:
    """From cells whose last value is a day to the counts by day of each, the largest first."""
    days: dict[Cell, Counter[str]] = {}
    for cell, _ in rows:
        days.setdefault(cell[:-1], Counter())[cell[-1]] += 1
    order = sorted(days, key=lambda cell: (-days[cell].total(), cell))
    return {cell: dict(sorted(days[cell].items())) for cell in order}


def cell_name(cell: Sequence[str]) -> str:
    """What a row of a grid is called."""
    return " · ".join(value or NO_VALUE for value in cell)


def frame_trees(story: Story) -> dict[str, Node]:
    """A query for each frame of a story, in the order of its file."""
    from index.workspace.story_tree import story_tree

    return {
        name: story_tree(replace(story, match=queries, not_query=""))
        for name, queries in story.frames.items()
    }


def story_named(workspace: Workspace, tree: Node) -> Story | None:
    """The one story that a query asks for; None if it asks for none, several or an unknown one."""
    named = stories_of(tree)
    known = {path.stem for path in workspace.story_files()}
    return workspace.story(named.pop()) if len(named) == 1 and named <= known else None


def stories_of(tree: Node) -> set[str]:
    """The stories that a query asks for."""
    from index.query import And, Filter

    parts = tree.parts if isinstance(tree, And) else (tree,)
    return {
        value
        for part in parts
        if isinstance(part, Filter) and part.field == "story"
        for value in part.values
    }
