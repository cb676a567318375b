"""`pressclip doctor`: it says where each setting comes from and what is wrong; `--fix` mends it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.store import StoreWriter
from index.workspace.lock import hold
from tests.conftest import _article, record_article
from tests.test_cli_verify import archive_file, make_data, spoil_table
from tests.test_index_migrations import lay_out

Command = Callable[..., Any]


@pytest.fixture
def data(desk: Path) -> Path:
    make_data(desk / "data")
    return desk / "data"


def rows(pressclip: Command, *options: str) -> dict[str, dict[str, str]]:
    said = pressclip(*options, "doctor", "--json")
    return {row["what"]: row for row in json.loads(said.out)}


def test_each_setting_is_shown_with_where_it_comes_from(
    data: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    told = rows(pressclip, "--tz", "Asia/Tokyo")
    assert told["contact"]["value"] == "desk@clippings.example  (workspace.toml)"
    assert told["delay"]["value"] == "2 s  (default)"
    assert told["tz"]["value"] == "Asia/Tokyo  (--tz)"
    assert told["color"]["value"] == "auto  ($NO_COLOR)"
    assert rows(pressclip)["tz"]["value"] == "Europe/Paris  (workspace.toml)"
    assert {"Python", "SQLite", "scrapy", "lxml"} <= set(told)


def test_a_whole_workspace_has_no_fault(data: Path, pressclip: Command) -> None:
    assert pressclip("doctor").status == 0
    assert rows(pressclip)["archive, store, index"]["value"] == "agree"
    said = pressclip("doctor", "--fix")
    assert (said.status, "nothing needed repair" in said.err) == (0, True)


def _tear_tail(data: Path) -> None:
    with archive_file(data).open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00torn")


def _open_again(data: Path) -> None:
    path = archive_file(data)
    path.rename(path.with_name(path.name + ".open"))


def _lose_index(data: Path) -> None:
    shutil.rmtree(data / "index")


def _damage_index(data: Path) -> None:
    [file, *_] = [path for path in (data / "index").rglob("*.seg") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-40] + b"x" * 40)


def _leave_drafts(data: Path) -> None:
    (data / "replay.db").write_bytes(b"half")
    (data / ".pressclip.db.17.new").write_bytes(b"half")
    shutil.rmtree(data / "index")


@pytest.mark.parametrize(
    "harm", [_tear_tail, _open_again, _lose_index, _damage_index, _leave_drafts]
)
def test_what_can_be_mended_is_mended(
    data: Path, pressclip: Command, harm: Callable[[Path], None]
) -> None:
    harm(data)
    assert pressclip("verify").out
    fixed = pressclip("doctor", "--fix")
    assert fixed.status == 0, fixed.err
    assert (pressclip("verify").status, pressclip("verify").out) == (0, "")
    assert pressclip("search", "balloon", "--count").out.strip() == "3"
    assert not list(data.glob("replay.db*"))
    assert not list(data.glob(".*"))


def test_an_older_database_is_brought_up(
    tmp_path: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lay_out(1, tmp_path / "old"))
    assert pressclip("doctor").status == 4
    assert pressclip("doctor", "--fix").status == 0
    assert pressclip("verify").status == 0


def test_a_store_that_is_lost_or_damaged_is_left_to_replay(data: Path, pressclip: Command) -> None:
    database = data / "pressclip.db"
    database.write_bytes(b"this is no database" * 100)
    damaged = pressclip("doctor", "--fix")
    assert (damaged.status, "replay" in damaged.out + damaged.err) == (4, True)
    for path in data.glob("pressclip.db*"):
        path.unlink()
    lost = pressclip("doctor", "--fix")
    assert (lost.status, "pressclip replay" in lost.out) == (4, True)


@pytest.mark.parametrize("option", [[], ["--fix"]], ids=["look", "fix"])
def test_of_a_store_damaged_within_doctor_tells_the_rest(
    data: Path, pressclip: Command, option: list[str]
) -> None:
    spoil_table(data / "pressclip.db", "robots")
    said = pressclip("doctor", *option)
    assert said.status == 4
    assert "min_free" in said.out
    assert "pressclip replay" in said.out


def test_too_little_disk_is_a_fault(data: Path, desk: Path, pressclip: Command) -> None:
    (desk / "workspace.toml").write_text("min_free = 1_000_000_000\n")
    said = pressclip("doctor")
    assert (said.status, "too little to crawl" in said.out) == (4, True)


def test_a_lock_that_is_held_is_told_and_never_broken(data: Path, pressclip: Command) -> None:
    assert "lock" not in rows(pressclip)
    with hold(data / "lock"):
        assert "in use by another command" in rows(pressclip)["lock"]["value"]
        assert pressclip("doctor", "--fix").status == 75
    assert pressclip("doctor", "--fix").status == 0


def test_texts_that_are_not_those_of_their_articles_are_told(
    data: Path, desk: Path, pressclip: Command
) -> None:
    notice = (
        "We and our partners keep small files on your device to remember what you chose, to count our"
        " readers and to show what may be of interest to you. You can say yes or no to each of these"
        " purposes, now and at any later time, with the button at the foot of every page of ours."
    )
    with StoreWriter.open(data / "pressclip.db") as store:
        run_id = store.ledger.start_run("crawl")
        for number, title in enumerate(("Balloon over Harrow Bend", "Spy balloon sinks at dawn")):
            item = _article("harbour-daily.example", f"n{number}", title, notice, language="fr")
            record_article(store, item, offset=80_000 + number, run_id=run_id)
    told = rows(pressclip)["harbour-daily.example"]
    assert told["value"] == "2 articles: one text under unrelated headlines"
    assert (told["part"], told["state"]) == ("extraction", "check")
