"""What outlives a run of the hosts themselves: which fail, their robots.txt and tdmrep.json."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from index.article import isoformat
from index.store.database import Connection
from index.store.moments import time_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A site that fails: runs in a row without an answer, the last failure's code, when to retry."""

    site: str
    failures: int
    outcome: str
    retry_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """The answer to a request for an origin's robots.txt, or for its tdmrep.json."""

    origin: str
    fetched: datetime
    status: int
    body: bytes


def is_fresh(file: SiteFile, age: timedelta) -> bool:
    """Whether a file was fetched within `age`; not so one of the future, by a clock that ran ahead."""
    return timedelta(0) <= datetime.now(UTC) - file.fetched <= age


class Hosts:
    """Reads and writes failing sites and robots files on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failing(self) -> dict[str, Host]:
        """The failing sites by name."""
        rows = self._connection.execute(
            "SELECT site, failures, outcome, retry_at FROM hosts ORDER BY site"
        )
        return {
            row[0]: Host(site=row[0], failures=row[1], outcome=row[2], retry_at=time_of(row[3]))
            for row in rows
        }

    def note(self, host: Host) -> None:
        """Store a failing site."""
        self._connection.execute(
            "INSERT OR REPLACE INTO hosts (site, failures, outcome, retry_at) VALUES (?, ?, ?, ?)",
            (host.site, host.failures, host.outcome, isoformat(host.retry_at)),
        )

    def forget(self, sites: Iterable[str]) -> None:
        """These sites answer again."""
        self._connection.executemany(
            "DELETE FROM hosts WHERE site = ?", [(site,) for site in sites]
        )

    def robots(self, origin: str) -> SiteFile | None:
        """The stored robots.txt of an origin, of whatever age."""
        return self._file("robots", origin)

    def count_robots(self) -> tuple[int, int]:
        """How many origins' robots.txt were asked for, and how many of them were not there."""
        ((known, absent),) = self._connection.rows(
            "SELECT count(*), coalesce(sum(status >= 400), 0) FROM robots"
        )
        return known, absent

    def keep_robots(self, file: SiteFile) -> None:
        """Store the robots.txt of an origin."""
        self._keep("robots", file)

    def reservations(self, origin: str) -> SiteFile | None:
        """The stored tdmrep.json of an origin, of whatever age."""
        return self._file("reservations", origin)

    def keep_reservations(self, file: SiteFile) -> None:
        """Store the tdmrep.json of an origin."""
        self._keep("reservations", file)

    def _file(self, table: str, origin: str) -> SiteFile | None:
        row = self._connection.execute(
            f"SELECT origin, fetched, status, body FROM {table} WHERE origin = ?", (origin,)
        ).fetchone()
        if row is None:
            return None
        return SiteFile(origin=row[0], fetched=time_of(row[1]), status=row[2], body=row[3])

    def _keep(self, table: str, file: SiteFile) -> None:
        self._connection.execute(
            f"INSERT OR REPLACE INTO {table} (origin, fetched, status, body) VALUES (?, ?, ?, ?)",
            (file.origin, isoformat(file.fetched), file.status, file.body),
        )
