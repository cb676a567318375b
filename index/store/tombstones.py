"""What was forgotten on demand and must not come back: articles by a hash of their key, outlets by id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from index.article import isoformat, parse_iso
from index.store.database import Connection

ARTICLE, OUTLET = "article", "outlet"


class Tombstones:
    """Reads and writes the tombstones on the store's connection.

    An article's address often spells its headline, so only the SHA-256 of its identity is kept: enough
    to know it again, not enough to read it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, *, keys: Iterable[str] = (), outlet: str = "", at: datetime) -> None:
        """Never fetch these identities, or this outlet, again."""
        rows = [(ARTICLE, name_of(key)) for key in keys]
        rows += [(OUTLET, outlet)] if outlet else []
        self._connection.executemany(
            "INSERT OR REPLACE INTO tombstones (kind, name, at) VALUES (?, ?, ?)",
            [(*row, isoformat(at)) for row in rows],
        )

    def lift(self, *, key: str = "", outlet: str = "") -> bool:
        """Let an identity or an outlet be fetched again; False when it had no tombstone."""
        return bool(
            self._connection.execute(
                "DELETE FROM tombstones WHERE (kind = ? AND name = ?) OR (kind = ? AND name = ?)",
                (ARTICLE, name_of(key), OUTLET, outlet),
            ).rowcount
        )

    def forgotten(self) -> Callable[[str, str], bool]:
        """Whether an identity, or its outlet, is forgotten; to be asked often."""
        rows = self._connection.execute("SELECT kind, name FROM tombstones").fetchall()
        if not rows:
            return lambda _key, _outlet: False
        names = frozenset(rows)
        return lambda key, outlet: (OUTLET, outlet) in names or (ARTICLE, name_of(key)) in names

    def find(self, *, key: str, outlet: str = "") -> datetime | None:
        """When this identity, or its outlet, was forgotten; None when it was not."""
        row = self._connection.execute(
            "SELECT at FROM tombstones WHERE (kind = ? AND name = ?) OR (kind = ? AND name = ?)",
            (ARTICLE, name_of(key), OUTLET, outlet),
        ).fetchone()
        return parse_iso(row[0]) if row else None


def name_of(key: str) -> str:
    """What a tombstone calls an article: the SHA-256 of its key, in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()
