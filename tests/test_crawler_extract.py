"""Extraction as a whole: our own pages are read as written; no page whatever raises."""

from __future__ import annotations

import pickle
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.gates.extraction import score_page
from bench.peers.extractors import read_pressclip
from bench.sets.own_pages import OwnPage, own_pages
from crawler.extract import NotAnArticle, extract
from crawler.extract.text import UNWANTED
from index.article import Article
from index.capture import Capture, Listing
from index.habits.values import Priors

FETCHED = datetime(2023, 2, 4, 20, tzinfo=UTC)
PROSE = (
    "The council met on Tuesday night to hear what the ranchers had seen above their fields. " * 4
)
PIECES = (
    "<html>", "<head>", "<title>", "A balloon | Courier", "</title>", "<body>", "<h1>", "</h1>", "<p>",
    "</p>", "<table>", "<tr>", "<td>", "</td>", "<div class='", "article-body", "'>", "</div>", "<!--",
    "-->", "<script>", "</script>", '<script type="application/ld+json">',
    '{"@type":"NewsArticle","headline":"x","author":', '[{"name":"Bo"}]', "}", "<time datetime='",
    "2023-02-04T10:00:00+99:99", "4 février 2023", "2 hours ago", "By ", "Jane Doe", "&lt;&#0;&amp;",
    "\x00", "\u202e\u200b\ufffe", "e\u0301", "😀", "<svg>", "<noscript>", "</noscript>",
    "<a href='javascript:x'>", "</a>", "<ul><li>", "<meta name=author content='", "<html lang=zh>",
    "<meta property='article:published_time' content='", "气球在城市上空", "<base href='::::'>", PROSE,
)  # fmt: skip


def capture(
    html: str | bytes, url: str = "https://courier.example/2023/02/04/balloon-seen"
) -> Capture:
    body = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
    return Capture(url=url, status=200, headers=(), body=body, fetched=FETCHED)


def read(html: str | bytes) -> Article:
    found = extract(capture(html))
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize("page", own_pages(), ids=lambda page: page.id)
def test_an_own_page_is_read_as_it_was_written(page: OwnPage) -> None:
    measured = score_page(page, read_pressclip(page.capture, page.zone))
    shares = {
        "precision": 0.88,
        "recall": 0.88,
    }  # a live blog is written in another order than read
    assert {name: value for name, value in measured.items() if value < shares.get(name, 1.0)} == {}


@given(st.binary(max_size=3000))
@settings(deadline=None, max_examples=60)
def test_any_bytes_are_an_article_or_a_refusal(body: bytes) -> None:
    assert isinstance(extract(capture(body)), Article | NotAnArticle)


@given(
    st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(("utf-8", "utf-16", "gb18030"))
)
@settings(deadline=None, max_examples=80)
def test_any_heap_of_markup_gives_text_that_may_be_stored(pieces: list[str], charset: str) -> None:
    found = extract(capture("".join(pieces).encode(charset, "replace")))
    if isinstance(found, Article):
        for text in (
            found.title,
            found.text,
            found.description,
            found.section,
            *found.authors,
            *found.tags,
        ):
            assert unicodedata.is_normalized("NFC", text)
            assert not UNWANTED.search(text)
        assert all(
            one.value is None or one.value <= FETCHED + timedelta(days=1) for one in found.dates
        )


@given(st.sampled_from(own_pages()))
@settings(deadline=None, max_examples=10)
def test_a_page_is_read_the_same_twice_and_crosses_processes(page: OwnPage) -> None:
    found = extract(page.capture, priors=Priors(zone=page.zone))
    assert pickle.loads(pickle.dumps(found)) == extract(page.capture, priors=Priors(zone=page.zone))


@pytest.mark.parametrize(
    "bait",
    [
        "<div " + " ".join(f"a{n}=1" for n in range(20_000)) + ">",
        "<div " + " ".join(f"a{n}='>'" for n in range(20_000)) + ">",
        "<div>" * 20_000,
        "<table>" + "<tr><td>a</td></tr>" * 20_000 + "</table>",
        "<table><tr>" + "<td>a</td>" * 30_000,
        "<p>" + "a" * 1_000_000 + "</p>",
        "<!--" * 20_000,
        "<script>" * 20_000,
        "<" * 100_000,
        f"<meta name=author content='{'&lt;' * 40_000}'>",
        f"<script type='application/ld+json'>{'[' * 50_000}{']' * 50_000}</script>",
        "<td colspan=9007199254740991>x</td>",
        "<span class=date>4 February 2023</span>" * 5_000,
        f"<title>{'a | ' * 50_000}</title>",
    ],
    ids=[
        "attributes",
        "quoted",
        "nesting",
        "rows",
        "cells",
        "word",
        "comments",
        "scripts",
        "angles",
        "author",
        "json",
        "colspan",
        "dates",
        "title",
    ],
)
@pytest.mark.timeout(30)
def test_a_page_that_wants_to_hang_its_reader_is_read(bait: str) -> None:
    paragraphs = "".join(f"<p>{number}. {PROSE}</p>" for number in range(6))
    html = f"<html><head><title>A balloon</title></head><body><h1>A balloon over town</h1>{paragraphs}{bait}"
    assert "what the ranchers had seen" in read(html).text


def test_an_impossible_date_costs_the_date_only() -> None:
    html = f"""<title>A balloon over town</title><h1>A balloon over town</h1><article><p>{PROSE}</p></article>
        <meta property="article:published_time" content="2023-99-99T25:61:00+99:99">"""
    found = read(f"<html><body>{html}")
    assert "ranchers" in found.text
    assert [one.value for one in found.dates if one.source.startswith("meta")] == [None]


def test_a_field_that_breaks_its_reader_costs_that_field(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("crawler.extract.record.read_authors", broken)
    monkeypatch.setattr("crawler.extract.record.read_tags", broken)
    found = read(f"<html><body><h1>A balloon over town</h1><article><p>{PROSE}</p></article>")
    assert (found.authors, found.tags, found.title) == ((), (), "A balloon over town")


def test_the_listing_gives_a_title_and_a_date_where_the_page_has_none() -> None:
    listing = Listing(
        channel="feed",
        outlet="courier",
        title="Balloon &amp; wind",
        published="Sat, 04 Feb 2023 10:00:00 GMT",
    )
    page = Capture(
        url="https://courier.example/x1",
        status=200,
        headers=(),
        body=f"<html><body><article><p>{PROSE}</p></article>".encode(),
        fetched=FETCHED,
        listing=listing,
    )
    found = extract(page)
    assert isinstance(found, Article)
    assert (found.title, found.outlet) == ("Balloon & wind", "courier")
    assert found.published == datetime(2023, 2, 4, 10, tzinfo=UTC)
    assert found.witnesses["published"] == "listing feed"


def test_the_canonical_address_is_believed_on_the_same_site_only() -> None:
    def address(href: str) -> str:
        head = f"<link rel=canonical href='{href}'><meta property=og:url content='{href}'>"
        return read(
            f"<html><head>{head}</head><body><article><p>{PROSE}</p></article>"
        ).canonical_url

    assert address("https://courier.example/2023/02/04/balloon-seen-over-fields") == (
        "https://courier.example/2023/02/04/balloon-seen-over-fields"
    )
    assert (
        address("https://thief.example/stolen") == "https://courier.example/2023/02/04/balloon-seen"
    )
