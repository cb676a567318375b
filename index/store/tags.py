"""Tags and notes: what a person wrote on articles, by the key of their URL; a replay keeps it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from index.article import isoformat
from index.errors import UsageError
from index.store.database import Connection

LONGEST_NOTE = 2_000
_TAG = re.compile(r"\w[\w.-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """A person's tags on an article, in order, and note; both may be empty."""

    tags: tuple[str, ...] = ()
    note: str = ""


NOTHING_WRITTEN = Remarks()


def parse_tag(text: str) -> str:
    """The tag as it is kept, in small letters; raises `UsageError` for one that a query could not ask."""
    tag = unicodedata.normalize("NFKC", text).casefold()
    if not _TAG.fullmatch(tag):
        raise UsageError(
            f"{text}: no name for a tag", hint="letters, digits, . - and _, up to 64: +key-source"
        )
    return tag


class Tags:
    """Reads and writes tags and notes on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self) -> Mapping[str, int]:
        """Every tag with the number of its articles in the corpus, by name."""
        return dict(
            self._connection.rows(
                "SELECT tag, sum(kept = 1) FROM tags JOIN articles USING (key)"
                " GROUP BY tag ORDER BY tag"
            )
        )

    def tagged(self, tags: Iterable[str]) -> list[str]:
        """The ids of the articles that a person gave one of the tags."""
        wanted = [unicodedata.normalize("NFKC", tag).casefold() for tag in tags]
        marks = ",".join("?" * len(wanted))
        rows = self._connection.rows(
            "SELECT DISTINCT id FROM articles JOIN tags USING (key)"
            f" WHERE tag IN ({marks}) ORDER BY id",
            wanted,
        )
        return [row[0] for row in rows]

    def noted(self) -> list[str]:
        """The ids of the articles on which a person wrote a note."""
        rows = self._connection.rows("SELECT id FROM articles JOIN notes USING (key) ORDER BY id")
        return [row[0] for row in rows]

    def change(
        self, ids: Sequence[str], *, add: Sequence[str] = (), drop: Sequence[str] = (), at: datetime
    ) -> tuple[int, int]:
        """Put tags on articles and take others off; how many were put, and taken, again."""
        put = taken = 0
        with self._connection.transaction():
            for tag in add:
                put += self._each(
                    "INSERT OR IGNORE INTO tags (key, tag, at)"
                    " SELECT key, ?, ? FROM articles WHERE id = ?",
                    [(tag, isoformat(at), identity) for identity in ids],
                )
            for tag in drop:
                taken += self._each(
                    "DELETE FROM tags WHERE tag = ?"
                    " AND key = (SELECT key FROM articles WHERE id = ?)",
                    [(tag, identity) for identity in ids],
                )
        return put, taken

    def note(self, ids: Sequence[str], note: str, *, at: datetime) -> None:
        """Write a note on articles in place of an earlier one; an empty one takes it off.

        Raises `UsageError` for one of over 2,000 characters.
        """
        if len(note) > LONGEST_NOTE:
            raise UsageError(
                f"a note of {len(note):,} characters", hint=f"{LONGEST_NOTE:,} at most"
            )
        with self._connection.transaction():
            if note:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO notes (key, note, at)"
                    " SELECT key, ?, ? FROM articles WHERE id = ?",
                    [(note, isoformat(at), identity) for identity in ids],
                )
            else:
                self._connection.executemany(
                    "DELETE FROM notes WHERE key = (SELECT key FROM articles WHERE id = ?)",
                    [(identity,) for identity in ids],
                )

    def _each(self, statement: str, rows: Sequence[tuple[str | None, ...]]) -> int:
        return sum(self._connection.execute(statement, row).rowcount for row in rows)


def read_remarks(connection: Connection, ids: Sequence[str]) -> dict[str, Remarks]:
    """What was written on articles, by id; those without are left out."""
    marks = ",".join("?" * len(ids))
    rows = connection.execute(
        "SELECT id, group_concat(tag, ' '), coalesce(max(note), '') FROM articles"
        " LEFT JOIN tags USING (key) LEFT JOIN notes USING (key)"
        f" WHERE id IN ({marks}) AND (tag IS NOT NULL OR note IS NOT NULL) GROUP BY id",
        ids,
    )
    return {
        row[0]: Remarks(tags=tuple(sorted((row[1] or "").split())), note=row[2]) for row in rows
    }
