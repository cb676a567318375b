"""Results: rows that are read from the disk as you go through them, and tables of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pressclip.records import Article

if TYPE_CHECKING:
    from index.corpus.record_types import ValueType

Row = TypeVar("Row")


class Rows(Generic[Row]):
    """Rows to go through as often as you like; each time they are read from the disk again.

    >>> for edit in desk.edits("barns"):
    ...     print(edit.kind)
    headline
    added
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Row]],
        types: Mapping[str, ValueType],
        values: Callable[[Row], Mapping[str, Any]] | None = None,
    ) -> None:
        self._read, self._types = read, types
        self._values = values or _attributes(tuple(types))

    def __iter__(self) -> Iterator[Row]:
        return iter(self._read())

    def first(self, count: int) -> list[Row]:
        """The first `count` rows, or all if there are fewer.

        >>> [article.language for article in desk.search("balloon").first(2)]
        ['en', 'en']
        """
        return list(islice(self, count))

    def df(self, library: Literal["pandas", "polars"] | None = None) -> Any:
        """Make a table of all rows, in pandas or polars; by default in the one that is installed.

        >>> desk.search("balloon").df("polars")["outlet"].n_unique()
        2

        Times are aware and in UTC. Raises `UsageError` if the library is not installed
        (`pip install 'pressclip[pandas]'`).
        """
        from index.corpus.frames import make_frame

        return make_frame(map(self._values, self), self._types, library)


class Articles(Rows[Article]):
    """The articles that a search found. They are counted at once, and read as you go through them.

    >>> desk.search("balloon")
    <Articles 'balloon': 3 articles, 2 texts>
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Article]],
        types: Mapping[str, ValueType],
        *,
        query: str,
        total: int,
        texts: int,
    ) -> None:
        super().__init__(read, types, attrgetter("record"))
        self._query, self._total, self._texts = query, total, texts

    @property
    def query(self) -> str:
        """The query as it was understood.

        >>> desk.search("balloon", lang="en").query
        'balloon lang:en'
        """
        return self._query

    @property
    def total(self) -> int:
        """How many articles match, whatever the limit.

        >>> desk.search("balloon", limit=1).total
        3
        """
        return self._total

    @property
    def texts(self) -> int:
        """How many distinct texts match: an agency's report counts once.

        >>> desk.search("balloon").texts
        2
        """
        return self._texts

    def __repr__(self) -> str:
        return f"<Articles {self._query!r}: {self._total} articles, {self._texts} texts>"


def _attributes(names: tuple[str, ...]) -> Callable[[Any], Mapping[str, Any]]:
    return lambda row: {name: getattr(row, name) for name in names}
