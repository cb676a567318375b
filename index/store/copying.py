"""A database copied as a whole, and its format, without opening it as a store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from index.errors import DiskFullError, StorageError
from index.store.migrations import format_of


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite file with what is in its log, through SQLite's backup API.

    `target` is one file without a log. Raises `StorageError`, `DiskFullError` if it has no room.
    """
    try:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)
            other.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        kind = DiskFullError if full else StorageError
        raise kind(f"{source}: cannot be copied: {error}") from error


def read_format(path: Path) -> int:
    """The format of a database; 0 for one that is not there or cannot be read."""
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            return format_of(connection)
    except sqlite3.Error:
        return 0
