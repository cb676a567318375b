from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.fulltext.indexer import rebuild_index, update_index
from index.fulltext.searcher import FACETS
from index.query import FLAGS
from index.store import StoreWriter
from search_cli.commandline.topics import PAGES
from search_cli.view.faceting import split_names
from tests.conftest import ARTICLES, NOON, Said, record_article

Command = Callable[..., Said]
FLAG = re.compile(r"(?<=  )([a-z-]+) {2,}(?=[a-z])")
HOUR = timedelta(hours=1)


def flags_of_help() -> list[str]:
    """The values of `is:` that the page on fields names."""
    page = (PAGES / "fields.txt").read_text("utf-8")
    block = page[page.index("  is:X") : page.index("Several values")].replace("is:X", "")
    return FLAG.findall(block)


def add(desk: Path, *articles: Article) -> None:
    """Put articles, or new texts of them, into the store and the index."""
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        for number, article in enumerate(articles):
            record_article(store, article, offset=90_000 + 1000 * number, run_id=1)
        update_index(store, desk / "data" / "index")


@pytest.mark.parametrize("facet", FACETS)
def test_the_counts_of_a_facet_are_those_of_a_search(
    corpus: Path, pressclip: Command, facet: str
) -> None:
    field = {"day": "date"}.get(facet, facet)
    answer = json.loads(pressclip("search", "*", "--facet", facet, "--json").out)
    assert (answer["articles"], answer["texts"]) == (6, 5)
    for value, count in answer["facets"][facet].items():
        query = f'{field}:"{value}"' if value else "is:undated"
        assert pressclip("search", query, "--count").out == f"{count}\n"


def test_facets_are_tables_with_bars_for_a_person(corpus: Path, pressclip: Command) -> None:
    lines = pressclip("search", "*", "--facet", "lang,date", "-f", "table").out.splitlines()
    assert lines[0] == "* · 6 articles, 5 texts · Europe/Paris"
    assert lines[2:4] == ["lang", f"en  3  {'█' * 24}"]
    assert "undated     1  ██████" in lines


def test_facets_are_rows_for_a_program(corpus: Path, pressclip: Command) -> None:
    assert pressclip("search", "*", "--facet", "lang", "-n", "1").out == "lang\ten\t3\n"
    out = pressclip("search", "is:reprint", "--facet", "outlet", "-f", "csv").out
    assert out == "facet,value,articles\r\noutlet,harbour-daily.example,1\r\n"


def test_a_facet_named_twice_is_one() -> None:
    assert split_names("lang, date,language,") == ("lang", "day")


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["x", "--peek"], "--peek works only with --new"),
        (["x", "--facet", "lang", "--count"], "--facet and --count cannot be used together"),
        (["x", "--facet", "lang", "-f", "bib"], "--facet has no format bib"),
        (["balloon", "--facet", "colour"], "no such facet: colour"),
        (["--like", "zz"], "no such article: zz"),
        ([], "no query given"),
    ],
    ids=["peek alone", "facet count", "facet bib", "no facet", "like nobody", "nothing"],
)
def test_what_makes_no_sense_is_one_line(
    corpus: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip("search", *args)
    assert (said.status, said.out) == (2, "")
    assert error in said.err


def test_what_was_told_is_not_new_again(corpus: Path, pressclip: Command) -> None:
    assert len(pressclip("search", "balloon", "--new", "--all").out.splitlines()) == 3
    said = pressclip("search", "balloon", "--new")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("Nothing new: balloon · new since ")
    assert said.err.endswith("; 3 match.\n")
    assert pressclip("search", "--new", "balloon", "lang:en").status == 0


def test_what_came_or_was_edited_since_is_new(corpus: Path, pressclip: Command) -> None:
    pressclip("search", "*", "--new=mail")
    edited = replace(ARTICLES[2], text=f"{ARTICLES[2].text} Et voilà.", fetched=NOON + 9 * HOUR)
    url = "https://matin.example/encore"
    fresh = replace(edited, url=url, canonical_url=url, title="Encore un ballon", text="Un autre.")
    add(corpus, edited, fresh)
    assert pressclip("search", "*", "--new=mail", "--count").out == "2\n"
    out = pressclip("search", "*", "--new=mail", "-f", "table").out
    assert " · 2 articles, 2 texts · " in out
    assert "edited ×1" in out
    assert "Encore un ballon" in out
    assert pressclip("search", "*", "--new=mail").status == 1


def test_a_name_holds_for_other_queries_and_for_one_desk(corpus: Path, pressclip: Command) -> None:
    pressclip("search", "balloon", "--new=mail")
    assert pressclip("search", "*", "--new=mail", "--count").out == "3\n"
    assert pressclip("search", "*", "--new=desk", "--count").out == "6\n"


@pytest.mark.parametrize("args", [["--peek"], ["--count"], ["--facet", "lang"]], ids=" ".join)
def test_a_look_does_not_count_as_told(corpus: Path, pressclip: Command, args: list[str]) -> None:
    for _ in range(2):
        assert pressclip("search", "balloon", "--new", *args).status == 0


def test_all_that_is_new_is_listed(corpus: Path, pressclip: Command) -> None:
    url = "https://matin.example/{}"
    articles = [
        replace(ARTICLES[2], url=url.format(n), canonical_url=url.format(n), text=f"Ballon {n}.")
        for n in range(12)
    ]
    add(corpus, *articles)
    assert len(pressclip("search", "lang:fr", "--new", "--peek").out.splitlines()) == 13
    assert len(pressclip("search", "lang:fr", "--new", "--peek", "-n", "2").out.splitlines()) == 2


def test_only_what_was_listed_counts_as_told(corpus: Path, pressclip: Command) -> None:
    first = pressclip("search", "*", "--new=mail", "-n", "2", "-f", "ids").out.split()
    assert pressclip("search", "*", "--new=mail", "--count").out != "0\n"
    rest = pressclip("search", "*", "--new=mail", "-f", "ids").out.split()
    assert len(first) == 2
    assert len(rest) == 3  # five texts, one of them carried twice
    assert not set(first) & set(rest)
    assert pressclip("search", "*", "--new=mail").status == 1


def test_a_reprint_behind_a_listed_article_is_told_with_it(
    corpus: Path, pressclip: Command
) -> None:
    pressclip("search", "elevator", "--new=mail", "-n", "1")
    assert pressclip("search", "elevator", "--new=mail").status == 1
    pressclip("search", "elevator", "--new=each", "-n", "1", "--all")
    assert pressclip("search", "elevator", "--new=each", "--count").out == "1\n"


def test_a_memory_that_cannot_be_read_is_no_memory(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    pressclip("search", "balloon", "--new")
    (memory,) = (tmp_path / "state" / "pressclip" / "new").iterdir()
    for text in ("", "[]", '{"at": 3, "told": {}}', '{"at": null, "told": {"a": "x"}}'):
        memory.write_text(text, "utf-8")
        assert pressclip("search", "balloon", "--new", "--count").out == "3\n"


def test_articles_like_one_share_its_words_and_are_no_reprints(
    corpus: Path, pressclip: Command
) -> None:
    url = "https://other.example/own"
    own = replace(
        ARTICLES[0], url=url, canonical_url=url, outlet="other.example", title="What a sight",
        text="The elevator of Harrow Bend, the head teacher said, is as tall as the balloon.",
    )  # fmt: skip
    add(corpus, own)
    query = ("--like", "https://prairie-courier.example/balloon")
    outlets = [row["outlet"] for row in json.loads(pressclip("search", *query, "--json").out)]
    assert outlets[0] == "other.example"
    assert "harbour-daily.example" not in outlets
    out = pressclip("search", *query, "-f", "table").out
    assert "harrow" in out.partition("\n")[0]
    assert pressclip("search", "lang:zh", *query).status == 1


def test_an_article_like_no_other_says_so(corpus: Path, pressclip: Command) -> None:
    said = pressclip("search", "--like", "https://sabah.example/mintad")
    assert said.status == 2
    assert "no other article shares its distinctive words" in said.err


def test_a_search_explains_its_parts_and_its_scores(corpus: Path, pressclip: Command) -> None:
    said = pressclip("search", "prairie (balloon OR fair) -festival", "--explain", "-f", "table")
    lines = said.out.splitlines()
    assert [line.split() for line in lines[:6]] == [
        ["AND", "2"], ["prairie", "3"], ["OR", "3"], ["balloon", "3"], ["fair", "0"], ["NOT", "6"],
    ]  # fmt: skip
    assert any(
        line.strip().count(" + ") == 1 and "balloon" in line and "(weight " in line
        for line in lines
    )


def test_an_explanation_does_not_mix_with_data(corpus: Path, pressclip: Command) -> None:
    said = pressclip("search", "balloon", "--explain", "--json")
    assert len(json.loads(said.out)) == 2
    assert said.err.startswith("balloon        3\n")


@pytest.fixture
def flagged(corpus: Path) -> Path:
    """The corpus with an article for each value of `is:`."""
    names = ("edited", "removed", "paywalled", "date-conflict", "mention", "borderline", "noted")
    urls = {name: f"https://flags.example/{name}" for name in names}
    articles = {
        name: replace(
            ARTICLES[0], url=url, canonical_url=url, outlet="flags.example", title=f"Balloon {name}",
            text=f"A balloon of the kind {name} was seen.",
        )
        for name, url in urls.items()
    }  # fmt: skip
    articles["paywalled"] = replace(articles["paywalled"], paywalled=True)
    articles["date-conflict"] = replace(articles["date-conflict"], date_conflict=True)
    again = replace(articles["edited"], text="Another text stands here.", fetched=NOON + 9 * HOUR)
    add(corpus, *articles.values(), again)
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store, store._connection:
        (removed,) = store.articles.find(urls["removed"])
        store.removals.note(removed, "http-404", NOON + 5 * HOUR)
        store.tags.note(store.articles.find(urls["noted"]), "look again", at=NOON)
        for name in ("mention", "borderline"):
            (identity,) = store.articles.find(urls[name])
            store._connection.execute(
                "UPDATE verdicts SET decision = ? WHERE article = ?", (name, identity)
            )
        rebuild_index(store, corpus / "data" / "index")
    return corpus


COUNTS = {
    "original": 12, "reprint": 1, "edited": 1, "removed": 1, "paywalled": 1, "undated": 1,
    "mention": 1, "borderline": 1, "date-conflict": 1,
    "noted": 1,
}  # fmt: skip


def test_the_flags_of_the_guide_are_those_of_the_help() -> None:
    guide = (PAGES.parents[1] / "docs" / "query.md").read_text("utf-8")
    assert set(re.findall(r"\bis:([a-z-]+)", guide)) == set(flags_of_help())


@pytest.mark.parametrize("flag", flags_of_help())
def test_every_flag_of_the_help_finds_its_articles(
    flagged: Path, pressclip: Command, flag: str
) -> None:
    assert flag in FLAGS
    assert pressclip("search", f"is:{flag}", "--count", "--mentions").out == f"{COUNTS[flag]}\n"
    shown = pressclip("search", f"is:{flag}", "-n", "99", "--all", "-f", "jsonl").out.splitlines()
    if flag not in ("original", "reprint", "undated"):
        assert [json.loads(line)["title"] for line in shown] == [f"Balloon {flag}"]


@pytest.mark.parametrize("style", ["md", "bib", "ris", "csl"])
def test_a_list_of_references_has_an_entry_a_hit(
    corpus: Path, pressclip: Command, style: str
) -> None:
    out = pressclip("search", "*", "--all", "-f", style).out
    entry = {"md": "- [", "bib": "@article{", "ris": "TY  - NEWS", "csl": '"type"'}[style]
    assert out.count(entry) == 6
    if style == "csl":
        assert json.loads(out)[0]["id"]


def test_a_list_for_a_mail_has_links_and_what_matched(corpus: Path, pressclip: Command) -> None:
    (first, quoted) = pressclip("search", '"spy balloon"', "-f", "md").out.splitlines()
    link = "- [Spy balloon crosses prairie](https://harbour-daily.example/wire)"
    assert first == f"{link} – harbour-daily.example · 2023-02-04 15:00 · en · +1 reprint"
    assert quoted.startswith("  > Officials called it a spy balloon")


def test_a_count_says_on_stderr_of_what_it_is(corpus: Path, pressclip: Command) -> None:
    said = pressclip("search", "*", "--count")
    assert (said.out, said.err) == ("6\n", "6 articles, 5 texts\n")
