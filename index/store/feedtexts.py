"""Whole texts that feeds carry, until the page that each belongs to is decided."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from index.store.database import Connection


class FeedTexts:
    """Reads and writes the texts on the store's connection; HTML pages, kept packed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, texts: Iterable[tuple[str, str]]) -> None:
        """Keep (identity, page) pairs of candidates that wait; a newer text replaces an older one."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO feed_texts (key, page)"
            " SELECT ?1, ?2 FROM frontier WHERE key = ?1 AND state IN ('waiting', 'later')",
            [(key, zlib.compress(page.encode())) for key, page in texts],
        )

    def get(self, key: str) -> str:
        """The page for a URL's identity; empty when there is none."""
        row = self._connection.execute(
            "SELECT page FROM feed_texts WHERE key = ?", (key,)
        ).fetchone()
        return zlib.decompress(row[0]).decode() if row else ""

    def drop_decided(self) -> None:
        """Drop the texts whose pages have been decided: used, or not needed."""
        self._connection.execute(
            "DELETE FROM feed_texts WHERE NOT EXISTS (SELECT 1 FROM frontier"
            " WHERE frontier.key = feed_texts.key AND state <> 'done')"
        )
