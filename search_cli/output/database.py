"""An export as an SQLite database: tables with types and foreign keys, a full-text index, views' labels.

The tables are a format: Datasette, DuckDB, pandas and everything else that reads SQLite have them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import StorageError
from search_cli.output.render import Row, to_json

if TYPE_CHECKING:
    from index.corpus.record_types import ValueType

ARTICLES = "articles"
FTS = "articles_fts"
_SEARCHED = ("title", "lead", "text")  # columns of the full-text index
_COLUMN_TYPES = {"integer": "INTEGER", "flag": "INTEGER", "number": "REAL"}  # anything else is TEXT
_REFERENCES = {
    "outlet": " REFERENCES outlets (id)",
    "family": " REFERENCES families (id)",
}

# By table its columns, keys and indexes; `articles` is made of the fields that are asked for.
TABLES = {
    "outlets": """
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        url TEXT,
        country TEXT,
        languages TEXT NOT NULL,
        kind TEXT,
        zone TEXT""",
    "families": """
        id TEXT PRIMARY KEY,
        origin TEXT NOT NULL,
        articles INTEGER NOT NULL,
        exported INTEGER NOT NULL""",
    "members": """
        article TEXT PRIMARY KEY REFERENCES articles (id),
        family TEXT NOT NULL REFERENCES families (id),
        kind TEXT NOT NULL,
        published TEXT NOT NULL,
        trusted INTEGER NOT NULL,
        similarity REAL NOT NULL,
        contained REAL NOT NULL,
        contains REAL NOT NULL,
        credits TEXT NOT NULL""",
    "verdicts": """
        article TEXT NOT NULL REFERENCES articles (id),
        story TEXT NOT NULL,
        decision TEXT NOT NULL,
        score REAL NOT NULL,
        reasons TEXT NOT NULL,
        PRIMARY KEY (article, story)""",
    "captures": """
        id INTEGER PRIMARY KEY,
        article TEXT REFERENCES articles (id),
        url TEXT NOT NULL,
        fetched TEXT NOT NULL,
        status INTEGER NOT NULL,
        channel TEXT NOT NULL,
        outcome TEXT,
        file TEXT NOT NULL,
        "offset" INTEGER NOT NULL,
        length INTEGER NOT NULL,
        digest TEXT NOT NULL""",
    "versions": """
        article TEXT NOT NULL REFERENCES articles (id),
        number INTEGER NOT NULL,
        seen TEXT NOT NULL,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        published TEXT,
        updated TEXT,
        text TEXT NOT NULL,
        capture INTEGER REFERENCES captures (id),
        PRIMARY KEY (article, number)""",
    "edits": """
        id INTEGER PRIMARY KEY,
        article TEXT NOT NULL REFERENCES articles (id),
        version_before INTEGER NOT NULL,
        version INTEGER NOT NULL,
        kind TEXT NOT NULL,
        silent INTEGER NOT NULL,
        paragraph INTEGER,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        seen_before TEXT NOT NULL,
        seen TEXT NOT NULL,
        updated TEXT,
        FOREIGN KEY (article, version_before) REFERENCES versions (article, number),
        FOREIGN KEY (article, version) REFERENCES versions (article, number)""",
    "quotes": """
        id INTEGER PRIMARY KEY,
        article TEXT NOT NULL REFERENCES articles (id),
        text TEXT NOT NULL,
        speaker TEXT,
        named TEXT,
        cue TEXT,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        term INTEGER NOT NULL""",
}
_INDEXED = {
    "members": ("family",),
    "verdicts": ("story",),
    "captures": ("article",),
    "edits": ("article",),
    "quotes": ("article", "speaker"),
}
# What Datasette shows of a table: the column that names a row, those to filter by, the order.
_SHOWN: Mapping[str, Mapping[str, Any]] = {
    ARTICLES: {"label_column": "title", "facets": ["outlet", "language"], "sort": "published"},
    "outlets": {"label_column": "name", "sort": "name"},
    "families": {"sort_desc": "articles"},
    "members": {"facets": ["kind"]},
    "verdicts": {"facets": ["story", "decision"]},
    "captures": {"facets": ["channel"]},
    "versions": {"label_column": "title"},
    "edits": {"facets": ["kind"], "sort_desc": "seen"},
    "quotes": {"label_column": "text", "facets": ["speaker"]},
}


class Database:
    """The file in the making; a context manager, at whose end what was added is in it for good."""

    def __init__(self, path: Path, types: Mapping[str, ValueType], *, name: Path) -> None:
        """Make the tables in an empty file; `types` are those of the columns of `articles`.

        `name` is what errors call it. Raises `sqlite3.Error` when the disk refuses, here and in every
        method; at the end of the context that is a `StorageError`.
        """
        self._types, self._name = types, name
        self._connection = sqlite3.connect(path, isolation_level=None)
        # The file takes its place when it is whole, so that nothing has to be undone in it.
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -32768"):
            self._connection.execute(f"PRAGMA {setting}")
        for table, columns in TABLES.items():
            self._connection.execute(f"CREATE TABLE {table} ({columns.strip()})")
        own = ", ".join(f'"{name}" {_column(name, kind)}' for name, kind in types.items())
        self._connection.execute(f"CREATE TABLE {ARTICLES} ({own})")
        self._connection.execute("BEGIN")

    def add(self, table: str, rows: Iterable[Row]) -> int:
        """Put rows into a table, each with the same keys; how many there were."""
        count = 0
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" * len(row))
            values = [_value(value) for value in row.values()]
            self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
            count += 1
        return count

    def add_article(self, row: Row) -> None:
        """Put an article into its table."""
        self.add(ARTICLES, [{name: row.get(name) for name in self._types}])

    def families(self) -> Iterator[tuple[str, list[str]]]:
        """Each family of the articles added, and their ids."""
        asked = f"SELECT family, group_concat(id, ' ') FROM {ARTICLES} GROUP BY family"
        for family, names in self._connection.execute(asked):
            yield family, names.split()

    def unknown_outlets(self) -> list[str]:
        """The outlets of articles that are not in the table of outlets."""
        asked = f"SELECT DISTINCT outlet FROM {ARTICLES} EXCEPT SELECT id FROM outlets"
        return [name for (name,) in self._connection.execute(asked)]

    def finish(self) -> None:
        """Index what was added: keys by table, words by FTS5."""
        for table, columns in _INDEXED.items():
            for column in columns:
                self._connection.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")
        for column in ("outlet", "family", "published"):
            if column in self._types:
                self._connection.execute(
                    f"CREATE INDEX articles_by_{column} ON {ARTICLES} ({column})"
                )
        if searched := [name for name in _SEARCHED if name in self._types]:
            # By rowid, which VACUUM leaves as it is where no row was taken out before.
            self._connection.execute(
                f"CREATE VIRTUAL TABLE {FTS} USING fts5 ({', '.join(searched)},"
                f" content='{ARTICLES}', tokenize='unicode61 remove_diacritics 2')"
            )
            self._connection.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')")
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA optimize")

    def __enter__(self) -> Database:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self._connection.close()
        if isinstance(error, sqlite3.Error):
            raise StorageError(f"{self._name}: {error}") from error


def datasette_metadata(name: str, *, title: str, software: str, texts: bool) -> str:
    """What `datasette -m` takes for a database of that name: its title, and each table's make-up."""
    tables: dict[str, Any] = {table: dict(shown) for table, shown in _SHOWN.items()}
    if texts:
        tables[ARTICLES]["fts_table"] = FTS
    about = f"Written by {software}. Times are UTC; lists are JSON. The texts belong to their publishers."
    shown = {"title": title, "databases": {name: {"description": about, "tables": tables}}}
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"


def _column(name: str, kind: ValueType) -> str:
    if name == "id":
        return "TEXT PRIMARY KEY"
    declared = _COLUMN_TYPES.get(kind, "TEXT") if isinstance(kind, str) else "TEXT"
    return declared + _REFERENCES.get(name, "")


def _value(value: Any) -> Any:
    """A value as SQLite holds it: lists and tables as JSON, text without lone surrogates."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if value is None or isinstance(value, (int, float, bytes)):
        return value
    return to_json(value)
