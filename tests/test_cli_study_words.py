from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.fulltext.indexer import update_index
from index.store import StoreWriter
from search_cli.output.render import cells
from search_cli.view.context_lines import read_places, words_at
from tests.conftest import ARTICLES, Said, record_article

Command = Callable[..., Said]


@pytest.fixture
def worded(corpus: Path) -> Path:
    """The corpus with four more articles of the courier and four of the harbour daily."""
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for number in range(8):
            here = "prairie-courier.example" if number < 4 else "harbour-daily.example"
            said = "a spy balloon of spies" if number < 4 else "a civilian airship, and an airship"
            url = f"https://{here}/{number}"
            article = replace(
                ARTICLES[0], url=url, canonical_url=url, outlet=here, title=f"Balloon {number}",
                text=" ".join(f"Word{number}x{n} {said} in the sky, they told us." for n in range(6)),
            )  # fmt: skip
            record_article(store, article, offset=60_000 + number, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


def read_csv(said: Said) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said.out)))


def test_keywords_set_two_sides_apart(worded: Path, pressclip: Command) -> None:
    args = ("keywords", "outlet:prairie-courier.example", "--vs", "outlet:harbour-daily.example")
    said = pressclip(*args, "-f", "csv")
    rows = read_csv(said)
    assert said.status == 0
    assert next(row["word"] for row in rows if row["side"] == "own") == "spy"
    assert next(row["word"] for row in rows if row["side"] == "other") == "airship"
    assert "p < 0.001 (Holm), " in said.err
    table = pressclip(*args, "-f", "table").out
    assert "more in outlet:harbour-daily.example" in table
    assert all(cells(line) <= 80 for line in table.splitlines()[1:])


def test_an_empty_side_and_an_unknown_word_are_told(worded: Path, pressclip: Command) -> None:
    said = pressclip("keywords", "*", "--vs", "nosuchword", "--json")
    assert (said.status, said.out) == (1, "[]\n")
    assert "Nothing to compare with: --vs nosuchword has no article in en" in said.err
    assert pressclip("keywords", "nosuchword").status == 1
    said = pressclip("collocates", "nosuchword")
    assert said.status == 1
    assert "nosuchword stands 0 times in 0 articles" in said.err
    assert pressclip("collocates", "spy balloon").status == 2


def test_one_language_is_studied_unless_all_are_asked_for(worded: Path, pressclip: Command) -> None:
    args = ("collocates", "balloon", "story:balloon", "-f", "table")
    assert "en (3 in other languages left out)" in pressclip(*args).out
    assert "all languages" in pressclip(*args, "--mixed").out


def test_collocates_are_rows_for_a_program(worded: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("collocates", "balloon,airship", "--left", "-w", "1", "--json").out)
    assert {row["word"] for row in rows} >= {"spy", "civilian"}
    assert all(row["right"] == 0 for row in rows)


def test_lines_are_sorted_by_the_words_beside_the_match(worded: Path, pressclip: Command) -> None:
    rows = read_csv(pressclip("kwic", "balloon", "--sort", "1L,1R", "-f", "csv", "--all"))
    keys = [words_at(row, [-1, 1]) for row in rows]
    assert keys == sorted(keys)
    assert len({tuple(key) for key in keys}) > 1
    assert read_places("1R,12l") == [1, -12]
    said = pressclip("kwic", "balloon", "--sort", "sideways")
    assert (said.status, said.out) == (2, "")
    assert "no such order" in said.err


def test_a_plot_shows_where_in_the_articles_the_matches_stand(
    worded: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = pressclip("kwic", "airship", "--plot", "-f", "table").out.splitlines()
    assert " · DP 0.00 over " in lines[0]
    assert all(cells(line) <= 80 for line in lines[1:])
    rows = read_csv(pressclip("kwic", "airship", "--plot", "-f", "csv"))
    assert all(0 <= float(row["place"]) <= 1 for row in rows)


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        (["keywords", "title:elevators"], 1, "words tested"),
        (["keywords", "*", "--mixed"], 1, "the rest of the corpus has no article."),
        (["collocates", "nosuchword", "title:elevators"], 1, "stands 0 times"),
        (["compare", "title:elevators", "--by", "outlet"], 0, ""),
        (["compare", "nosuchword", "--by", "outlet"], 1, "No articles match."),
        (["quotes", "title:elevators"], 1, "No quotes found"),
        (["edits", "title:elevators"], 1, "no such edits found"),
        (["kwic", "title:elevators"], 0, ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_of_one_article_or_none_a_study_says_what_there_is(
    corpus: Path, pressclip: Command, command: list[str], status: int, told: str
) -> None:
    said = pressclip(*command)
    assert (said.status, told in said.err) == (status, True)
    assert "Traceback" not in said.err


def test_two_sides_of_a_word_are_not_asked_for_by_both_options(
    worded: Path, pressclip: Command
) -> None:
    said = pressclip("collocates", "balloon", "--left", "--right")
    assert said.status == 2
    assert "--left and --right cannot be used together" in said.err
    rows = json.loads(pressclip("collocates", "balloon", "--right", "-w", "1", "--json").out)
    other = json.loads(pressclip("collocates", "balloon", "--left", "-w", "1", "--json").out)
    assert rows != other
