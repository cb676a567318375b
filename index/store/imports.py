"""How far archives of the web were read, so that a later run goes on from there."""

from __future__ import annotations

from datetime import datetime

from index.article import isoformat
from index.store.database import Connection


class Imports:
    """Reads and writes the places of imports on the store's connection.

    `scope` is what was asked for: another outlet or day reads the file anew.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def place(self, url: str, scope: str) -> int | None:
        """The byte to go on from, 0 for one that was never read; None when it was read to its end."""
        rows = self._connection.rows(
            "SELECT place FROM imports WHERE url = ? AND scope = ?", (url, scope)
        )
        return rows[0][0] if rows else 0

    def note(self, url: str, scope: str, place: int | None, *, at: datetime) -> None:
        """All before this byte was taken; None when it was read to its end."""
        self._connection.execute(
            "INSERT OR REPLACE INTO imports (url, scope, place, at) VALUES (?, ?, ?, ?)",
            (url, scope, place, isoformat(at)),
        )
