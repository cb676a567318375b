"""Groups side by side: measured as a question asks for it, and told in words, rows and columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from search_cli.asking.grouping import cell_name
from search_cli.output.render import Row

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.study.compare import Compared, Share

FIELDS = (
    "group", "articles", "texts", "outlets", "measure", "count", "total", "share", "low", "high",
    "drawn",
)  # fmt: skip
PUBLISHED = "published"
OF_OUTLETS = ("outlet", "country", "collection")


def measure_groups(
    corpus: Corpus,
    trees: Mapping[str, Node],
    groups: Sequence[str],
    frames: Mapping[str, Node],
    *,
    carried: bool,
) -> list[Compared]:
    """Each group of the one query, or each query, measured; watched outlets without a match too."""
    from index.study.compare import Item, compare_groups, read_frames, read_items, read_listed

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


def compared_shown(one: Compared) -> Row:
    """A group as a person reads it: its shares with their intervals."""
    return {
        "group": one.name,
        "articles": f"{one.articles:,}",
        "texts": f"{one.texts:,}",
        PUBLISHED: _percent(one.published) if one.published.total else _empty(one),
        **{f"frame {name}": _percent(share) for name, share in one.frames.items()},
    }


def _percent(share: Share) -> str:
    """`62% (51–72)`, or a dash where nothing is known."""
    if share.share is None or share.interval is None:
        return "–"
    low, high = (round(100 * end) for end in share.interval)
    return f"{100 * share.share:.0f}% ({low}–{high})"


def _empty(one: Compared) -> str:
    """What stands for a share of nothing: that there was nothing, or that nobody watched."""
    return "0 of 0" if one.watched else "–"


def compared_told(found: Iterable[Compared], *, carried: bool) -> str:
    """What the shares are of, and what their intervals rest on."""
    drawn = {share.drawn for one in found for share in (one.published, *one.frames.values())}
    ways = []
    if "outlets" in drawn:
        ways.append("outlets drawn anew (bootstrap)")
    if "articles" in drawn:
        ways.append("Wilson's for fewer than three outlets")
    of = "articles, reprints as carried" if carried else "texts, reprints once"
    told = f"frames: of {of}; published: of what the outlets' own lists named; – nobody watched"
    return f"{told}; 95%: {', '.join(ways)}" if ways else told


def compared_records(found: Iterable[Compared]) -> Iterator[Row]:
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
