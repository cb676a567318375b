"""The frontier: candidate URLs in scored order, one queue a site.

It lives in the database, not in Scrapy's job directory, which a kill leaves unreadable (scrapy#7978).
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from index.article import isoformat
from index.capture import Listing
from index.store.database import Connection
from index.store.tombstones import Tombstones

MAX_ATTEMPTS = 3
LATEST = timedelta(
    days=1
)  # nothing is put off for longer; what is, a clock that ran ahead has dated
BATCH = 1000
_LISTING = tuple(field.name for field in fields(Listing))


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

    Each operation touches the rows it names and no others, whatever the size: what waits, what is
    postponed and what is taken have indexes of their own, and triggers keep the `queues` table, which
    counts them by site. Within one score the first discovered comes first.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, candidates: Iterable[Candidate]) -> int:
        """Add what is new; a known one that waits keeps its better score. Return how many were new.

        What is another address of an article that is read already is noted as done; what was
        forgotten on demand is left out.
        """
        forgotten = Tombstones(self._connection).forgotten()
        wanted = (one for one in candidates if not forgotten(one.key, one.outlet))
        return sum(map(self._add, _batches(wanted)))

    def has_named(self, channel: str, keys: Iterable[str]) -> bool:
        """Whether a channel has named any of these identities before."""
        rows = self._connection.rows(
            "SELECT 1 FROM frontier WHERE key IN (SELECT value FROM json_each(?))"
            " AND instr(channels, ?) LIMIT 1",
            (json.dumps(list(keys)), f" {channel} "),
        )
        return bool(rows)

    def again(self, candidate: Candidate) -> None:
        """Put a candidate back, whatever became of it before."""
        self._add([candidate])
        self._connection.execute(
            "UPDATE frontier SET state = 'waiting', attempts = 0, url = ?, score = ?, listing = ?"
            " WHERE key = ?",
            (candidate.url, candidate.score, _json(candidate.listing), candidate.key),
        )

    def take(self, site: str, limit: int) -> list[Candidate]:
        """The best waiting candidates of one site, marked as taken."""
        rows = self._connection.execute(
            "UPDATE frontier SET state = 'taken', attempts = attempts + 1 WHERE rowid IN ("
            "  SELECT rowid FROM frontier WHERE state = 'waiting' AND site = ?"
            "  ORDER BY score DESC, rowid LIMIT ?"
            ") RETURNING rowid, key, url, outlet, site, score, listing, depth",
            (site, limit),
        ).fetchall()
        rows.sort(key=lambda row: (-row[5], row[0]))
        return [_candidate(row[1:]) for row in rows]

    def best(self, site: str) -> float | None:
        """The highest score that waits for a site; None when nothing does."""
        row = self._connection.execute(
            "SELECT score FROM frontier WHERE state = 'waiting' AND site = ?"
            " ORDER BY score DESC LIMIT 1",
            (site,),
        ).fetchone()
        return None if row is None else float(row[0])

    def cutoff(self, sites: Iterable[str], number: int) -> float | None:
        """The score of the `number`-th best that waits at these sites; None when fewer wait."""
        scores = (
            self._connection.execute(
                "SELECT score FROM frontier WHERE state = 'waiting' AND site = ?"
                " ORDER BY score DESC LIMIT ?",
                (site, number),
            )
            for site in sites
        )
        best = heapq.merge(*scores, key=lambda row: -row[0])
        row = next(islice(best, number - 1, None), None)
        return None if row is None else float(row[0])

    def sites(self) -> list[str]:
        """The sites with something waiting, in order of their names.

        Copies of pages, which wait for a backfill (`index.store.backfill`), are of no site.
        """
        rows = self._connection.execute(
            "SELECT site FROM queues WHERE waiting > 0 AND site <> 'copies' ORDER BY site"
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
        now = now or datetime.now(UTC)
        taken = self._connection.execute(
            "UPDATE frontier SET state = 'waiting', attempts = max(attempts - 1, 0)"
            " WHERE state = 'taken'"
        ).rowcount
        self._connection.execute(
            "UPDATE frontier SET state = 'waiting' WHERE state = 'later' AND (due <= ? OR due > ?)",
            (isoformat(now), isoformat(now + LATEST)),
        )
        return taken

    def waiting(self) -> int:
        """How many candidates wait, for now or for later."""
        (number,) = self._connection.execute(
            "SELECT coalesce(sum(waiting + later), 0) FROM queues"
        ).fetchone()
        return int(number)

    def waiting_by_site(self) -> dict[str, int]:
        """How many candidates wait for now, by site; sites with none are left out."""
        rows = self._connection.execute("SELECT site, waiting FROM queues WHERE waiting > 0")
        return dict(rows.fetchall())

    def depth_of(self, key: str) -> int:
        """How many links were followed to a candidate; 0 for an unknown one."""
        row = self._connection.execute(
            "SELECT depth FROM frontier WHERE key = ?", (key,)
        ).fetchone()
        return int(row[0]) if row else 0

    def counts(self) -> dict[str, int]:
        """How many candidates are in each state."""
        return dict(self._connection.execute("SELECT state, count(*) FROM frontier GROUP BY state"))

    def _add(self, candidates: Sequence[Candidate]) -> int:
        """Insert the unknown ones and update the others; return how many are new and to be fetched."""
        known, read = self._known([candidate.key for candidate in candidates])
        now = isoformat(datetime.now(UTC))
        unknown: dict[str, tuple[Any, ...]] = {}
        others: list[tuple[str, float, str]] = []
        for candidate in candidates:
            key = candidate.key
            if key in known or key in unknown:
                others.append((key, candidate.score, _channels(candidate)))
            else:
                state = "done" if key in read else "waiting"
                unknown[key] = (*_row(candidate), state, now, now)
        self._connection.executemany(
            "INSERT INTO frontier (key, url, outlet, site, score, listing, channels, depth,"
            " state, due, discovered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            unknown.values(),
        )
        self._connection.executemany(
            "UPDATE frontier SET score = max(score, ?2), channels = iif(instr(channels, ?3), channels,"
            " channels || ?3) WHERE key = ?1 AND (NOT instr(channels, ?3)"
            " OR (state IN ('waiting', 'later') AND score < ?2))",
            others,
        )
        return len(unknown) - len(read & unknown.keys())

    def _known(self, keys: Sequence[str]) -> tuple[set[str], set[str]]:
        """Which of these identities the frontier has, and which are those of articles read already."""
        rows = self._connection.execute(
            "SELECT value, EXISTS (SELECT 1 FROM frontier WHERE key = value),"
            " EXISTS (SELECT 1 FROM aliases WHERE key = value) FROM json_each(?)",
            (json.dumps(keys),),
        ).fetchall()
        return {row[0] for row in rows if row[1]}, {row[0] for row in rows if row[2]}


def _batches(candidates: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    rest = iter(candidates)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _candidate(row: tuple[Any, ...]) -> Candidate:
    key, url, outlet, site, score, listing, depth = row
    return Candidate(
        url=url, key=key, outlet=outlet, site=site, score=score, depth=depth,
        listing=Listing(**json.loads(listing)),
    )  # fmt: skip


def _row(candidate: Candidate) -> tuple[Any, ...]:
    return (
        candidate.key,
        candidate.url,
        candidate.outlet,
        candidate.site,
        candidate.score,
        _json(candidate.listing),
        _channels(candidate),
        candidate.depth,
    )


def _channels(candidate: Candidate) -> str:
    return f" {candidate.listing.channel} "


def _json(listing: Listing) -> str:
    said = {name: value for name in _LISTING if (value := getattr(listing, name))}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
