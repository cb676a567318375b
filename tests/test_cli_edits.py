from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Aside
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from search_cli.output.render import cells
from tests.conftest import ARTICLES, NOON, Said, record_article

Command = Callable[..., Said]
NOTICE = "Correction: The balloon was followed for four days."


@pytest.fixture
def edited(corpus: Path) -> Path:
    """The corpus with an edit that is silent and one that a notice beside the text announces."""
    first = replace(
        ARTICLES[0], text=ARTICLES[0].text.replace("Nobody was hurt", "\x1b[31mNobody was harmed"),
        fetched=NOON + timedelta(hours=3),
    )  # fmt: skip
    told = replace(
        first, title="A balloon passes", asides=(Aside(kind="correction", text=NOTICE),),
        text=first.text.replace("two days", "4 days"), fetched=NOON + timedelta(hours=6),
    )  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for number, article in enumerate((first, told)):
            record_article(store, article, offset=50_000 + number, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


def test_an_edit_is_a_row_with_what_stood_before_and_after(
    edited: Path, pressclip: Command
) -> None:
    rows = json.loads(pressclip("edits", "*", "--json").out)
    told = [(row["version"], row["kind"], row["silent"]) for row in rows]
    assert told == [
        (2, "wording", True), (3, "headline", False), (3, "wording", False),
        (3, "correction", False),
    ]  # fmt: skip
    assert (rows[2]["before"], rows[2]["after"]) == ("two", "4")
    assert rows[3]["after"] == NOTICE
    assert rows[0]["archive_before"]["offset"] == 0
    assert rows[0]["archive"]["offset"] == 50_000


def test_edits_are_chosen_by_kind_and_by_silence(edited: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("edits", "*", "--silent", "--json").out)
    assert [row["version"] for row in rows] == [2]
    assert pressclip("edits", "*", "--kind", "headline,correction").out.count("\n") == 2
    assert pressclip("edits", "*", "--kind", "moved", "--json").out == "[]\n"
    assert pressclip("edits", "lang:fr").status == 1
    said = pressclip("edits", "*", "--kind", "headlines")
    assert (said.status, said.out) == (2, "")


def test_a_list_of_edits_is_safe_and_fits_the_screen(
    edited: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = pressclip("edits", "*", "-f", "table", "-n", "2").out
    assert "\x1b" not in out
    assert "v1 2023-02-04 14:00 → v2 2023-02-04 16:00 · silent" in out
    assert "2 of 4 changes shown" in out
    assert all(cells(line) <= 88 for line in out.splitlines())


def test_as_of_a_moment_only_earlier_edits_are_told(edited: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("edits", "*", "--as-of", "2023-02-04T16:30Z", "--json").out)
    assert [row["version"] for row in rows] == [2]


@pytest.mark.parametrize("style", ["jsonl", "csv"])
def test_an_export_may_have_the_edits(edited: Path, pressclip: Command, style: str) -> None:
    out = pressclip("export", "is:edited", "--with", "edits", "-f", style, "--fields", "id").out
    assert NOTICE in out
    assert pressclip("export", "*", "--with", "edits", "-f", "bib").status == 2
