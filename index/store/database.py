"""Opening the database: its tables, its format version, read-only and damaged files."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.errors import (
    DiskFullError,
    OlderStoreError,
    ReadOnlyError,
    StorageError,
    StoreError,
)
from index.store.migrations import FORMAT, format_of, migrate
from index.store.tables import DDL

SQLITE_VERSION = sqlite3.sqlite_version

SETTINGS = (  # of a connection that writes
    "journal_mode = WAL",
    # NORMAL under WAL: a kill loses nothing; a power cut may lose the last seconds, never the file,
    # and the archive, which is synced first, gives them back.
    "synchronous = NORMAL",
    "foreign_keys = ON",
    # 16 MiB of changes between two checkpoints: SQLite's 4 MiB write the same pages of a large
    # index again and again.
    "wal_autocheckpoint = 4000",
    # 64 MiB, filled as needed: SQLite's 2 MiB hold no more than a corner of the keys of families,
    # of which each article needs some at random places.
    "cache_size = -65536",
)


_NUMBERED = "?1"


def _named(statement: str, values: Any) -> Any:
    """The values by name where a statement numbers its places: Python 3.14 takes no sequence for `?1`."""
    if _NUMBERED not in statement or isinstance(values, Mapping):
        return values
    return {str(number): value for number, value in enumerate(values, start=1)}


class Connection(sqlite3.Connection):
    """A connection that knows its file and raises our errors; the parts of a store share one.

    Opened read-only it refuses every change, as `ReadOnlyError`: SQLite has opened the file so.
    """

    path: Path
    readonly: bool

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        """As SQLite's own; raises `StorageError` children for what is not the statement's fault."""
        try:
            return super().execute(statement, _named(statement, values))
        except sqlite3.Error as error:
            self._raise_ours(error)
            raise

    def executemany(self, statement: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        """As SQLite's own; raises `StorageError` children for what is not the statement's fault."""
        try:
            if _NUMBERED in statement:
                rows = (_named(statement, row) for row in rows)
            return super().executemany(statement, rows)
        except sqlite3.Error as error:
            self._raise_ours(error)
            raise

    def rows(
        self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Every row of an answer; raises `StorageError` children, also for one that cannot be read."""
        with database_errors(self.path):
            return super().execute(statement, _named(statement, values)).fetchall()

    def _raise_ours(self, error: sqlite3.Error) -> None:
        """Raise our error for what disk, file or another process caused, not for a wrong statement."""
        if _code_of(error) > sqlite3.SQLITE_ERROR:
            raise _our_error(error, self.path, readonly=self.readonly) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another belongs to the outer one."""
        if self.in_transaction:
            yield
            return
        with database_errors(self.path):
            self.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.execute("ROLLBACK")
                raise
            self.execute("COMMIT")


def connect(path: Path, *, readonly: bool = False) -> Connection:
    """Open the database: made when it is new, brought to this format when it is older.

    Raises `StoreError` when it is damaged or of a newer format, or, read-only, when it is missing, and
    `OlderStoreError` when it is of an older format; `ReadOnlyError` when it cannot be written.
    """
    if readonly and not path.exists():
        raise _no_corpus(path)
    with database_errors(path):
        connection = _open_readonly(path) if readonly else _open(path)
        try:
            _bring_to_format(connection, path, readonly=readonly)
        except BaseException:
            connection.close()
            raise
        return connection


@contextlib.contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Raise our errors for any `sqlite3.Error` inside."""
    try:
        yield
    except sqlite3.Error as error:
        raise _our_error(error, path) from error


def _our_error(error: sqlite3.Error, path: Path, *, readonly: bool = False) -> StorageError:
    code = _code_of(error)
    if code == sqlite3.SQLITE_FULL:
        hint = "free some space and run the same command again; nothing was lost"
        return DiskFullError(f"{path}: no space left on the disk", hint=hint)
    if code == sqlite3.SQLITE_READONLY and readonly:
        hint = "one process at a time writes: StoreWriter.open, under the desk's lock"
        return ReadOnlyError(f"{path}: opened for reading, so nothing was changed", hint=hint)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        hint = "give yourself write access to the desk, or copy it"
        return ReadOnlyError(f"{path}: cannot be written", hint=hint)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(
            f"{path}: the database is damaged ({error})",
            hint="move it away and run: pressclip replay   (rebuilds it from data/archive)",
        )
    return StoreError(f"{path}: {error}")


def _code_of(error: sqlite3.Error) -> int:
    """SQLite's code, the primary one; 0 for what the module itself raises."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _open(path: Path) -> Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connection(path, "", readonly=False, timeout=30.0)
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    return connection


def _open_readonly(path: Path) -> Connection:
    connection = _connection(path, "?mode=ro", readonly=True, timeout=30.0)
    try:
        sqlite3.Connection.execute(connection, "SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        # WAL needs to write its -shm file; on a read-only disk nobody else writes either.
        connection.close()
        connection = _connection(path, "?immutable=1", readonly=True)
    return connection


def _connection(path: Path, mode: str, *, readonly: bool, timeout: float = 5.0) -> Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}{mode}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        factory=Connection,
    )
    connection.path, connection.readonly = path, readonly
    return connection


def _bring_to_format(connection: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
    version = format_of(connection)
    if version == FORMAT:
        return
    if version > FORMAT:
        raise StoreError(
            f"{path}: written by a newer pressclip (format {version}; this one reads {FORMAT})",
            hint="upgrade pressclip",
        )
    if version and not readonly:
        migrate(connection, path)
    elif not readonly:
        _create(connection)
    elif version:
        raise OlderStoreError(
            f"{path}: written by an older pressclip (format {version}; this one reads {FORMAT})",
            hint="run: pressclip index   (brings it to this format and keeps a backup beside it)",
        )
    else:
        raise _no_corpus(path)


def _create(connection: sqlite3.Connection) -> None:
    from index.families import schema  # its package is heavy, and readers need none of it

    connection.executescript(f"BEGIN; {DDL} {schema.DDL} PRAGMA user_version = {FORMAT}; COMMIT;")


def _no_corpus(path: Path) -> StoreError:
    return StoreError(f"{path}: no corpus here yet", hint="run: pressclip crawl")
