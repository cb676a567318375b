from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.fulltext.indexer import update_index
from index.store import StoreWriter
from index.study.quotes import Saying, full_speakers, group_utterances
from index.text.quotes import Quote
from search_cli.output.render import cells
from tests.conftest import ARTICLES, NOON, Said, record_article

Command = Callable[..., Said]
LINE = "We had it on our screens the whole night and never lost sight of it"
TEXTS = {
    "prairie-courier.example": f"Balloon day. “{LINE},” said Gen. Ann Reyes. “It was white.”",
    "harbour-daily.example": f'Balloon. Reyes said: "{LINE[10:].capitalize()}." Nobody asked Ann Reyes.',
    "northwire.example": f"Balloon. “{LINE.replace(' never', '')},” said Ann Reyes.",
    "gangwan.example": "Balloon “\x1b[31mnobody named the many people who were there,” it went.",
}


@pytest.fixture
def quoting(corpus: Path) -> Path:
    """The corpus with four articles that quote."""
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for number, (outlet, text) in enumerate(TEXTS.items()):
            url = f"https://{outlet}/quote"
            article = replace(
                ARTICLES[0], url=url, canonical_url=url, outlet=outlet, text=text,
                title=f"Balloon {number}", published=NOON + timedelta(hours=number),
            )  # fmt: skip
            record_article(store, article, offset=40_000 + number, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


def saying(text: str, *, outlet: str = "a", speaker: str = "Ann Reyes", hours: int = 0) -> Saying:
    return Saying(
        article=f"{outlet}{hours}", family=outlet, outlet=outlet, language="en",
        published=NOON + timedelta(hours=hours),
        quote=Quote(text=text, start=0, end=len(text), speaker=speaker),
    )  # fmt: skip


def test_the_same_words_are_one_utterance_although_cut() -> None:
    one, other = group_utterances(
        [
            saying(LINE, hours=2),
            saying(LINE[10:].upper(), outlet="b", hours=1),
            saying("Something else was said by someone on that day", outlet="c"),
        ]
    )
    assert (one.text, one.outlets, one.first.outlet) == (LINE, ("b", "a"), "b")
    assert one.altered == ()
    assert other.outlets == ("c",)


def test_words_dropped_within_the_marks_are_shown() -> None:
    (one,) = group_utterances([saying(LINE), saying(LINE.replace("never ", ""), outlet="b")])
    assert [each.outlet for each in one.altered] == ["b"]


def test_a_surname_has_its_full_name_unless_two_share_it() -> None:
    told = [saying(LINE, speaker="Reyes"), saying("Two", speaker="Ann Reyes")]
    assert {one.quote.speaker for one in full_speakers(told)} == {"Ann Reyes"}
    told.append(saying("Three", speaker="Bo Reyes"))
    assert full_speakers(told)[0].quote.speaker == "Reyes"


def test_quotations_are_grouped_across_outlets(quoting: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("quotes", "balloon", "--json").out)
    first = rows[0]
    assert first["speaker"] == "Ann Reyes"
    assert len(first["outlets"]) == 3
    assert first["first_outlet"] == "prairie-courier.example"
    assert [one["outlet"] for one in first["sayings"] if one["altered"]] == ["northwire.example"]


def test_quotations_are_counted_by_speaker_and_by_outlet(quoting: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("quotes", "balloon", "--by", "speaker", "--json").out)
    assert [(row["name"], row["utterances"], row["others"]) for row in rows] == [
        ("Ann Reyes", 2, 3)
    ]
    rows = json.loads(pressclip("quotes", "balloon", "--by", "outlet", "--json").out)
    told = {row["name"]: row["unattributed"] for row in rows}
    assert told["gangwan.example"] == 1
    assert told["prairie-courier.example"] == 0


def test_a_list_of_quotations_is_safe_and_fits_the_screen(
    quoting: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = pressclip("quotes", "balloon", "-f", "table").out
    assert "\x1b" not in out
    assert "altered in northwire.example" in out
    assert "[-never-]" in out
    assert "(nobody is named)" in out
    assert all(cells(line) <= 80 for line in out.splitlines()[1:])


def test_a_speaker_whom_nobody_quotes_is_said(quoting: Path, pressclip: Command) -> None:
    said = pressclip("quotes", "balloon", "--speaker", "Reyess", "--json")
    assert (said.status, said.out) == (1, "[]\n")
    assert "did you mean Reyes?" in said.err
    assert pressclip("quotes", "balloon", "--speaker", "reyes").status == 0
    assert pressclip("quotes", "lang:ar").status == 1
    assert pressclip("quotes", "nosuchword").status == 1


def test_an_article_shows_what_it_quotes(quoting: Path, pressclip: Command) -> None:
    out = pressclip("show", "https://prairie-courier.example/quote", "--quotes").out
    assert "2 quotations" in out
    assert "Ann Reyes" in out
    rows = pressclip("show", "https://prairie-courier.example/quote", "--quotes", "--json").out
    assert [json.loads(row)["named"] for row in rows.splitlines()] == ["Ann Reyes", "Ann Reyes"]


@pytest.mark.parametrize(
    ("query", "outlets"),
    [
        ("speaker:reyes", {"prairie-courier", "harbour-daily", "northwire"}),
        ('speaker:"Ann Reyes" -quote:never', {"northwire"}),
        ("quote:never", {"prairie-courier", "harbour-daily"}),
        ('quote:"had it" lang:en', {"prairie-courier", "northwire"}),
        ("quote:asked", set()),
        ("speaker:nobody", set()),
    ],
)
def test_who_and_what_is_quoted_can_be_asked_for(
    quoting: Path, pressclip: Command, query: str, outlets: set[str]
) -> None:
    rows = pressclip("search", query, "--all", "-f", "jsonl", "--fields", "outlet").out.splitlines()
    assert {json.loads(row)["outlet"].removesuffix(".example") for row in rows} == outlets
    if outlets:
        lines = pressclip("kwic", f"balloon OR ({query})", "-f", "csv").out.splitlines()
        assert len(lines) > 1


def test_speakers_are_a_facet_and_a_group(quoting: Path, pressclip: Command) -> None:
    out = pressclip("search", "*", "--facet", "speaker").out
    assert "speaker\tAnn Reyes\t3" in out
    assert "Ann Reyes,3" in pressclip("export", "*", "--by", "speaker", "-f", "csv").out
