"""A query tree against one segment: which documents match, and how much each term counts in them.

The meaning of a tree is in `index.query`; `index.query.match` gives the same answer for one article in
memory. Here whole posting lists are intersected and united as sets; positions are read only of the
documents that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache, partial, reduce
from itertools import accumulate, chain
from operator import and_
from typing import assert_never

from index.fulltext.schema import LEAD_WEIGHT, QUOTED, TITLE_WEIGHT, quoted_ranges
from index.fulltext.searcher.filters import filter_documents, period_documents
from index.fulltext.searcher.limits import Limits
from index.fulltext.searcher.sources import (
    PostingSource,
    Single,
    Steps,
    add_weights,
    find_sources,
    read_steps,
    read_weights,
)
from index.fulltext.searcher.view import SegmentView
from index.query import (
    And,
    Everything,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Typo,
    Wildcard,
    Word,
)
from index.query.match import within
from index.query.spans import Span, near_spans
from index.text.analysis import Slot, Terms, terms_of_pattern, terms_of_typo, terms_of_words

Leaf = Single | Near
Weights = Mapping[int, float]

_NAMES = {"author": 1 << 40, "speaker": 2 << 40}
_AUTHOR = 1 << 40  # and more: added to positions in names, so that nothing of the text is near them
_STRIDE = 500  # documents whose positions are compared between two looks at the clock

_words_terms = lru_cache(maxsize=1000)(terms_of_words)
_pattern_terms = lru_cache(maxsize=1000)(terms_of_pattern)
_typo_terms = lru_cache(maxsize=1000)(terms_of_typo)


class Evaluation:
    """One query on one segment; `weights` fills as leaves are met."""

    def __init__(self, view: SegmentView, limits: Limits) -> None:
        self.view = view
        self.weights: dict[Leaf, dict[int, float]] = {}
        self._limits = limits
        self._found: dict[tuple[Single, Slot], list[PostingSource]] = {}

    def matching(self, tree: Node) -> AbstractSet[int]:
        """The documents that match and are not struck out; raises `UsageError` past a limit."""
        found = self._documents(tree, self.view.documents)
        return found - self.view.deleted if self.view.deleted else found

    def frequencies(self, leaf: Single) -> list[int]:
        """How many documents have each slot of a leaf, by the dictionary alone: at most that many."""
        return [self._frequency(leaf, slot) for slot in _terms_of(leaf).slots]

    def _frequency(self, leaf: Single, slot: Slot) -> int:
        return sum(source.documents for source in self._sources(leaf, slot))

    def _documents(self, node: Node, scope: AbstractSet[int]) -> AbstractSet[int]:
        """Those of the scope that match."""
        self._limits.check_time()
        if not scope:
            return scope
        match node:
            case And(parts):
                return reduce(
                    lambda left, part: self._documents(part, left), _cheap_first(parts), scope
                )
            case Or(parts):
                return set[int]().union(*(self._documents(part, scope) for part in parts))
            case Not(part):
                found = self._documents(part, scope)
                return scope - found if found else scope
            case Everything():
                return scope
            case Filter(field, values):
                return filter_documents(self.view, field, values, scope)
            case Period(field, start, end):
                return period_documents(self.view, field, start, end, scope)
            case Word() | Phrase() | Wildcard() | Typo() | Near():
                return self._leaf_documents(node, scope)
        assert_never(node)

    def _leaf_documents(self, leaf: Leaf, scope: AbstractSet[int]) -> AbstractSet[int]:
        weights = self.weights.setdefault(leaf, {})
        if (word := self._word_weights(leaf)) is not None:
            if not weights:
                weights.update(word)
            return weights.keys() & scope
        for document, spans in self.spans(leaf, self._candidates(leaf, scope)).items():
            weights[document] = self._weigh(document, spans)
        return weights.keys() & scope

    def _word_weights(self, leaf: Leaf) -> Weights | None:
        """The weights of a leaf that is one word, for which no positions are needed; else None."""
        if isinstance(leaf, Near) or leaf.zone in ("title", "quote"):
            return None
        terms = _terms_of(leaf)
        if len(terms.slots) != 1 or terms.length != 1:
            return None
        return add_weights(
            read_weights(self.view, source) for source in self._sources(leaf, terms.slots[0])
        )

    def _candidates(self, node: Node, scope: AbstractSet[int]) -> AbstractSet[int]:
        """Those of the scope that may match: each word is there, wherever it stands."""
        match node:
            case Near(parts):
                return reduce(lambda left, part: self._candidates(part, left), parts, scope)
            case Or(parts):
                return set[int]().union(*(self._candidates(part, scope) for part in parts))
            case Word() | Phrase() | Wildcard() | Typo():
                slots = _terms_of(node).slots
                found = [self._slot_documents(node, slot) for slot in slots]
                return reduce(and_, sorted(found, key=len), scope) if found else set()
            case _:
                return set()

    def _slot_documents(self, leaf: Single, slot: Slot) -> set[int]:
        documents = set[int]()
        for source in self._sources(leaf, slot):
            field = "title" if leaf.zone == "title" else source.field
            if postings := self.view.postings(field, source.text):
                documents.update(postings.documents)
        return documents

    def spans(self, node: Node, documents: AbstractSet[int]) -> dict[int, list[Span]]:
        """Where a positional node is in each of the documents in which it does."""
        match node:
            case Near(parts, distance, ordered):
                return self._near_spans(parts, documents, distance, ordered=ordered)
            case Or(parts):
                return _unite(self.spans(part, documents) for part in parts)
            case Word() | Phrase() | Wildcard() | Typo():
                return self._terms_spans(node, documents)
            case _:
                return {}

    def marks(self, node: Node, document: int) -> list[Span]:
        """What to mark of a node in one document: of a Near its parts, and only where they are near."""
        if isinstance(node, Or):
            return [span for part in node.parts for span in self.marks(part, document)]
        spans = self.spans(node, {document}).get(document, [])
        if not isinstance(node, Near):
            return spans
        return [
            (start, end)
            for part in node.parts
            for start, end in self.marks(part, document)
            if any(first <= start and end <= last for first, last in spans)
        ]

    def _near_spans(
        self, parts: Sequence[Node], documents: AbstractSet[int], distance: int, *, ordered: bool
    ) -> dict[int, list[Span]]:
        standing: list[dict[int, list[Span]]] = []
        for part in parts:
            standing.append(self.spans(part, documents))
            documents = standing[-1].keys() & documents
        return self._each(
            documents,
            lambda document: near_spans(
                [spans[document] for spans in standing], distance, ordered=ordered
            ),
        )

    def _terms_spans(self, leaf: Single, documents: AbstractSet[int]) -> dict[int, list[Span]]:
        terms = _terms_of(leaf)
        slots: list[tuple[int, list[Steps]]] = []
        for slot in sorted(terms.slots, key=lambda slot: self._frequency(leaf, slot)):
            found = []
            for source in self._sources(leaf, slot):
                self._limits.check_time()
                found.append(read_steps(self.view, source, documents))
            documents = set[int]().union(*found)
            slots.append((slot.offset, found))
        shift = _NAMES.get(leaf.zone, 0)
        headlines = self.view.numbers("title_at") if leaf.zone == "title" else None
        quoted = self._quoted(documents) if leaf.zone == "quote" else None

        alone = [(offset, found[0]) for offset, found in slots if len(found) == 1]
        find_starts = (
            partial(_run_starts, alone) if len(alone) == len(slots) else partial(_starts, slots)
        )

        def find(document: int) -> list[Span]:
            starts = find_starts(document)
            if not starts:
                return []
            starts = sorted(starts)
            if headlines is not None:
                starts = [start for start in starts if start >= headlines[document]]
            spans = [(start + shift, start + shift + terms.length - 1) for start in starts]
            return spans if quoted is None else within(spans, quoted.get(document, []))

        return self._each(documents, find)

    def _quoted(self, documents: AbstractSet[int]) -> dict[int, list[Span]]:
        """Where the quotations of the documents stand."""
        postings = self.view.postings("stem", QUOTED)
        found = postings.steps(documents) if postings else {}
        return {document: quoted_ranges(accumulate(steps)) for document, steps in found.items()}

    def _weigh(self, document: int, spans: Sequence[Span]) -> int:
        """How much the matches count, as the words of their zones do."""
        weight = len(spans)
        lead = self.view.numbers("lead_at")[document]
        for start, _ in reversed(spans):
            if start < lead:
                break
            if start >= _AUTHOR:
                continue
            title = self.view.numbers("title_at")[document]
            weight += (LEAD_WEIGHT if start < title else TITLE_WEIGHT) - 1
        return weight

    def _each(
        self, documents: Collection[int], find: Callable[[int], list[Span]]
    ) -> dict[int, list[Span]]:
        found = {}
        for number, document in enumerate(documents):
            if not number % _STRIDE:
                self._limits.check_time()
            if spans := find(document):
                found[document] = spans
        return found

    def _sources(self, leaf: Single, slot: Slot) -> list[PostingSource]:
        """The lists of the terms a slot stands for; raises `UsageError` when they are too many."""
        key = leaf, slot
        if key not in self._found:
            self._found[key] = sources = find_sources(self.view, leaf, slot)
            if slot.kind in ("pattern", "typo"):
                self._limits.check_words(str(leaf), (source.text for source in sources))
        return self._found[key]


_COSTS: tuple[tuple[type[Node], ...], ...] = (
    (Word, Typo, Wildcard, Everything),
    (Filter, Period),
    (And, Or),
    (Phrase, Near),
    (Not,),
)


def leaves_of(tree: Node) -> list[Leaf]:
    """The terms that a document is scored by: all but the negated, repeated ones repeatedly."""
    match tree:
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in leaves_of(part)]
        case Word() | Phrase() | Wildcard() | Typo() | Near():
            return [tree]
        case _:
            return []


def _cheap_first(parts: Iterable[Node]) -> list[Node]:
    """Words first, then what a column decides of the few that are left, then positions."""
    cost = {kind: rank for rank, kinds in enumerate(_COSTS) for kind in kinds}
    return sorted(parts, key=lambda part: cost[type(part)])


def _terms_of(leaf: Single) -> Terms:
    match leaf:
        case Wildcard(pattern):
            return _pattern_terms(pattern)
        case Typo(text):
            return _typo_terms(text)
        case Word(text) | Phrase(text):
            return _words_terms(text)
    assert_never(leaf)


def _run_starts(slots: Sequence[tuple[int, Steps]], document: int) -> Collection[int]:
    """As `_starts`, where each slot stands for one token: the phrases people ask for."""
    offset, found = slots[0]
    starts = set(accumulate(found[document]))
    if offset:
        starts = {start - offset for start in starts}
    for other, found in slots[1:]:
        steps = found[document]
        starts.intersection_update(accumulate(steps[1:], initial=steps[0] - other))
        if not starts:
            break
    return starts


def _starts(slots: Sequence[tuple[int, Sequence[Steps]]], document: int) -> Collection[int]:
    """Where each slot has one of its tokens at its offset from one position on."""
    starts: set[int] | None = None
    for offset, found in slots:
        places = [
            accumulate(steps[1:], initial=steps[0] - offset)
            for steps_of in found
            if (steps := steps_of.get(document))
        ]
        if starts is None:
            starts = set(chain.from_iterable(places))
        else:
            starts = starts.intersection(chain.from_iterable(places))
        if not starts:
            break
    return starts or set()


def _unite(found: Iterable[Mapping[int, list[Span]]]) -> dict[int, list[Span]]:
    united: dict[int, list[Span]] = {}
    for spans in found:
        for document, places in spans.items():
            united[document] = sorted({*united.get(document, ()), *places})
    return united
