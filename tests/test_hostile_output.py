"""What pages say never acts: on a terminal, in a spreadsheet, in SQL, in a file's name; also when piped."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.capture import Capture, Listing
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from tests.conftest import ARTICLES, NOON, record_article

Command = Callable[..., Any]

# C0 but tab and newline, DEL and C1, and what turns the direction of text (Unicode TR 36, 2.3).
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
EVIL = "\x1b]0;owned\x07\x9b31m=HYPERLINK(1)\u202egnp.exe\u2066\r\x08 balloon"
INJECTION = "'; DROP TABLE articles; --"


@pytest.fixture
def evil(corpus: Path) -> Path:
    """The corpus with an article whose every field is a trap."""
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        url = "https://prairie-courier.example/evil-2"
        article = replace(
            ARTICLES[0], url=url, canonical_url=url, title=f"{EVIL} {INJECTION}",
            text=f"{EVIL}\n\nThe spy balloon {EVIL} flew. {INJECTION}", authors=(EVIL, INJECTION),
            section=EVIL, site_name=EVIL, description=EVIL, tags=(EVIL,),
        )  # fmt: skip
        record_article(store, article, offset=90_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


VERBS = [
    ["search", "balloon", "--all"],
    *(["search", "balloon", "--all", "-f", style] for style in
      ("table", "tsv", "csv", "json", "jsonl", "md", "bib", "ris", "csl", "ids")),
    ["search", "balloon", "--explain"],
    ["search", "balloon", "--facet", "outlet,section,author"],
    ["kwic", "balloon"],
    ["timeline", "balloon", "--by", "outlet"],
    ["families", "balloon"],
    ["status"],
    ["status", "--outlets"],
    ["why", "https://prairie-courier.example/evil-2"],
    *(["export", "balloon", "-f", style] for style in ("csv", "jsonl", "md", "bib", "ris", "csl")),
]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_nothing_of_a_page_acts_on_the_terminal(
    evil: Path, pressclip: Command, verb: list[str]
) -> None:
    said = pressclip(*verb)
    assert said.status == 0, said.err
    assert said.out
    assert ACTING.findall(said.out.replace("\r\n", "\n")) == []  # RFC 4180 and RIS end lines so
    assert ACTING.findall(said.err) == []


@pytest.mark.parametrize("option", [[], ["--versions"], ["--group"], ["--json"]])
def test_nothing_of_a_shown_article_acts_on_the_terminal(
    evil: Path, pressclip: Command, option: list[str]
) -> None:
    said = pressclip("show", "https://prairie-courier.example/evil-2", *option)
    assert said.status == 0, said.err
    assert ACTING.findall(said.out) == []


@pytest.mark.parametrize("verb", ["search", "export"])
def test_no_cell_of_a_csv_starts_a_formula(evil: Path, pressclip: Command, verb: str) -> None:
    said = pressclip(verb, "balloon", "-f", "csv")
    cells = [cell for row in csv.reader(io.StringIO(said.out)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert any("DROP TABLE" in cell for cell in cells)


def test_sql_in_data_and_arguments_is_text(evil: Path, pressclip: Command) -> None:
    for verb in (
        ["search", INJECTION],
        ["search", f'title:"{INJECTION}"'],
        ["show", INJECTION],
        ["why", f"https://a.example/{INJECTION}"],
        ["--no-input", "forget", f"https://a.example/{INJECTION}"],
        ["tag", f"+{INJECTION}", "balloon"],
        ["export", "balloon", "-f", "sqlite", "-o", "out.db"],
    ):
        said = pressclip(*verb)
        assert said.status in (0, 1, 2), (verb, said.err)
    for path in ("data/pressclip.db", "out.db"):
        with closing(sqlite3.connect(evil / path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            titles = connection.execute("SELECT title FROM articles").fetchall()
            assert any(INJECTION in (title or "") for (title,) in titles)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/../../../../etc/passwd",
        "https://a.example/" + "x" * 1900,
        "https://a.example/..%2f..%2fevil%00.html",
        "https://a.example/CON:aux\\nul",
    ],
    ids=["dots", "long", "escaped", "devices"],
)
def test_no_file_is_named_by_a_url_or_a_header(tmp_path: Path, url: str) -> None:
    header = ("Content-Disposition", 'attachment; filename="../../evil.sh"')
    with Archive(tmp_path / "desk" / "archive") as archive:
        archive.append(
            Capture(
                url=url, status=200, headers=(header,), body=b"x", fetched=NOON,
                listing=Listing(channel="feed", url=url, source=url),
            )
        )  # fmt: skip
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert re.fullmatch(r"pressclip-\d{8}T\d{12}-[0-9a-f]{6}\.warc\.gz", files[0].name)
