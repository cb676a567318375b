"""What people wrote at another desk since the last time, taken into this one: labels, tags and notes."""

from __future__ import annotations

from typing import Any

from index.store.database import Connection
from index.store.labels import Labels
from index.store.moments import time_of

_NEW = (
    "SELECT other.key, {columns}, mine.article, (SELECT key FROM main.articles WHERE id = mine.article)"
    " FROM other.{table} AS other LEFT JOIN main.aliases AS mine ON mine.key = other.key"
    " WHERE at > ? ORDER BY at"
)


def take_remarks(connection: Connection, desk: str, place: str) -> int:
    """Take labels, tags and notes from the database attached as `other`; how many changed something.

    Of two labels the later one counts, of tags all, of two notes both. What was taken before and was
    changed here since is not taken again. Inside the caller's transaction.
    """
    ((upto,),) = connection.rows(
        "SELECT remark FROM merges WHERE desk = ? AND place = ?", (desk, place)
    )
    taken = _labels(connection, upto) + _tags(connection, upto) + _notes(connection, upto)
    connection.execute(
        "UPDATE merges SET remark = max(remark, (SELECT coalesce(max(at), '') FROM ("
        " SELECT at FROM other.labels UNION ALL SELECT at FROM other.tags"
        " UNION ALL SELECT at FROM other.notes))) WHERE desk = ? AND place = ?",
        (desk, place),
    )
    return taken


def _labels(connection: Connection, upto: str) -> int:
    taken = 0
    for key, story, decision, at, note, article, own in _new(
        connection, "labels", "story, decision, at, note", upto
    ):
        where = (own or key, story)
        if connection.rows(
            "SELECT 1 FROM main.labels WHERE key = ? AND story = ? AND at >= ?", (*where, at)
        ):
            continue
        if article:
            Labels(connection).put(article, story, decision, note=note, at=time_of(at))
        else:
            connection.execute(
                "INSERT OR REPLACE INTO main.labels (key, story, decision, at, note)"
                " VALUES (?, ?, ?, ?, ?)",
                (*where, decision, at, note),
            )
        taken += 1
    return taken


def _tags(connection: Connection, upto: str) -> int:
    rows = _new(connection, "tags", "tag, at", upto)
    return sum(
        connection.execute(
            "INSERT OR IGNORE INTO main.tags (key, tag, at) VALUES (?, ?, ?)", (own or key, tag, at)
        ).rowcount
        for key, tag, at, _, own in rows
    )


def _notes(connection: Connection, upto: str) -> int:
    rows = _new(connection, "notes", "note, at", upto)
    return sum(
        connection.execute(
            "INSERT INTO main.notes (key, note, at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
            " note = notes.note || char(10) || excluded.note, at = max(notes.at, excluded.at)"
            " WHERE instr(notes.note, excluded.note) = 0",
            (own or key, note, at),
        ).rowcount
        for key, note, at, _, own in rows
    )


def _new(connection: Connection, table: str, columns: str, upto: str) -> list[tuple[Any, ...]]:
    return connection.rows(_NEW.format(table=table, columns=columns), (upto,))
