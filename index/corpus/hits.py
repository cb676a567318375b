"""The result of a search: counts, hits with their articles and snippets, tables of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from index.article import LiveEntry, isoformat
from index.corpus.record_types import ValueType
from index.fulltext.engine import Answer
from index.fulltext.searcher import Ranked
from index.fulltext.searcher.snippet import Snippet

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.store import StoredArticle

COLUMNS = (
    "id",
    "title",
    "outlet",
    "language",
    "published",
    "first_seen",
    "url",
    "authors",
    "section",
    "family",
    "reprints",
    "score",
    "snippet",
)
"""The columns of `Hits.df()`."""

HIT_TYPES: dict[str, ValueType] = {
    **dict.fromkeys(COLUMNS, "text"),
    "published": "time",
    "first_seen": "time",
    "authors": ["text"],
    "reprints": "integer",
    "score": "number",
}
"""What they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One line of a result: an article, what matched in it, and how many reprints fold into it.

    `version` is the number of the text shown, of the `stored.versions` there are; `entry` is the
    entry of a live blog that the snippet is from.
    """

    stored: StoredArticle
    score: float
    reprints: int
    version: int
    snippet: Snippet
    title_marks: tuple[tuple[int, int], ...] = ()
    entry: LiveEntry | None = None

    @property
    def id(self) -> str:
        """The article's stable id."""
        return self.stored.id

    @property
    def title(self) -> str:
        """Its headline."""
        return self.stored.article.title

    @property
    def outlet(self) -> str:
        """The id of the outlet that published it."""
        return self.stored.article.outlet

    @property
    def url(self) -> str:
        """Its address."""
        return self.stored.article.url

    @property
    def published(self) -> datetime | None:
        """When it was published, in UTC; None when unknown."""
        return self.stored.article.published

    @property
    def language(self) -> str:
        """ISO 639-1, or empty."""
        return self.stored.article.language

    @property
    def text(self) -> str:
        """Its whole text."""
        return self.stored.article.text

    def to_dict(self) -> dict[str, Any]:
        """The values of `COLUMNS`; times are ISO 8601 in UTC."""
        article = self.stored.article
        return {
            "id": self.id,
            "title": article.title,
            "outlet": article.outlet,
            "language": article.language,
            "published": isoformat(article.published),
            "first_seen": isoformat(self.stored.first_seen),
            "url": article.url,
            "authors": list(article.authors),
            "section": article.section,
            "family": self.stored.family,
            "reprints": self.reprints,
            "score": self.score,
            "snippet": self.snippet.text,
        }


class Hits(Sequence[Hit]):
    """The answer to one query: `total` articles in `texts` distinct texts, some of them listed.

    The listed hits are read from the store when the first of them is looked at.
    """

    def __init__(
        self, corpus: Corpus, query: str, matches: Answer, ranked: Sequence[Ranked]
    ) -> None:
        self.query = query
        """The query as it was understood."""
        self.matches = matches
        self.ranked = ranked
        self._corpus = corpus

    @property
    def total(self) -> int:
        """How many articles match, listed or not."""
        return self.matches.total

    @property
    def texts(self) -> int:
        """How many distinct texts they are."""
        return self.matches.texts

    def __len__(self) -> int:
        """How many hits are listed."""
        return len(self._hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...

    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self._hits[index]

    def __repr__(self) -> str:
        return f"<Hits {self.query!r}: {self.total} articles, {self.texts} texts>"

    def facets(self, *names: str) -> dict[str, dict[str, int]]:
        """All matching articles counted by `outlet`, `lang`, `country`, `day`, …; raises `UsageError`."""
        return {name: self._corpus.count_facet(self.matches, name) for name in names}

    def df(self) -> Any:
        """The listed hits as a pandas or polars table, whichever is installed.

        Raises `UsageError` when neither is.
        """
        from index.corpus.frames import make_frame

        return make_frame((hit.to_dict() for hit in self), HIT_TYPES)

    @cached_property
    def _hits(self) -> Sequence[Hit]:
        return self._corpus.read_hits(self.matches, self.ranked)
