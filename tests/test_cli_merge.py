"""`pressclip merge` on the command line: what it says, and what it refuses in one line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.article import isoformat
from index.workspace import Workspace
from index.workspace.lock import hold
from tests.conftest import Said
from tests.merging import OUTLETS, STORY, crawl, dump, make_desk, press, without_encoder
from tests.test_index_migrations import format_of_file, lay_out

Run = Callable[..., Said]
__all__ = ["without_encoder"]
SHOTS = press()[:6]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty desk, and beside it one that has crawled a little; the folder of both is the current one."""
    monkeypatch.chdir(tmp_path)
    crawl(make_desk(tmp_path / "north"), SHOTS)
    return make_desk(tmp_path / "hub", (), story="")


def execute(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()


def test_outlets_and_stories_come_along_and_all_can_be_searched(
    hub: Workspace, pressclip: Run
) -> None:
    said = pressclip("-C", "hub", "merge", "north")
    assert said.status == 0
    assert said.err.splitlines()[1:3] == [
        "  outlets new here: courier.example, harbour.example, ledger.example, signal.example",
        "  stories new here: balloon",
    ]
    assert "merge: 1 desk → 6 captures, 6 new and 0 edited articles (files: 1 linked)" in said.err
    assert pressclip("-C", "hub", "search", "story:balloon", "--count").out.strip() == "3"
    assert pressclip("-C", "hub", "verify").status == 0


def test_a_dry_run_tells_what_each_desk_would_bring_and_changes_nothing(
    hub: Workspace, pressclip: Run
) -> None:
    before = sorted(hub.root.rglob("*"))
    said = pressclip("-C", "hub", "merge", "north", "--dry-run")
    assert "6 new captures, 6 new articles in 1 file" in said.err
    assert said.err.splitlines()[-1] == "merge --dry-run: nothing was changed"
    report = json.loads(pressclip("-C", "hub", "merge", "north", "--dry-run", "--json").out)
    assert report["desks"][0]["stories"] == ["balloon"]
    assert [path for path in sorted(hub.root.rglob("*")) if path.name != "lock"] == before


def test_the_report_is_there_as_json(hub: Workspace, pressclip: Run) -> None:
    report = json.loads(pressclip("-C", "hub", "merge", "north", "--json").out)
    assert (report["captures"], report["new"], report["files"]) == (6, 6, {"linked": 1})
    assert report["desks"][0]["outlets"] == list(OUTLETS)


@pytest.mark.parametrize(
    ("desks", "status", "says"),
    [
        (["hub"], 2, "hub: a desk cannot be merged into itself"),
        (["north", "hub/../north"], 2, "hub/../north: named twice"),
        (["."], 2, ".: no desk: there is no workspace.toml in it"),
        (["nowhere"], 2, "nowhere: no desk: there is no workspace.toml in it"),
    ],
    ids=["itself", "twice", "no desk", "no folder"],
)
def test_what_cannot_be_merged_is_refused_before_anything_is_taken(
    hub: Workspace, pressclip: Run, desks: list[str], status: int, says: str
) -> None:
    said = pressclip("-C", "hub", "merge", "north" if desks != ["hub"] else "hub", *desks[:1])
    said = pressclip("-C", "hub", "merge", *desks)
    assert (said.status, said.err.splitlines()[0]) == (status, f"error: {says}")
    assert not hub.archive_dir.exists()


def test_a_desk_that_crawls_is_refused(hub: Workspace, pressclip: Run) -> None:
    with hold(Path("north/data/lock")):
        said = pressclip("-C", "hub", "merge", "north")
    assert said.status == 75
    assert "north/data: workspace is locked by another command" in said.err


def test_a_desk_of_a_newer_program_is_refused(hub: Workspace, pressclip: Run) -> None:
    execute(Path("north/data/pressclip.db"), "PRAGMA user_version = 99")
    said = pressclip("-C", "hub", "merge", "north")
    assert said.status == 4
    assert "north/data/pressclip.db: written by a newer pressclip (format 99" in said.err


def test_a_desk_of_an_older_program_is_read_and_stays_as_it_is(
    hub: Workspace, pressclip: Run, tmp_path: Path
) -> None:
    old = lay_out(2, tmp_path / "old")
    said = pressclip("-C", "hub", "merge", "old")
    assert said.status == 0, said.err
    assert "6 captures, 4 new and 1 edited articles" in said.err
    assert format_of_file(old / "data" / "pressclip.db") == 2
    assert not list(hub.data.glob(".merge-*"))


def test_a_desk_that_has_crawled_nothing_is_named(
    hub: Workspace, pressclip: Run, tmp_path: Path
) -> None:
    make_desk(tmp_path / "empty")
    said = pressclip("-C", "hub", "merge", "empty")
    assert said.status == 4
    assert "empty/data/pressclip.db: no corpus here yet" in said.err


def test_a_story_that_differs_is_said_and_the_one_here_stays(
    hub: Workspace, pressclip: Run
) -> None:
    own = STORY.replace("airship", "bridge")
    hub.stories_dir.joinpath("balloon.toml").write_text(own)
    said = pressclip("-C", "hub", "merge", "north")
    assert "  story balloon differs there: the one here counts" in said.err
    assert hub.story_file("balloon").read_text() == own


@pytest.mark.parametrize("how", [["--dry-run"], []], ids=["told", "done"])
def test_of_two_desks_with_a_story_of_one_id_the_first_counts(
    hub: Workspace, pressclip: Run, tmp_path: Path, how: list[str]
) -> None:
    other = make_desk(tmp_path / "south", story=STORY.replace("airship", "bridge"))
    crawl(other, SHOTS[:1])
    lines = pressclip("-C", "hub", "merge", "north", "south", *how).err.splitlines()
    south = lines.index(f"{other.root}: 1 new capture, 1 new article in 1 file")
    assert lines[south + 1] == "  story balloon differs there: the one here counts"
    assert "  stories new here: balloon" in lines[:south]
    if not how:
        assert hub.story_file("balloon").read_text() == STORY


def test_a_clock_that_is_ahead_is_said(hub: Workspace, pressclip: Run) -> None:
    later = isoformat(datetime.now(UTC) + timedelta(hours=3, minutes=1))
    execute(Path("north/data/pressclip.db"), f"UPDATE runs SET started = '{later}'")
    assert "its clock is 3 h ahead of this one" in pressclip("-C", "hub", "merge", "north").err


def test_an_outlet_at_a_private_address_has_to_be_allowed(
    hub: Workspace, pressclip: Run, tmp_path: Path
) -> None:
    with (tmp_path / "north" / "outlets.toml").open("a") as file:
        file.write('[[outlet]]\nid = "intranet"\nurl = "http://10.0.0.7/"\n')
    with (tmp_path / "north" / "workspace.toml").open("a") as file:
        file.write("allow_private = true\n")
    said = pressclip("-C", "hub", "merge", "north")
    assert said.status == 2
    assert "intranet: http://10.0.0.7/ is a private address" in said.err
    assert "allow_private = true" in said.err
    assert "courier" not in hub.outlets_file.read_text()


def test_a_forget_that_was_killed_there_has_to_be_finished(hub: Workspace, pressclip: Run) -> None:
    execute(Path("north/data/pressclip.db"), "INSERT INTO rewrites VALUES ('a.warc.gz', '')")
    said = pressclip("-C", "hub", "merge", "north")
    assert said.status == 2
    assert "a forget was killed there before it was done" in said.err


def test_a_file_that_is_lost_there_is_named_and_the_articles_come(
    hub: Workspace, pressclip: Run, tmp_path: Path
) -> None:
    for path in (tmp_path / "north" / "data" / "archive").rglob("*.warc.gz"):
        path.unlink()
    said = pressclip("-C", "hub", "merge", "north")
    assert "is missing there: its articles come without their pages" in said.err
    assert "6 new and 0 edited articles" in said.err


def test_what_was_forgotten_there_and_is_here_is_named(hub: Workspace, pressclip: Run) -> None:
    pressclip("-C", "hub", "merge", "north")
    assert pressclip("--no-input", "-C", "north", "forget", SHOTS[0].url).status == 0
    said = pressclip("-C", "hub", "merge", "north")
    assert said.err.splitlines()[1].startswith("1 article here that another desk has forgotten: ")


def test_the_other_desk_is_only_read(hub: Workspace, pressclip: Run, tmp_path: Path) -> None:
    north = Workspace.load(tmp_path / "north")
    before = dump(north)
    pressclip("-C", "hub", "merge", "north")
    assert dump(north) == before
