"""Families as the store holds them: each article's, and what its own tables say of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.store.database import Connection, database_errors

if TYPE_CHECKING:
    from index.families.reading import ExtractionFault, Link, Member


class Families:
    """Reads families on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, ids: Sequence[str]) -> dict[str, str]:
        """The family of each article, by id; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        return dict(
            self._connection.rows(f"SELECT id, family FROM articles WHERE id IN ({marks})", ids)
        )

    def sizes(self) -> dict[str, int]:
        """Members by family that are coverage of a story."""
        return dict(
            self._connection.rows("SELECT family, count(*) FROM articles WHERE kept = 1 GROUP BY 1")
        )

    def origin(self, article: str) -> str | None:
        """The origin of an article's family; None for an article that was never placed in one."""
        from index.families.reading import family_of

        with database_errors(self._connection.path):
            return family_of(self._connection, article)

    def members(self, article: str) -> tuple[Member, ...]:
        """The family of an article, by time of publication; empty when it was never placed."""
        from index.families.reading import members

        with database_errors(self._connection.path):
            return members(self._connection, article)

    def links(self, article: str, text_of: Callable[[str], str]) -> tuple[Link, ...]:
        """Articles of other families, one each, that share a passage; the longest passage first."""
        from index.families.reading import links

        with database_errors(self._connection.path):
            return links(self._connection, article, text_of)

    def extraction_faults(self) -> tuple[ExtractionFault, ...]:
        """Articles that were kept apart because what was extracted is not a text of their own."""
        from index.families.reading import extraction_faults

        with database_errors(self._connection.path):
            return extraction_faults(self._connection)
