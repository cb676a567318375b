"""What a report tells of words, attention and who took whose texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from search_cli.view.carriers import Family
from search_cli.view.spread import largest_families

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.study.flow import Taken

FAMILIES = 300  # whose ways are followed, the largest first
TEXTS = 300  # read on a side for keywords
WORDS = 8
LANGUAGES, GROUPS = 3, 6
FEW = 20  # texts below which a word need not be in as many of them
LEAST = 4  # texts of a group that has keywords
BY = ("country", "outlet")

Row = Mapping[str, Any]


def taken_texts(corpus: Corpus, tree: Node) -> list[Taken]:
    """Each matching article whose text another outlet had first."""
    from index.fulltext.schema import decode_id
    from index.study.flow import Taken

    matches = corpus.match(tree)
    matching = set(matches.ids())
    found = []
    for code in largest_families(matches)[:FAMILIES]:
        family = Family.of(corpus.store, decode_id(code))
        if family is None:
            continue
        origin = family.origin
        found += [
            Taken(
                family=decode_id(code),
                origin=origin.outlet,
                carrier=one.outlet,
                at=one.published,
                hours=max((one.published - origin.published).total_seconds() / 3600, 0.0),
            )
            for one in family.members
            if one.article in matching and one.outlet != origin.outlet
        ]
    return found


def keywords_by_group(corpus: Corpus, tree: Node, names: Mapping[str, str]) -> Iterator[Row]:
    """The keywords of each country within its language; of each outlet, where there is one country."""
    from index.corpus.narrow import narrow
    from index.query import Filter

    for by in BY:
        cells = _texts_by_group(corpus, tree, by)
        rows = []
        for language in _largest(cells)[:LANGUAGES]:
            groups = {
                name: count
                for (own, name), count in cells.items()
                if own == language and name and count >= LEAST
            }
            if len(groups) < 2:
                continue
            within = narrow(tree, [Filter("lang", (language,))])
            for name in sorted(groups, key=lambda name: (-groups[name], name))[:GROUPS]:
                own_tree = narrow(within, [Filter(by, (name,))])
                if words := words_against(corpus, own_tree, within, language):
                    shown = names.get(name, name) if by == "outlet" else name.upper()
                    rows.append({"by": by, "group": shown, "language": language, "words": words})
        if rows:
            yield from rows
            return


def words_against(
    corpus: Corpus, tree: Node, against: Node, language: str | None = None
) -> tuple[str, ...]:
    """The words by which some articles stand apart from the others; the surest first."""
    from index.study.word_studies import compare_sides, take_sides

    sides = take_sides(corpus, tree, against, language=language, rest=True, most=TEXTS)
    if sides is None or not sides[1].ids:
        return ()
    few = len(sides[0].ids) < FEW
    found = compare_sides(corpus, sides, least=3 if few else 5, articles=2 if few else 3)
    return tuple(one.word for one in found.own[:WORDS])


def _texts_by_group(corpus: Corpus, tree: Node, by: str) -> dict[tuple[str, str], int]:
    from index.study.groups import count_cells, read_cells

    counted = count_cells(read_cells(corpus, tree, ("lang", by), {}))
    return {(one.cell[0], one.cell[1]): one.texts for one in counted}


def _largest(cells: Mapping[tuple[str, str], int]) -> Sequence[str]:
    """The languages, those with most texts first."""
    total: dict[str, int] = {}
    for (language, _), count in cells.items():
        total[language] = total.get(language, 0) + count
    return sorted(filter(None, total), key=lambda name: (-total[name], name))
