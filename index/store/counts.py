"""How much a database holds, in the numbers that every report on it gives."""

from __future__ import annotations

import sqlite3


def count_corpus(connection: sqlite3.Connection, schema: str = "main") -> dict[str, int]:
    """Captures, articles read, articles of the corpus, distinct texts among them, and mentions.

    What only mentions its story is counted in `read` and `mentions` alone. `schema` is the name of
    an attached database.
    """
    (captures,) = connection.execute(f"SELECT count(*) FROM {schema}.captures").fetchone()
    read, articles, texts, mentions = connection.execute(
        "SELECT count(*), coalesce(sum(kept = 1), 0), count(DISTINCT iif(kept = 1, family, NULL)),"
        f" coalesce(sum(kept = 2), 0) FROM {schema}.articles"
    ).fetchone()
    return {
        "captures": captures,
        "read": read,
        "articles": articles,
        "texts": texts,
        "mentions": mentions,
    }
