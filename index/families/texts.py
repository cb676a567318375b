"""The texts of families in the database: found by their keys, held as sketches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from index.families.relation import Sketch
from index.fingerprint import Fingerprint, unpack_keys, unpack_shingles

_COMMONPLACE = 32  # families that may share a key before it says nothing any more
_CANDIDATE_CORES = 12
_CANDIDATE_TEXTS = 12  # of each core
_READ_TEXTS = 65  # of each core and key, to choose these from
_FEW_ROWS = 1000  # of postings, read in one go

_COMMON_CORE = 0
SKETCH_COLUMNS = "text, words, level, signature, numbers, names, title, titled"


def find_text(connection: Connection, identity: bytes) -> int | None:
    """The number of the text of that identity."""
    row = connection.execute("SELECT text FROM family_texts WHERE identity = ?", (identity,))
    found = row.fetchone()
    return None if found is None else int(found[0])


def add_text(connection: Connection, identity: bytes, counted: Fingerprint) -> int:
    """A new text, in a core of its own; returns its number. Its keys are not posted yet.

    A short text has no keys: it is found by its identity alone.
    """
    cursor = connection.execute(
        "INSERT INTO family_texts (identity, exact, core, words, level, signature, keys, numbers,"
        " names, title, titled, dropped) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
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
    text = int(cursor.lastrowid or 0)
    connection.execute("UPDATE family_texts SET core = text WHERE text = ?", (text,))
    return text


def read_sketches(connection: Connection, texts: Iterable[int]) -> dict[int, Sketch]:
    """The sketches of texts by their numbers."""
    rows = connection.execute(
        f"SELECT {SKETCH_COLUMNS} FROM family_texts WHERE text IN (SELECT value FROM json_each(?))",
        (json.dumps(list(texts)),),
    )
    return {row[0]: make_sketch(row) for row in rows}


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


def post_keys(connection: Connection, text: int, core: int) -> None:
    """Make a text findable under its core; keys that are commonplaces stay out."""
    keys = json.dumps(read_keys(connection, text))
    connection.execute(
        "INSERT OR IGNORE INTO family_keys (key, core, text) SELECT value, ?2, ?3 FROM json_each(?1)"
        " WHERE NOT EXISTS"
        f" (SELECT 1 FROM family_keys WHERE key = value AND core = {_COMMON_CORE})"
        " ORDER BY value",
        (keys, core, text),
    )


def unpost_keys(connection: Connection, text: int, core: int) -> None:
    """The inverse of `post_keys`."""
    connection.executemany(
        "DELETE FROM family_keys WHERE key = ? AND core = ? AND text = ?",
        [(key, core, text) for key in read_keys(connection, text)],
    )


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a text's keys lead to: texts by core, the likeliest first; keys that say nothing."""

    texts: dict[int, list[int]]
    commonplaces: list[int]


def find_candidates(connection: Connection, text: int) -> Candidates:
    """A few texts of each core that shares keys with a text; only reads. The text itself is left out."""
    keys = read_keys(connection, text)
    found = _read_postings(connection, keys)
    if found is None:
        found = _read_crowded(connection, keys)
    commonplaces = {key for key, cores in found.items() if len(cores) > _COMMONPLACE}
    telling = [cores for key, cores in found.items() if key not in commonplaces]
    shared = Counter(core for cores in telling for core in cores)
    likely = sorted(shared, key=lambda core: (-shared[core], core))[:_CANDIDATE_CORES]
    texts = {
        core: _most_frequent([cores[core] for cores in telling if core in cores], but=text)
        for core in likely
    }
    return Candidates(texts, sorted(commonplaces))


def _most_frequent(lists: Iterable[Iterable[int]], but: int) -> list[int]:
    counts = Counter(text for texts in lists for text in texts)
    likely = sorted(counts, key=lambda text: (-counts[text], text))
    return [text for text in likely if text != but][:_CANDIDATE_TEXTS]


_Postings = dict[int, dict[int, list[int]]]  # by key, then by core: the first texts that have it

_POSTINGS = f"""
SELECT family_keys.key, core, text FROM json_each(?) CROSS JOIN family_keys
ON family_keys.key = value WHERE core > {_COMMON_CORE} LIMIT {_FEW_ROWS}
"""

# One seek for a key and each of its cores, however many texts of a core have the key. A key never
# has many more cores than make it a commonplace.
_HOPS = f"""
WITH RECURSIVE hops (key, core) AS (
    SELECT value, (SELECT min(core) FROM family_keys WHERE key = value) FROM json_each(?)
    WHERE EXISTS (SELECT 1 FROM family_keys WHERE key = value)
    UNION ALL
    SELECT key, (SELECT min(core) FROM family_keys WHERE key = hops.key AND core > hops.core)
    FROM hops WHERE core > {_COMMON_CORE}
)
SELECT key, core FROM hops WHERE core > {_COMMON_CORE}
"""


def _read_postings(connection: Connection, keys: Sequence[int]) -> _Postings | None:
    """What keys lead to, in one go; None when that is much."""
    rows = connection.execute(_POSTINGS, (json.dumps(keys),)).fetchall()
    if len(rows) == _FEW_ROWS:
        return None
    found: _Postings = {}
    for key, core, text in rows:
        texts = found.setdefault(key, {}).setdefault(core, [])
        if len(texts) < _READ_TEXTS:
            texts.append(text)
    return found


def _read_crowded(connection: Connection, keys: Sequence[int]) -> _Postings:
    """The same where a key may stand in thousands of a core's texts, of which only some are read."""
    found: _Postings = {}
    for key, core in connection.execute(_HOPS, (json.dumps(keys),)).fetchall():
        rows = connection.execute(
            "SELECT text FROM family_keys WHERE key = ? AND core = ? ORDER BY text LIMIT ?",
            (key, core, _READ_TEXTS),
        )
        found.setdefault(key, {})[core] = [text for (text,) in rows]
    return found


def mark_commonplaces(connection: Connection, keys: Iterable[int]) -> None:
    """Let keys lead nowhere from now on."""
    for key in keys:
        connection.execute("DELETE FROM family_keys WHERE key = ?", (key,))
        connection.execute("INSERT INTO family_keys VALUES (?, ?, 0)", (key, _COMMON_CORE))
