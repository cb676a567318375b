"""Answers: rows that are read while somebody goes through them, and tables made of them."""

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
    """Rows to go through, as often as one likes: each time they are read anew, one after the other."""

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
        """The first so many of them."""
        return list(islice(self, count))

    def df(self, library: Literal["pandas", "polars"] | None = None) -> Any:
        """All of them as a table of pandas or polars; without a name the one that is installed.

        Raises `UsageError` where it is not installed (`pip install 'pressclip[pandas]'`).
        """
        from index.corpus.frames import make_frame

        return make_frame(map(self._values, self), self._types, library)


class Articles(Rows[Article]):
    """The articles that a search found: counted at once, read in pages while one goes through them."""

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
        """The query as it was understood."""
        return self._query

    @property
    def total(self) -> int:
        """How many articles match, whatever the limit."""
        return self._total

    @property
    def texts(self) -> int:
        """How many distinct texts they are: an agency's report counts once."""
        return self._texts

    def __repr__(self) -> str:
        return f"<Articles {self._query!r}: {self._total} articles, {self._texts} texts>"


def _attributes(names: tuple[str, ...]) -> Callable[[Any], Mapping[str, Any]]:
    return lambda row: {name: getattr(row, name) for name in names}
