from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.fulltext.indexer import update_index
from index.store import StoreWriter
from index.study.compare import Item, compare_groups, share_of
from search_cli.output.render import cells
from tests.conftest import ARTICLES, Said, record_article

Command = Callable[..., Said]


def read(said: Said) -> dict[tuple[str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(said.out))
    return {(row["group"], row["measure"]): row for row in rows}


def test_a_text_counts_once_and_a_reprint_as_carried_when_asked() -> None:
    items = [Item(1, 1, "a"), Item(2, 1, "b"), Item(3, 3, "b"), Item(4, 4, "b")]
    frames = {"f": frozenset({2})}
    (once,) = compare_groups({"g": items}, frames, {}, {})
    assert (once.frames["f"].count, once.frames["f"].total) == (1, 3)
    (carried,) = compare_groups({"g": items}, frames, {}, {}, carried=True)
    assert (carried.frames["f"].count, carried.frames["f"].total) == (1, 4)


def test_a_silent_group_and_an_unwatched_one_differ() -> None:
    groups: dict[str, list[Item]] = {"silent": [], "unknown": [Item(1, 1, "c")]}
    silent, unknown = compare_groups(groups, {}, {"a": 40}, {"silent": ["a"]})
    assert (silent.published.share, silent.published.total) == (0.0, 40)
    assert unknown.published.share is None
    assert unknown.published.interval is None


def test_an_interval_rests_on_outlets_where_there_are_some() -> None:
    assert share_of([(1, 10), (2, 10)]).drawn == "articles"
    assert share_of([(1, 10), (2, 10), (9, 10)]).drawn == "outlets"
    assert share_of([]).share is None


def test_groups_are_set_side_by_side(watched: Path, pressclip: Command) -> None:
    late = replace(ARTICLES[0], url="https://harbour-daily.example/2", text="An airship only.")
    late = replace(
        late, canonical_url=late.url, outlet="harbour-daily.example", title="Balloon two"
    )
    with StoreWriter.open(watched / "data" / "pressclip.db") as store:
        record_article(store, late, offset=99_000, run_id=1)
        update_index(store, watched / "data" / "index")
    rows = read(
        pressclip(
            "compare", "lang:en", "--by", "outlet", "--frame", "spies=spy", "--frame",
            "air=airship", "-f", "csv",
        )
    )  # fmt: skip
    assert rows["harbour-daily.example", "air"]["share"] == "0.5"
    assert rows["harbour-daily.example", "published"]["share"] == ""  # not crawled its lists
    assert rows["prairie-courier.example", "spies"]["count"] == "1"
    assert float(rows["prairie-courier.example", "published"]["share"]) < 1
    assert rows["harbour-daily.example", "published"]["total"] == ""
    assert rows["matin.example", "published"]["total"] == "0"  # watched, and silent in these days


def test_queries_are_set_side_by_side(corpus: Path, pressclip: Command) -> None:
    said = pressclip("compare", "lang:fr", "--vs", "lang:en", "--frame", "b=ballo*", "-f", "csv")
    rows = read(said)
    assert rows["lang:fr", "b"]["total"] == "1"
    assert rows["lang:en", "b"]["articles"] == "3"


def test_frames_are_those_of_the_story(corpus: Path, pressclip: Command) -> None:
    path = corpus / "stories" / "balloon.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[frames]\nspies = {{ en = 'spy' }}\n", "utf-8")
    rows = read(pressclip("compare", "story:balloon", "--by", "lang", "-f", "csv"))
    assert rows["en", "spies"]["share"] == "0.5"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["*"], "needs either --by or --vs"),
        (["*", "--by", "lang", "--vs", "x"], "needs either --by or --vs"),
        (["*", "--by", "lang", "--frame", "x"], "not NAME=QUERY"),
        (["*", "--by", "tongue"], "no such group"),
    ],
)
def test_what_cannot_be_compared_is_said(
    corpus: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip("compare", *args)
    assert (said.status, said.out) == (2, "")
    assert error in said.err


def test_nothing_is_told_of_nothing(corpus: Path, pressclip: Command) -> None:
    said = pressclip("compare", "nosuchword", "--by", "lang", "--json")
    assert (said.status, said.out) == (1, "[]\n")


def test_a_table_fits_the_screen(
    corpus: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = pressclip("compare", "*", "--by", "outlet,lang", "--frame", "b=ballo*", "-f", "table")
    assert all(cells(line) <= 80 for line in said.out.splitlines()[1:])
    assert "95%" in said.err


def test_long_queries_stand_above_their_table_under_letters(
    corpus: Path, pressclip: Command
) -> None:
    one, other = (f"balloon OR {' OR '.join(f'{word}{n}' for n in range(9))}" for word in "ab")
    lines = pressclip("compare", one, "--vs", other, "-f", "table").out.splitlines()
    assert lines[0].startswith("A  balloon OR a0 OR a1")
    assert lines[1].endswith("b8")
    assert [line.split()[0] for line in lines[2:]] == ["query", "A", "B"]
    assert all(cells(line) <= 80 for line in lines[2:])
