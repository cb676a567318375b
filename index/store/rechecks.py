"""When the articles of the corpus are fetched again, and what makes that a conditional request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from index.article import isoformat, parse_iso
from index.store.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """An article to look at again: its address, and the validators of its last answer.

    `due` is None for a settled one.
    """

    article: str
    url: str = ""
    outlet: str = ""
    due: datetime | None = None
    etag: str = ""
    last_modified: str = ""


# What is kept, and what its page keeps out of search, which it may stop to ask for.
_LOOKED_AFTER = "(kept OR record ->> 'withheld' = 'noindex')"


class Rechecks:
    """Reads and writes the rechecks on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, recheck: Recheck, *, checked: datetime) -> None:
        """Note when an article was looked at, what its answer said of itself, and when next."""
        self._connection.execute(
            "INSERT OR REPLACE INTO rechecks (article, due, checked, etag, last_modified)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                recheck.article,
                isoformat(recheck.due),
                isoformat(checked),
                recheck.etag,
                recheck.last_modified,
            ),
        )

    def delay(self, article: str, due: datetime | None) -> None:
        """Look again at another time (None: no more), with what is known of the last answer."""
        self._connection.execute(
            "UPDATE rechecks SET due = ? WHERE article = ?", (isoformat(due), article)
        )

    def due(self, now: datetime) -> list[Recheck]:
        """The articles that are due, the longest due first.

        Due is also what was looked at in the future: then the clock ran ahead.
        """
        return self._select(
            f"WHERE {_LOOKED_AFTER} AND rechecks.due IS NOT NULL"
            " AND (rechecks.due <= ?1 OR checked > ?1) ORDER BY due",
            isoformat(now),
        )

    def kept(self) -> list[Recheck]:
        """All articles that are looked at again, in order of first sight."""
        return self._select(f"WHERE {_LOOKED_AFTER} ORDER BY first_seen, articles.id")

    def get(self, article: str) -> Recheck | None:
        """One article's recheck; None for an unknown one."""
        return next(iter(self._select("WHERE articles.id = ?", article)), None)

    def _select(self, rest: str, *values: str | None) -> list[Recheck]:
        rows = self._connection.execute(
            "SELECT articles.id, articles.url, articles.outlet, rechecks.due,"
            " coalesce(etag, ''), coalesce(last_modified, '')"
            f" FROM articles LEFT JOIN rechecks ON article = articles.id {rest}",
            values,
        )
        return [
            Recheck(
                article=row[0],
                url=row[1],
                outlet=row[2],
                due=parse_iso(row[3]),
                etag=row[4],
                last_modified=row[5],
            )
            for row in rows
        ]
