from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.article import Article, Part
from index.capture import Capture, Listing
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import update_index
from index.store import StoreWriter, Version
from index.versions.history import Change, word_diff
from search_cli.output.terminal import Terminal
from search_cli.view.versions import Edit, change_in_words
from search_cli.view.word_diff import diff_lines, paragraphs_of
from tests.conftest import ARTICLES, NOON, Said, record_article

Command = Callable[..., Said]
HOUR = timedelta(hours=1)
PIPE = Terminal(screen=False, colored=False)
URL = "https://prairie-courier.example/balloon"


@pytest.fixture
def edited(corpus: Path, pressclip: Command) -> Path:
    """The corpus with three texts of one article; a headline and a number changed, one paragraph came."""
    first = ARTICLES[0]
    second = replace(
        first,
        title="Balloon seen over the elevators for two days",
        text=first.text.replace("two days", "three days"),
        fetched=NOON + 5 * HOUR,
    )
    third = replace(
        second,
        text=f"{second.text}\nCorrection: an earlier version of this story named another county.",
        fetched=NOON + 9 * HOUR,
    )
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, second, offset=20_000, run_id=1)
        record_article(store, third, offset=30_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


def test_versions_tell_what_was_changed_in_words(edited: Path, pressclip: Command) -> None:
    lines = pressclip("show", URL, "--versions").out.splitlines()
    assert lines[1].endswith("prairie-courier.example · 3 versions seen")
    assert re.match(r"v1  2023-02-04 14:00  \d+ words$", lines[3])
    assert "v2  2023-02-04 18:00  +1 −1 words" in lines
    assert (
        "    headline: Balloon seen over the elevators → Balloon seen over the elevators for two days"
        in lines
    )
    assert "    wording: two → three" in lines
    assert lines[-2].startswith("    correction or note: Correction: an earlier version")
    assert lines[-1] == "    archive: 2023/02/a.warc.gz, offset 30000"


@pytest.mark.parametrize(
    ("parts", "witness", "continues", "told"),
    [
        ((40,), "trafilatura", "", "joined from 2 pages"),
        ((0,), "amp", "", "from its AMP page"),
        ((), "trafilatura", f"{URL}?page=2", f"continues at {URL}?page=2, not stored"),
    ],
)
def test_the_pages_of_a_text_are_told(
    corpus: Path,
    pressclip: Command,
    parts: tuple[int, ...],
    witness: str,
    continues: str,
    told: str,
) -> None:
    joined = replace(
        ARTICLES[0],
        text=f"{ARTICLES[0].text}\nMore of it.",
        fetched=NOON + 5 * HOUR,
        parts=tuple(Part(url=f"{URL}?page=2", start=start) for start in parts),
        witnesses={"text": witness},
        continues=continues,
    )
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, joined, offset=20_000, run_id=1)
    assert told in pressclip("show", URL).out.splitlines()[2]


def test_versions_are_an_object_a_line_for_programs(edited: Path, pressclip: Command) -> None:
    rows = [
        json.loads(line) for line in pressclip("show", URL, "--versions", "--json").out.splitlines()
    ]
    assert [(row["number"], row["added"], row["removed"]) for row in rows] == [
        (1, None, None), (2, 1, 1), (3, 10, 0),
    ]  # fmt: skip
    assert [change["kind"] for change in rows[1]["changes"]] == ["headline", "wording", "silent"]
    assert rows[2]["archive"]["offset"] == 30_000


def test_a_diff_alone_is_that_of_the_last_edit(edited: Path, pressclip: Command) -> None:
    out = pressclip("show", URL, "--diff").out
    assert "v2 2023-02-04 18:00 → v3 2023-02-04 22:00   (+10 −0 words, headline unchanged)" in out
    assert out.endswith("{+Correction: an earlier version of this story named another county.+}\n")


def test_two_versions_can_be_named(edited: Path, pressclip: Command) -> None:
    out = pressclip("show", URL, "--diff", "1", "v2").out
    assert "(+1 −1 words, headline changed)" in out
    assert "Balloon seen over the elevators {+for two days+}\n" in out
    assert "followed it for [-two-]{+three+} days" in out
    back = json.loads(pressclip("show", URL, "--diff", "2", "1", "--json").out)
    assert {"op": "+", "text": "two"} in back["pieces"]
    assert (back["from"], back["to"]) == (2, 1)


def test_on_a_terminal_changes_are_coloured(edited: Path, pressclip: Command) -> None:
    out = pressclip("show", URL, "--diff", "1", "2", "--color", "always").out
    assert "followed it for \x1b[31mtwo\x1b[0m\x1b[32mthree" in out
    assert "[-" not in out


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ([URL, "--diff", "1", "4"], "has no version 4\nhint: its versions: 1 to 3"),
        ([URL, "--diff", "1"], "--diff takes one article, and the numbers of two versions"),
        (["https://matin.example/ballon", "--diff"], "has only one version"),
        ([URL, URL, "--versions"], "--versions takes one article"),
        ([URL, "--raw", "--diff"], "--diff and --raw cannot be used together"),
        ([URL, "--raw", "--json"], "--raw cannot be used with --json"),
    ],
    ids=["no such version", "one number", "one version", "two articles", "two views", "raw json"],
)
def test_what_cannot_be_compared_is_one_line(
    edited: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip("show", *args)
    assert (said.status, said.out) == (2, "")
    assert error in said.err


def version(number: int, text: str, language: str = "en") -> Version:
    article = Article(
        url=URL, canonical_url=URL, outlet="o", title="T", text=text, fetched=NOON, language=language
    )  # fmt: skip
    return Version(number=number, seen=NOON, article=article, archive=None)


def test_chinese_is_compared_by_characters() -> None:
    edit = Edit(version(1, "飞艇来自中国。", "zh"), version(2, "气球来自中国。", "zh"))
    assert edit.size() == "+2 −2 characters"
    assert list(diff_lines(edit, PIPE, UTC))[-1] == "[-飞艇-]{+气球+}来自中国。"


def test_a_moved_paragraph_is_called_so() -> None:
    first = "The first paragraph tells where the balloon was seen."
    second = "The second one tells at length who saw it and when that was, and adds a quotation."
    third = "The third one tells at length what the county said to that, and what it did not say."
    edit = Edit(
        version(1, "\n".join([first, second, third])), version(2, "\n".join([second, third, first]))
    )
    lines = list(diff_lines(edit, PIPE, UTC))
    assert f"[moved from here: {first}]" in lines
    assert f"{{moved to here: {first}}}" in lines
    assert edit.size() == "+0 −0 words"


def test_what_did_not_change_is_counted_only() -> None:
    old = [f"Paragraph number {number} tells something of its own." for number in range(12)]
    edit = Edit(version(1, "\n".join(old)), version(2, "\n".join([*old[:-1], "Another end."])))
    lines = list(diff_lines(edit, PIPE, UTC))
    assert "… 10 paragraphs unchanged …" in lines
    assert not any("number 3" in line for line in lines)


@given(st.text(max_size=60), st.text(max_size=60), st.integers(20, 60))
def test_any_two_texts_can_be_compared_on_any_screen(old: str, new: str, width: int) -> None:
    edit = Edit(version(1, old), version(2, new))
    for colored in (False, True):
        terminal = Terminal(screen=True, colored=colored, width=width)
        assert all("\n" not in line for line in diff_lines(edit, terminal, UTC))


@given(st.lists(st.text("ab \n", max_size=9), min_size=2, max_size=2))
def test_paragraphs_are_the_pieces_again(texts: list[str]) -> None:
    pieces = word_diff(*texts)
    kept = "".join(text for one in paragraphs_of(pieces) for _, text in one)
    assert "".join(kept.split()) == "".join("".join(text for _, text in pieces).split())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(kind="number", before="31", after="84"), "number: 31 → 84"),
        (Change(kind="name", before="", after="Ruiz"), "name: (nothing) → Ruiz"),
        (Change(kind="removed", before="A\nline."), "paragraph removed: A line."),
        (Change(kind="silent"), "the text was changed without a note or a new update time"),
    ],
    ids=lambda value: value.kind if isinstance(value, Change) else "",
)
def test_each_change_has_its_words(change: Change, told: str) -> None:
    assert change_in_words(change) == told


def test_the_group_tells_who_carried_the_text(corpus: Path, pressclip: Command) -> None:
    out = pressclip("show", "https://harbour-daily.example/wire", "--group").out
    lines = out.splitlines()
    assert re.match(r"group:\w{5} · 2 articles of 2 outlets · 1 h from first to last$", lines[1])
    assert (
        lines[2] == "origin: prairie-courier.example, published by 2023-02-04 13:00, earliest copy"
    )
    assert re.match(r"first     \w{5}  prairie-courier.example  origin$", lines[4])
    assert re.match(
        r"\+1 h      \w{5}  harbour-daily.example  exact  100% verbatim  time of first sight$",
        lines[6],
    )
    assert lines[7] == "          headline: Spy balloon crosses prairie"


def test_the_group_of_a_reprint_with_edits_tells_what_was_added_and_dropped(
    corpus: Path, pressclip: Command
) -> None:
    sentences = [f"Sentence {n} of the long report on what crossed the prairie." for n in range(30)]
    report = replace(
        ARTICLES[0], url="https://a.example/r", canonical_url="https://a.example/r", outlet="a.example",
        text="\n".join(sentences),
    )  # fmt: skip
    own = "Our own reporter watched the balloon from the roof of the grain elevator in Harrow Bend."
    reprint = replace(
        report, url="https://b.example/r", canonical_url="https://b.example/r", outlet="b.example",
        text="\n".join([*sentences[:27], own]), published=NOON + HOUR,
    )  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, report, offset=40_000, run_id=1)
        record_article(store, reprint, offset=50_000, run_id=1)
    (_, row) = map(json.loads, pressclip("show", reprint.url, "--group", "--json").out.splitlines())
    assert (row["outlet"], row["seconds_after"], row["kind"]) == ("b.example", 3600, "reprint")
    assert 0.8 < row["verbatim"] < 1
    lines = pressclip("show", reprint.url, "--group").out.splitlines()
    assert f"          + {own}" in lines
    assert sum(line.startswith("          − Sentence") for line in lines) == 3


def test_the_group_of_a_yearly_piece_names_its_other_edition(
    corpus: Path, pressclip: Command
) -> None:
    same = "\n".join(
        f"Rule {n} of the balloon fair asks every pilot to land by dusk." for n in range(9)
    )
    editions = [
        replace(
            ARTICLES[0], url=f"https://a.example/{year}", canonical_url=f"https://a.example/{year}",
            outlet="a.example", title="The balloon fair opens", published=NOON - (2023 - year) * 8760 * HOUR,
            text=f"{same}\nThe balloon fair opens in {year} with {year * 3} pilots.",
        )
        for year in (2022, 2023)
    ]  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for place, edition in enumerate(editions):
            record_article(store, edition, offset=60_000 + 10_000 * place, run_id=1)
    lines = pressclip("show", editions[1].url, "--group").out.splitlines()
    assert "Other texts sharing a passage:" in lines
    assert "new edition, " in lines[lines.index("Other texts sharing a passage:") + 1]


def test_an_article_alone_says_so(corpus: Path, pressclip: Command) -> None:
    said = pressclip("show", "https://matin.example/ballon", "--group")
    assert (said.status, said.err) == (0, "No other article has this text.\n")
    assert " · 1 article of 1 outlet\n" in said.out


PAGE = b"<p>Le ballon\x1b[31m</p>"


def archive_page(desk: Path, body: bytes) -> str:
    """An article whose page lies in the archive; its URL."""
    article = replace(ARTICLES[2], url="https://c.example/p", canonical_url="https://c.example/p")
    capture = Capture(
        url=article.url, status=200, headers=(("Content-Type", "text/html"),), body=body,
        fetched=article.fetched, listing=Listing(channel="feed"),
    )  # fmt: skip
    with Archive(desk / "data" / "archive") as archive:
        capture = archive.append(capture)
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        store.articles.record(
            article, key=article.url, capture=store.captures.add(capture, outlet=article.outlet),
            verdicts=(), fingerprint=fingerprint(article),
        )  # fmt: skip
    return article.url


def test_the_raw_page_is_what_was_archived(corpus: Path, pressclip: Command) -> None:
    url = archive_page(corpus, PAGE)
    assert pressclip("show", url, "--raw").out.encode() == PAGE


def test_a_raw_page_that_is_not_what_was_archived_is_not_shown(
    corpus: Path, pressclip: Command
) -> None:
    url = archive_page(corpus, PAGE)
    (path,) = (corpus / "data" / "archive").rglob("*.warc.gz")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    said = pressclip("show", url, "--raw")
    assert (said.status, said.out) == (4, "")
    assert "hint: restore the file from a backup" in said.err


def test_families_are_listed_by_size_with_their_origin(corpus: Path, pressclip: Command) -> None:
    (row,) = json.loads(pressclip("families", "*", "--json").out)
    assert (row["articles"], row["hours"], row["origin"]) == (2, 1.0, "prairie-courier.example")
    assert row["outlets"] == ["harbour-daily.example", "prairie-courier.example"]
    assert row["countries"] == ["us"]
    assert row["evidence"] == "published by 2023-02-04 13:00, earliest copy"
    lines = pressclip("families", "*", "-f", "table").out.splitlines()
    assert lines[0] == "* · 1 text carried twice or more · Europe/Paris"
    assert lines[2] == "    2 articles · 2 outlets · us · in 1 h"


def test_only_articles_that_match_make_a_family(corpus: Path, pressclip: Command) -> None:
    said = pressclip("families", "outlet:@local", "--json")
    assert (said.status, said.out) == (1, "[]\n")
    assert "None of these articles was reprinted." in said.err
