"""The database of a cluster: how it is reached, its tables beside Procrastinate's, its errors as ours."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.cluster.address import ESCAPE, shown
from index.errors import StorageError, UsageError

if TYPE_CHECKING:
    import psycopg

FORMAT = 1
LEASE = 30.0  # seconds without a sign of life after which a worker's bucket is given to another
WAIT = 10  # seconds for an answer of the database

NO_EXTRA = "pip install 'pressclip[cluster]'"

TABLES = """
CREATE TABLE IF NOT EXISTS pressclip_cluster (
    format integer NOT NULL,
    id text NOT NULL,
    lease double precision NOT NULL
);
CREATE TABLE IF NOT EXISTS pressclip_workers (
    id bigint PRIMARY KEY REFERENCES procrastinate_workers ON DELETE CASCADE,
    name text NOT NULL,
    machine text NOT NULL,
    version text NOT NULL,
    skew double precision NOT NULL,
    started timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS pressclip_buckets (
    name text PRIMARY KEY,
    place text NOT NULL,
    machine text NOT NULL DEFAULT '',
    generation text NOT NULL DEFAULT '',
    settings jsonb,
    every double precision NOT NULL,
    due timestamptz NOT NULL DEFAULT now(),
    holder bigint,
    taken timestamptz,
    ended timestamptz,
    took double precision,
    code integer,
    said text NOT NULL DEFAULT '',
    failures integer NOT NULL DEFAULT 0,
    articles bigint,
    format integer NOT NULL DEFAULT 0,
    left_at text[] NOT NULL DEFAULT '{}'
);
"""

_KNOWN = {  # what the database says, in words of its own, and what we say: its words may hold a password
    "password authentication failed": "the password or the user is wrong",
    "no password supplied": "it asks for a password",
    "pg_hba.conf": "it does not let this user or machine in",
    "does not exist": "there is no such database or user",
    "Connection refused": "nothing answers there",
    "No such file": "nothing answers there",
    "timeout": "no answer in time",
    "resolve host": "no such host",
    "starting up": "it is starting up; try again in a moment",
    "shutting down": "it is being shut down",
    "too many clients": "it has no connection left",
    "permission denied": "this user may not do that",
    "No space left": "its disk is full",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What all that share a queue agree on: its id, and its lease in seconds."""

    id: str
    lease: float


def load_driver() -> Any:
    """The driver and Procrastinate, or one line; raises `UsageError` if the extra is not installed."""
    try:
        import procrastinate
        import psycopg
    except ImportError as error:
        raise UsageError("Procrastinate and psycopg are not installed", hint=NO_EXTRA) from error
    return psycopg, procrastinate


def shown_queue(url: str) -> str:
    """The queue as people see it, without user and password."""
    psycopg, _ = load_driver()
    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        return "postgresql://…"
    return shown(*(str(parts.get(name) or "") for name in ("host", "port", "dbname")))


@contextmanager
def queue_errors(url: str) -> Iterator[None]:
    """Raise `UsageError` for an address that cannot be read, `StorageError` for what the database refuses."""
    psycopg, procrastinate = load_driver()
    kinds = (psycopg.Error, procrastinate.exceptions.ConnectorException)
    try:
        yield
    except kinds as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__ or error
        where = shown_queue(url)
        if isinstance(cause, psycopg.ProgrammingError) and cause.sqlstate is None:
            raise UsageError(
                f"--queue {where}: the address cannot be read",
                hint=ESCAPE,
            ) from None
        raise StorageError(
            f"{where}: {_said(cause)}", hint="is PostgreSQL running, and is the address right?"
        ) from None


def _said(error: BaseException) -> str:
    text = str(error)
    known = (ours for theirs, ours in _KNOWN.items() if theirs in text)
    state = getattr(error, "sqlstate", None)
    return next(
        known, f"the database failed ({type(error).__name__}{f' {state}' if state else ''})"
    )


@contextmanager
def connect(url: str) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A connection to the queue; raises as `queue_errors` does."""
    psycopg, _ = load_driver()
    with (
        queue_errors(url),
        psycopg.connect(
            url, autocommit=True, connect_timeout=WAIT, row_factory=psycopg.rows.dict_row
        ) as connection,
    ):
        yield connection


def prepare(connection: psycopg.Connection[dict[str, Any]], lease: float | None = None) -> Cluster:
    """Make the tables where they are missing; the cluster. `lease` sets its lease.

    Raises `StorageError` for tables of another version.
    """
    _, procrastinate = load_driver()
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(7277)")  # two may come at once
        if not _has(connection, "procrastinate_jobs"):
            connection.execute(procrastinate.schema.SchemaManager.get_schema())
        connection.execute(TABLES)
        if not connection.execute("SELECT 1 FROM pressclip_cluster").fetchall():
            connection.execute(
                "INSERT INTO pressclip_cluster VALUES (%s, %s, %s)",
                (FORMAT, secrets.token_hex(8), lease or LEASE),
            )
        elif lease is not None:
            connection.execute("UPDATE pressclip_cluster SET lease = %s", (lease,))
    return read_cluster(connection)


def read_cluster(connection: psycopg.Connection[dict[str, Any]]) -> Cluster:
    """The cluster of a database; raises `UsageError` for none, `StorageError` for another version's."""
    if not _has(connection, "pressclip_cluster"):
        raise UsageError(
            "this database holds no cluster yet",
            hint="put a desk on it: pressclip schedule install --queue URL --depot DIR DESK",
        )
    (row,) = connection.execute("SELECT * FROM pressclip_cluster").fetchall()
    if row["format"] != FORMAT:
        raise StorageError(
            f"the cluster's tables are of format {row['format']}, this version reads {FORMAT}",
            hint="bring all machines to one version of pressclip",
        )
    if not _has(connection, "procrastinate_retry_job_v2", what="regproc"):
        raise StorageError(
            "the queue's tables were made by an older Procrastinate",
            hint="apply its migrations: procrastinate.readthedocs.io, Migrate",
        )
    return Cluster(id=row["id"], lease=row["lease"])


def _has(connection: psycopg.Connection[dict[str, Any]], name: str, what: str = "regclass") -> bool:
    query = "SELECT to_regclass(%s) AS it" if what == "regclass" else "SELECT to_regproc(%s) AS it"
    row = connection.execute(query, (name,)).fetchone()
    return bool(row and row["it"])
