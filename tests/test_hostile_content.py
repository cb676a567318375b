"""What a page may hold to harm its reader: nothing raises, a bad field costs itself, all is bounded."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extract import extract
from index.article import Article
from index.capture import Capture, Listing
from index.text.zones import note_kind

FETCHED = datetime(2023, 2, 6, tzinfo=UTC)
PROSE = "Ranchers near Harrow Bend saw a white balloon above the grain elevators on Friday. " * 3
BODY = "".join(f"<p>{number}. {PROSE}</p>" for number in range(4))
LIMIT = 10.0  # seconds of CPU: what a page may take before its worker is killed
ODD = "\x00\x1b[31m\x9b\u202e\u200b\ufffe&#0;&#27;<b>e\u0301</b>"


def read(
    inner: str = "", *, head: str = "", after: str = "", listing: Listing | None = None
) -> Article:
    html = (
        f"<html lang=en><head><title>Balloon over the county</title>{head}</head><body>{inner}"
        f"<h1>Balloon over the county</h1><div>{BODY}</div>{after}</body></html>"
    )
    found = extract(
        Capture(
            url="https://prairie-courier.example/news/balloon-7311",
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=html.encode("utf-8", "replace"),
            fetched=FETCHED,
            listing=listing or Listing(channel="feed"),
        )
    )
    assert isinstance(found, Article), found
    return found


def linked(**fields: Any) -> str:
    node = {"@type": "NewsArticle", "headline": "Balloon over the county", **fields}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in strings(item))
    elif isinstance(value, (list, tuple)):
        yield from (text for item in value for text in strings(item))


def test_no_field_of_a_record_holds_what_acts_or_is_not_composed() -> None:
    head = linked(
        sourceOrganization={"name": f"Reuters {ODD}"}, correction=f"It was white. {ODD}",
        author=f"Ana Ruiz {ODD}", articleSection=f"Local {ODD}", keywords=f"pies {ODD}, sheep",
        datePublished=f"2023-02-04 {ODD}", description=f"In short: {PROSE} {ODD}",
    )  # fmt: skip
    inner = f"<span class=kicker>Sky watch {ODD}</span>"
    figure = f"<figure><img src=a><figcaption>The balloon {ODD}</figcaption></figure>"
    found = read(inner, head=head, after=figure)
    assert found.kicker.startswith("Sky watch")
    assert {aside.kind for aside in found.asides} >= {"kicker", "caption", "correction"}
    for text in strings(found.to_dict()):
        assert unicodedata.is_normalized("NFC", text)
        assert all(char.isprintable() or char == "\n" for char in text)
        text.encode("utf-8")


@pytest.mark.parametrize(
    "bait",
    [
        "<figure><img src=a><figcaption>A balloon.</figcaption></figure>" * 8_000,
        "<span class=caption>A</span>" * 20_000,
        "<article>" + "<span class=credit>A</span>" * 20_000,
        "<span class=kicker>A</span>" * 20_000,
        "<blockquote>A quote of some length." * 10_000,
        "".join(f"<p>Correction: it was {n}.</p>" for n in range(8_000)),
        "<span itemprop=author itemscope><b itemprop=name>Bo Li</b></span>" * 8_000,
        "<span itemprop=datePublished>4 February 2023</span>" * 10_000,
        f"<p class='{'caption-' * 50_000}'>A</p>",
        "<p>" + "WASHINGTON, " * 30_000 + "</p>",
        "<p>" + "Correction (" * 30_000 + "</p>",
        "<time datetime='2023-02-04T10:00:00+99:99'>x</time>" * 10_000,
        "<a href=/video/x>A film to see</a>" * 20_000,
    ],
    ids=[
        "figures", "captions", "credits", "kickers", "quotes", "corrections", "authors", "dates",
        "class", "dateline", "brackets", "times", "links",
    ],
)  # fmt: skip
@pytest.mark.timeout(120)
def test_a_page_full_of_marks_is_read_within_its_limit(bait: str) -> None:
    started = time.process_time()
    found = read(after=bait)
    assert time.process_time() - started < LIMIT
    assert "Harrow Bend" in found.text
    assert len(found.asides) <= 120
    assert len(found.dates) <= 24
    assert len(found.authors) <= 24


@pytest.mark.parametrize("letter", ["(", "[", "Correction", "更正", "a ", "1", "—", "："])
def test_no_paragraph_keeps_the_search_for_notes_busy(letter: str) -> None:
    started = time.process_time()
    note_kind(letter * 100_000)
    note_kind("Correction " + letter * 100_000)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("reader", "field", "left"),
    [
        ("read_marks", "asides", ()),
        ("find_zones", "zones", ()),
        ("read_dates", "published", None),
        ("read_agency", "agency", ""),
        ("read_place", "place", ""),
        ("read_language", "language", ""),
        ("read_section", "section", ""),
        ("read_image", "image", ""),
        ("read_description", "description", ""),
        ("article_kind", "kind", "article"),
        ("is_paywalled", "paywalled", False),
        ("read_title", "title", ""),
    ],
)
def test_a_reader_that_fails_costs_its_field(
    reader: str, field: str, left: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(f"crawler.extract.record.{reader}", broken)
    found = read("<span class=kicker>Sky watch</span>", head=linked(articleSection="Local"))
    assert getattr(found, field) == left
    assert "Harrow Bend" in found.text


@pytest.mark.parametrize(
    "junk",
    [
        None,
        7,
        True,
        [],
        {},
        [[[]]],
        {"@id": "#x"},
        [None, {"name": None}],
        {"name": ["a", {"b": 1}]},
        "x" * 100_000,
    ],
    ids=lambda junk: f"{str(junk)[:20]}",
)
def test_linked_data_of_any_shape_costs_no_page(junk: object) -> None:
    fields = (
        "author", "datePublished", "dateModified", "articleSection", "keywords", "image", "publisher",
        "description", "correction", "sourceOrganization", "isAccessibleForFree", "inLanguage",
        "mainEntityOfPage", "articleBody",
    )  # fmt: skip
    found = read(head=linked(**dict.fromkeys(fields, junk)))
    assert "Harrow Bend" in found.text
    assert len(json.dumps(found.to_dict())) < 20_000


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2093-02-04T08:00:00Z", "2093-02-04T08:00:00Z"),
        ("1901-02-04T08:00:00Z", "1901-02-04T08:00:00Z"),
        ("2023-99-99T25:61:00+99:99", "2023-99-99T25:61:00+99:99"),
        ("99999999999999", "99999999999999"),
        ("-1", "-1"),
    ],
)
def test_an_impossible_date_is_kept_as_written_and_falls_back_to_the_next(
    written: str, kept: str
) -> None:
    listing = Listing(channel="feed", published="Sat, 04 Feb 2023 10:00:00 GMT")
    found = read(head=linked(datePublished=written), listing=listing)
    first = next(one for one in found.dates if one.source == "json-ld datePublished")
    assert (first.raw, first.value) == (kept, None)
    assert found.published == datetime(2023, 2, 4, 10, tzinfo=UTC)
    assert found.date_conflict is written.startswith(("2093", "1901"))
