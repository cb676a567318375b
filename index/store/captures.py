"""The captures that the archive holds: where each is, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from index.article import isoformat
from index.capture import ArchiveRef, Capture
from index.store.database import Connection

_PLACE = 'file, "offset", length, digest'


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedCapture:
    """A capture whose outcome was told again: its number, its channel, its article's identity."""

    id: int
    channel: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCapture:
    """A capture of an article, as a row: where it is, how it was met, what became of it.

    `fetched` is ISO 8601 in UTC; `article` is None for one that only completes another's page.
    """

    id: int
    article: str | None
    url: str
    fetched: str
    status: int
    channel: str
    outcome: str | None
    file: str
    offset: int
    length: int
    digest: str


class Captures:
    """Reads and writes captures on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, capture: Capture, *, outlet: str, beside: str = "") -> int:
        """Name an archived capture, not yet decided; return its number (the old one if it is known).

        `beside` is the address of the page that it completes: the newest capture of that is meant.
        """
        ref = capture.ref
        if ref is None:
            raise ValueError("archive first, then store")
        with self._connection.transaction():
            self._connection.execute(
                "INSERT INTO captures"
                ' (url, fetched, status, outlet, channel, file, "offset", length, digest, beside)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
                " (SELECT max(id) FROM captures WHERE url = ? AND beside IS NULL))"
                ' ON CONFLICT (file, "offset") DO NOTHING',
                (
                    capture.url,
                    isoformat(capture.fetched),
                    capture.status,
                    outlet,
                    capture.listing.channel,
                    ref.file,
                    ref.offset,
                    ref.length,
                    ref.digest,
                    beside or None,
                ),
            )
            (number,) = self._connection.execute(
                'SELECT id FROM captures WHERE file = ? AND "offset" = ?', (ref.file, ref.offset)
            ).fetchone()
        return int(number)

    def decide(self, capture: int, outcome: str, article: str | None = None) -> None:
        """Note what became of a capture."""
        self._connection.execute(
            "UPDATE captures SET outcome = ?, article = ? WHERE id = ?", (outcome, article, capture)
        )

    def decide_again(self, article: str, outcome: str) -> DecidedCapture:
        """Note another outcome of the capture that an article was last read from."""
        (row,) = self._connection.rows(
            "UPDATE captures SET outcome = ? WHERE id = (SELECT capture FROM articles WHERE id = ?)"
            " RETURNING id, channel",
            (outcome, article),
        )
        (key,) = self._connection.execute(
            "SELECT key FROM articles WHERE id = ?", (article,)
        ).fetchone()
        return DecidedCapture(id=row[0], channel=row[1], key=key)

    def identities(self) -> list[tuple[str, str, str]]:
        """Address, time (ISO 8601) and payload digest of every capture."""
        return self._connection.rows("SELECT url, fetched, digest FROM captures ORDER BY id")

    def identity_of(self, capture: int) -> tuple[str, str, str]:
        """Address, time (ISO 8601) and payload digest of one capture; raises `ValueError` without one."""
        (row,) = self._connection.rows(
            "SELECT url, fetched, digest FROM captures WHERE id = ?", (capture,)
        )
        return row[0], row[1], row[2]

    def undecided(self) -> list[tuple[int, ArchiveRef]]:
        """Captures that were archived but not decided when a run ended: their numbers and places."""
        return self._numbered("WHERE outcome IS NULL ORDER BY id")

    def count_undecided(self) -> int:
        """How many captures have not been decided."""
        ((number,),) = self._connection.rows("SELECT count(*) FROM captures WHERE outcome IS NULL")
        return int(number)

    def page_of(self, capture: int) -> tuple[int, ArchiveRef] | None:
        """The capture of the page that a capture completes: its number and place; None for none."""
        found = self._numbered("WHERE id = (SELECT beside FROM captures WHERE id = ?)", capture)
        return next(iter(found), None)

    def related(self, page: int, *, until: int) -> list[tuple[int, ArchiveRef]]:
        """The captures that complete a page's capture, in the order they came, up to number `until`."""
        return self._numbered("WHERE beside = ? AND id <= ? ORDER BY id", page, until)

    def holds(self, url: str, fetched: datetime, digest: str) -> bool:
        """Whether this very capture is in the archive already."""
        row = self._connection.execute(
            "SELECT 1 FROM captures WHERE url = ? AND fetched = ? AND digest = ?",
            (url, isoformat(fetched), digest),
        ).fetchone()
        return row is not None

    def find(self, url: str, fetched: datetime | None, *, until: datetime) -> ArchiveRef | None:
        """The capture of a URL of that second; with None the newest one until a moment."""
        last = until if fetched is None else fetched + timedelta(seconds=1)
        rows = self._connection.rows(
            f"SELECT {_PLACE} FROM captures WHERE url = ? AND fetched BETWEEN ? AND ?"
            " ORDER BY fetched DESC LIMIT 1",
            (url, (isoformat(fetched) or "").rstrip("Z"), isoformat(last)),
        )
        return _ref(rows[0]) if rows else None

    def owners(self) -> dict[tuple[str, int], tuple[str, str]]:
        """(article, outlet) of every capture that belongs to an article, by its (file, offset)."""
        rows = self._connection.execute(
            'SELECT file, "offset", article, outlet FROM captures WHERE article IS NOT NULL'
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}

    def ends(self) -> dict[str, int]:
        """For each archive file, the end of the last capture that the store knows."""
        return dict(
            self._connection.rows('SELECT file, max("offset" + length) FROM captures GROUP BY 1')
        )

    def end_of(self, file: str) -> int:
        """The end of the last capture that the store knows in a file; 0 when it knows none."""
        ((end,),) = self._connection.rows(
            'SELECT coalesce(max("offset" + length), 0) FROM captures WHERE file = ?', (file,)
        )
        return int(end)

    def refs_in(self, file: str) -> list[ArchiveRef]:
        """The places of the captures in a file, in their order."""
        rows = self._connection.rows(
            f'SELECT {_PLACE} FROM captures WHERE file = ? ORDER BY "offset"', (file,)
        )
        return [_ref(row) for row in rows]

    def count_by_file(self) -> dict[str, int]:
        """How many captures the store names in each archive file, by name."""
        return dict(
            self._connection.rows("SELECT file, count(*) FROM captures GROUP BY file ORDER BY file")
        )

    def of_articles(self, articles: Sequence[str]) -> list[KnownCapture]:
        """The captures of articles and those that complete their pages."""
        marks = ",".join("?" * len(articles))
        own = (
            f"SELECT id FROM captures WHERE article IN ({marks})"
            f" UNION SELECT capture FROM versions WHERE article IN ({marks})"
        )
        rows = self._connection.rows(
            f"SELECT id, article, url, fetched, status, channel, outcome, {_PLACE} FROM captures"
            f" WHERE id IN ({own}) OR beside IN ({own}) ORDER BY id",
            (*articles, *articles, *articles, *articles),
        )
        return [KnownCapture(**dict(zip(KnownCapture.__slots__, row, strict=True))) for row in rows]

    def _numbered(self, where: str, *values: int) -> list[tuple[int, ArchiveRef]]:
        rows = self._connection.rows(f"SELECT id, {_PLACE} FROM captures {where}", values)
        return [(row[0], _ref(row[1:])) for row in rows]


def read_refs(connection: Connection, captures: Sequence[int]) -> dict[int, ArchiveRef]:
    """The places of captures by their numbers."""
    marks = ",".join("?" * len(captures))
    rows = connection.execute(f"SELECT id, {_PLACE} FROM captures WHERE id IN ({marks})", captures)
    return {row[0]: _ref(row[1:]) for row in rows}


def read_related_refs(connection: Connection, page: int) -> dict[str, ArchiveRef]:
    """The places of the captures that complete a page's, by their addresses; the newest counts."""
    rows = connection.execute(
        f"SELECT url, {_PLACE} FROM captures WHERE beside = ? ORDER BY id", (page,)
    )
    return {row[0]: _ref(row[1:]) for row in rows}


def _ref(row: tuple[Any, ...]) -> ArchiveRef:
    return ArchiveRef(file=row[0], offset=row[1], length=row[2], digest=row[3])
