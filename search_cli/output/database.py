"""Records as an SQLite file of one table, for Datasette, DuckDB, pandas and spreadsheets."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from search_cli.output.render import Row

TABLE = "articles"
_KEPT = (str, int, float, bytes, type(None))


def write_articles(path: Path, fields: Sequence[str], rows: Iterable[Row]) -> int:
    """Fill an empty file with the table `articles`, its `id` the key; how many rows went in.

    Lists and tables stand as JSON. Raises `sqlite3.Error` when the disk refuses.
    """
    columns = ", ".join(f'"{name}" PRIMARY KEY' if name == "id" else f'"{name}"' for name in fields)
    marks = ", ".join("?" * len(fields))
    count = 0
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE {TABLE} ({columns})")
        for row in rows:
            values = [_value(row.get(name)) for name in fields]
            database.execute(f"INSERT INTO {TABLE} VALUES ({marks})", values)
            count += 1
        database.commit()
    return count


def _value(value: Any) -> Any:
    """A value as SQLite holds it; text without lone surrogates."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value if isinstance(value, _KEPT) else json.dumps(value, ensure_ascii=False)
