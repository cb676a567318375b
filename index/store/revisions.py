"""The number of the newest change, which every changed article gets."""

from __future__ import annotations

from collections.abc import Iterable

from index.store.database import Connection


def newest_revision(connection: Connection) -> int:
    """The number of the newest change; 0 for an empty store."""
    (newest,) = connection.execute("SELECT newest FROM revision").fetchone()
    return int(newest)


def next_revision(connection: Connection) -> int:
    """A new number for a change."""
    (newest,) = connection.execute(
        "UPDATE revision SET newest = newest + 1 RETURNING newest"
    ).fetchone()
    return int(newest)


def touch(connection: Connection, ids: Iterable[str]) -> None:
    """Number a change of each article."""
    for identity in sorted(ids):
        connection.execute(
            "UPDATE articles SET revision = ? WHERE id = ?", (next_revision(connection), identity)
        )
