"""A crawl on a disk that will not take more: it stops cleanly, reading goes on, the next one completes it."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.crawling import KEPT, Desk, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with small_desk(tmp_path / "desk") as made:
        yield made


def assert_completed(desk: Desk) -> None:
    assert desk.pressclip("crawl").returncode == 0
    assert desk.titles() == KEPT
    assert desk.pressclip("verify").returncode == 0
    assert desk.pressclip("search", "balloon", "--count").stdout.strip() == "4"


def test_a_crawl_stops_before_the_disk_is_full_and_the_next_one_continues(desk: Desk) -> None:
    (desk.root / "workspace.toml").write_text("delay = 0.0\nmin_free = 1_000_000_000\n")
    done = desk.pressclip("crawl")
    assert done.returncode == 4
    assert "under min_free = 1,000,000,000" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(desk.served.visits) <= 2  # robots.txt of the two outlets, and nothing after it
    (desk.root / "workspace.toml").write_text("delay = 0.0\n")
    assert_completed(desk)


@pytest.mark.parametrize("kib", [8, 60, 200])
def test_a_disk_that_takes_no_more_ends_a_crawl_with_4_and_loses_nothing(
    desk: Desk, kib: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (kib * 1024, kib * 1024))
    for name in [name for name in os.environ if name.startswith("COVERAGE")]:
        monkeypatch.delenv(name)  # its own data would not fit either
    done = desk.pressclip("crawl", preexec_fn=limit)
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")
    database = desk.root / "data" / "pressclip.db"
    if database.exists() and database.stat().st_size:
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert "Traceback" not in desk.pressclip("search", "balloon").stderr
    assert_completed(desk)
