"""Databases of released formats: brought to this one whole or not at all, and read as before."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.ingest.replay import replay_archive
from index.corpus import open_corpus
from index.errors import DiskFullError, OlderStoreError, StoreError
from index.store import Store, StoreWriter, migrations
from index.store.database import connect
from index.store.migrations import FORMAT, MIGRATIONS, backups, format_of, statements
from index.workspace import Workspace

RELEASED = Path(__file__).parent / "data"
FORMATS = tuple(range(1, FORMAT))


def lay_out(number: int, root: Path) -> Path:
    """The fixture corpus of a format as a workspace, written by the program that had that format."""
    shutil.copytree(RELEASED / f"format_{number}", root)
    (root / "data").mkdir()
    (root / "archive").rename(root / "data" / "archive")
    script = (root / "pressclip.sql").read_text("utf-8")
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        connection.executescript(script)
    (root / "pressclip.sql").unlink()
    return root


@pytest.fixture(params=FORMATS, ids=lambda number: f"format {number}")
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return lay_out(request.param, tmp_path / "old")


def schema(path: Path) -> dict[str, Any]:
    """Tables with their columns, references and indexes, whatever the order of the columns."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
        described: dict[str, Any] = {}
        for kind, name, sql in names:
            if kind in ("view", "trigger"):
                described[name] = re.sub(r"--[^\n]*|\s+", " ", sql).split()
            elif kind == "table":
                columns = connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
                references = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
                described[name] = (sorted(row[1:] for row in columns), sorted(references))
            else:
                parts = connection.execute(f"PRAGMA index_xinfo({name})").fetchall()
                where = (sql or "").rpartition(" WHERE ")[2]
                described[name] = ([row[2:] for row in parts], where.split())
        return described


def format_of_file(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return format_of(connection)


def rows(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for (name,) in tables.fetchall()
        }


def test_every_format_has_a_migration_and_a_fixture() -> None:
    assert sorted(MIGRATIONS) == list(range(2, FORMAT + 1))
    assert all((RELEASED / f"format_{number}" / "pressclip.sql").exists() for number in FORMATS)


def test_a_migrated_database_has_the_schema_of_a_new_one(old: Path, tmp_path: Path) -> None:
    migrated, new = old / "data" / "pressclip.db", tmp_path / "new.db"
    connect(migrated).close()
    connect(new).close()
    assert schema(migrated) == schema(new)


def test_a_migrated_corpus_is_whole_searched_and_crawled_on(
    old: Path, pressclip: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(old)
    assert pressclip("index").status == 0
    assert pressclip("verify").status == 0
    with open_corpus(old) as corpus:
        assert {hit.title for hit in corpus.search("balloon", fold=False)} == {
            "Balloon seen over the elevators",
            "Spy balloon crosses prairie",
        }
    with StoreWriter.open(old / "data" / "pressclip.db") as store:
        [edited] = store.articles.find("https://prairie-courier.example/2023/02/04/balloon")
        assert len(store.versions.of(edited)) == 2
        waiting = store.frontier.take("prairie-courier.example", 10)
        assert [one.url for one in waiting] == [
            "https://prairie-courier.example/2023/02/05/waiting"
        ]


def test_a_replay_over_an_older_corpus_keeps_what_only_its_database_knew(old: Path) -> None:
    done = replay_archive(Workspace.load(old), workers=1)
    assert done.comparison is not None
    assert done.comparison.before == done.comparison.after == done.counts
    with Store.open(old / "data" / "pressclip.db") as store:
        assert store.frontier.waiting() == 1
        assert [run.command for run in store.ledger.runs(5)][-1] == "crawl balloon"


def test_what_was_asked_of_archives_outlives_a_migration(tmp_path: Path) -> None:
    page = "https://prairie-courier.example/2023/02/05/waiting"
    with StoreWriter.open(lay_out(3, tmp_path / "old") / "data" / "pressclip.db") as store:
        assert store.backfill.is_settled("balloon", "gdelt", "20230204120000")
        assert [one.key for one in store.backfill.planned("balloon", "wayback", "")] == [
            "prairie-courier.example"
        ]
        assert [copy.archive for copy in store.backfill.copies(page)] == ["archive.example"]


def test_what_was_asked_to_be_saved_outlives_a_migration(tmp_path: Path) -> None:
    with StoreWriter.open(lay_out(4, tmp_path / "old") / "data" / "pressclip.db") as store:
        [label] = store.labels.of("balloon").values()
        assert (label.decision, label.note) == ("off-story", "a fair is no balloon")
        saves = [store.saves.get(name) for name in store.articles.all_ids()]
        assert [one.address for one in saves if one] == ["https://archive.example/1"]


def test_reading_an_older_database_names_the_command_that_brings_it_up(old: Path) -> None:
    with pytest.raises(OlderStoreError, match="older pressclip") as caught:
        Store.open(old / "data" / "pressclip.db")
    assert "pressclip index" in caught.value.hint


def test_the_backup_is_the_database_as_it_was(old: Path, tmp_path: Path) -> None:
    path = old / "data" / "pressclip.db"
    before, layout = rows(path), schema(path)
    connect(path).close()
    [backup] = backups(path)
    assert (rows(backup), schema(backup)) == (before, layout)
    connect(path).close()
    assert len(backups(path)) == 1  # nothing to migrate, nothing to back up


def test_a_migration_that_fails_half_way_changes_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old / "data" / "pressclip.db"
    before, layout = rows(path), schema(path)
    script = MIGRATIONS[FORMAT] + "INSERT INTO no_such_table VALUES (1);"
    monkeypatch.setattr(migrations, "MIGRATIONS", {**MIGRATIONS, FORMAT: script})
    with pytest.raises(StoreError, match="no_such_table"):
        connect(path)
    assert (rows(path), schema(path)) == (before, layout)


def test_a_migration_that_would_break_a_reference_changes_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old / "data" / "pressclip.db"
    before = rows(path)
    script = MIGRATIONS[FORMAT] + "DELETE FROM captures;"
    monkeypatch.setattr(migrations, "MIGRATIONS", {**MIGRATIONS, FORMAT: script})
    with pytest.raises(StoreError, match="refer to what is not there"):
        connect(path)
    assert rows(path) == before


def test_without_room_for_the_backup_nothing_is_changed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old / "data" / "pressclip.db"
    before = rows(path)
    with monkeypatch.context() as patch:
        patch.setattr("index.files.os.fsync", _no_space)
        with pytest.raises(DiskFullError, match="no space"):
            connect(path)
    assert rows(path) == before
    assert not backups(path)
    connect(path).close()
    assert len(backups(path)) == 1


def _no_space(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_only_the_two_newest_backups_and_no_unfinished_one_are_kept(old: Path) -> None:
    path = old / "data" / "pressclip.db"
    number = format_of_file(path)
    for day in range(1, 4):
        path.with_name(f"pressclip.db.format-0.2022010{day}T000000000000Z").touch()
    path.with_name(".pressclip.db.format-1.20220101T000000000000Z.17.new").touch()
    connect(path).close()
    assert [one.name[:22] for one in backups(path)] == [
        "pressclip.db.format-0.",
        f"pressclip.db.format-{number}.",
    ]
    assert not list(path.parent.glob(".*.new"))


def test_a_script_is_cut_at_its_statements_only() -> None:
    script = "INSERT INTO a VALUES ('x;y'); -- so;\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;\n"
    assert [one.strip()[:8] for one in statements(script)] == ["INSERT I", "-- so;\nC"]
