"""The versions of an article: every text of it that was seen, and what stood at its address when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from index.article import Article, isoformat
from index.capture import ArchiveRef
from index.store.captures import read_refs
from index.store.database import Connection
from index.store.moments import time_of
from index.store.standings import Standing, Version, standings
from index.store.stored import StoredArticle


class Versions:
    """Reads versions on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, article: str) -> list[Version]:
        """Every version of an article, oldest first."""
        rows = self._connection.rows(
            "SELECT seen, record, capture FROM versions WHERE article = ? ORDER BY seen", (article,)
        )
        refs = read_refs(self._connection, [row[2] for row in rows])
        return [
            Version(
                number=number,
                seen=time_of(row[0]),
                article=Article.from_dict(json.loads(row[1])),
                archive=refs.get(row[2]),
            )
            for number, row in enumerate(rows, start=1)
        ]

    def standings(self, stored: StoredArticle) -> list[Standing]:
        """What stood at an article's address, from its publication to this day."""
        if stored.versions > 1:
            versions = self.of(stored.id)
        else:
            seen, archive = stored.article.fetched, stored.archive
            versions = [Version(number=1, seen=seen, article=stored.article, archive=archive)]
        return standings(versions, stored.removals, stored.first_seen)

    def newest(self, article: str) -> Article | None:
        """The newest text of an article as it was read, boilerplate and all; None for an unknown id."""
        return _neighbour(self._connection, article, "TRUE", "DESC")

    def as_captured(self, ref: ArchiveRef) -> Article | None:
        """The article as it was read from the capture at a place in the archive; None if none was."""
        rows = self._connection.rows(
            "SELECT versions.record FROM captures JOIN versions USING (article)"
            ' WHERE file = ? AND "offset" = ? AND seen <= fetched ORDER BY seen DESC LIMIT 1',
            (ref.file, ref.offset),
        )
        return Article.from_dict(json.loads(rows[0][0])) if rows else None


def version_before(connection: Connection, article: str, seen: str | None) -> Article | None:
    """The last version that was seen by then."""
    return _neighbour(connection, article, "seen <= ?", "DESC", seen)


def version_after(connection: Connection, article: str, seen: str | None) -> Article | None:
    """The first version that was seen later."""
    return _neighbour(connection, article, "seen > ?", "ASC", seen)


def is_version(connection: Connection, article: str, capture: int) -> bool:
    """Whether an article has a version from that capture: it was read again with what completes it."""
    row = connection.execute(
        "SELECT 1 FROM versions WHERE article = ? AND capture = ?", (article, capture)
    ).fetchone()
    return row is not None


def add_version(connection: Connection, identity: str, article: Article, capture: int) -> None:
    """Add what was read from a capture, in place of what was read from it before."""
    connection.execute(
        "INSERT OR REPLACE INTO versions (article, seen, capture, record) VALUES (?, ?, ?, ?)",
        (identity, isoformat(article.fetched), capture, to_json(as_stored(article))),
    )


def drop_versions(connection: Connection, ids: Sequence[str], urls: Sequence[str]) -> None:
    """Forget what was read of articles from pages of these addresses by themselves."""
    articles, pages = ",".join("?" * len(ids)), ",".join("?" * len(urls))
    connection.execute(
        f"DELETE FROM versions WHERE article IN ({articles}) AND capture IN"
        f" (SELECT id FROM captures WHERE url IN ({pages}) AND beside IS NULL)",
        (*ids, *urls),
    )


def drop_repeats(connection: Connection, article: str) -> None:
    """Forget each version that is none beside the one before it; the captures stay."""
    from index.versions.history import is_new_version

    before: Article | None = None
    for seen, record in connection.rows(
        "SELECT seen, record FROM versions WHERE article = ? ORDER BY seen", (article,)
    ):
        now = Article.from_dict(json.loads(record))
        if before is not None and not is_new_version(before, now):
            connection.execute(
                "DELETE FROM versions WHERE article = ? AND seen = ?", (article, seen)
            )
        else:
            before = now


def as_stored(article: Article) -> dict[str, Any]:
    """The record without the places of its parts: those are of `captures`, where they may change."""
    return {
        **article.to_dict(),
        "parts": [{**asdict(one), "archive": None} for one in article.parts],
    }


def record_of(article: Article) -> str:
    """The article as JSON, without its text, which has a column of its own."""
    record = as_stored(article)
    del record["text"]
    return to_json(record)


def to_json(value: Any) -> str:
    """The JSON of the store's columns."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _neighbour(
    connection: Connection, article: str, where: str, order: str, *values: str | None
) -> Article | None:
    row = connection.execute(
        f"SELECT record FROM versions WHERE article = ? AND {where} ORDER BY seen {order} LIMIT 1",
        (article, *values),
    ).fetchone()
    return Article.from_dict(json.loads(row[0])) if row else None
