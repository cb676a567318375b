"""Archive files that are copied again: where their captures are in the copies."""

from __future__ import annotations

from collections.abc import Callable

from index.store.database import Connection


class Rewrites:
    """Reads and writes copies of archive files on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, old: str, new: str, moved: Callable[[int], int | None]) -> None:
        """A copy is about to take a file's place, once the caller's transaction is through.

        `moved` gives the new offset of an old one; None for a capture that the copy lacks.
        """
        rows = self._connection.rows('SELECT id, "offset" FROM captures WHERE file = ?', (old,))
        places = ((moved(offset), number) for number, offset in rows)
        self._connection.executemany(
            'UPDATE captures SET file = ?, "offset" = ? WHERE id = ?',
            [(new, place, number) for place, number in places if place is not None],
        )
        self._connection.execute("INSERT INTO rewrites (old, new) VALUES (?, ?)", (old, new))

    def pending(self) -> list[tuple[str, str]]:
        """(old, new) of the files whose copies have not taken their places yet."""
        return self._connection.rows("SELECT old, new FROM rewrites")

    def finish(self) -> None:
        """Every copy has taken its place."""
        self._connection.execute("DELETE FROM rewrites")
