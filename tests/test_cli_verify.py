"""`pressclip verify`: a whole workspace passes, and each kind of damage is named with its remedy."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.article import Article, Verdict
from index.capture import Capture
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import update_index
from index.maintenance.verify import Finding, verify
from index.store import StoreWriter

WHEN = datetime(2023, 2, 2, tzinfo=UTC)
VERDICT = Verdict(story="balloon", decision="on-story", score=0.9, reasons=("title: balloon",))


def make_data(data: Path) -> None:
    with (
        Archive(data / "archive") as archive,
        StoreWriter.open(data / "pressclip.db") as store,
    ):
        for number in range(3):
            url = f"https://prairie-courier.example/2023/02/{number}"
            page = Capture(url=url, status=200, headers=(), body=b"page %d" % number, fetched=WHEN)
            capture = archive.append(page)
            number_of = store.captures.add(capture, outlet="prairie-courier.example")
            article = Article(
                url=url, canonical_url=url, outlet="prairie-courier.example", title=f"Balloon {number}",
                text="A balloon was seen over the fields.", language="en", fetched=WHEN,
            )  # fmt: skip
            store.articles.record(
                article, key=url, capture=number_of, verdicts=(VERDICT,), fingerprint=fingerprint(article),
                aliases=(),
            )  # fmt: skip
            store.captures.decide(number_of, "kept")
        update_index(store, data / "index")


@pytest.fixture
def data(desk: Path) -> Path:
    make_data(desk / "data")
    return desk / "data"


def findings(data: Path) -> list[Finding]:
    return list(verify(data / "pressclip.db", data / "archive", data / "index"))


def archive_file(data: Path) -> Path:
    (path,) = (data / "archive").rglob("*.warc.gz*")
    return path


def execute(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "pressclip.db")) as connection, connection:
        connection.execute(statement)


def spoil(path: Path, place: int) -> None:
    body = bytearray(path.read_bytes())
    body[place] ^= 0xFF
    path.write_bytes(bytes(body))


def test_whole_data_have_no_findings(data: Path) -> None:
    assert findings(data) == []


def spoil_record(data: Path) -> None:
    with closing(sqlite3.connect(data / "pressclip.db")) as connection:
        row = connection.execute('SELECT "offset", length FROM captures WHERE id = 2').fetchone()
    spoil(archive_file(data), row[0] + row[1] // 2)


def cut_archive(data: Path) -> None:
    path = archive_file(data)
    path.write_bytes(path.read_bytes()[:-400])


def spoil_segment(data: Path) -> None:
    segment = max((data / "index").rglob("*.seg"), key=lambda path: path.stat().st_size)
    spoil(segment, segment.stat().st_size // 2)


DAMAGE: dict[str, tuple[Callable[[Path], None], str, str, str]] = {
    "a record": (spoil_record, "archive", "fault", "backup"),
    "a cut file": (cut_archive, "archive", "fault", "backup"),
    "a lost file": (lambda data: archive_file(data).unlink(), "archive", "fault", "backup"),
    "a wrong offset": (
        lambda data: execute(data, 'UPDATE captures SET "offset" = "offset" + 1 WHERE id = 2'),
        *("archive", "fault", "backup"),
    ),
    "an orphan": (
        lambda data: execute(data, "UPDATE articles SET capture = 99 WHERE rowid = 1"),
        *("store", "fault", "replay"),
    ),
    "a capture not read": (
        lambda data: execute(data, "UPDATE captures SET outcome = NULL WHERE id = 3"),
        *("store", "unfinished", "pressclip crawl"),
    ),
    "an index file": (spoil_segment, "index", "fault", "--rebuild"),
    "an article not indexed": (
        lambda data: execute(data, "UPDATE articles SET kept = 1 - kept WHERE rowid = 1"),
        *("index", "fault", "--rebuild"),
    ),
    "a revision not indexed": (
        lambda data: execute(data, "UPDATE revision SET newest = newest + 1"),
        *("index", "unfinished", "pressclip index"),
    ),
}


@pytest.mark.parametrize(("break_it", "part", "kind", "remedy"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_named_with_its_remedy(
    data: Path, break_it: Callable[[Path], None], part: str, kind: str, remedy: str
) -> None:
    break_it(data)
    found = findings(data)
    assert {(one.part, one.kind) for one in found} == {(part, kind)}
    assert all(remedy in one.remedy for one in found)


def spoil_table(path: Path, table: str) -> None:
    """The first page of a table of a database, as a bad disk leaves it."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(query, (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(path.read_bytes())
    body[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(bytes(body))


def test_a_store_that_cannot_be_read_hides_no_damage_of_the_archive(data: Path) -> None:
    spoil_record(data)
    spoil_table(data / "pressclip.db", "captures")
    found = findings(data)
    assert {"archive", "store"} <= {one.part for one in found}
    assert all(
        one.kind == "fault" and "replay" in one.remedy for one in found if one.part == "store"
    )


def test_an_index_that_is_not_there_is_made_by_a_command(data: Path) -> None:
    for path in sorted((data / "index").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (one,) = findings(data)
    assert (one.part, one.kind, one.remedy) == ("index", "unfinished", "pressclip index")


def test_a_file_that_a_crawl_writes_is_unfinished_and_not_damaged(data: Path) -> None:
    path = archive_file(data)
    torn = path.with_name(path.name + ".open")
    torn.write_bytes(path.read_bytes() + b"\x1f\x8b\x08torn")
    path.unlink()
    (one,) = findings(data)
    assert (one.part, one.kind) == ("archive", "unfinished")


def test_the_command_says_that_all_is_whole(data: Path, pressclip: Callable[..., Any]) -> None:
    done = pressclip("verify")
    assert (done.status, done.out) == (0, "")
    assert "undamaged" in done.err


def test_the_command_ends_with_4_and_the_remedy(data: Path, pressclip: Callable[..., Any]) -> None:
    archive_file(data).unlink()
    done = pressclip("verify", "--json")
    rows = json.loads(done.out)
    assert done.status == 4
    assert rows[0]["part"] == "archive"
    assert "is missing" in rows[0]["what"]


def test_a_desk_without_a_corpus_is_an_error(desk: Path, pressclip: Callable[..., Any]) -> None:
    assert pressclip("verify").status == 4
