"""Is the database whole? SQLite's own checks."""

from __future__ import annotations

from index.store.database import Connection


class Integrity:
    """Asks SQLite on the store's connection; raises `StorageError` if it cannot even look."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def faults(self) -> list[str]:
        """What is damaged, in SQLite's words, at most 20; empty for a whole database."""
        rows = self._connection.rows("PRAGMA integrity_check(20)")
        return [row[0] for row in rows if row[0] != "ok"]

    def broken_tables(self) -> list[str]:
        """The tables with rows that refer to what is not there, by name."""
        return sorted({row[0] for row in self._connection.rows("PRAGMA foreign_key_check")})
