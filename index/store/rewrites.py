"""Archive files that are copied anew: where their captures lie in the copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


class Rewrites:
    """Writes the places of copied captures on the store's connection, within a transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note(self, old: str, new: str, moved: Callable[[int], int]) -> None:
        """A copy is about to take a file's place; `moved` gives the new offset of an old one."""
        rows = self._connection.execute(
            'SELECT id, "offset" FROM captures WHERE file = ?', (old,)
        ).fetchall()
        self._connection.executemany(
            'UPDATE captures SET file = ?, "offset" = ? WHERE id = ?',
            [(new, moved(offset), number) for number, offset in rows],
        )
        self._connection.execute("INSERT INTO rewrites (old, new) VALUES (?, ?)", (old, new))
