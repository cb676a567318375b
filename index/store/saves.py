"""Articles that a public archive was asked to save: when, what came of it, where the copy is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.article import isoformat, parse_iso
from index.store.database import Connection

ASKED, SAVED = "asked", "saved"
MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """A request to save an article's page. `job` is known while its outcome is `asked`."""

    article: str
    asked: datetime
    outcome: str = ASKED
    job: str = ""
    tries: int = 1
    captured: datetime | None = None
    address: str = ""


class Saves:
    """Reads and writes such requests on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, one: Save) -> None:
        """Store a request, in place of an earlier one of its article; none of one that was forgotten."""
        self._connection.execute(
            "INSERT OR REPLACE INTO saves (article, asked, outcome, job, tries, captured, address)"
            " SELECT ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM articles WHERE id = ?)",
            (
                one.article, isoformat(one.asked), one.outcome, one.job, one.tries,
                isoformat(one.captured), one.address, one.article,
            ),
        )  # fmt: skip

    def pending(self) -> list[Save]:
        """The requests that have no answer yet, oldest first."""
        return self._read("outcome = ? ORDER BY asked", ASKED)

    def get(self, article: str) -> Save | None:
        """The request of an article; None for none."""
        return next(iter(self._read("article = ?", article)), None)

    def count_since(self, moment: datetime) -> int:
        """How many were asked since a moment."""
        ((number,),) = self._connection.rows(
            "SELECT count(*) FROM saves WHERE asked >= ?", (isoformat(moment),)
        )
        return int(number)

    def wanted(
        self, *, before: datetime, final: Sequence[str], limit: int
    ) -> list[tuple[str, str]]:
        """Id and address of on-story articles to be saved, the newest first.

        Not those that are saved or asked, that a `final` outcome or three tries ended, or whose last
        try is not `before` a moment; nor copies out of an archive, and pages that ask not to be archived.
        """
        marks = ",".join("?" * len(final))
        return self._connection.rows(
            "SELECT articles.id, articles.record ->> 'url' FROM articles"
            " LEFT JOIN saves ON saves.article = articles.id"
            " WHERE articles.kept = 1 AND articles.id IN"
            " (SELECT article FROM decisions WHERE decision = 'on-story')"
            " AND coalesce(articles.record ->> 'copy_of', '') = ''"
            " AND coalesce(articles.record ->> 'withheld', '') = ''"
            " AND NOT EXISTS (SELECT 1 FROM json_each(articles.record, '$.robots')"
            "  WHERE value IN ('noarchive', 'none'))"
            " AND (saves.article IS NULL OR (saves.outcome NOT IN ('asked', 'saved')"
            f"  AND saves.outcome NOT IN ({marks}) AND saves.tries < ? AND saves.asked < ?))"
            " ORDER BY articles.first_seen DESC LIMIT ?",
            (*final, MOST_TRIES, isoformat(before), limit),
        )

    def counts(self) -> tuple[int, int]:
        """How many articles are saved, and how many were asked for and are not."""
        ((saved, other),) = self._connection.rows(
            "SELECT coalesce(sum(outcome = 'saved'), 0), coalesce(sum(outcome <> 'saved'), 0) FROM saves"
        )
        return int(saved), int(other)

    def _read(self, where: str, *values: object) -> list[Save]:
        rows = self._connection.rows(
            f"SELECT article, asked, outcome, job, tries, captured, address FROM saves WHERE {where}",
            values,
        )
        return [
            Save(
                article=row[0], asked=parse_iso(row[1]) or datetime.min, outcome=row[2], job=row[3],
                tries=row[4], captured=parse_iso(row[5]), address=row[6],
            )
            for row in rows
        ]  # fmt: skip


def read_copies(connection: Connection, ids: Sequence[str]) -> dict[str, Save]:
    """The saved ones among the articles."""
    marks = ",".join("?" * len(ids))
    rows = connection.rows(
        "SELECT article, asked, tries, captured, address FROM saves"
        f" WHERE outcome = 'saved' AND article IN ({marks})",
        ids,
    )
    return {
        row[0]: Save(
            article=row[0], asked=parse_iso(row[1]) or datetime.min, outcome=SAVED, tries=row[2],
            captured=parse_iso(row[3]), address=row[4],
        )
        for row in rows
    }  # fmt: skip
