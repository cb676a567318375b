"""Labels: what a person decided about an article and a story. They win over every verdict."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from index.article import Decision, Verdict, isoformat, parse_iso
from index.errors import UsageError

DECIDED = "you decided"
LABELS: tuple[Decision, ...] = ("on-story", "mention", "off-story")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A decision by hand: what, when, and the note that the person left."""

    decision: Decision
    at: datetime
    note: str = ""


def read_labels(connection: sqlite3.Connection, story: str) -> dict[str, Label]:
    """The labels of a story by article id."""
    rows = connection.execute(
        "SELECT articles.id, labels.decision, labels.at, labels.note"
        " FROM labels JOIN articles USING (key) WHERE story = ? ORDER BY 1",
        (story,),
    )
    found = {}
    for article, decision, at, note in rows:
        when = parse_iso(at)
        assert when is not None
        found[article] = Label(decision=decision, at=when, note=note)
    return found


def read_borderline(connection: sqlite3.Connection, story: str) -> list[str]:
    """The ids of the articles that neither a story's queries nor a person could decide on."""
    rows = connection.execute(
        "SELECT article FROM decisions WHERE story = ? AND decision = 'borderline' ORDER BY article",
        (story,),
    )
    return [row[0] for row in rows]


def write_label(connection: sqlite3.Connection, article: str, story: str, label: Label) -> None:
    """Store a label in place of an earlier one; raises `UsageError` for a decision that is none.

    An article that the story never judged gets a verdict, which the label outvotes.
    """
    if label.decision not in LABELS:
        raise UsageError(f"{label.decision}: no label", hint=f"one of: {', '.join(LABELS)}")
    connection.execute(
        "INSERT OR REPLACE INTO labels (key, story, decision, at, note)"
        " SELECT key, ?, ?, ?, ? FROM articles WHERE id = ?",
        (story, label.decision, isoformat(label.at), label.note, article),
    )
    connection.execute(
        "INSERT INTO verdicts (article, story, decision, score, reasons)"
        " SELECT id, ?, 'off-story', 0, '[\"not read for this story\"]' FROM articles WHERE id = ?"
        " ON CONFLICT DO NOTHING",
        (story, article),
    )


def delete_label(connection: sqlite3.Connection, article: str, story: str) -> None:
    """Take a label back; the verdict counts again."""
    connection.execute(
        "DELETE FROM labels WHERE story = ? AND key = (SELECT key FROM articles WHERE id = ?)",
        (story, article),
    )


def follow_aliases(connection: sqlite3.Connection, article: str) -> None:
    """Move what a person wrote from an article's other addresses to its key.

    A replay may find another one first.
    """
    for table in ("labels", "tags", "notes"):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET key = (SELECT key FROM articles WHERE id = ?1)"
            " WHERE key IN (SELECT key FROM aliases WHERE article = ?1"
            " EXCEPT SELECT key FROM articles WHERE id = ?1)",
            (article,),
        )


def labelled(verdict: Verdict, note: str | None) -> Verdict:
    """A verdict whose decision is a label's, with a score and reasons that say so; None: no label."""
    if note is None:
        return verdict
    score = {"on-story": 1.0, "off-story": 0.0}.get(verdict.decision, verdict.score)
    told = f"{DECIDED}: {note}" if note else DECIDED
    return replace(verdict, score=score, reasons=(told, *verdict.reasons))
