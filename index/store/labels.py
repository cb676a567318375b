"""Labels: what a person decided about an article and a story. They win over every verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from index.article import Decision, isoformat
from index.errors import UsageError
from index.store.database import Connection
from index.store.decisions import read_decisions
from index.store.keeping import apply_decisions
from index.store.moments import time_of

LABELS: tuple[Decision, ...] = ("on-story", "mention", "off-story")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A decision by hand: what, when, and the note that the person left."""

    decision: Decision
    at: datetime
    note: str = ""


class Labels:
    """Reads and writes labels on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, story: str) -> dict[str, Label]:
        """What was decided by hand for a story, by article id."""
        rows = self._connection.rows(
            "SELECT articles.id, labels.decision, labels.at, labels.note"
            " FROM labels JOIN articles USING (key) WHERE story = ? ORDER BY 1",
            (story,),
        )
        return {row[0]: Label(decision=row[1], at=time_of(row[2]), note=row[3]) for row in rows}

    def refused(self, story: str) -> frozenset[str]:
        """The ids of articles that were judged by hand to be none of a story's coverage."""
        return frozenset(
            name for name, label in self.of(story).items() if label.decision != "on-story"
        )

    def by_age(self, story: str) -> list[tuple[str, str, Decision]]:
        """(time, key, decision) of a story's labels, oldest first, also of articles that are not here."""
        return self._connection.rows(
            "SELECT at, key, decision FROM labels WHERE story = ? ORDER BY 1, 2", (story,)
        )

    def until(self, story: str, last: tuple[str, str]) -> dict[str, Decision]:
        """What was decided by hand for a story up to a time and key, by article id."""
        return dict(
            self._connection.rows(
                "SELECT articles.id, labels.decision FROM labels JOIN articles USING (key)"
                " WHERE story = ? AND (labels.at, labels.key) <= (?, ?) ORDER BY 1",
                (story, *last),
            )
        )

    def put(
        self, article: str, story: str, decision: Decision, *, note: str = "", at: datetime
    ) -> bool:
        """Decide by hand what an article is to a story; return whether the corpus keeps it now.

        `article` is a full id. Raises `UsageError` for a decision that is not a label.
        """
        if decision not in LABELS:
            raise UsageError(f"{decision}: no label", hint=f"one of: {', '.join(LABELS)}")
        with self._connection.transaction():
            before = read_decisions(self._connection, [article]).get(article, [])
            self._connection.execute(
                "INSERT OR REPLACE INTO labels (key, story, decision, at, note)"
                " SELECT key, ?, ?, ?, ? FROM articles WHERE id = ?",
                (story, decision, isoformat(at), note, article),
            )
            # What the story never judged gets a verdict, which the label outvotes.
            self._connection.execute(
                "INSERT INTO verdicts (article, story, decision, score, reasons)"
                " SELECT id, ?, 'off-story', 0, '[\"not read for this story\"]' FROM articles"
                " WHERE id = ? ON CONFLICT DO NOTHING",
                (story, article),
            )
            return apply_decisions(self._connection, article, before)

    def take_back(self, article: str, story: str) -> bool:
        """Take a label back, so that the verdict counts; return whether the corpus keeps it now."""
        with self._connection.transaction():
            before = read_decisions(self._connection, [article]).get(article, [])
            self._connection.execute(
                "DELETE FROM labels WHERE story = ? AND key = (SELECT key FROM articles WHERE id = ?)",
                (story, article),
            )
            return apply_decisions(self._connection, article, before)


# What is at other addresses of an article, brought to its key; where something is there already, ...
_MOVED = {
    # ... the later label counts,
    "labels": (
        "decision, at, note, story",
        "ON CONFLICT (key, story) DO UPDATE SET decision = excluded.decision, at = excluded.at,"
        " note = excluded.note WHERE excluded.at > labels.at",
    ),
    "tags": ("tag, at", "ON CONFLICT DO NOTHING"),
    # ... and both notes stay.
    "notes": (
        "note, at",
        "ON CONFLICT (key) DO UPDATE SET note = notes.note || char(10) || excluded.note,"
        " at = max(notes.at, excluded.at) WHERE instr(notes.note, excluded.note) = 0",
    ),
}


def follow_aliases(connection: Connection, article: str) -> None:
    """Move what a person wrote from an article's other addresses to its key.

    A replay may find another one first. Of two labels for a story the later one counts.
    """
    elsewhere = (
        "key IN (SELECT key FROM aliases WHERE article = ?1"
        " EXCEPT SELECT key FROM articles WHERE id = ?1)"
    )
    for table, (columns, conflict) in _MOVED.items():
        connection.execute(
            f"INSERT INTO {table} (key, {columns})"
            f" SELECT (SELECT key FROM articles WHERE id = ?1), {columns} FROM {table}"
            f" WHERE {elsewhere} ORDER BY at {conflict}",
            (article,),
        )
        connection.execute(f"DELETE FROM {table} WHERE {elsewhere}", (article,))
