"""Desks handed from machine to machine by whole copies: what is the same, what is refused, what is kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import DiskFullError, StorageError
from index.maintenance import handover
from index.maintenance.handover import (
    MANIFEST,
    drop_generations,
    hand_in,
    mark_in_use,
    note_handed_in,
    read_copy,
    take_up,
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    root = tmp_path / "north"
    (root / "data" / "archive").mkdir(parents=True)
    (root / "workspace.toml").write_text("min_free = 0\n")
    (root / "data" / "archive" / "a.warc.gz").write_bytes(b"a" * 5000)
    (root / "data" / "lock").write_text("12")
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE said (it)")
    return root


def say(desk: Path, text: str) -> sqlite3.Connection:
    """Write a row, and leave it in the log, as a crawl that is killed does."""
    connection = sqlite3.connect(desk / "data" / "pressclip.db", isolation_level=None)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("INSERT INTO said VALUES (?)", (text,))
    return connection


def said(desk: Path) -> list[str]:
    with closing(sqlite3.connect(desk / "data" / "pressclip.db")) as connection:
        return [text for (text,) in connection.execute("SELECT it FROM said")]


def tree(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_a_desk_is_the_same_after_it_was_handed_on(desk: Path, tmp_path: Path) -> None:
    take_up(hand_in(desk, tmp_path / "depot" / "north", "000001-a"), tmp_path / "b" / "north")
    assert tree(tmp_path / "b" / "north") == tree(desk) - {"data/lock"}
    copy = tmp_path / "b" / "north" / "data" / "archive" / "a.warc.gz"
    assert copy.read_bytes() == b"a" * 5000


def test_what_stands_in_the_log_of_a_killed_crawl_is_handed_on(desk: Path, tmp_path: Path) -> None:
    with closing(say(desk, "in the log")):
        assert (desk / "data" / "pressclip.db-wal").stat().st_size
        generation = hand_in(desk, tmp_path / "shelf", "000001-a")
    assert said(generation) == ["in the log"]
    assert not list(generation.rglob("*-wal"))


def test_only_what_changed_is_copied(desk: Path, tmp_path: Path) -> None:
    shelf, other = tmp_path / "shelf", tmp_path / "other"
    take_up(hand_in(desk, shelf, "000001-a"), other)
    mark_in_use(other)
    (other / "data" / "archive" / "b.warc.gz").write_bytes(b"b")
    second = hand_in(other, shelf, "000002-b")
    first = shelf / "000001-a"
    name = "data/archive/a.warc.gz"
    assert (second / name).stat().st_ino == (first / name).stat().st_ino
    note_handed_in(other, second)
    kept = (other / name).stat().st_ino
    take_up(second, other)
    assert (other / name).stat().st_ino == kept


def test_a_file_that_is_gone_in_the_newer_generation_goes(desk: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    take_up(hand_in(desk, tmp_path / "shelf", "000001-a"), other)
    (desk / "data" / "archive" / "a.warc.gz").rename(desk / "data" / "archive" / "c.warc.gz")
    take_up(hand_in(desk, tmp_path / "shelf", "000002-b"), other)
    assert [path.name for path in (other / "data" / "archive").iterdir()] == ["c.warc.gz"]


def test_a_damaged_copy_is_refused_and_takes_no_files_place(desk: Path, tmp_path: Path) -> None:
    generation = hand_in(desk, tmp_path / "shelf", "000001-a")
    (generation / "data" / "archive" / "a.warc.gz").write_bytes(b"a" * 4999 + b"b")
    with pytest.raises(StorageError, match=r"a\.warc\.gz: damaged"):
        take_up(generation, tmp_path / "other")
    assert not (tmp_path / "other" / "data" / "archive" / "a.warc.gz").exists()


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (shutil.rmtree, "is not there"),
        (lambda root: (root / MANIFEST).write_text("{"), "damaged"),
        (lambda root: (root / MANIFEST).write_text('{"format": 9, "files": {}}'), "of format 9"),
    ],
    ids=["gone", "torn", "newer"],
)
def test_a_generation_that_cannot_be_read_is_refused(
    desk: Path, tmp_path: Path, break_it: Callable[[Path], object], told: str
) -> None:
    generation = hand_in(desk, tmp_path / "shelf", "000001-a")
    break_it(generation)
    with pytest.raises(StorageError, match=told):
        take_up(generation, tmp_path / "other")


def test_a_copy_that_would_not_fit_is_not_begun(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = hand_in(desk, tmp_path / "shelf", "000001-a")
    monkeypatch.setattr(handover, "SPARE", 2**60)
    with pytest.raises(DiskFullError, match="MiB to be copied and"):
        take_up(generation, tmp_path / "other")
    assert tree(tmp_path / "other") == set()


def test_a_copy_cut_off_is_made_whole_by_digest(desk: Path, tmp_path: Path) -> None:
    generation, other = hand_in(desk, tmp_path / "shelf", "000001-a"), tmp_path / "other"
    take_up(generation, other)
    (other / "data" / "archive" / "a.warc.gz").write_bytes(b"x" * 5000)
    notes = handover.copy_file(other)
    notes.write_text(notes.read_text().replace("handed in", "taking"))
    take_up(generation, other)
    assert (other / "data" / "archive" / "a.warc.gz").read_bytes() == b"a" * 5000


def test_a_copy_says_whether_it_holds_what_no_other_has(desk: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    take_up(hand_in(desk, tmp_path / "shelf", "000001-a"), other)
    first = read_copy(other)
    mark_in_use(other)
    second = read_copy(other)
    assert (first and first.is_unfinished, second and second.is_unfinished) == (False, True)


def test_a_hand_in_that_fails_leaves_the_depot_as_it_was(desk: Path, tmp_path: Path) -> None:
    (desk / "data" / "pressclip.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError, match="cannot be copied"):
        hand_in(desk, tmp_path / "shelf", "000001-a")
    assert list((tmp_path / "shelf").iterdir()) == []


def test_the_newest_generation_and_the_one_before_it_are_kept(desk: Path, tmp_path: Path) -> None:
    for name in ("000001-a", "000002-b", "000003-c"):
        hand_in(desk, tmp_path / "shelf", name)
    (tmp_path / "shelf" / ".draft-000003-d").mkdir()
    drop_generations(tmp_path / "shelf", "000003-c")
    assert sorted(path.name for path in (tmp_path / "shelf").iterdir()) == ["000002-b", "000003-c"]
