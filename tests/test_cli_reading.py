from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from index.article import Aside
from index.fulltext.indexer import update_index
from index.fulltext.searcher import SORTS
from index.store import ListPage, StoreWriter
from search_cli.asking.narrowing import ORDERS
from tests.conftest import ARTICLES, NOON, Said, record_article

Command = Callable[..., Said]
DAY = timedelta(days=1)
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def test_a_search_piped_is_one_line_a_hit_with_full_values(
    corpus: Path, pressclip: Command
) -> None:
    said = pressclip("search", '"spy balloon"')
    assert said.status == 0
    (line,) = said.out.splitlines()
    _id, published, outlet, language, title, reprints, url = line.split("\t")
    assert (published, outlet, language) == ("2023-02-04T14:00:00Z", "harbour-daily.example", "en")
    assert (title, reprints) == ("Spy balloon crosses prairie", "1")
    assert url == "https://harbour-daily.example/wire"


def test_a_table_tells_what_was_understood_and_what_was_found(
    corpus: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    lines = pressclip("search", "balloon lang:en", "-f", "table").out.splitlines()
    assert lines[0] == "balloon lang:en · 3 articles, 2 texts · Europe/Paris"
    assert re.match(r"1  \w{5}  2023-02-04 15:00  harbour-daily.example +en  Spy", lines[1])
    assert lines[1].endswith("+1 reprint")
    assert lines[2].startswith("     A white balloon as tall")
    assert all(len(line) <= 120 for line in lines)


def test_on_a_narrow_screen_a_headline_has_the_whole_line(
    corpus: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = pressclip("search", "lang:fr", "-f", "table").out.splitlines()
    assert re.match(r"1  \w{5}  Le « ballon d'espionnage » inquiète la prairie$", lines[1])
    assert lines[2] == "     2023-02-03 · matin.example · fr"
    assert all(len(line) <= 60 for line in lines)


def test_a_table_in_colour_marks_the_match(corpus: Path, pressclip: Command) -> None:
    out = pressclip("search", "prairie", "-f", "table", "--color", "always").out
    assert "\x1b[1mprairie\x1b[0m" in out


@pytest.mark.parametrize("style", ["table", "tsv", "csv", "json", "jsonl"])
def test_nothing_of_a_page_acts_on_the_terminal(
    corpus: Path, pressclip: Command, style: str
) -> None:
    out = pressclip("search", "title:balloon", "-f", style, "--all").out
    assert "Balloon" in out
    assert not ACTS.search(out.replace("\r\n", "\n"))


@pytest.mark.parametrize(
    ("args", "count"),
    [
        (["balloon"], 3),
        (["*"], 6),
        (["*", "--lang", "fr,zh"], 2),
        (["*", "--outlet", "@local"], 2),
        (["*", "--since", "2023-02-04", "--until", "2023-02-04"], 4),
        (["*", "--story", "balloon", "--until", "2023-02-03"], 1),
        (["is:undated"], 1),
        (["country:fr"], 1),
    ],
)
def test_list_count_and_export_agree(
    corpus: Path, pressclip: Command, args: list[str], count: int
) -> None:
    assert pressclip("search", *args, "--count").out == f"{count}\n"
    assert len(pressclip("search", *args, "--all", "-f", "ids", "-n", "99").out.split()) == count
    assert len(pressclip("export", *args).out.splitlines()) == count


def test_days_are_those_of_the_zone(corpus: Path, pressclip: Command) -> None:
    args = ("search", "outlet:harbour-daily.example date:2023-02-05", "--count")
    assert pressclip(*args).out == "0\n"
    assert pressclip(*args, "--tz", "Asia/Shanghai").out == "0\n"
    assert pressclip(*args, "--tz", "Pacific/Auckland").out == "1\n"


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        ({"date_confidence": "high"}, "2023-02-04 13:00"),
        ({"date_confidence": "low"}, "~2023-02-04 13:00"),
        ({"date_confidence": "high", "date_conflict": True}, "~2023-02-04 13:00"),
        ({"date_confidence": "low", "published": None}, "undated"),
    ],
    ids=["sure", "guessed", "contradicted", "none"],
)
def test_a_weak_date_is_marked_in_every_list(
    corpus: Path, pressclip: Command, evidence: dict[str, Any], shown: str
) -> None:
    text, url = "A balloon was the prize of the tombola.", "https://fair.example/tombola"
    weak = replace(ARTICLES[5], text=text, url=url, canonical_url=url, **evidence)
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, weak, offset=50_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    for words in (
        ("search", "tombola", "-f", "table"),
        ("search", "tombola", "-f", "md"),
        ("show", url),
    ):
        assert f" {shown} " in pressclip(*words).out.replace("\\~", "~")  # Markdown's
    assert f"{shown.split()[0]} " in pressclip("kwic", "tombola", "-f", "table").out


def test_kicker_and_corrections_are_shown_with_the_article(
    corpus: Path, pressclip: Command
) -> None:
    asides = (
        Aside(kind="kicker", text="County news"),
        Aside(kind="caption", text="The pies."),
        Aside(kind="correction", text="The fair opened at ten."),
    )
    url = "https://fair.example/pies"
    article = replace(ARTICLES[5], url=url, canonical_url=url, asides=asides)
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, article, offset=50_000, run_id=1)
    lines = pressclip("show", url).out.splitlines()
    assert lines[:2] == ["County news", "County fair opens"]
    assert lines[-1] == "correction: The fair opened at ten."
    record = json.loads(pressclip("show", url, "--json").out)
    assert record["kicker"] == "County news"
    assert record["zones"] == [{"kind": "body", "start": 0, "end": len(ARTICLES[5].text)}]
    assert {"kind": "caption", "text": "The pies."} in record["asides"]


def test_what_else_is_known_of_an_article_is_shown_and_exported(
    corpus: Path, pressclip: Command
) -> None:
    url = "https://fair.example/pies"
    article = replace(
        ARTICLES[5], url=url, canonical_url=url, section="Local", tags=("pies", "sheep"),
        agency="Reuters", place="HARLOW", image="https://fair.example/pie.jpg", paywalled=True,
        text="A balloon among the pies.",
    )  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, article, offset=50_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    shown = pressclip("show", url).out
    assert (
        "Local · from Reuters · filed in HARLOW · 5 words · behind a paywall · tags: pies, sheep"
        in shown
    )
    assert "image: https://fair.example/pie.jpg" in shown
    fields = "section,agency,place,words,image,tags,paywalled"
    row = json.loads(pressclip("search", "pies", "--fields", fields, "-f", "jsonl").out)
    assert row == {
        "section": "Local", "agency": "Reuters", "place": "HARLOW", "words": 5, "paywalled": True,
        "image": "https://fair.example/pie.jpg", "tags": ["pies", "sheep"],
    }  # fmt: skip


def test_nothing_found_is_explained_and_is_exit_code_1(corpus: Path, pressclip: Command) -> None:
    said = pressclip("search", "baloon lang:fr")
    assert (said.status, said.out) == (1, "")
    assert "No articles match all of this.   baloon 0 · lang:fr 1" in said.err
    assert "try: balloon (3)" in said.err
    quiet = pressclip("search", "baloon", "-q", "--json")
    assert (quiet.status, quiet.out, quiet.err) == (1, "[]\n", "")


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ('"spy balloon" lang:fr', 'in French stories use: "ballon d\'espionnage" (1)'),
        ("pentagon lang:fr", 'in French stories use: "ballon d\'espionnage" (1)'),
        ("elevator lang:fr", ""),
        ("espionnage lang:de", ""),
    ],
    ids=["phrase", "word within NEAR", "word of no story", "language of no story"],
)
def test_nothing_found_in_a_language_names_its_words(
    corpus: Path, pressclip: Command, query: str, hint: str
) -> None:
    said = pressclip("search", query)
    assert said.status == 1
    assert hint in said.err
    assert ("stories use" in said.err) is bool(hint)


def test_a_faulty_story_does_not_hide_why_nothing_was_found(
    corpus: Path, pressclip: Command
) -> None:
    (corpus / "stories" / "balloon.toml").write_text("id = ")
    assert "pentagon 0 · lang:fr 1" in pressclip("search", "pentagon lang:fr").err


def test_a_query_that_cannot_be_read_shows_the_place(corpus: Path, pressclip: Command) -> None:
    said = pressclip("search", "balloon outlt:bbc.com")
    assert said.status == 2
    assert said.err.startswith(
        "error: no such field: outlt:\n  balloon outlt:bbc.com\n          ^\n"
    )


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["search"], "no query given"),
        (["search", " "], "no query given"),
        (["export"], "no query given"),
        (
            ["search", "x", "--story", "ballon"],
            "no such story: ballon\nhint: did you mean balloon?",
        ),
        (["search", "x", "--fields", "titel"], "no such field: titel\nhint: did you mean title?"),
        (["search", "x", "--since", "someday"], "someday"),
        (["search", "outlet:@nobody"], "no such collection: @nobody"),
        (["show", "zz"], "no such article: zz"),
        (["show", "@7"], "@7: no results are listed yet"),
        (["show", "@x"], "@x: not a row of the last result list"),
        (["show", "https://nowhere.example/"], "no such article: https://nowhere.example/"),
        (["why", "nowhere.example"], "is not a URL"),
        (["why", "zz"], "no such article: zz"),
        (["status", "ballon"], "no such story: ballon"),
    ],
)
def test_a_wrong_name_is_one_line(
    corpus: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip(*args)
    assert (said.status, said.out) == (2, "")
    assert error in said.err
    assert "Traceback" not in said.err


def test_fields_are_chosen_and_listed(corpus: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("search", "lang:zh", "--json", "--fields", "id,lang,published").out)
    assert [(row["language"], row["published"]) for row in rows] == [("zh", None)]
    assert pressclip("search", "--fields", "?").out.startswith("id\npublished\n")


def test_a_row_of_the_last_list_can_be_shown(corpus: Path, pressclip: Command) -> None:
    pressclip("search", "lang:ar")
    out = pressclip("show", "@1").out
    assert out.startswith("منطاد فوق البراري\nsabah.example · 2023-02-04 13:00 · ar · ")
    assert "balloon: on-story (0.90): title: balloon" in out


def test_articles_are_named_by_id_beginning_url_and_list(
    corpus: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = json.loads(pressclip("search", "lang:fr", "--json").out)
    for name in (found["id"], found["id"][:4], f"{found['url']}?utm_source=x#top"):
        assert json.loads(pressclip("show", name, "--json").out)["id"] == found["id"]
    monkeypatch.setattr("sys.stdin", io.StringIO(pressclip("search", "lang:fr,zh").out))
    assert len(pressclip("show", "-", "--json").out.splitlines()) == 2


def test_a_record_has_what_was_promised(corpus: Path, pressclip: Command) -> None:
    record = json.loads(pressclip("export", "author:Ann").out)
    assert record["authors"] == ["Ann Example", "Bo Sample"]
    assert (record["story"], record["relevance"]) == ("balloon", 0.9)
    assert record["reasons"] == ["title: balloon"]
    assert record["archive"] == {
        "file": "2023/02/a.warc.gz", "offset": 0, "length": 900, "digest": "sha256:AB"
    }  # fmt: skip
    promised = (
        "id url canonical_url outlet title authors published updated fetched language text"
        " description section story relevance reasons family revision archive"
    )
    assert set(promised.split()) <= set(record)
    assert record["text"] == ARTICLES[0].text


def test_a_csv_is_written_whole_and_starts_no_formula(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    said = pressclip("export", "*", "-f", "csv", "-o", str(tmp_path / "all.csv"))
    assert "wrote 6 articles" in said.err
    text = (tmp_path / "all.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 6
    cells = {cell for row in rows for cell in row.values()}
    assert "'=cmd|' /C calc'!A0 balloon" in cells
    assert {row["archive_offset"] for row in rows} == {"0", "1000", "2000", "3000", "4000", "6000"}


def test_an_export_of_nothing_writes_no_file(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    assert pressclip("export", "nosuchword", "-o", str(tmp_path / "x")).status == 1
    assert not (tmp_path / "x").exists()


def test_why_tells_every_decision(corpus: Path, pressclip: Command) -> None:
    said = pressclip("why", "https://www.prairie-courier.example/fair/?utm_source=x", "--json")
    (entry,) = json.loads(said.out)
    assert (entry["outcome"], entry["detail"]) == ("off-story", "the query is not met")
    assert "read, but not in the corpus: County fair opens" in said.err


def test_why_takes_the_name_of_an_article(corpus: Path, pressclip: Command) -> None:
    pressclip("search", "lang:zh")
    by_row, url = pressclip("why", "@1"), json.loads(pressclip("search", "lang:zh", "--json").out)
    by_url = pressclip("why", url[0]["url"])
    assert (by_row.out, by_row.err) == (by_url.out, by_url.err)
    assert by_row.out


def test_why_says_that_a_url_was_never_seen(corpus: Path, pressclip: Command) -> None:
    said = pressclip("why", "https://nowhere.example/")
    assert (said.status, said.out) == (1, "")
    assert "This URL is unknown" in said.err


def test_status_counts_by_story_outlet_and_run(corpus: Path, pressclip: Command) -> None:
    record = json.loads(pressclip("status", "--json").out)
    (story,) = record["stories"]
    assert (story["articles"], story["texts"], story["off_story"]) == (6, 5, 1)
    assert record["indexed_revision"] == record["revision"]
    outlets = json.loads(pressclip("status", "--outlets", "--json").out)
    assert outlets[-2]["outcomes"] == {"kept": 2, "off-story": 1}
    (run,) = json.loads(pressclip("status", "--runs", "5", "--json").out)
    assert (run["command"], run["ended"]) == ("crawl balloon", "ok")
    assert (
        "6 articles (5 texts) · 5 outlets · 4 languages" in pressclip("status", "-f", "table").out
    )


def test_status_names_the_lists_that_bring_nothing(corpus: Path, pressclip: Command) -> None:
    page = ListPage(
        url="https://matin.example/rss", outlet="matin.example", channel="feed", failures=3,
        outcome="http-503",
    )  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        store.lists.remember(page)
        store.ledger.start_run("crawl")
    lines = pressclip("status", "-f", "table").out.splitlines()
    assert lines[-3:] == [
        "1 outlet needs attention:",
        "  matin.example  feed  fails (http-503, 3 times)  https://matin.example/rss",
        "fix: pressclip outlet check matin.example",
    ]
    assert any(line.startswith("last run: ") and "unfinished" in line for line in lines)


def test_an_edited_article_tells_its_history(corpus: Path, pressclip: Command) -> None:
    edited = replace(
        ARTICLES[1], text=ARTICLES[1].text.replace("Nobody", "One cow"), fetched=NOON + DAY
    )
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, edited, offset=9000, run_id=1)
    assert "1 change behind the store; run: pressclip index" in pressclip("search", "cow").err
    assert pressclip("index").status == 0
    pressclip("search", "cow")
    out = pressclip("show", "@1").out
    assert "2 versions seen since 2023-02-04 14:00" in out
    assert "1 more article with this text" in out
    assert "edited ×1" in pressclip("search", "cow", "-f", "table").out


def test_articles_that_left_the_corpus_can_still_be_shown(corpus: Path, pressclip: Command) -> None:
    out = pressclip("show", "https://prairie-courier.example/fair").out
    assert "not in the corpus" in out


@pytest.mark.parametrize("asked", [["--outlets"], ["--coverage"], ["--runs", "3"]], ids=str)
def test_status_tells_that_nothing_was_crawled(
    desk: Path, pressclip: Command, asked: list[str]
) -> None:
    assert "next: pressclip crawl" in pressclip("status", *asked).err


def test_status_of_a_fresh_desk_says_what_to_run(desk: Path, pressclip: Command) -> None:
    said = pressclip("status", "-f", "table")
    assert said.status == 0
    assert "balloon  no articles yet" in said.out
    assert "next: pressclip crawl" in said.out


@pytest.mark.parametrize("args", [["search", "x"], ["show", "x"], ["export", "x"], ["index"]])
def test_without_a_corpus_the_next_step_is_told(
    desk: Path, pressclip: Command, args: list[str]
) -> None:
    said = pressclip(*args)
    assert said.status == 4
    assert "hint: run: pressclip crawl" in said.err


def test_an_index_that_is_gone_is_built_anew(corpus: Path, pressclip: Command) -> None:
    for path in sorted((corpus / "data" / "index").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    said = pressclip("search", "balloon")
    assert said.status == 4
    assert "pressclip index" in said.err
    assert pressclip("index").status == 0
    assert pressclip("index", "--rebuild").status == 0
    assert pressclip("search", "balloon", "--count").out == "3\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_desk_can_be_read(corpus: Path, pressclip: Command) -> None:
    paths = [corpus, *corpus.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert pressclip("search", "balloon", "--count").out == "3\n"
        assert pressclip("story", "new", "x").status == 4
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_the_orders_offered_are_those_of_the_engine() -> None:
    assert ORDERS == SORTS
