"""What a search engine gives, whichever it is: `Searcher` takes a query tree, `Answer` is what matches.

The index in the workspace (`index.fulltext.searcher`) is one, an OpenSearch cluster (`index.opensearch`)
another. What is above knows these two alone; `index.corpus.engines` opens the one that is set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from index.fulltext.searcher import Ranked, Sort, Valued, When
    from index.fulltext.searcher.evaluate import Leaf
    from index.fulltext.searcher.facets import Groups
    from index.query import Node
    from index.query.spans import Span


class Answer(Protocol):
    """Every article that a query matches: counted at once, ordered and divided when asked."""

    @property
    def tree(self) -> Node:
        """What was asked."""

    @property
    def total(self) -> int:
        """How many articles match."""

    @property
    def texts(self) -> int:
        """How many distinct texts they are: a report counts once, whoever carried it."""

    @property
    def families(self) -> Counter[int]:
        """The matching articles of each family, by the family's number."""

    def ids(self) -> Iterable[str]:
        """The ids of all matching articles, in no order."""

    def top(
        self, limit: int | None = None, *, sort: Sort = "relevance", fold: bool = True
    ) -> list[Ranked]:
        """The first hits in that order, all without a limit; with `fold` the best of each family."""

    def in_order(self, sort: Sort = "relevance") -> Sequence[str]:
        """The ids of all hits, none folded, in the order of `top`."""

    def marks(self, hit: Ranked) -> Mapping[str, list[list[Span]]] | None:
        """By zone, for each term its positions in a hit; None if the engine keeps no places."""

    def score_parts(self, hit: Ranked) -> list[tuple[Leaf, float, float]]:
        """For each term of the query: its weight in the hit, and what it adds to the score."""

    def count_values(self, facet: str, *, zone: tzinfo = UTC) -> Counter[str]:
        """Matching articles by value of a facet that the index knows, days in the zone; unordered."""

    def read_values(
        self, facets: Sequence[str], groups: Mapping[str, Groups], *, zone: tzinfo = UTC
    ) -> Iterable[Valued]:
        """Every matching article with its values of some facets; `groups` are the outlets' own."""


class Searcher(Protocol):
    """An index, open for reading; `revision` and `store` say what of which store it holds."""

    revision: int
    store: str
    updated_by: str
    """The command that brings it up to the store."""

    @property
    def count(self) -> int:
        """The articles it holds."""

    def search(self, tree: Node, *, when: When = "now") -> Answer:
        """Every article that matches, once; raises `UsageError` or `IndexUnusable`."""

    def reading(self) -> AbstractContextManager[None]:
        """Around what an `Answer` is asked: raises `IndexUnusable` for what fails inside."""

    def frequency(self, token: str) -> int:
        """How many articles have the very form, about."""

    def suggest_words(self, word: str) -> list[tuple[str, int]]:
        """Up to three words of the corpus one letter away, each with its articles."""

    def close(self) -> None:
        """Close what is open."""
