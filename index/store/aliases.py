"""The addresses that articles were seen at, each with the identity of its URL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from index.store.database import Connection

_PART = 500


class Aliases:
    """Reads the addresses of articles, and those that they claim, on the store's connection."""

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

    def all_names(self) -> list[tuple[str, tuple[str, str, str]]]:
        """What all articles are called, by id: the id, an address as it was met, and its key."""
        rows = self._connection.rows("SELECT article, url, key FROM aliases")
        return [(row[0], (row[0], row[1], row[2])) for row in rows]

    def of_outlet(self, outlet: str) -> list[tuple[str, str]]:
        """(article, key) of every address of an outlet's articles, by article."""
        return self._connection.rows(
            "SELECT articles.id, aliases.key FROM articles"
            " JOIN aliases ON aliases.article = articles.id WHERE articles.outlet = ? ORDER BY 1",
            (outlet,),
        )

    def at(self, keys: Sequence[str]) -> list[str]:
        """The articles at these identities, in the order of their first sight."""
        return self._articles("aliases", keys)

    def at_which(self, keys: Sequence[str]) -> dict[str, str]:
        """The article at each of these identities that is one's."""
        return dict(
            self._connection.rows(
                "SELECT key, article FROM aliases WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            )
        )

    def claiming(self, keys: Sequence[str]) -> list[str]:
        """The articles that claim one of these identities, in the order of their first sight."""
        return self._articles("claims", keys)

    def claim(self, article: str, keys: Sequence[str]) -> None:
        """Note identities that an article may share with another one."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO claims (key, article) VALUES (?, ?)",
            [(key, article) for key in keys],
        )

    def _articles(self, table: str, keys: Sequence[str]) -> list[str]:
        wanted = json.dumps([key for key in keys if key])
        rows = self._connection.rows(
            f"SELECT DISTINCT articles.id FROM {table} JOIN articles ON articles.id = {table}.article"
            f" WHERE {table}.key IN (SELECT value FROM json_each(?)) ORDER BY first_seen, articles.id",
            (wanted,),
        )
        return [row[0] for row in rows]

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
