"""Which cores, and which of their texts, a key leads to: an index in the file, and one in memory.

The keys of a text lie scattered over the whole index: written at once, each costs a page. Those of
the latest texts wait in a database in memory, attached to the connection, until they are so many
that they go to the file in order, several to a page (as from the first component of a
log-structured merge-tree: O'Neil et al. 1996). Nothing can be lost with them: `family_texts` has the
keys of every text, and each connection reads from there what waits.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection, OperationalError

from index.families.fingerprint import unpack_keys
from index.families.texts import newest_text, read_keys

# So many texts may wait, and in large corpora a part of all: in a larger index, fewer of the same
# number of keys share a page. A later version may let more wait; if fewer, a migration must write
# what waits by these numbers.
WAITING_TEXTS = 1024
_WAITING_PART = 6  # bits: between a 64th and a 32nd

_COMMONPLACE = 32  # families that may share a key before it says nothing any more
_CANDIDATE_CORES = 12
_CANDIDATE_TEXTS = 12  # of each core
_READ_TEXTS = 65  # of each core and key, to choose these from
_FEW_ROWS = 1000  # of postings, read in one go

_COMMON_CORE = 0
_FILE, _WAITING = "main.family_keys", "waiting.family_keys"


def read_waiting(connection: Connection, keys: Collection[int] | None = None) -> None:
    """Make a connection hold what waits; before any other function here, once in a transaction.

    That takes no time unless another connection has changed the database since. With `keys`, only
    what those lead to is held, which is enough for one look.
    """
    version = connection.execute("PRAGMA main.data_version").fetchone()
    try:
        held = connection.execute("SELECT version FROM waiting.read_at").fetchone()
    except OperationalError:  # the first time, or the first was rolled back
        held = None
        _attach(connection)
    if held == version:
        return
    connection.execute(f"DELETE FROM {_WAITING}")
    connection.execute("DELETE FROM waiting.read_at")
    rows = connection.execute(
        "SELECT keys, core, text FROM family_texts WHERE text > ?",
        (last_written(newest_text(connection)),),
    )
    connection.executemany(
        f"INSERT INTO {_WAITING} VALUES (?, ?, ?)",
        sorted(
            (key, core, text)
            for packed, core, text in rows
            for key in unpack_keys(packed)
            if keys is None or key in keys
        ),
    )
    if keys is None:
        connection.execute("INSERT INTO waiting.read_at VALUES (?)", version)


def _attach(connection: Connection) -> None:
    if all(name != "waiting" for _, name, _ in connection.execute("PRAGMA database_list")):
        connection.execute("ATTACH ':memory:' AS waiting")
    connection.execute(
        f"CREATE TABLE {_WAITING} (key INTEGER NOT NULL, core INTEGER NOT NULL,"
        " text INTEGER NOT NULL, PRIMARY KEY (key, core, text)) WITHOUT ROWID"
    )
    connection.execute("CREATE TABLE waiting.read_at (version INTEGER NOT NULL)")


def last_written(newest: int) -> int:
    """The last text whose keys are in the file, as those of all before it; by the newest text."""
    # The step changes at powers of two, which are multiples of it: no step is cut short.
    step = max(WAITING_TEXTS, 1 << max(0, newest.bit_length() - _WAITING_PART))
    return newest // step * step


def _unless_common(key: str) -> str:
    return (
        f"WHERE NOT EXISTS (SELECT 1 FROM {_FILE} AS file"
        f" WHERE file.key = {key} AND file.core = {_COMMON_CORE})"
    )


def post_keys(connection: Connection, text: int, core: int) -> None:
    """Make a text findable under its core."""
    keys = json.dumps(read_keys(connection, text))
    newest = newest_text(connection)
    if text > last_written(newest):
        connection.execute(
            f"INSERT INTO {_WAITING} SELECT value, ?2, ?3 FROM json_each(?1)", (keys, core, text)
        )
        return
    connection.execute(
        f"INSERT OR IGNORE INTO {_FILE} SELECT value, ?2, ?3 FROM json_each(?1)"
        f" {_unless_common('value')} ORDER BY value",
        (keys, core, text),
    )
    if text == newest:  # and so the last of those that waited
        connection.execute(
            f"INSERT OR IGNORE INTO {_FILE} SELECT * FROM {_WAITING} AS these"
            f" {_unless_common('these.key')}"
        )
        connection.execute(f"DELETE FROM {_WAITING}")


def unpost_keys(connection: Connection, text: int, core: int) -> None:
    """The inverse of `post_keys`."""
    rows = [(key, core, text) for key in read_keys(connection, text)]
    for table in (_FILE, _WAITING):
        connection.executemany(f"DELETE FROM {table} WHERE key = ? AND core = ? AND text = ?", rows)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a text's keys lead to: texts by core, the likeliest first; keys that say nothing."""

    texts: dict[int, list[int]]
    commonplaces: list[int]


def find_candidates(connection: Connection, text: int) -> Candidates:
    """A few texts of each core that shares keys with a text; only reads. The text itself is left out."""
    found = _lead_to(connection, read_keys(connection, text))
    commonplaces = {key for key, cores in found.items() if len(cores) > _COMMONPLACE}
    distinctive = [cores for key, cores in found.items() if key not in commonplaces]
    shared = Counter(core for cores in distinctive for core in cores)
    likely = sorted(shared, key=lambda core: (-shared[core], core))[:_CANDIDATE_CORES]
    texts = {
        core: _most_frequent([cores[core] for cores in distinctive if core in cores], but=text)
        for core in likely
    }
    return Candidates(texts, sorted(commonplaces))


def _most_frequent(lists: Iterable[Iterable[int]], but: int) -> list[int]:
    counts = Counter(text for texts in lists for text in texts)
    likely = sorted(counts, key=lambda text: (-counts[text], text))
    return [text for text in likely if text != but][:_CANDIDATE_TEXTS]


_Postings = dict[int, dict[int, list[int]]]  # by key, then by core: the first texts that have it

# One seek for a key and each of its cores, however many texts of a core have the key. A key never
# has many more cores than make it a commonplace.
_HOPS = f"""
WITH RECURSIVE hops (key, core) AS (
    SELECT value, (SELECT min(core) FROM {{table}} WHERE key = value) FROM json_each(?)
    WHERE EXISTS (SELECT 1 FROM {{table}} WHERE key = value)
    UNION ALL
    SELECT key, (SELECT min(core) FROM {{table}} WHERE key = hops.key AND core > hops.core)
    FROM hops WHERE core > {_COMMON_CORE}
)
SELECT key, core FROM hops WHERE core IS NOT NULL
"""


def _lead_to(connection: Connection, keys: Sequence[int]) -> _Postings:
    """What those of the keys lead to that are no commonplaces yet."""
    found = _read_postings(connection, _FILE, keys)
    distinctive = [key for key in keys if _COMMON_CORE not in found.get(key, ())]
    both = {key: found.get(key, {}) for key in distinctive}
    # Texts that wait are later ones than those in the file.
    for key, cores in _read_postings(connection, _WAITING, distinctive).items():
        for core, texts in cores.items():
            both[key][core] = [*both[key].get(core, ()), *texts][:_READ_TEXTS]
    return both


def _read_postings(connection: Connection, table: str, keys: Sequence[int]) -> _Postings:
    """What keys lead to, in one go unless that is much."""
    asked = json.dumps(keys)
    rows = connection.execute(
        f"SELECT keys.key, core, text FROM json_each(?) CROSS JOIN {table} AS keys"
        f" ON keys.key = value LIMIT {_FEW_ROWS}",
        (asked,),
    ).fetchall()
    if len(rows) == _FEW_ROWS:
        return _read_crowded(connection, table, asked)
    found: _Postings = {}
    for key, core, text in rows:
        texts = found.setdefault(key, {}).setdefault(core, [])
        if len(texts) < _READ_TEXTS:
            texts.append(text)
    return found


def _read_crowded(connection: Connection, table: str, asked: str) -> _Postings:
    """The same where a key may be in thousands of a core's texts, of which only some are read."""
    found: _Postings = {}
    for key, core in connection.execute(_HOPS.format(table=table), (asked,)).fetchall():
        rows = connection.execute(
            f"SELECT text FROM {table} WHERE key = ? AND core = ? ORDER BY text LIMIT ?",
            (key, core, _READ_TEXTS),
        )
        found.setdefault(key, {})[core] = [text for (text,) in rows]
    return found


def mark_commonplaces(connection: Connection, keys: Iterable[int]) -> None:
    """Let keys lead nowhere from now on; what waits under them is not read any more."""
    for key in keys:
        connection.execute(f"DELETE FROM {_FILE} WHERE key = ?", (key,))
        connection.execute(f"INSERT INTO {_FILE} VALUES (?, {_COMMON_CORE}, 0)", (key,))
