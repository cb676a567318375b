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
_READ_TEXTS = 64  # of each core and key, to choose these from

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
    shared: dict[int, Counter[int]] = {}
    crowded: dict[int, list[int]] = {}
    found = _cores_by_key(connection, text)
    commonplaces = [key for key, cores in found.items() if len(cores) > _COMMONPLACE]
    for key in found.keys() - set(commonplaces):
        for core, first, last in found[key]:
            shared.setdefault(core, Counter())[first] += 1
            if first != last:
                crowded.setdefault(core, []).append(key)
    likely = sorted(shared, key=lambda core: (-shared[core].total(), core))[:_CANDIDATE_CORES]
    for core in crowded.keys() & set(likely):
        shared[core] += _count_texts(connection, core, crowded[core])
    texts = {core: _most_frequent(shared[core], but=text) for core in likely}
    return Candidates(texts, commonplaces)


def _count_texts(connection: Connection, core: int, keys: Sequence[int]) -> Counter[int]:
    """Texts of a core that have the keys, beside the first of each, which is counted already."""
    counts: Counter[int] = Counter()
    for key in keys:
        rows = connection.execute(
            "SELECT text FROM family_keys WHERE key = ? AND core = ? ORDER BY text LIMIT ? OFFSET 1",
            (key, core, _READ_TEXTS),
        )
        counts.update(text for (text,) in rows)
    return counts


def _most_frequent(counts: Counter[int], but: int) -> list[int]:
    likely = sorted(counts, key=lambda text: (-counts[text], text))
    return [text for text in likely if text != but][:_CANDIDATE_TEXTS]


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
SELECT key, core,
    (SELECT min(text) FROM family_keys WHERE key = hops.key AND core = hops.core),
    (SELECT max(text) FROM family_keys WHERE key = hops.key AND core = hops.core)
FROM hops WHERE core > {_COMMON_CORE}
"""


def _cores_by_key(connection: Connection, text: int) -> dict[int, list[tuple[int, int, int]]]:
    """The cores that have each key of a text, with their first and last text that has it."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    keys = read_keys(connection, text)
    for key, *core in connection.execute(_HOPS, (json.dumps(keys),)):
        found.setdefault(key, []).append((core[0], core[1], core[2]))
    return found


def mark_commonplaces(connection: Connection, keys: Iterable[int]) -> None:
    """Let keys lead nowhere from now on."""
    for key in keys:
        connection.execute("DELETE FROM family_keys WHERE key = ?", (key,))
        connection.execute("INSERT INTO family_keys VALUES (?, ?, 0)", (key, _COMMON_CORE))
