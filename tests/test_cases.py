"""Small inputs after public bug reports of other projects: each file of `data/cases` as `truth.tsv` says.

Containers, robots, queries and addresses are tried in the tests of their own rooms; `OTHERS` names them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extract import extract
from crawler.lists.feeds import Feed, parse_feed
from crawler.lists.sitemaps import Sitemap, parse_sitemap
from index.article import Article
from index.capture import Capture

CASES = Path("tests/data/cases")
TRUTH = dict(
    line.split("\t", 1) for line in (CASES / "truth.tsv").read_text("utf-8").splitlines() if line
)
OTHERS = re.compile(r"\.(?:gz|warc|wacz|arc|mhtml|tsv|txt)$")
PAGES = sorted(name for name in TRUTH if name.endswith(".html"))
FEEDS = sorted(name for name in TRUTH if name.startswith("feed-"))
SITEMAPS = sorted(name for name in TRUTH if name.startswith("sitemap-"))
BODY = (
    "A white cargo airship drifted over",
    "The council said that the vessel belongs",
    "Two patrol boats followed the craft",
    "Residents of the old town had filled",
    "The company promised a full report",
)
FETCHED = datetime(2026, 11, 24, tzinfo=UTC)
OPEN: frozenset[str] = frozenset()
"""Cases that fail, and are known to; a case that passes must leave this list."""


def test_every_case_is_here_and_has_its_truth() -> None:
    assert {path.name for path in CASES.iterdir()} == {*TRUTH, "truth.tsv"}
    assert all(name in {*PAGES, *FEEDS, *SITEMAPS} or OTHERS.search(name) for name in TRUTH)


def read(name: str) -> Article:
    capture = Capture(
        url=f"https://gazette.example/news/{name}",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=(CASES / name).read_bytes(),
        fetched=FETCHED,
    )
    result = extract(capture)
    assert isinstance(result, Article), result
    return result


def as_said(article: Article, field: str, wanted: str) -> str:
    """A field as `truth.tsv` writes it."""
    match field:
        case "authors":
            return str(list(article.authors))
        case "published":
            return article.published.isoformat()[: len(wanted)] if article.published else ""
        case "published_day":
            return str(article.published_day)
        case "title":
            return article.title
        case "contains":
            return wanted if wanted in " ".join(article.text.split()) else article.text
        case _:
            told = " ".join(article.text.split())
            return wanted if all(line in told for line in BODY) else told


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_as_its_case_says(name: str, request: pytest.FixtureRequest) -> None:
    if name in OPEN:
        request.applymarker(pytest.mark.xfail(strict=True))
    article = read(name)
    for part in TRUTH[name].split("; "):
        field, _, wanted = part.partition("=")
        assert as_said(article, field, wanted) == wanted, field


@pytest.mark.parametrize("name", [name for name in FEEDS if name != "feed-zone-names.xml"])
def test_an_entry_has_its_own_address(name: str) -> None:
    feed = parse_feed((CASES / name).read_bytes(), url="https://gazette.example/feed")
    assert isinstance(feed, Feed)
    assert [entry.url for entry in feed.entries] == [TRUTH[name].removeprefix("1 entry, ")]


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_sitemap_is_read_as_far_as_it_goes(name: str) -> None:
    read = parse_sitemap((CASES / name).read_bytes(), url="https://gazette.example/sitemap.xml")
    assert isinstance(read, Sitemap)
    assert len(read.urls) == 1
    told = TRUTH[name].removeprefix("1 URL, ")
    moment = read.urls[0].modified_at
    assert told == ("partial" if read.partial else f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else "")


def test_a_feed_keeps_the_zones_and_halves_of_its_dates() -> None:
    name = "feed-zone-names.xml"
    feed = parse_feed((CASES / name).read_bytes(), url="https://gazette.example/feed")
    assert isinstance(feed, Feed)
    read = [entry.published_at for entry in feed.entries]
    assert " ".join(f"{one:%H:%M}Z" for one in read if one) == TRUTH[name]
