"""Scores and orders: BM25F over the terms of a query, by date, by outlet; families folded."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property
from heapq import nlargest
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, Literal

from index.fulltext.schema import decode_id
from index.fulltext.searcher.evaluate import Evaluation, Leaf, leaves_of
from index.fulltext.searcher.facets import Groups, Valued, count_values, read_values
from index.fulltext.searcher.ordered import OrderedIds, order_codes
from index.fulltext.searcher.view import SegmentView
from index.fulltext.segments.lengths import LENGTHS
from index.query import Near, Node, Or, Phrase, Typo, Wildcard, Word
from index.query.spans import Span

Sort = Literal["relevance", "recent", "newest", "oldest", "seen", "outlet"]
SORTS: tuple[Sort, ...] = ("relevance", "recent", "newest", "oldest", "seen", "outlet")

K1, B = 1.5, 0.75
WEEK = 7 * 24 * 3600 * 1_000_000  # in microseconds, the unit of the columns
_REACH = 4  # hits looked at for each one wanted, in case they fold


class SegmentHits:
    """What one segment contributes to the hits: its matching documents, in a fixed order."""

    def __init__(self, evaluation: Evaluation, documents: Collection[int]) -> None:
        self.evaluation = evaluation
        count = evaluation.view.segment.count
        self.documents: Sequence[int] = (
            range(count) if len(documents) == count else tuple(documents)
        )
        """A range where all of the segment match: then columns are read as they stand."""

    @property
    def view(self) -> SegmentView:
        """The segment."""
        return self.evaluation.view

    def pick(self, values: Sequence[int]) -> Sequence[int]:
        """Of values by document those of the matching ones."""
        return values if isinstance(self.documents, range) else self._getter(values)

    @cached_property
    def _getter(self) -> Callable[[Sequence[int]], Sequence[int]]:
        """`itemgetter` takes half the time of a loop, but for one item gives no tuple."""
        if len(self.documents) > 1:
            return itemgetter(*self.documents)
        return lambda values: [values[number] for number in self.documents]

    def column(self, name: str) -> Sequence[int]:
        """A numeric column of the matching documents."""
        return self.pick(self.view.numbers(name))

    def dates(self) -> Sequence[int]:
        """When each matching document was published, or first seen where that is unknown."""
        return self.pick(self.view.dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A hit: the article's id, its score (0 if the order asks for none), its segment's number

    and its own in it, its family's number and how many others of it match, and the number of its
    version that does. Segment and document are the engine's own.
    """

    id: str
    score: float
    family: int
    reprints: int
    segment: int
    document: int
    version: int


def newest_of_each(parts: Sequence[SegmentHits]) -> list[SegmentHits]:
    """The parts with each article once, by the newest of its documents that match."""
    newest: dict[int, int] = {}
    for part in parts:
        for code, since in zip(part.column("code"), part.column("since"), strict=True):
            newest[code] = max(since, newest.get(code, since))
    return [
        SegmentHits(
            part.evaluation,
            tuple(
                document
                for document, code, since in zip(
                    part.documents, part.column("code"), part.column("since"), strict=True
                )
                if newest[code] == since
            ),
        )
        for part in parts
    ]


class Matches:
    """Every article that a query matches: counted at once, ordered when asked."""

    def __init__(self, tree: Node, parts: Sequence[SegmentHits]) -> None:
        self.tree = tree
        self.parts = parts
        self.counted: dict[tuple[str, tzinfo], Counter[str]] = {}
        """What `facets.count_values` has counted, as some facets are made of others."""

    @cached_property
    def total(self) -> int:
        """How many articles match."""
        return sum(len(part.documents) for part in self.parts)

    @cached_property
    def texts(self) -> int:
        """How many distinct texts they are: a report counts once, whoever carried it."""
        return len(set(chain.from_iterable(part.column("family") for part in self.parts)))

    @cached_property
    def families(self) -> Counter[int]:
        """The matching articles of each family, by the family's number."""
        return Counter(chain.from_iterable(part.column("family") for part in self.parts))

    def ids(self) -> Iterator[str]:
        """The ids of all matching articles, in no order."""
        return map(decode_id, chain.from_iterable(part.column("code") for part in self.parts))

    def top(
        self, limit: int | None = None, *, sort: Sort = "relevance", fold: bool = True
    ) -> list[Ranked]:
        """The first hits in that order, all without a limit.

        With `fold` only the best hit of each family is listed. A tie goes to the newer article, then
        to the lower id; a query without a term to score by is answered newest first.
        """
        if sort == "relevance" and not leaves_of(self.tree):
            sort = "newest"
        values = self._values(sort)
        wanted = self.total if limit is None else min(limit, self.total)
        reach = wanted * _REACH if fold and limit is not None else wanted
        while True:
            ranked = self._take(values, reach, wanted, fold=fold)
            if len(ranked) == wanted or reach >= self.total:
                return ranked
            reach *= _REACH

    def in_order(self, sort: Sort = "relevance") -> OrderedIds:
        """The ids of all hits, none folded, in the order of `top`."""
        if sort == "relevance" and not leaves_of(self.tree):
            sort = "newest"
        codes = array(self.parts[0].view.numbers("code").typecode if self.parts else "Q")
        for part in self.parts:
            codes.extend(part.column("code"))
        dates = chain.from_iterable(part.dates() for part in self.parts)
        values = chain.from_iterable(self._values(sort))
        real = sort in ("relevance", "recent")
        return OrderedIds(order_codes(codes, dates, values, real=real))

    def marks(self, hit: Ranked) -> dict[str, list[list[Span]]]:
        """Where the terms of the query are in a hit: by zone, for each term its positions there."""
        evaluation = self.parts[hit.segment].evaluation
        leaves = dict.fromkeys(leaves_of(self.tree))
        marks = [evaluation.marks(leaf, hit.document) for leaf in leaves]
        return {
            zone: [
                [(left - start, right - start) for left, right in spans if start <= left < end]
                for spans in marks
            ]
            for zone, (start, end) in evaluation.view.zones(hit.document).items()
        }

    def count_values(self, facet: str, *, zone: tzinfo = UTC) -> Counter[str]:
        """Matching articles by value; see `facets.count_values`."""
        return count_values(self, facet, zone=zone)

    def read_values(
        self, facets: Sequence[str], groups: Mapping[str, Groups], *, zone: tzinfo = UTC
    ) -> Iterator[Valued]:
        """Every matching article with its values; see `facets.read_values`."""
        return read_values(self, facets, groups, zone=zone)

    def score_parts(self, hit: Ranked) -> list[tuple[Leaf, float, float]]:
        """For each term of the query: its weight in the hit, and what it adds to the score."""
        part = self.parts[hit.segment]
        norm = self._norms()[part.view.lengths[hit.document]]
        found = []
        for leaf, factor in self._factors().items():
            weight = part.evaluation.weights.get(leaf, {}).get(hit.document, 0)
            found.append((leaf, weight, factor * weight / (weight + norm)))
        return found

    def _take(
        self, values: Sequence[Sequence[Any]], reach: int, wanted: int, *, fold: bool
    ) -> list[Ranked]:
        taken: set[int] = set()
        chosen: list[tuple[Any, int, int, int]] = []
        for value, _, _, number, row in self._best(values, reach):
            document = self.parts[number].documents[row]
            family = self.parts[number].view.numbers("family")[document]
            if len(chosen) == wanted:
                break
            if not fold or family not in taken:
                taken.add(family)
                chosen.append((value, number, document, family))
        sizes = self._sizes(taken)
        return [
            Ranked(
                id=decode_id(self.parts[number].view.numbers("code")[document]),
                score=value if isinstance(value, float) else 0.0,
                family=family,
                reprints=sizes[family] - 1,
                segment=number,
                document=document,
                version=self.parts[number].view.numbers("version")[document],
            )
            for value, number, document, family in chosen
        ]

    def _sizes(self, families: Collection[int]) -> Counter[int]:
        """How many matching articles each of the families has."""
        every = chain.from_iterable(part.column("family") for part in self.parts)
        return Counter(filter(families.__contains__, every))

    def _best(
        self, values: Sequence[Sequence[Any]], reach: int
    ) -> list[tuple[Any, int, int, int, int]]:
        """The `reach` best rows and those that tie with the last, best first.

        A row is its value, date, negative code, the number of its part and its place there.
        """
        if not reach:
            return []
        least = _largest(values, reach)
        rows = []
        for number, (part, column) in enumerate(zip(self.parts, values, strict=True)):
            codes = part.view.numbers("code")
            for row, value in enumerate(column):
                if value >= least:
                    document = part.documents[row]
                    date = part.view.dates[document]
                    rows.append((value, date, -codes[document], number, row))
        return sorted(rows, reverse=True)

    def _values(self, sort: Sort) -> Sequence[Sequence[Any]]:
        """What to order by, for each part and document; more is better."""
        match sort:
            case "relevance":
                return self._scores()
            case "recent":
                return self._aged_scores()
            case "newest":
                return [part.dates() for part in self.parts]
            case "oldest":
                return [[-moment for moment in part.dates()] for part in self.parts]
            case "seen":
                return [part.column("seen") for part in self.parts]
            case "outlet":
                return self._outlet_ranks()

    def _scores(self) -> list[list[float]]:
        norms, factors = self._norms(), self._factors()
        return [_score(part, norms, factors) for part in self.parts]

    def _aged_scores(self) -> list[list[float]]:
        """Half of a score decays with age, by half in each week before the newest hit."""
        dates = [part.dates() for part in self.parts]
        newest = max(chain.from_iterable(dates), default=0)
        return [
            [
                score * (0.5 + 0.5 ** (1 + (newest - moment) / WEEK))
                for score, moment in zip(scores, moments, strict=True)
            ]
            for scores, moments in zip(self._scores(), dates, strict=True)
        ]

    def _outlet_ranks(self) -> list[list[int]]:
        columns = [part.view.names("outlet") for part in self.parts]
        names = sorted(set(chain.from_iterable(column.names for column in columns)), reverse=True)
        ranks = {name: rank for rank, name in enumerate(names)}
        return [
            [ranks[column[document]] for document in part.documents]
            for part, column in zip(self.parts, columns, strict=True)
        ]

    def _norms(self) -> list[float]:
        """By length byte: what BM25 adds to a weight in a text of that length."""
        segments = [part.view.segment for part in self.parts]
        length = sum(segment.total_length("text") for segment in segments)
        average = length / max(1, sum(segment.count for segment in segments)) or 1
        return [K1 * (1 - B + B * length / average) for length in LENGTHS]

    def _factors(self) -> dict[Leaf, float]:
        """By term: how often the query has it, times its rarity."""
        return {
            leaf: times * self._rarity(leaf) * (K1 + 1)
            for leaf, times in Counter(leaves_of(self.tree)).items()
        }

    def _rarity(self, node: Node) -> float:
        """Whoosh's inverse document frequency; that of a phrase is the sum of its words'."""
        match node:
            case Near(parts):
                return sum(map(self._rarity, parts))
            case Or(parts):
                return max(map(self._rarity, parts))
            case Word() | Phrase() | Wildcard() | Typo():
                counted = [part.evaluation.frequencies(node) for part in self.parts]
                return sum(map(self._idf, map(sum, zip(*counted, strict=True))))
            case _:
                return 0.0

    def _idf(self, documents: int) -> float:
        count = sum(part.view.segment.count for part in self.parts)
        return math.log(count / (min(documents, count) + 1)) + 1


def _largest(values: Sequence[Sequence[Any]], count: int) -> Any:
    """The value in that place from the largest down; the heap is quick where large ones come first."""
    every = [column for column in values if column]
    if every[0][0] < every[-1][-1]:  # by date, mostly: articles are numbered as they came
        return nlargest(count, chain.from_iterable(map(reversed, reversed(every))))[-1]
    return nlargest(count, chain.from_iterable(every))[-1]


def _score(part: SegmentHits, norms: Sequence[float], factors: Mapping[Leaf, float]) -> list[float]:
    """BM25 of each document: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework"."""
    scores = [0.0] * len(part.documents)
    lengths = part.view.lengths
    bases = [norms[lengths[document]] for document in part.documents]
    for leaf, factor in factors.items():
        weights = part.evaluation.weights.get(leaf, {})
        found = map(weights.get, part.documents, repeat(0))
        rows = zip(scores, bases, found, strict=True)
        scores = [score + factor * weight / (weight + base) for score, base, weight in rows]
    return scores
