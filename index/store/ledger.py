"""The ledger: every decision on every URL with its coded reason, and the runs that made them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.article import isoformat, parse_iso
from index.store.database import Connection
from index.store.moments import time_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision: what became of a URL (`outcome`, a code), through which channel, and why."""

    url: str
    key: str
    outlet: str
    channel: str
    outcome: str
    detail: str = ""
    at: datetime
    run: int | None = None
    capture: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One crawl, replay or import: `exit` is None while it runs, or when it was killed."""

    id: int
    started: datetime
    ended: datetime | None
    command: str
    exit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many URLs of an outlet came to an outcome, and when the last one did."""

    outlet: str
    outcome: str
    urls: int
    last: datetime


class Ledger:
    """Reads and writes the ledger and the runs on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start_run(self, command: str) -> int:
        """Note that a run starts; return its number."""
        cursor = self._connection.execute(
            "INSERT INTO runs (started, command) VALUES (?, ?)", (_now(), command)
        )
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, exit_code: int) -> None:
        """Note how a run ended."""
        self._connection.execute(
            "UPDATE runs SET ended = ?, exit = ? WHERE id = ?", (_now(), exit_code, run)
        )

    def runs(self, limit: int = 1) -> list[RunRecord]:
        """The newest runs, newest first."""
        rows = self._connection.execute(
            "SELECT id, started, ended, command, exit FROM runs ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [
            RunRecord(
                id=row[0],
                started=time_of(row[1]),
                ended=parse_iso(row[2]),
                command=row[3],
                exit=row[4],
            )
            for row in rows
        ]

    def first_started(self) -> datetime | None:
        """When the first run started; None before it."""
        ((started,),) = self._connection.rows("SELECT min(started) FROM runs")
        return parse_iso(started)

    def add(self, entries: Iterable[Entry]) -> None:
        """Append decisions."""
        self._connection.executemany(
            "INSERT INTO ledger (run, capture, at, url, key, outlet, channel, outcome, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    e.run,
                    e.capture,
                    isoformat(e.at),
                    e.url,
                    e.key,
                    e.outlet,
                    e.channel,
                    e.outcome,
                    e.detail,
                )
                for e in entries
            ],
        )

    def revise(self, entry: Entry) -> bool:
        """Let the line of a capture say something else; False when there is none yet."""
        changed = self._connection.execute(
            "UPDATE ledger SET outcome = ?, detail = ? WHERE key = ? AND capture = ?",
            (entry.outcome, entry.detail, entry.key, entry.capture),
        )
        return changed.rowcount > 0

    def of(self, keys: Sequence[str]) -> list[Entry]:
        """Every decision on any of these URL identities, oldest first."""
        marks = ",".join("?" * len(keys))
        rows = self._connection.execute(
            "SELECT url, key, outlet, channel, outcome, detail, at, run, capture FROM ledger"
            f" WHERE key IN ({marks}) OR url IN ({marks}) ORDER BY id",
            (*keys, *keys),
        )
        return [
            Entry(
                url=row[0],
                key=row[1],
                outlet=row[2],
                channel=row[3],
                outcome=row[4],
                detail=row[5],
                at=time_of(row[6]),
                run=row[7],
                capture=row[8],
            )
            for row in rows
        ]

    def unknown(self, keys: Sequence[str]) -> set[str]:
        """Those of the URL identities on which nothing was ever decided."""
        rows = self._connection.execute(
            "SELECT value FROM json_each(?)"
            " WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE key = value)",
            (json.dumps(keys),),
        )
        return {row[0] for row in rows}

    def newest_outcomes(self) -> list[OutcomeCount]:
        """How many URLs have each outcome as their newest, by outlet and outcome."""
        rows = self._connection.rows(
            "SELECT outlet, outcome, count(*), max(at)"
            " FROM (SELECT outlet, outcome, at, max(id) FROM ledger GROUP BY key)"
            " GROUP BY outlet, outcome ORDER BY outlet, outcome"
        )
        return [
            OutcomeCount(outlet=row[0], outcome=row[1], urls=row[2], last=time_of(row[3]))
            for row in rows
        ]

    def counts(self, *, run: int | None = None) -> list[tuple[str, str, str, str, int]]:
        """(outlet, day, channel, outcome, URLs); a URL counts once a day, at its newest decision."""
        where = "WHERE run = :run" if run is not None else ""
        rows = self._connection.execute(
            "SELECT outlet, day, channel, outcome, count(*) FROM ("
            "  SELECT outlet, substr(at, 1, 10) AS day, channel, outcome, max(id)"
            f"  FROM ledger {where} GROUP BY key, day"
            ") GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            {"run": run},
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def order_by_decision(connection: Connection, before: int) -> None:
    """Sort the lines after number `before` among the older ones of their addresses, by time of decision.

    The last line on an address says what it came to, so what another desk decided earlier must not
    be after what was decided here later. A decision is as late as its run at least: what is read
    from an old archive bears the moment of the old capture.
    """
    keys = connection.rows(
        "SELECT DISTINCT key FROM ledger AS new WHERE id > ?1 AND EXISTS ("
        " SELECT 1 FROM ledger AS old WHERE old.key = new.key AND old.id <= ?1) ORDER BY key",
        (before,),
    )
    columns = "run, capture, at, url, key, outlet, channel, outcome, detail"
    for (key,) in keys:
        lines = connection.rows(
            f"SELECT ledger.id, {columns} FROM ledger LEFT JOIN runs ON runs.id = run WHERE key = ?"
            " ORDER BY max(coalesce(runs.started, at), at), ledger.id",
            (key,),
        )
        numbers = [line[0] for line in lines]
        if numbers != sorted(numbers):
            connection.execute("DELETE FROM ledger WHERE key = ?", (key,))
            connection.executemany(
                f"INSERT INTO ledger ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [line[1:] for line in lines],
            )


def _now() -> str:
    return isoformat(datetime.now(UTC)) or ""
