"""Keys that wait in memory and keys in the file lead to the same, at any moment and after any end."""

from __future__ import annotations

import random
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.families import keys
from index.families.fingerprint import unpack_keys
from index.families.reading import links
from index.families.schema import DDL
from index.store.database import Connection
from tests.test_index_families import (
    Desk,
    corpora,
    edited,
    families,
    made_words,
    make_article,
    sentences,
)

REPORT = sentences(1)
ARTICLES = {
    "first": make_article(REPORT),
    "copy": make_article(edited(REPORT, 0.05), outlet="harbour-daily.example", hour=2),
    "other": make_article(sentences(2), outlet="harbour-daily.example", hour=1),
}


@pytest.fixture(params=[1, 2, 1024], ids=lambda number: f"{number} may wait")
def waiting(request: pytest.FixtureRequest) -> Iterator[None]:
    with mock.patch.object(keys, "WAITING_TEXTS", request.param):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "families.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(DDL)
    return path


class FileDesk(Desk):
    """Families in a file, as one connection of several sees them."""

    def __init__(self, file: Path, articles: dict[str, Article] = ARTICLES) -> None:
        super().__init__(articles)
        self.connection.close()
        self.connection = sqlite3.connect(file, isolation_level=None, factory=Connection)
        weakref.finalize(self, self.connection.close)


def found(desk: Desk, table: str) -> int:
    (count,) = desk.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def start_anew(desk: Desk) -> None:
    """Have what waits read again, as a new process does."""
    desk.connection.execute("DELETE FROM waiting.read_at")
    keys.read_waiting(desk.connection)


def posted(desk: Desk) -> list[tuple[int, int, int]]:
    rows = desk.connection.execute(
        "SELECT * FROM main.family_keys UNION ALL SELECT * FROM waiting.family_keys"
    )
    return sorted(rows)


def expected_postings(desk: Desk) -> list[tuple[int, int, int]]:
    rows = desk.connection.execute("SELECT keys, core, text FROM family_texts")
    return sorted((key, core, text) for packed, core, text in rows for key in unpack_keys(packed))


@given(corpora(), st.randoms(use_true_random=False), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_families_do_not_depend_on_how_many_texts_wait(
    articles: dict[str, Article], chance: random.Random, waiting: int
) -> None:
    expected = families(articles)
    with mock.patch.object(keys, "WAITING_TEXTS", waiting):
        desk = Desk(articles)
        for name in [*articles, *chance.sample(sorted(articles), len(articles) // 2)]:
            if name in desk.families:
                desk.take(name)
            desk.add(name)
            start_anew(desk)
            assert posted(desk) == expected_postings(desk)
    assert desk.families == expected
    desk.connection.close()


@given(st.integers(0, 5_000_000))
def test_a_32nd_of_the_texts_waits_at_most_from_one_writing_to_the_next(newest: int) -> None:
    written = keys.last_written(newest)
    assert 0 <= newest - written < max(1024, newest / 32 + 1)
    assert keys.last_written(written) == written
    assert keys.last_written(newest + 1) in (written, newest + 1)


def test_the_latest_keys_wait_and_go_to_the_file_together() -> None:
    names = [f"a{number}" for number in range(6)]
    articles = {name: make_article(sentences(20 + n)) for n, name in enumerate(names)}
    with mock.patch.object(keys, "WAITING_TEXTS", 4):
        desk = Desk(articles).add(*names[:3])
        assert found(desk, "main.family_keys") == 0
        three = found(desk, "waiting.family_keys")
        desk.add(names[3])
        assert found(desk, "main.family_keys") > three
        assert found(desk, "waiting.family_keys") == 0
        desk.add(names[4])
        assert 0 < found(desk, "waiting.family_keys") < three
    desk.connection.close()


def test_a_copy_is_found_by_the_next_process(file: Path, waiting: None) -> None:
    for name in ("first", "other"):
        FileDesk(file).add(name).connection.close()
    desk = FileDesk(file).add("copy")
    assert desk.families == {"copy": "first"}
    desk.connection.close()


def test_what_another_process_placed_or_removed_is_seen(file: Path, waiting: None) -> None:
    one, two = FileDesk(file).add("other"), FileDesk(file)
    two.add("first")
    one.add("copy")
    assert one.families["copy"] == "first"
    two.take("copy").take("first")
    one.add("copy")
    assert one.families["copy"] == "copy"
    for desk in (one, two):
        desk.connection.close()


def test_nothing_leads_to_what_was_rolled_back(file: Path, waiting: None) -> None:
    desk = FileDesk(file)
    for before in ([], ["other"]):
        desk.add(*before)
        desk.connection.execute("BEGIN")
        desk.add("first")
        desk.connection.execute("ROLLBACK")
    desk.families.clear()
    desk.add("copy", "first")
    assert desk.families == {"copy": "first", "first": "first"}
    desk.connection.close()


def test_keys_of_a_desk_that_let_fewer_wait_are_taken_out_with_their_text(file: Path) -> None:
    with mock.patch.object(keys, "WAITING_TEXTS", 1):
        FileDesk(file).add("first", "other").connection.close()
    desk = FileDesk(file).add("copy")
    assert desk.families["copy"] == "first"
    desk.take("first").take("copy").take("other")
    assert found(desk, "main.family_keys") == found(desk, "waiting.family_keys") == 0
    desk.connection.close()


def test_what_waits_is_read_where_nothing_can_be_written(file: Path, waiting: None) -> None:
    passage = " ".join(made_words(4, 60))
    articles = {
        f"a{n}": make_article([*sentences(30 + n), passage], outlet=f"outlet-{n}.example", hour=n)
        for n in range(2)
    }
    FileDesk(file, articles).add(*articles).connection.close()
    desk = FileDesk(file, articles)
    desk.connection.close()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as readonly:
        assert [link.article for link in links(readonly, "a0", desk.text)] == ["a1"]


def test_what_waits_stays_when_a_core_falls_apart() -> None:
    copies = {
        f"copy{seed}": make_article(
            edited(REPORT, 0.25, seed=seed), outlet=f"outlet-{seed}.example", hour=seed
        )
        for seed in (3, 5)
    }
    desk = Desk({**ARTICLES, **copies})
    with mock.patch.object(keys, "WAITING_TEXTS", 3):
        desk.add("first", *copies, "other")
        assert desk.families["copy3"] == desk.families["copy5"] == "first"
        desk.take("first")
        assert desk.families["copy3"] != desk.families["copy5"]
        start_anew(desk)
    assert posted(desk) == expected_postings(desk)
    desk.connection.close()


def test_a_look_at_one_article_does_not_hide_what_else_waits(file: Path) -> None:
    FileDesk(file).add("first", "other").connection.close()
    desk = FileDesk(file)
    assert links(desk.connection, "other", desk.text) == ()
    desk.add("copy")
    assert desk.families["copy"] == "first"
    desk.connection.close()


def test_a_commonplace_is_one_in_the_file_and_in_what_waits(waiting: None) -> None:
    phrase = sentences(9, 2)
    articles = {
        f"a{n:02}": make_article([*sentences(30 + n, 8), *phrase], outlet=f"outlet-{n}.example")
        for n in range(60)
    }
    desk = Desk(articles).add(*articles)
    assert len(set(desk.families.values())) == 60
    marked = "SELECT key FROM main.family_keys WHERE core = 0"
    assert desk.connection.execute(marked).fetchone()
    assert found(desk, f"main.family_keys WHERE core > 0 AND key IN ({marked})") == 0
    start_anew(desk)
    assert links(desk.connection, "a59", desk.text) == ()
    desk.connection.close()


def test_a_copy_is_found_where_its_keys_lead_to_very_many_texts(waiting: None) -> None:
    report = made_words(8, 400)
    chance = random.Random(8)
    copies = {
        f"copy{number:02}": make_article(
            " ".join(word if chance.random() > 0.01 else f"{word}s" for word in report),
            title=f"Balloon report {number}",
            hour=number,
        )
        for number in range(80)
    }
    desk = Desk(copies).add(*copies)
    assert found(desk, "main.family_keys") + found(desk, "waiting.family_keys") > 1000
    assert set(desk.families.values()) == {"copy00"}
    desk.connection.close()
