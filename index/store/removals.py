"""Removals: the times in which an article was gone from its address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from index.article import isoformat, parse_iso
from index.store.database import Connection
from index.store.moments import time_of
from index.store.revisions import touch
from index.store.standings import Removal


class Removals:
    """Writes removals on the store's connection; a `StoredArticle` has them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, article: str, code: str, seen: datetime) -> bool:
        """An article was gone from its address; return whether that tells something new.

        It is kept. What is told of earlier or later times may come in any order; an address that
        failed before the article was first seen tells nothing.
        """
        return self._change(
            article,
            "INSERT OR IGNORE INTO removals (article, seen, code, ended)"
            " SELECT id, ?2, ?3, (SELECT min(fetched) FROM captures"
            "  WHERE article = ?1 AND fetched > ?2)"
            " FROM articles WHERE id = ?1 AND first_seen < ?2",
            isoformat(seen),
            code,
        )

    def end(self, article: str, seen: datetime) -> bool:
        """An article was at its address; return whether that ends an absence."""
        return self._change(
            article,
            "UPDATE removals SET ended = ?2"
            " WHERE article = ?1 AND seen < ?2 AND (ended IS NULL OR ended > ?2)",
            isoformat(seen),
        )

    def _change(self, article: str, statement: str, *values: str | None) -> bool:
        with self._connection.transaction():
            before = read_removals(self._connection, [article])
            self._connection.execute(statement, (article, *values))
            if read_removals(self._connection, [article]) == before:
                return False
            touch(self._connection, [article])
            return True


def read_removals(connection: Connection, ids: Sequence[str]) -> dict[str, list[Removal]]:
    """The removals of articles, oldest first, by id."""
    marks = ",".join("?" * len(ids))
    found: dict[str, list[Removal]] = {}
    # Of the sightings in one absence the first tells when and why; so SQLite's min() has it.
    for article, seen, code, ended in connection.execute(
        "SELECT article, min(seen), code, ended FROM removals"
        f" WHERE article IN ({marks}) GROUP BY article, ended ORDER BY 2",
        ids,
    ):
        removal = Removal(seen=time_of(seen), code=code, ended=parse_iso(ended))
        found.setdefault(article, []).append(removal)
    return found
