"""The frontier: candidate URLs in scored order, one queue a site.

It lives in the database, not in Scrapy's job directory, which a kill leaves unreadable (scrapy#7978).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from index.article import isoformat
from index.capture import Listing

MAX_ATTEMPTS = 3
BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A URL that may be coverage: the higher its score, the sooner it is fetched.

    `depth` is how many links were followed from a listed page to it.
    """

    url: str
    key: str
    outlet: str
    site: str
    score: float
    listing: Listing
    depth: int = 0


class Frontier:
    """Reads and writes candidates on the store's connection.

    Each operation touches the rows it names and no others, whatever the size: the waiting and the
    postponed have indexes of their own.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, candidates: Iterable[Candidate]) -> int:
        """Add what is new; a known one that waits keeps its better score. Return how many were new.

        What is another address of an article that is read already is noted as done.
        """
        added = 0
        rows: list[tuple[Any, ...]] = []
        for candidate in candidates:
            rows.append(_row(candidate))
            if len(rows) == BATCH:
                added += self._add(rows)
                rows = []
        return added + self._add(rows)

    def again(self, candidate: Candidate) -> None:
        """Put a candidate back, whatever became of it before."""
        self._insert([_row(candidate)])
        self._connection.execute(
            "UPDATE frontier SET state = 'waiting', attempts = 0, url = ?, score = ?, listing = ?"
            " WHERE key = ?",
            (candidate.url, candidate.score, _json(candidate.listing), candidate.key),
        )

    def take(self, site: str, limit: int) -> list[Candidate]:
        """The best waiting candidates of one site, marked as taken."""
        rows = self._connection.execute(
            "UPDATE frontier SET state = 'taken', attempts = attempts + 1 WHERE key IN ("
            "  SELECT key FROM frontier WHERE state = 'waiting' AND site = ?"
            "  ORDER BY score DESC, key LIMIT ?"
            ") RETURNING key, url, outlet, site, score, listing, depth",
            (site, limit),
        ).fetchall()
        found = [
            Candidate(
                key=row[0],
                url=row[1],
                outlet=row[2],
                site=row[3],
                score=row[4],
                listing=Listing(**json.loads(row[5])),
                depth=row[6],
            )
            for row in rows
        ]
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.key))

    def best(self, site: str) -> float | None:
        """The highest score that waits for a site; None when nothing does."""
        row = self._connection.execute(
            "SELECT score FROM frontier WHERE state = 'waiting' AND site = ?"
            " ORDER BY score DESC, key LIMIT 1",
            (site,),
        ).fetchone()
        return None if row is None else float(row[0])

    def sites(self) -> list[str]:
        """The sites with something waiting, by one step in the index for each."""
        rows = self._connection.execute(
            "WITH RECURSIVE found (site) AS ("
            "  SELECT min(site) FROM frontier WHERE state = 'waiting'"
            "  UNION ALL"
            "  SELECT (SELECT min(site) FROM frontier WHERE state = 'waiting' AND site > found.site)"
            "  FROM found WHERE found.site IS NOT NULL"
            ") SELECT site FROM found WHERE site IS NOT NULL"
        )
        return [row[0] for row in rows]

    def finish(self, key: str) -> None:
        """The candidate is decided; it is not fetched again."""
        self._connection.execute("UPDATE frontier SET state = 'done' WHERE key = ?", (key,))

    def postpone(self, key: str, due: datetime) -> None:
        """A passing failure: try again from `due` on, or give up after the last attempt."""
        self._connection.execute(
            "UPDATE frontier SET due = ?, state = iif(attempts < ?, 'later', 'done') WHERE key = ?",
            (isoformat(due), MAX_ATTEMPTS, key),
        )

    def release(self, now: datetime | None = None) -> int:
        """Give back what a killed or stopped run had taken, and what was postponed until now.

        Returns how many were taken.
        """
        taken = self._connection.execute(
            "UPDATE frontier SET state = 'waiting', attempts = max(attempts - 1, 0)"
            " WHERE state = 'taken'"
        ).rowcount
        self._connection.execute(
            "UPDATE frontier SET state = 'waiting' WHERE state = 'later' AND due <= ?",
            (isoformat(now or datetime.now(UTC)),),
        )
        return taken

    def waiting(self) -> int:
        """How many candidates wait, for now or for later."""
        (number,) = self._connection.execute(
            "SELECT (SELECT count(*) FROM frontier WHERE state = 'waiting')"
            " + (SELECT count(*) FROM frontier WHERE state = 'later')"
        ).fetchone()
        return int(number)

    def waiting_at(self, site: str) -> int:
        """How many candidates of one site wait for now."""
        (number,) = self._connection.execute(
            "SELECT count(*) FROM frontier WHERE state = 'waiting' AND site = ?", (site,)
        ).fetchone()
        return int(number)

    def depth_of(self, key: str) -> int:
        """How many links were followed to a candidate; 0 for an unknown one."""
        row = self._connection.execute(
            "SELECT depth FROM frontier WHERE key = ?", (key,)
        ).fetchone()
        return int(row[0]) if row else 0

    def counts(self) -> dict[str, int]:
        """How many candidates are in each state."""
        return dict(self._connection.execute("SELECT state, count(*) FROM frontier GROUP BY state"))

    def _add(self, rows: Sequence[tuple[Any, ...]]) -> int:
        added = self._insert(rows)
        self._connection.executemany(
            "UPDATE frontier SET score = max(score, ?2), channels = iif(instr(channels, ?3), channels,"
            " channels || ?3) WHERE key = ?1 AND (NOT instr(channels, ?3)"
            " OR (state IN ('waiting', 'later') AND score < ?2))",
            [(row[0], row[4], row[6]) for row in rows],
        )
        return added

    def _insert(self, rows: Sequence[tuple[Any, ...]]) -> int:
        """Insert the unknown ones; return how many of them are to be fetched."""
        read = self._read_already([row[0] for row in rows])
        now = isoformat(datetime.now(UTC))
        before = self._connection.total_changes
        for state, part in (
            ("done", [row for row in rows if row[0] in read]),
            ("waiting", [row for row in rows if row[0] not in read]),
        ):
            before = self._connection.total_changes
            self._connection.executemany(
                "INSERT INTO frontier (key, url, outlet, site, score, listing, channels, depth,"
                " state, due, discovered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (key) DO NOTHING",
                [(*row, state, now, now) for row in part],
            )
        return self._connection.total_changes - before

    def _read_already(self, keys: Sequence[str]) -> set[str]:
        rows = self._connection.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM aliases WHERE key = value)",
            (json.dumps(keys),),
        )
        return {row[0] for row in rows}


def _row(candidate: Candidate) -> tuple[Any, ...]:
    return (
        candidate.key,
        candidate.url,
        candidate.outlet,
        candidate.site,
        candidate.score,
        _json(candidate.listing),
        f" {candidate.listing.channel} ",
        candidate.depth,
    )


def _json(listing: Listing) -> str:
    said = {name: value for name, value in asdict(listing).items() if value}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
