"""Erasure: what was forgotten on demand is taken out of the tables, and of the file."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from index.store.database import Connection

_GONE = (
    "SELECT captures.id FROM captures JOIN json_each(?1) AS place"
    ' ON file = place.value ->> 0 AND "offset" = place.value ->> 1'
)
_WITHIN = "IN (SELECT value FROM json_each(?))"


class Erasure:
    """Deletes on the store's connection what was forgotten on demand."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def overwrite_deleted(self) -> None:
        """Overwrite from now on what is deleted; otherwise it is in the file's free pages."""
        self._connection.execute("PRAGMA secure_delete = ON")

    def empty_log(self) -> None:
        """Write the log into the database and cut it to nothing, so that no old page is in it."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def delete_captures(self, places: Sequence[tuple[str, int]]) -> None:
        """Delete the captures at these (file, offset), and the ledger's lines on them."""
        found = (json.dumps(places),)
        self._connection.execute(f"DELETE FROM ledger WHERE capture IN ({_GONE})", found)
        self._connection.execute(f"DELETE FROM captures WHERE id IN ({_GONE})", found)

    def delete_addresses(self, keys: Collection[str], urls: Collection[str]) -> None:
        """Delete what ledger, frontier and people's labels and notes say of identities and URLs."""
        named = json.dumps(sorted(keys)), json.dumps(sorted(urls))
        for table in ("ledger", "frontier"):
            self._connection.execute(
                f"DELETE FROM {table} WHERE key {_WITHIN} OR url {_WITHIN}", named
            )
        for table in ("labels", "tags", "notes"):
            self._connection.execute(f"DELETE FROM {table} WHERE key {_WITHIN}", named[:1])

    def delete_outlet(self, outlet: str) -> None:
        """Delete what ledger, frontier, lists, boilerplate and habits say of an outlet."""
        for table in (
            "ledger",
            "frontier",
            "lists",
            "watched",
            "boilerplate",
            "habits",
            "revisits",
        ):
            self._connection.execute(f"DELETE FROM {table} WHERE outlet = ?", (outlet,))

    def delete_evaluations(self) -> None:
        """Delete every story's profile, which holds words of articles; the next run learns again."""
        self._connection.execute("DELETE FROM judgings")
