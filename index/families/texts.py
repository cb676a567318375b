"""The texts of families in the database: found by their identity, held as sketches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from sqlite3 import Connection
from typing import Any

from index.families.fingerprint import Fingerprint, unpack_keys, unpack_shingles
from index.families.relation import Printing, Sketch

TextOf = Callable[[int], str]  # the counted text by its number

SKETCH_COLUMNS = "text, words, level, signature, numbers, names, title, titled"


def find_text(connection: Connection, identity: bytes) -> int | None:
    """The number of the text of that identity."""
    row = connection.execute("SELECT text FROM family_texts WHERE identity = ?", (identity,))
    found = row.fetchone()
    return None if found is None else int(found[0])


def add_text(connection: Connection, identity: bytes, counted: Fingerprint) -> int:
    """A new text, in a core and a star of its own; returns its number. Its keys are not posted yet.

    A short text has no keys: it is found by its identity alone.
    """
    text = newest_text(connection) + 1
    connection.execute(
        "INSERT INTO family_texts (text, core, star, identity, exact, words, level, signature, keys,"
        " numbers, names, title, titled, dropped)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            text,
            text,
            text,
            identity,
            counted.exact,
            counted.words,
            counted.level,
            counted.signature,
            b"" if counted.short else counted.keys,
            counted.numbers,
            counted.names,
            counted.title,
            counted.titled,
            counted.dropped,
        ),
    )
    return text


def newest_text(connection: Connection) -> int:
    """The highest number that any text was given, also if it is gone; 0 before the first."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'family_texts'")
    (newest,) = row.fetchone() or (0,)
    return int(newest)


def read_sketches(connection: Connection, texts: Iterable[int]) -> dict[int, Sketch]:
    """The sketches of texts by their numbers."""
    rows = connection.execute(
        f"SELECT {SKETCH_COLUMNS} FROM family_texts WHERE text IN (SELECT value FROM json_each(?))",
        (json.dumps(list(texts)),),
    )
    return {row[0]: make_sketch(row) for row in rows}


def read_printing(connection: Connection, text: int) -> Printing:
    """Where and when a text that has articles was first printed."""
    outlet, published, dated = connection.execute(
        "SELECT outlet, published, trusted FROM family_members WHERE text = ?"
        " ORDER BY published, article LIMIT 1",
        (text,),
    ).fetchone()
    return Printing(outlet, published, bool(dated))


def make_sketch(row: Sequence[Any]) -> Sketch:
    """The sketch in a row of `SKETCH_COLUMNS`."""
    return Sketch(
        text=row[0],
        words=row[1],
        level=row[2],
        values=unpack_shingles(row[3]),
        numbers=row[4],
        names=row[5],
        title=row[6],
        titled=bool(row[7]),
    )


def read_keys(connection: Connection, text: int) -> tuple[int, ...]:
    """The keys that a text is found by; none for a text that is never compared."""
    row = connection.execute("SELECT keys FROM family_texts WHERE text = ?", (text,)).fetchone()
    return unpack_keys(row[0]) if row else ()


def core_of(connection: Connection, text: int) -> int:
    """The core a text belongs to."""
    rows = connection.execute("SELECT core FROM family_texts WHERE text = ?", (text,))
    return int(rows.fetchone()[0])


def texts_of(connection: Connection, core: int) -> list[int]:
    """The texts of a core."""
    rows = connection.execute("SELECT text FROM family_texts WHERE core = ? ORDER BY text", (core,))
    return [text for (text,) in rows]
