"""The addresses that articles were seen at, each with the identity of its URL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from index.store.database import Connection

_PART = 500


class Aliases:
    """Reads the addresses of articles on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known_of(self, ids: Sequence[str], key: str) -> list[tuple[str, str]]:
        """(key, URL) of all that is known of articles and of the identity `key`, in any table."""
        articles = json.dumps(ids)
        return self._connection.rows(
            "SELECT key, url FROM aliases WHERE article IN (SELECT value FROM json_each(?))"
            " UNION SELECT key, url FROM ledger WHERE key = ?"
            " UNION SELECT ?, url FROM captures WHERE article IN (SELECT value FROM json_each(?))",
            (articles, key, key, articles),
        )

    def of_outlet(self, outlet: str) -> list[tuple[str, str]]:
        """(article, key) of every address of an outlet's articles, by article."""
        return self._connection.rows(
            "SELECT articles.id, aliases.key FROM articles"
            " JOIN aliases ON aliases.article = articles.id WHERE articles.outlet = ? ORDER BY 1",
            (outlet,),
        )

    def keys(self, ids: Sequence[str]) -> Iterator[str]:
        """The identities of the articles' addresses."""
        for start in range(0, len(ids), _PART):
            part = ids[start : start + _PART]
            marks = ",".join("?" * len(part))
            rows = self._connection.rows(
                f"SELECT key FROM aliases WHERE article IN ({marks})", part
            )
            yield from (row[0] for row in rows)


def read_aliases(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """The addresses of articles, by id."""
    marks = ",".join("?" * len(ids))
    found: dict[str, list[str]] = {}
    for article, url in connection.execute(
        f"SELECT article, url FROM aliases WHERE article IN ({marks}) ORDER BY url", ids
    ):
        found.setdefault(article, []).append(url)
    return found


def find_articles(connection: Connection, names: Sequence[str]) -> list[str]:
    """The ids of the articles at any of these addresses or identities."""
    marks = ",".join("?" * len(names))
    rows = connection.execute(
        f"SELECT DISTINCT article FROM aliases WHERE key IN ({marks}) OR url IN ({marks})",
        (*names, *names),
    )
    return sorted(row[0] for row in rows)


def add_aliases(
    connection: Connection, identity: str, addresses: Sequence[tuple[str, str]]
) -> None:
    """Note (key, URL) pairs of an article; the first article at an address keeps it."""
    connection.executemany(
        "INSERT INTO aliases (key, url, article) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
        [(key, url, identity) for key, url in addresses],
    )
