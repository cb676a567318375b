"""How far archives of the web were read, so that a later run goes on from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from index.article import isoformat
from index.store.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTo:
    """The byte to go on from, and what the server called the state of the file that was read."""

    place: int = 0
    validator: str = ""


class Imports:
    """Reads and writes the places of imports on the store's connection.

    `scope` is what was asked for: another outlet or day reads the file again.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def place(self, url: str, scope: str) -> ReadTo | None:
        """How far an archive was read, at byte 0 for one that never was; None when to its end."""
        rows = self._connection.rows(
            "SELECT place, validator FROM imports WHERE url = ? AND scope = ?", (url, scope)
        )
        if not rows:
            return ReadTo()
        place, validator = rows[0]
        return None if place is None else ReadTo(place=place, validator=validator)

    def note(
        self, url: str, scope: str, place: int | None, *, at: datetime, validator: str = ""
    ) -> None:
        """All before this byte was taken of the file in that state; None when it was read to its end."""
        self._connection.execute(
            "INSERT OR REPLACE INTO imports (url, scope, place, at, validator) VALUES (?, ?, ?, ?, ?)",
            (url, scope, place, isoformat(at), validator),
        )
