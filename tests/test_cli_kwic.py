from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus import open_corpus
from index.corpus.concordance import contexts_of
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from index.text.analysis import analyse_text
from search_cli.output.render import cells
from tests.conftest import ARTICLES, NOON, Said, record_article

Command = Callable[..., Said]
NONE: dict[str, list[list[tuple[int, int]]]] = {"title": [], "lead": [], "text": []}


def test_each_match_stands_in_its_line(corpus: Path, pressclip: Command) -> None:
    rows = csv.DictReader(
        io.StringIO(
            pressclip("kwic", "prairie outlet:harbour-daily.example", "-w", "2", "-f", "csv").out
        )
    )
    assert [(row["zone"], row["left"], row["match"], row["right"]) for row in rows] == [
        ("title", "balloon crosses ", "prairie", ""),
        ("text", "crossed the ", "prairie", " on Saturday"),
    ]


def test_reprints_are_read_only_on_request(corpus: Path, pressclip: Command) -> None:
    assert len(pressclip("kwic", "elevator").out.splitlines()) == 2
    assert len(pressclip("kwic", "elevator", "--all").out.splitlines()) == 3


def test_chinese_is_never_cut_inside_a_letter(corpus: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("kwic", "飞艇", "-w", "4", "--json").out)
    assert [(row["left"], row["match"], row["right"]) for row in rows][:2] == [
        ("民用无人", "飞艇", "误入"),
        ("人表示，该", "飞艇", "属民用性"),
    ]


@pytest.mark.parametrize("columns", ["50", "80", "200"])
def test_a_table_puts_the_matches_one_under_the_other(
    corpus: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = pressclip("kwic", "balloon OR 飞艇 OR ballon OR منطاد", "-f", "table", "-n", "99").out
    head, *shown = lines.splitlines()
    assert head.endswith(" · 6 articles, 5 texts · Europe/Paris")
    assert len({cells(line.partition("│")[0]) for line in shown}) == 1
    assert all(cells(line) <= int(columns) for line in shown)


def test_more_lines_are_told_of(corpus: Path, pressclip: Command) -> None:
    lines = pressclip("kwic", "balloon", "-f", "table", "-n", "1").out.splitlines()
    assert lines[-1] == "1 line shown; -n 5 shows more"


def test_a_query_without_words_has_no_lines(corpus: Path, pressclip: Command) -> None:
    said = pressclip("kwic", "lang:en")
    assert (said.status, said.out) == (2, "")
    assert "no word to show in context" in said.err
    assert pressclip("kwic", "nosuchword").status == 1


def test_an_article_edited_since_is_read_as_it_is_now(corpus: Path, pressclip: Command) -> None:
    text = f"Updated on Sunday. {ARTICLES[1].text}"
    edited = replace(ARTICLES[1], text=text, fetched=NOON + timedelta(hours=9))
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, edited, offset=70_000, run_id=1)
    out = pressclip("kwic", "Nobody outlet:harbour-daily.example", "-w", "1", "--json").out
    assert [(row["left"], row["match"]) for row in json.loads(out)] == [("sea. ", "Nobody")]
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        update_index(store, corpus / "data" / "index")
    assert pressclip("kwic", "Nobody outlet:harbour-daily.example", "-w", "1", "--json").out == out


def test_the_marks_are_those_of_a_search(corpus: Path) -> None:
    with open_corpus(corpus) as opened:
        hits = opened.search("prairie outlet:harbour-daily.example")
        (ranked,) = hits.ranked
        marks = opened.marks_of(hits.matches, ranked, hits[0].stored)
        (title, _) = contexts_of(hits[0].stored.article, marks, words=3)
    start, end = hits[0].title_marks[0]
    assert title.match == hits[0].title[start:end]


def test_the_lead_is_read_where_the_text_has_no_match() -> None:
    article = replace(
        ARTICLES[0], title="A", description="The lead tells it.", text="Nothing here."
    )
    (found,) = contexts_of(article, NONE | {"lead": [[(1, 1)]]}, words=1)
    assert (found.zone, found.left, found.match, found.right) == ("lead", "The ", "lead", " tells")
    assert not list(contexts_of(article, NONE | {"text": [[(9, 9)]]}, words=1))


@given(
    st.text("ab é飞艇。\n", max_size=40),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), max_size=6),
    st.integers(0, 5),
)
def test_contexts_are_stretches_of_the_text(
    text: str, places: list[tuple[int, int]], words: int
) -> None:
    article = replace(ARTICLES[0], title="", text=text, language="zh")
    spans = [(start, start + length) for start, length in places]
    plain = "".join(" " if letter.isspace() else letter for letter in text)
    found = list(contexts_of(article, NONE | {"text": [spans]}, words=words))
    assert all(f"{one.left}{one.match}{one.right}" in plain for one in found)
    assert len(found) <= len(analyse_text(text, "zh").tokens)
