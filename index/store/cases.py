"""Cases: stored articles with all that their verdicts depend on beside the stories."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.article import Article, Verdict
from index.store.database import Connection, database_errors
from index.store.verdicts import read_verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article with all that its verdicts depend on beside the stories.

    `vector` is its headline's, packed, empty if it was not encoded; `is_known` whether it is stored
    what the article is compared by.
    `names` are its id and addresses, `before` the verdicts as they are stored, `copies` by story
    the members of its family that the queries put on it, `labelled` the stories with a label.
    """

    id: str
    article: Article
    names: frozenset[str]
    channels: frozenset[str]
    labelled: frozenset[str]
    copies: Mapping[str, int]
    before: Mapping[str, Verdict]
    vector: bytes = b""
    is_known: bool = False


class Cases:
    """Reads cases on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, ids: Sequence[str]) -> list[Case]:
        """The cases of some articles, in the order of their ids; unknown ones are left out."""
        with database_errors(self._connection.path):
            return self._read(ids)

    def _read(self, ids: Sequence[str]) -> list[Case]:
        names = self._grouped("SELECT article, url, key FROM aliases WHERE article IN (?)", ids)
        channels = self._grouped(
            "SELECT DISTINCT article, channel FROM captures WHERE article IN (?)", ids
        )
        labels = self._grouped(
            "SELECT articles.id, story FROM labels JOIN articles USING (key)"
            " WHERE articles.id IN (?)",
            ids,
        )
        copies = self._grouped(
            "SELECT own.id, story, count(*) FROM articles AS own JOIN articles AS other"
            " ON other.family = own.family AND other.id <> own.id"
            " JOIN verdicts ON verdicts.article = other.id AND alone > 0"
            " WHERE own.id IN (?) GROUP BY 1, 2",
            ids,
        )
        before = read_verdicts(self._connection, ids)
        vectors = self._grouped("SELECT article, title FROM encodings WHERE article IN (?)", ids)
        marks = ",".join("?" * len(ids))
        known = {
            row[0]
            for row in self._connection.execute(
                f"SELECT article FROM compared WHERE article IN ({marks})", ids
            )
        }
        rows = self._connection.execute(
            f"SELECT id, record, text FROM articles WHERE id IN ({marks}) ORDER BY id", ids
        )
        return [
            Case(
                id=row[0],
                article=Article.from_dict({**json.loads(row[1]), "text": row[2]}),
                names=frozenset(
                    {row[0], *(name for pair in names.get(row[0], ()) for name in pair)}
                ),
                channels=frozenset(channel for (channel,) in channels.get(row[0], ())),
                labelled=frozenset(story for (story,) in labels.get(row[0], ())),
                copies=dict(copies.get(row[0], ())),
                before=before.get(row[0], {}),
                vector=vectors[row[0]][0][0] if row[0] in vectors else b"",
                is_known=row[0] in known,
            )
            for row in rows
        ]

    def _grouped(self, statement: str, ids: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
        marks = ",".join("?" * len(ids))
        found: dict[str, list[tuple[Any, ...]]] = {}
        for article, *values in self._connection.execute(statement.replace("?", marks), ids):
            found.setdefault(article, []).append(tuple(values))
        return found
