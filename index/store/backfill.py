"""What sources of past coverage were asked, what came of it, and which copies of pages are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from index.article import isoformat, parse_iso
from index.store.database import Connection
from index.store.moments import time_of

COPIES = "copies"  # the site under which copies of pages wait in the frontier
ANSWERED = "answered"
MISSING = "missing"  # there is no such file, which is normal for a list by the minute
WHOLE = "whole"  # no request of its own: all that belong together were answered
PLANNED = ""  # an answer named the request; it was not made yet
_SETTLED = (ANSWERED, MISSING, WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for a story to a source: its key there, and what it came to.

    `outcome` is `answered`, `missing`, the code of a refusal, or empty for one that was not made yet;
    `records` is how many entries the answer had, `candidates` how many of them promised to be coverage,
    `wanted` how many of those were new. `queries` is a digest of the story's queries by which the
    answer was judged; empty if they do not matter.
    """

    source: str
    key: str
    url: str = ""
    part: str = ""
    outcome: str = PLANNED
    bytes: int = 0
    records: int = 0
    candidates: int = 0
    wanted: int = 0
    queries: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source across runs: when it was last asked, and until when, and why, it is left alone."""

    source: str
    asked: datetime | None = None
    paused_until: datetime | None = None
    outcome: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """What a story has from a source: requests by what became of them, and pages on their way."""

    source: str
    asked: int = 0
    answered: int = 0
    missing: int = 0
    refused: int = 0
    planned: int = 0
    bytes: int = 0
    records: int = 0
    candidates: int = 0
    wanted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCopy:
    """A copy of a page in an archive; `start` and `length` are its bytes in a larger file, or 0.

    `outcome` is what its page came to; empty for one that was not fetched.
    """

    key: str
    url: str
    address: str
    captured: datetime
    archive: str
    digest: str = ""
    start: int = 0
    length: int = 0
    outcome: str = ""


class Backfill:
    """Reads and writes requests, sources and copies on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def announce(self, story: str, requests: Iterable[Asked]) -> None:
        """Note requests that an answer led to, so that a stopped run leaves them to the next.

        One that was answered for other queries of the story is to be made again.
        """
        self._connection.executemany(
            "INSERT INTO asked (story, source, key, url, part, outcome, at, queries)"
            " VALUES (?, ?, ?, ?, ?, '', ?, ?) ON CONFLICT DO UPDATE SET"
            " outcome = '', url = excluded.url, part = excluded.part, queries = excluded.queries"
            f" WHERE asked.outcome <> '{MISSING}' AND asked.queries NOT IN ('', excluded.queries)",
            [
                (story, one.source, one.key, one.url, one.part, _now(), one.queries)
                for one in requests
            ],
        )

    def note(self, story: str, one: Asked) -> None:
        """Note what a request came to."""
        self._connection.execute(
            "INSERT OR REPLACE INTO asked (story, source, key, url, part, outcome, at, bytes,"
            " records, candidates, wanted, queries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                story, one.source, one.key, one.url, one.part, one.outcome, _now(), one.bytes,
                one.records, one.candidates, one.wanted, one.queries,
            ),
        )  # fmt: skip

    def is_settled(self, story: str, source: str, key: str) -> bool:
        """Whether a request was answered for a story, if only by there being nothing."""
        row = self._connection.execute(
            "SELECT 1 FROM asked WHERE story = ? AND source = ? AND key = ? AND outcome IN (?, ?, ?)",
            (story, source, key, *_SETTLED),
        ).fetchone()
        return row is not None

    def settled(self, story: str, source: str, key: str = "") -> Iterator[Asked]:
        """Every request that was answered, in order of the keys; of one key, whatever it is bound to."""
        of_key = " AND (key = ? OR (key > ? AND key < ?))" if key else ""
        for row in self._connection.execute(
            f"SELECT key, outcome, queries FROM asked WHERE story = ? AND source = ?{of_key}"
            " AND outcome IN (?, ?, ?) ORDER BY key",
            (story, source, *((key, f"{key} ", f"{key}!") if key else ()), *_SETTLED),
        ):
            yield Asked(source=source, key=row[0], outcome=row[1], queries=row[2])

    def asked(self, story: str, queries: str) -> Iterator[Asked]:
        """Every request for a story, made or planned, with what it came to; in order of the keys.

        What was asked by other `queries` than these is left out.
        """
        for row in self._connection.execute(
            "SELECT source, key, part, outcome, records FROM asked WHERE story = ?"
            " AND queries IN ('', ?) ORDER BY source, key",
            (story, queries),
        ):
            yield Asked(source=row[0], key=row[1], part=row[2], outcome=row[3], records=row[4])

    def planned(self, story: str, source: str, queries: str) -> list[Asked]:
        """The requests that answers led to and that were not answered yet, oldest first.

        Those that belong to other `queries` than these are left out.
        """
        rows = self._connection.execute(
            "SELECT key, url, part, outcome FROM asked WHERE story = ? AND source = ?"
            " AND outcome NOT IN (?, ?, ?) AND url <> '' AND queries IN ('', ?) ORDER BY at, key",
            (story, source, *_SETTLED, queries),
        )
        return [
            Asked(source=source, key=row[0], url=row[1], part=row[2], outcome=row[3])
            for row in rows
        ]

    def forget(self, story: str, sources: Iterable[str]) -> None:
        """Let sources be asked again for a story."""
        self._connection.executemany(
            "DELETE FROM asked WHERE story = ? AND source = ?", [(story, one) for one in sources]
        )

    def counts(self, story: str = "") -> list[SourceCount]:
        """What was asked and what came of it, by source; of all stories without one."""
        rows = self._connection.execute(
            "SELECT source, sum(outcome NOT IN ('', 'whole')), sum(outcome = 'answered'),"
            " sum(outcome = 'missing'),"
            " sum(outcome NOT IN ('', 'answered', 'missing', 'whole')), sum(outcome = ''), sum(bytes),"
            " sum(records), sum(candidates), sum(wanted) FROM asked"
            " WHERE ?1 = '' OR story = ?1 GROUP BY source ORDER BY source",
            (story,),
        )
        return [
            SourceCount(
                source=row[0], asked=row[1], answered=row[2], missing=row[3], refused=row[4],
                planned=row[5], bytes=row[6], records=row[7], candidates=row[8], wanted=row[9],
            )
            for row in rows
        ]  # fmt: skip

    def sources(self) -> Mapping[str, SourceState]:
        """What is remembered of each source."""
        rows = self._connection.execute(
            "SELECT source, asked, paused_until, outcome, detail FROM sources ORDER BY source"
        )
        return {
            row[0]: SourceState(
                source=row[0],
                asked=parse_iso(row[1]),
                paused_until=parse_iso(row[2]),
                outcome=row[3],
                detail=row[4],
            )
            for row in rows
        }

    def remember(self, state: SourceState) -> None:
        """Store what is to be known of a source by the next run."""
        self._connection.execute(
            "INSERT OR REPLACE INTO sources (source, asked, paused_until, outcome, detail)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                state.source, isoformat(state.asked), isoformat(state.paused_until), state.outcome,
                state.detail,
            ),
        )  # fmt: skip

    def add_copies(self, copies: Iterable[KnownCopy]) -> None:
        """Note where copies of pages are to be had."""
        self._connection.executemany(
            "INSERT INTO copies (key, captured, address, start, url, archive, digest, length)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                (
                    c.key,
                    isoformat(c.captured),
                    c.address,
                    c.start,
                    c.url,
                    c.archive,
                    c.digest,
                    c.length,
                )
                for c in copies
            ],
        )

    def copies(self, key: str) -> list[KnownCopy]:
        """The known copies of a page, oldest first."""
        rows = self._connection.execute(
            "SELECT key, url, address, captured, archive, digest, start, length, outcome FROM copies"
            " WHERE key = ? ORDER BY captured, address",
            (key,),
        )
        return [
            KnownCopy(
                key=row[0], url=row[1], address=row[2], captured=time_of(row[3]), archive=row[4],
                digest=row[5], start=row[6], length=row[7], outcome=row[8],
            )
            for row in rows
        ]  # fmt: skip

    def note_copy(self, copy: KnownCopy, outcome: str) -> None:
        """Note what the page of a copy came to."""
        self._connection.execute(
            "UPDATE copies SET outcome = ? WHERE key = ? AND captured = ? AND address = ? AND start = ?",
            (outcome, copy.key, isoformat(copy.captured), copy.address, copy.start),
        )


def _now() -> str:
    return isoformat(datetime.now(UTC)) or ""
