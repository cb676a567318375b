"""Groups of articles side by side: how much each published, how much of it matches, in which frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from index.study.groups import cell_name
from index.study.statistics import Interval, bootstrap_share, wilson

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node

PUBLISHED = "published"
"""The measure of a group that is not a frame."""

OF_OUTLETS = ("outlet", "country", "collection")
"""Groups that are made of outlets."""

LEAST_OUTLETS = 3
"""Outlets from which on an interval is made by drawing outlets, which differ, and not articles."""


class Item(NamedTuple):
    """A matching article: its number, its family's, its outlet."""

    code: int
    family: int
    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A count of a total, its share (0 to 1; None of nothing known) with an interval of 95 %.

    `drawn` tells what the interval rests on: "articles" (Wilson) or "outlets" (bootstrap).
    """

    count: int
    total: int
    share: float | None
    interval: Interval | None
    drawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One group: its articles, the distinct texts among them, what its outlets published.

    `published` is the share of the matching articles in all that the outlets' own lists named in
    the same days. Its share is None if they named nothing, or where none was `watched`: what nobody
    watched is not silent. `frames` are shares of the group's texts, or of its articles where
    reprints count as carried.
    """

    name: str
    articles: int
    texts: int
    outlets: int
    watched: bool
    published: Share
    frames: Mapping[str, Share]


def compare_groups(
    groups: Mapping[str, Sequence[Item]],
    frames: Mapping[str, AbstractSet[int]],
    listed: Mapping[str, int],
    members: Mapping[str, Iterable[str]],
    *,
    carried: bool = False,
) -> list[Compared]:
    """The groups in their order, each measured.

    `frames` are the numbers of the articles in each, `listed` what each outlet's lists named (only
    outlets whose lists were watched), `members` the outlets of a group, also those without a match.
    With `carried` each reprint counts; else a text once, in a frame when one of its articles is.
    """
    return [
        _compare(name, items, frames, listed, members.get(name, ()), carried=carried)
        for name, items in groups.items()
    ]


def _compare(
    name: str,
    items: Sequence[Item],
    frames: Mapping[str, AbstractSet[int]],
    listed: Mapping[str, int],
    members: Iterable[str],
    *,
    carried: bool,
) -> Compared:
    outlets = {item.outlet for item in items}
    known = [outlet for outlet in sorted({*outlets, *members}) if outlet in listed]
    own = {outlet: sum(item.outlet == outlet for item in items) for outlet in known}
    # A list may name less than was found otherwise: what was found was published, too.
    parts = [(own[outlet], max(listed[outlet], own[outlet])) for outlet in known]
    return Compared(
        name=name,
        articles=len(items),
        texts=len({item.family for item in items}),
        outlets=len(outlets),
        watched=bool(known),
        published=share_of(parts),
        frames={
            frame: share_of(_parts_of(items, codes, carried=carried))
            for frame, codes in frames.items()
        },
    )


def _parts_of(
    items: Sequence[Item], codes: AbstractSet[int], *, carried: bool
) -> list[tuple[int, int]]:
    """For each outlet its articles in the frame and all of them; a text counts where it is first."""
    if not carried:
        first: dict[int, str] = {}
        framed = {item.family for item in items if item.code in codes}
        for item in sorted(items, key=lambda one: (one.code != one.family, one.code)):
            first.setdefault(item.family, item.outlet)
        rows = [(outlet, family in framed) for family, outlet in first.items()]
    else:
        rows = [(item.outlet, item.code in codes) for item in items]
    counted: dict[str, list[int]] = {}
    for outlet, is_in in rows:
        part = counted.setdefault(outlet, [0, 0])
        part[0] += is_in
        part[1] += 1
    return [(part[0], part[1]) for _, part in sorted(counted.items())]


def share_of(parts: Sequence[tuple[int, int]]) -> Share:
    """The share of all (count, total) parts, one an outlet, with its interval."""
    count, total = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if not total:
        return Share(count=count, total=0, share=None, interval=None, drawn="")
    drawn = bootstrap_share(parts) if len(parts) >= LEAST_OUTLETS else None
    return Share(
        count=count,
        total=total,
        share=count / total,
        interval=drawn or wilson(count, total),
        drawn="outlets" if drawn else "articles",
    )


def read_items(corpus: Corpus, tree: Node, by: Sequence[str]) -> dict[tuple[str, ...], list[Item]]:
    """The matching articles by cell of the groups, the largest first; all in () without groups."""
    cells: dict[tuple[str, ...], list[Item]] = {}
    for one in corpus.read_values(corpus.match(tree), "outlet", *by):
        (outlet, *_), *_ = one.values
        for cell in one.cells():
            cells.setdefault(cell[1:], []).append(Item(one.code, one.family, outlet))
    order = sorted(cells, key=lambda cell: (-len(cells[cell]), cell))
    return {cell: cells[cell] for cell in order}


def read_frames(
    corpus: Corpus, trees: Iterable[Node], frames: Mapping[str, Node]
) -> dict[str, frozenset[int]]:
    """For each frame the numbers of the articles that match it and one of the trees."""
    from index.query import And

    return {
        name: frozenset(
            one.code
            for tree in trees
            for one in corpus.read_values(corpus.match(And((tree, frame))))
        )
        for name, frame in frames.items()
    }


def read_listed(corpus: Corpus, days: Iterable[str]) -> dict[str, int]:
    """What the lists of each watched outlet named from the first to the last of these days.

    A day is that of publication where the page was read, or else that on which a list first named it.
    Nothing without days, or where no list was ever visited.
    """
    dated = sorted(day for day in days if day)
    watched = corpus.store.lists.watched_outlets()
    if not dated or not watched:
        return {}
    named = corpus.store.counts.listed(dated[0], dated[-1])
    return {outlet: named.get(outlet, 0) for outlet in watched}


def measure_groups(
    corpus: Corpus,
    trees: Mapping[str, Node],
    groups: Sequence[str],
    frames: Mapping[str, Node],
    *,
    carried: bool = False,
) -> list[Compared]:
    """Each group of the one query, or each query, measured; watched outlets without a match too."""
    items: dict[str, Sequence[Item]] = {}
    days: list[str] = []
    for name, tree in trees.items():
        days += corpus.count_facet(corpus.match(tree), "day")
        cells = read_items(corpus, tree, groups)
        named = {cell_name(cell): found for cell, found in cells.items()} if groups else {}
        items |= named or ({} if groups else {name: cells.get((), [])})
    members = _members(corpus, groups)
    listed = read_listed(corpus, days)
    # A watched outlet without a match is a finding: it was silent.
    for name, outlets in members.items():
        if name not in items and any(outlet in listed for outlet in outlets):
            items[name] = []
    framed = read_frames(corpus, trees.values(), frames)
    return compare_groups(items, framed, listed, members, carried=carried)


def _members(corpus: Corpus, groups: Sequence[str]) -> dict[str, list[str]]:
    """The outlets of outlets.toml in each group that is made of outlets."""
    if len(groups) != 1 or groups[0] not in OF_OUTLETS:
        return {}
    if groups[0] == "outlet":
        return {outlet: [outlet] for outlet in corpus.outlet_ids()}
    found: dict[str, list[str]] = {}
    for outlet, names in corpus.outlet_groups(groups[0]).items():
        for name in names:
            found.setdefault(name, []).append(outlet)
    return found


def compared_records(found: Iterable[Compared]) -> Iterator[dict[str, Any]]:
    """A row for each measure of each group, as JSON values."""
    for one in found:
        for measure, share in ((PUBLISHED, one.published), *one.frames.items()):
            low, high = share.interval or (None, None)
            known = measure != PUBLISHED or one.watched
            yield {
                "group": one.name,
                "articles": one.articles,
                "texts": one.texts,
                "outlets": one.outlets,
                "measure": measure,
                "count": share.count if known else None,
                "total": share.total if known else None,
                "share": None if share.share is None else round(share.share, 4),
                "low": None if low is None else round(low, 4),
                "high": None if high is None else round(high, 4),
                "drawn": share.drawn or None,
            }


def read_attention(
    corpus: Corpus, tree: Node, days: Iterable[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """By day the matching articles of watched outlets, and all that these outlets' lists named.

    A list may name less than was found otherwise: what was found was published, too. Both are empty
    if no list was ever visited.
    """
    from index.study.groups import days_of, read_cells

    dated = sorted(day for day in days if day)
    watched = set(corpus.store.lists.watched_outlets())
    if not dated or not watched:
        return {}, {}
    named = corpus.store.counts.listed_by_day(dated[0], dated[-1])
    held = days_of(read_cells(corpus, tree, ("outlet", "day"), {}))
    matching: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    for outlet in watched:
        own = held.get((outlet,), {})
        known = named.get(outlet, {})
        for day in {*own, *known} - {""}:
            matching[day] += own.get(day, 0)
            listed[day] += max(known.get(day, 0), own.get(day, 0))
    return dict(matching), dict(listed)
