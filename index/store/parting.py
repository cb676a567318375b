"""A part of a desk's database as a database of its own: some outlets with all that is known of them.

An article goes whole: with each capture, version and address of it, also those at other outlets. So nothing
hangs in the air in the part, and where two parts have the same article a merge makes one of it again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.archive.parting import cut_file
from index.errors import DiskFullError
from index.store.database import Connection, connect
from index.store.merging import address
from index.store.other_desk import OtherDesk
from index.store.store import StoreWriter

_CAPTURES = """
INSERT INTO temp.part_captures
SELECT id FROM other.captures
WHERE outlet IN (SELECT id FROM temp.part_outlets)
   OR article IN (SELECT id FROM temp.part_articles)
UNION SELECT capture FROM other.versions WHERE article IN (SELECT id FROM temp.part_articles)
UNION SELECT capture FROM other.articles WHERE id IN (SELECT id FROM temp.part_articles)
"""
_PAGES = """
INSERT OR IGNORE INTO temp.part_captures SELECT beside FROM other.captures
WHERE id IN (SELECT id FROM temp.part_captures) AND beside IS NOT NULL
"""
_OUTLET = "outlet IN (SELECT id FROM temp.part_outlets)"
_ARTICLE = "article IN (SELECT id FROM temp.part_articles)"
_KEY = "key IN (SELECT key FROM main.aliases) OR is_here(key)"

# Which rows of a table go along, in an order in which no row refers to a later one.
TAKEN = {
    "runs": "TRUE",
    "captures": "id IN (SELECT id FROM temp.part_captures)",
    "articles": "id IN (SELECT id FROM temp.part_articles)",
    **dict.fromkeys(
        ("aliases", "versions", "removals", "verdicts", "rechecks", "traits", "claims", "saves",
         "encodings"),
        _ARTICLE,
    ),
    **dict.fromkeys(("labels", "tags", "notes", "copies"), _KEY),
    "ledger": f"{_OUTLET} OR key IN (SELECT key FROM main.aliases)",
    "frontier": f"{_OUTLET} OR site IN (SELECT site FROM temp.part_sites)",
    "feed_texts": "key IN (SELECT key FROM main.frontier)",
    **dict.fromkeys(("lists", "watched", "revisits"), _OUTLET),
    **dict.fromkeys(("robots", "reservations"), "is_here(origin)"),
    "hosts": "is_here('https://' || site || '/')",
    # What was asked for all outlets at once, and what must not come back.
    **dict.fromkeys(("asked", "sources", "imports", "tombstones"), "TRUE"),
}  # fmt: skip
# Made again of the articles that go along, kept by triggers, or of this very database.
LEFT = frozenset(
    {
        "boilerplate", "habits", "judgings", "compared", "drafts", "translations", "encoded_seeds",
        "queues", "rewrites", "merges", "identity", "revision",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What belongs to a part: outlets by id, their sites, and of any address whether its site is of it."""

    outlets: frozenset[str]
    sites: frozenset[str]
    is_here: Callable[[str], bool]

    def name_in(self, source: OtherDesk) -> str:
        """The identity of the part's database: the same for the same part of the same desk."""
        said = "\n".join([source.identity(), *sorted(self.outlets)])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def write_part(source: OtherDesk, archive: Path, target: Path, part: Part) -> int:
    """Write a part of a desk as the files of `target`'s `data`; how many captures are in it.

    `archive` is the folder of the source's archive; the records of the part's captures are copied, so that
    it is whole by itself. Raises the children of `StorageError`, `DiskFullError` before it is begun if
    it would not fit.
    """
    connection = connect(target / "pressclip.db")
    try:
        connection.create_function("is_here", 1, part.is_here, deterministic=True)
        connection.execute("ATTACH ? AS other", (address(source),))
        with connection.transaction():
            _choose(connection, part)
            _check_room(connection, target)
            for table, wanted in TAKEN.items():
                _copy(connection, table, wanted)
            number = _cut_archive(connection, archive, target / "archive")
            connection.execute(
                "UPDATE main.revision SET newest = (SELECT newest FROM other.revision)"
            )
            connection.execute("UPDATE main.identity SET name = ?", (part.name_in(source),))
        connection.execute("DETACH other")
        return number
    finally:
        connection.close()


def _choose(connection: Connection, part: Part) -> None:
    """Note which outlets, sites, articles and captures are of the part."""
    for table, column, values in (
        ("part_outlets", "id", part.outlets),
        ("part_sites", "site", part.sites),
        ("part_articles", "id", ()),
    ):
        connection.execute(f"CREATE TEMP TABLE {table} ({column} TEXT PRIMARY KEY)")
        connection.executemany(f"INSERT INTO temp.{table} VALUES (?)", [(one,) for one in values])
    connection.execute("CREATE TEMP TABLE part_captures (id INTEGER PRIMARY KEY)")
    connection.execute(
        "INSERT INTO temp.part_articles"
        f" SELECT article FROM other.captures WHERE article IS NOT NULL AND {_OUTLET}"
        f" UNION SELECT id FROM other.articles WHERE {_OUTLET}"
    )
    connection.execute(_CAPTURES)
    connection.execute(_PAGES)


def _check_room(connection: Connection, target: Path) -> None:
    """Raise `DiskFullError` if records and rows would not fit: rows take about as much as records."""
    ((size,),) = connection.rows(
        "SELECT coalesce(sum(length), 0) FROM other.captures"
        " WHERE id IN (SELECT id FROM temp.part_captures)"
    )
    free = shutil.disk_usage(target).free
    if 3 * size > free:
        raise DiskFullError(
            f"{target}: {3 * size / 2**20:,.0f} MiB are needed and {free / 2**20:,.0f} MiB free",
            hint="free some space and run the same command again; nothing was lost",
        )


def _cut_archive(connection: Connection, theirs: Path, ours: Path) -> int:
    """Copy the records of the part's captures; how many captures there are."""
    by_file: dict[str, list[tuple[int, int]]] = {}
    for name, offset, length in connection.rows(
        'SELECT file, "offset", length FROM main.captures ORDER BY file, "offset"'
    ):
        by_file.setdefault(name, []).append((offset, length))
    for name, places in by_file.items():
        new, moved = cut_file(name, theirs, ours, places)
        connection.executemany(
            'UPDATE main.captures SET file = ?, "offset" = ? WHERE file = ? AND "offset" = ?',
            [(new, place, name, offset) for offset, place in moved.items()],
        )
    return sum(map(len, by_file.values()))


def _copy(connection: Connection, table: str, wanted: str) -> None:
    names = [f'"{row[1]}"' for row in connection.rows(f"PRAGMA main.table_info({table})")]
    values = ", ".join(names)
    if table == "ledger":  # what a line tells of may be a page that does not go along
        values = values.replace(
            '"capture"', "iif(capture IN (SELECT id FROM temp.part_captures), capture, NULL)"
        )
    connection.execute(
        f"INSERT INTO main.{table} ({', '.join(names)})"
        f" SELECT {values} FROM other.{table} WHERE {wanted}"
    )


def leave_to_others(store: StoreWriter, part: Part) -> None:
    """Plan no more requests to outlets that another desk crawls from now on; what was read stays.

    What is planned must have been taken there before. Inside the caller's transaction.
    """
    connection = store._connection
    names = json.dumps(sorted(part.outlets)), json.dumps(sorted(part.sites))
    gone = "outlet IN (SELECT value FROM json_each(?)) OR site IN (SELECT value FROM json_each(?))"
    connection.execute(
        f"DELETE FROM feed_texts WHERE key IN (SELECT key FROM frontier WHERE {gone})", names
    )
    connection.execute(f"DELETE FROM frontier WHERE ({gone}) AND state <> 'done'", names)
    connection.execute(
        "UPDATE rechecks SET due = NULL WHERE article IN (SELECT id FROM articles"
        " WHERE outlet IN (SELECT value FROM json_each(?)))",
        names[:1],
    )
