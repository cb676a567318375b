"""Feeds, sitemaps and robots files of others, where they are at hand: none raises, most agree."""

from __future__ import annotations

import ast
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.extract.page.decode import decode
from crawler.lists.feeds import Feed, FeedEntry, parse_feed
from crawler.lists.feeds.entries import plain_text
from crawler.lists.feeds.xml_feed import read_entries
from crawler.lists.sections import parse_list_page
from crawler.lists.sitemaps import Sitemap, parse_sitemap
from crawler.refusal import Refusal
from crawler.wire.optouts import parse_tdmrep, read_optouts
from crawler.wire.robots import parse_robots

SHARED = Path(__file__).parents[1] / "../shared/data"
FEEDS = SHARED / "feeds/feedparser-tests/tests"
COMMONS = SHARED / "conformance/crawler-commons/src/test/resources"
GOOGLE = SHARED / "conformance/google-robotstxt-spec-test/src/main/resources/CTC"
ROBOTS = SHARED / "conformance/protego/real-robots-4231-hosts.tar.gz"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no files at {SHARED}")

BASE = "http://127.0.0.1:8097/feed.xml"


def tell(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n  {text}")


def test_every_feed_file_is_parsed_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    answers: Counter[str] = Counter()
    slowest = 0.0
    for path in sorted(path for path in FEEDS.rglob("*") if path.is_file()):
        start = time.process_time()
        answer = parse_feed(path.read_bytes(), url=BASE)
        slowest = max(slowest, time.process_time() - start)
        answers["feed" if isinstance(answer, Feed) else answer.code] += 1
    tell(capsys, f"feedparser's files: {dict(answers)}, slowest {slowest * 1000:.0f} ms")
    assert answers["feed"] >= 0.99 * answers.total() > 2000
    assert slowest < 1.0


EXPECTATION = re.compile(
    r"Expect:\s*(?:not bozo and )?entries\[(?P<place>\d)\]\[u?'(?P<field>\w+)'\](?:\[0\]\['value'\])?"
    r" == (?P<value>u?(?:'[^'\n]*'|\"[^\"\n]*\"))\s*(?:-->|\n)"
)
FIELDS = {
    "title": "title",
    "description": "summary",
    "summary": "summary",
    "content": "content",
    "link": "url",
    "published": "published",
}


def expectations() -> Iterator[tuple[str, FeedEntry | None, str, str]]:
    """Field, our entry, our name of the field and the expected text, of files that state one."""
    for path in sorted(FEEDS.rglob("*.xml")):
        body = path.read_bytes()
        stated = EXPECTATION.search(decode(body))
        if stated is None or stated["field"] not in FIELDS:
            continue
        entries = read_entries(body, BASE)
        place = int(stated["place"])
        entry = entries[place] if place < len(entries) else None
        yield stated["field"], entry, FIELDS[stated["field"]], ast.literal_eval(stated["value"])


def test_entries_agree_with_feedparsers_expectations(capsys: pytest.CaptureFixture[str]) -> None:
    agreed: Counter[str] = Counter()
    stated: Counter[str] = Counter()
    for name, entry, field, expected in expectations():
        got = str(getattr(entry, field)) if entry else ""
        stated[name] += 1
        # Ours is plain text, so the expected markup is made plain too.
        agreed[name] += plain_text(got, 1000).lower() == plain_text(expected, 1000).lower()
    counts = ", ".join(f"{name} {agreed[name]} of {stated[name]}" for name in sorted(stated))
    tell(capsys, f"feedparser's expectations: {counts}")
    assert agreed.total() >= 0.99 * stated.total() > 500


SITEMAPS = {
    "sitemaps/atom.xml": (1, 0),
    "sitemaps/sitemap.txt": (2, 0),
    "sitemaps/sitemap-with-bom.txt": (2, 0),
    "sitemaps/sitemap.txt.gz": (5, 0),
    "sitemaps/xmlSitemap.gz": (5, 0),
    "sitemaps/sitemap.ns.xml": (2, 0),
    "sitemaps/sitemap.badns.xml": (2, 0),
    "sitemaps/sitemap.index.xml": (0, 15),
    "sitemaps/extension/sitemap-news.xml": (2, 0),
    "sitemaps/extension/sitemap-images.xml": (1, 0),
    "sitemaps/extension/sitemap-videos.xml": (3, 0),
    "sitemaps/extension/hebdenbridgetimes-articles-sitemap.xml": (74, 0),
    "sitemaps/extension/shinpaideshou-news-sitemap.xml": (3, 0),
    "rss/feed.rss": (3, 0),
    "rss/xmlRss_pubDate.xml": (7, 0),
}


@pytest.mark.parametrize("name", SITEMAPS)
def test_sitemaps_list_what_crawler_commons_expects(name: str) -> None:
    answer = parse_sitemap((COMMONS / name).read_bytes(), url=f"http://www.example.com/{name}")
    assert isinstance(answer, Sitemap)
    assert (len(answer.urls), len(answer.children)) == SITEMAPS[name]


def test_a_news_sitemap_agrees_with_crawler_commons() -> None:
    path = COMMONS / "sitemaps/extension/sitemap-news.xml"
    answer = parse_sitemap(path.read_bytes(), url="http://www.example.org/")
    assert isinstance(answer, Sitemap)
    first = answer.urls[0]
    assert (first.url, first.title) == (
        "http://www.example.org/business/article55.html",
        "Companies A, B in Merger Talks",
    )
    assert (first.published, first.language, first.publication) == (
        "2008-12-23",
        "en",
        "The Example Times",
    )


def test_every_real_robots_file_is_read_quickly(capsys: pytest.CaptureFixture[str]) -> None:
    read = 0
    start = time.process_time()
    with tarfile.open(ROBOTS) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                rules = parse_robots(file.read())
                rules.refusal("https://a.example/2023/02/balloon", "pressclip/1.0")
                read += 1
    rate = read / (time.process_time() - start)
    tell(capsys, f"real robots files: {read} read, {rate:,.0f} a second")
    assert read == 4231
    assert rate > 200


TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|([\[\]{}])|#[^\n]*|[\s:,]+')
ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
# Where the tests follow Google and not RFC 9309: an unescaped path in the URL asked for; escaped
# letters that the RFC takes as written out; robots.txt itself, which is always allowed.
NOT_BY_THE_RFC = re.compile(r"[^\x00-\x7f]|/foo/bar/baz$|/robots\.txt$")


def bytes_of(written: str) -> bytes:
    def plain(escape: re.Match[bytes]) -> bytes:
        if escape[1] or escape[2]:
            return bytes([int(escape[1], 16) if escape[1] else int(escape[2], 8)])
        return LETTERS.get(escape[3], escape[3])

    return ESCAPE.sub(plain, written.encode())


def google_cases() -> Iterator[tuple[bytes, dict[str, str]]]:
    """The robots.txt and one expectation of each case; the files are protobuf text."""
    for path in sorted(GOOGLE.rglob("*.textproto")):
        robots, name, text = b"", "", ""
        fields: dict[str, str] = {}
        for string, word, bracket in TOKEN.findall(path.read_text("utf-8")):
            if bracket == "}" and "testurl" in fields:
                yield robots, fields
                fields = {}
            elif word in ("ALLOWED", "DISALLOWED"):
                fields["expected"] = word
            elif word:
                name, text = word, ""
            elif not bracket:
                text += string
                if name == "robotstxt":
                    robots = bytes_of(text)
                elif name in ("testurl", "useragent"):
                    fields[name] = bytes_of(text).decode()


def test_robots_rules_agree_with_googles_cases(capsys: pytest.CaptureFixture[str]) -> None:
    counted: Counter[str] = Counter()
    for robots, case in google_cases():
        rules = parse_robots(robots)
        allowed = rules.rules is not None and not rules.refusal(case["testurl"], case["useragent"])
        if (case["expected"] == "ALLOWED") is allowed:
            counted["agree"] += 1
        elif NOT_BY_THE_RFC.search(case["testurl"]):
            counted["differ by RFC 9309"] += 1
        elif not re.fullmatch(r"[A-Za-z_-]+", case["useragent"]):
            counted["ask for a name that is no product token"] += 1
        elif "requests" in rules.refusal(case["testurl"], case["useragent"]):
            counted["refused for a crawl-delay over our limit"] += 1
        else:
            counted["differ"] += 1
    tell(capsys, f"Google's robots cases: {dict(counted)}")
    assert counted["agree"] >= 380
    assert counted["differ"] == 0


@pytest.mark.parametrize("mark", ["utf8", "utf16le", "utf16be"])
def test_a_robots_file_with_a_byte_order_mark_is_read(mark: str) -> None:
    rules = parse_robots((COMMONS / f"robots/robots-with-{mark}-bom.txt").read_bytes())
    assert not rules.allowed("http://www.example.com/profile", "foobot/1.0")
    assert rules.allowed("http://www.example.com/news", "foobot/1.0")
    assert len(rules.sitemap_lines) == 1


def test_sitemap_lines_are_resolved_and_told_once() -> None:
    rules = parse_robots((COMMONS / "robots/sitemap-robots-dedup.txt").read_bytes())
    urls = rules.sitemaps("https://www.example.com/robots.txt")
    assert urls
    assert len(urls) == len(set(urls))


LARGEST = 5 * 2**20
MOST_CPU = 10.0  # seconds for one file and parser: beyond it hangs
PARSERS: dict[str, Callable[[bytes], object]] = {
    "feed": lambda body: parse_feed(body, url=BASE),
    "sitemap": lambda body: parse_sitemap(body, url=BASE),
    "section": lambda body: parse_list_page(body, url=BASE),
    "robots": parse_robots,
    "tdmrep": parse_tdmrep,
    "opt-outs": lambda body: read_optouts((), body),
}


@pytest.mark.parametrize("name", PARSERS)
def test_every_file_at_hand_is_parsed_or_refused_by_every_parser(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Feeds given to the sitemap parser, tables to the feed parser, and so on: none raises or hangs."""
    answers: Counter[str] = Counter()
    slowest = 0.0
    folders = (SHARED / "feeds", SHARED / "conformance")
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for path in paths:
        if path.stat().st_size > LARGEST:
            continue
        start = time.process_time()
        answer = PARSERS[name](path.read_bytes())
        slowest = max(slowest, time.process_time() - start)
        answers[answer.code if isinstance(answer, Refusal) else "read"] += 1
    tell(
        capsys,
        f"{name}, {answers.total()} files of all kinds: {dict(answers)}, slowest {slowest:.2f} s",
    )
    assert answers.total() > 2300
    assert slowest < MOST_CPU


def test_every_sitemap_of_crawler_commons_is_parsed_or_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers: Counter[str] = Counter()
    for folder in ("sitemaps", "rss"):
        for path in sorted(one for one in (COMMONS / folder).rglob("*") if one.is_file()):
            answer = parse_sitemap(path.read_bytes(), url="http://www.example.com/sitemap.xml")
            answers["read" if isinstance(answer, Sitemap) else answer.code] += 1
    tell(capsys, f"crawler-commons' sitemaps: {dict(answers)}")
    assert answers["read"] >= 0.8 * answers.total() > 0
