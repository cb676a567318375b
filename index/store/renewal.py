"""A database made again takes the place of the old one, and what only the old one knew with it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from index.errors import OlderStoreError, StorageError
from index.files import storage_errors
from index.store.database import Connection, connect
from index.store.migrations import backups
from index.store.store import StoreWriter
from index.workspace.lock import hold

_KEPT_TABLES = (
    "runs", "frontier", "lists", "watched", "hosts", "robots", "labels", "tags", "notes",
    "tombstones", "reservations", "feed_texts", "asked", "sources", "copies", "imports",
    "revisits",
)  # fmt: skip


def upgrade(database: Path, lock: Path) -> Path | None:
    """Bring an older database to this format; return the backup beside it, None when it is current.

    Raises `StorageError` children, and `WorkspaceBusy` when a crawl holds the lock.
    """
    try:
        connect(database, readonly=True).close()
        return None
    except OlderStoreError:
        with hold(lock):
            connect(database).close()
    return backups(database)[-1]


def adopt(store: StoreWriter, old: Path) -> bool:
    """Take over labels, runs, frontier, lists, failures and the revision number of another database.

    What was read from captures is not taken: it is made again. An older format is brought to this one
    first. Returns False, with nothing taken, when there is no old database or it cannot be read.
    """
    if not old.exists():
        return False
    try:
        connect(old).close()
    except StorageError:
        return False
    connection = store._connection
    connection.execute("ATTACH ? AS old", (f"{old.resolve().as_uri()}?mode=ro",))
    try:
        with store.transaction():
            for table in _KEPT_TABLES:
                _take(connection, table)
            _take(connection, "ledger", "WHERE capture IS NULL")
            connection.execute("UPDATE revision SET newest = (SELECT newest FROM old.revision)")
    finally:
        connection.execute("DETACH old")
    return True


def retain(store: StoreWriter) -> None:
    """Keep what the attached database `old` knows of the articles that are here again.

    When they were seen first, which an archive that lost files no longer tells, and when they are to
    be looked at next.
    """
    with store.transaction():
        store._connection.execute(
            "UPDATE articles SET first_seen = was.first_seen FROM old.articles AS was"
            " WHERE was.id = articles.id AND was.first_seen < articles.first_seen"
        )
        store._connection.execute(
            "DELETE FROM rechecks WHERE article IN (SELECT article FROM old.rechecks)"
        )
        _take(store._connection, "rechecks", "WHERE article IN (SELECT id FROM main.articles)")


def _take(connection: Connection, table: str, where: str = "") -> None:
    # By name: a column that a migration added stands last, in a new database where it belongs.
    rows = connection.execute(f"PRAGMA main.table_info({table})")
    names = ", ".join(f'"{row[1]}"' for row in rows)
    connection.execute(
        f"INSERT INTO main.{table} ({names}) SELECT {names} FROM old.{table} {where}"
    )


def replace_database(draft: Path, target: Path) -> None:
    """Put a closed database in another's place; readers of the old one keep reading it.

    Raises `StorageError` children. A kill on the way leaves the old database or the new one.
    """
    with (
        contextlib.suppress(StorageError, sqlite3.Error),
        contextlib.closing(connect(target)) as connection,
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with storage_errors(target):
        for suffix in ("-wal", "-shm"):
            # They belong to the old file; beside the new one they would damage it.
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        draft.replace(target)


def remove_database(path: Path) -> None:
    """Delete a database with its side files, if it is there."""
    with storage_errors(path):
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
