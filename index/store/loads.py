"""How much work each outlet is: its articles, and the pages that were fetched of it lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from index.article import isoformat
from index.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Articles, and pages fetched since a moment, by the id of their outlet."""

    articles: Mapping[str, int] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)


def read_loads(store: Store, since: datetime) -> Loads:
    """Count them; raises `StorageError` children. Reads a row for each capture."""
    connection = store._connection
    return Loads(
        articles=dict(
            connection.rows("SELECT outlet, count(*) FROM articles WHERE kept = 1 GROUP BY 1")
        ),
        pages=dict(
            connection.rows(
                "SELECT outlet, count(*) FROM captures WHERE fetched >= ? GROUP BY 1",
                (isoformat(since),),
            )
        ),
    )
