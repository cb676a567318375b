from __future__ import annotations

import gzip
import time
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.lists.sitemaps import (
    ChildSitemap,
    Sitemap,
    can_fall_in_window,
    children_in_window,
    parse_sitemap,
)
from crawler.refusal import Refusal
from index.workspace.story import Window

URL = "https://www.prairie-courier.example/sitemaps/news.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc>https://www.prairie-courier.example/2023/02/balloon?utm_source=sm</loc>
    <lastmod>2023-02-03</lastmod>
    <image:image><image:loc>https://img.example/1.jpg</image:loc>
      <image:title>A dot</image:title></image:image>
    <news:news>
      <news:publication><news:name>Prairie Courier</news:name>
        <news:language>EN</news:language></news:publication>
      <news:publication_date>2023-02-02T22:14:00-05:00</news:publication_date>
      <news:title>Balloon seen over &amp;quot;the fields&amp;quot;</news:title>
      <news:keywords>balloon, Montana; sky,,balloon</news:keywords>
    </news:news>
  </url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>/sitemap-2023-02.xml.gz</loc><lastmod>2023-03-01T00:00:00Z</lastmod></sitemap>
  <sitemap><loc>sitemap-2022-12.xml</loc></sitemap>
  <sitemap><loc>https://www.prairie-courier.example/sitemaps/news.xml</loc></sitemap>
</sitemapindex>"""
STORY = Window(start=date(2023, 1, 28), end=date(2023, 3, 31))


def sitemap_of(body: str | bytes, content_type: str = "") -> Sitemap:
    data = body.encode() if isinstance(body, str) else body
    answer = parse_sitemap(data, url=URL, content_type=content_type)
    assert isinstance(answer, Sitemap), answer
    return answer


def test_a_news_sitemap_is_read() -> None:
    sitemap = sitemap_of(NEWS)
    (entry,) = sitemap.urls
    assert sitemap.news
    assert entry.url == "https://www.prairie-courier.example/2023/02/balloon"
    assert entry.title == 'Balloon seen over "the fields"'
    assert entry.published_at == datetime(2023, 2, 3, 3, 14, tzinfo=UTC)
    assert entry.modified_at == datetime(2023, 2, 3, tzinfo=UTC)
    assert (entry.language, entry.publication) == ("en", "Prairie Courier")


def test_an_index_lists_its_children_but_not_itself() -> None:
    children = sitemap_of(INDEX).children
    assert [child.url for child in children] == [
        "https://www.prairie-courier.example/sitemap-2023-02.xml.gz",
        "https://www.prairie-courier.example/sitemaps/sitemap-2022-12.xml",
    ]
    assert children[0].modified_at == datetime(2023, 3, 1, tzinfo=UTC)


FORMS = {
    "zipped": gzip.compress(NEWS.encode()),
    "zipped twice": gzip.compress(gzip.compress(NEWS.encode())),
    "zipped in members": gzip.compress(NEWS[:40].encode()) + gzip.compress(NEWS[40:].encode()),
    "zipped, then cut": gzip.compress(NEWS.encode())[:-8],
    "utf-16": NEWS.replace("UTF-8", "UTF-16").encode("utf-16"),
    "without namespaces": NEWS.replace('xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', ""),
    "of Google's older schema": NEWS.replace("www.sitemaps.org", "www.google.com"),
    "cut in the middle of the second": NEWS.replace("</urlset>", "<url><loc>https://a.ex"),
    "bare ampersand": NEWS.replace("utm_source=sm", "a=1&utm_source=sm").replace(
        "?a=1", "?utm_id=1"
    ),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_sitemaps_are_read_in_the_forms_they_come_in(body: str | bytes) -> None:
    entry = sitemap_of(body, "text/html").urls[0]
    assert entry.url == "https://www.prairie-courier.example/2023/02/balloon"


def test_a_text_file_is_a_sitemap() -> None:
    sitemap = sitemap_of("\ufeffhttps://a.example/1\r\n\r\n  http://a.example/2 \nnot a url\n")
    assert [entry.url for entry in sitemap.urls] == ["https://a.example/1", "http://a.example/2"]


def test_a_feed_is_a_sitemap() -> None:
    sitemap = sitemap_of(
        "<rss><channel><item><title>One</title><link>https://a.example/1</link>"
        "<pubDate>Thu, 02 Feb 2023 22:14:00 GMT</pubDate></item></channel></rss>"
    )
    assert sitemap.urls[0].published_at == datetime(2023, 2, 2, 22, 14, tzinfo=UTC)


def test_only_50_000_urls_are_taken() -> None:
    urls = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(50_100))
    sitemap = sitemap_of(f"<urlset>{urls}</urlset>")
    assert len(sitemap.urls) == 50_000
    assert sitemap.partial


REFUSED = {
    "page": (b"<html><body>404</body></html>", "html"),
    "bot wall": (b"<!DOCTYPE html><title>Attention Required! | Cloudflare</title>", "bot-wall"),
    "nothing": (b"", "empty"),
    "words": (b"no sitemap here", "not-a-sitemap"),
    "opml": (b"<opml><body/></opml>", "not-a-sitemap"),
    "entities": (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset><url/></urlset>', "xml-entities"),
    "gzip bomb": (gzip.compress(bytes(51 * 2**20)), "too-large"),
    "gzip without end": (gzip.compress(gzip.compress(gzip.compress(b"<urlset/>"))), "unreadable"),
}


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_sitemap_is_refused_with_a_code(body: bytes, code: str) -> None:
    answer = parse_sitemap(body, url=URL)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_a_gzip_bomb_costs_little_memory() -> None:
    body = gzip.compress(bytes(300 * 2**20), compresslevel=1)
    tracemalloc.start()
    start = time.process_time()
    assert isinstance(parse_sitemap(body, url=URL), Refusal)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150 * 2**20
    assert time.process_time() - start < 10


markup = st.text("<>/urlsetindxmap:loc &;\n", max_size=300).map(str.encode)


@given(body=st.one_of(st.binary(max_size=300), markup))
def test_no_body_raises(body: bytes) -> None:
    for prefix in (b"", b"<urlset><url><loc>", b"<sitemapindex><sitemap>"):
        assert isinstance(parse_sitemap(prefix + body, url=URL), Sitemap | Refusal)


@pytest.mark.parametrize(
    ("url", "modified", "published", "may"),
    [
        ("https://a.example/sitemap-2023-02.xml", None, None, True),
        ("https://a.example/sitemap-2022-12.xml", None, None, False),
        ("https://a.example/sitemap-2023-04.xml", None, None, True),
        ("https://a.example/sitemap-2023-05.xml", None, None, False),
        ("https://a.example/sitemap-2022-12.xml", date(2023, 2, 4), None, False),
        ("https://a.example/sitemap7.xml", date(2022, 12, 1), None, False),
        ("https://a.example/sitemap7.xml", date(2024, 12, 1), None, True),
        ("https://a.example/sitemap7.xml", None, None, True),
        ("https://a.example/x", date(2022, 1, 1), date(2023, 2, 4), True),
        ("https://a.example/2023/02/04/x", None, date(2022, 12, 4), False),
        ("https://a.example/2019/x-of-the-year-2019", None, None, True),
    ],
)
def test_what_cannot_lie_in_the_window_is_not_opened(
    url: str, modified: date | None, published: date | None, may: bool
) -> None:
    def midnight(day: date | None) -> datetime | None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None

    found = can_fall_in_window(
        url, STORY, modified=midnight(modified), published=midnight(published)
    )
    assert found is may


def test_an_open_window_takes_everything() -> None:
    assert can_fall_in_window("https://a.example/sitemap-1999-01.xml", Window())


def children(*names: str) -> list[ChildSitemap]:
    return [ChildSitemap(url=f"https://a.example/{name}.xml") for name in names]


def test_children_of_the_window_come_newest_first() -> None:
    chosen = children_in_window(children("m-2022-11", "m-2023-02", "m-2023-03", "m-2023-06"), STORY)
    assert [child.url[-11:-4] for child in chosen] == ["2023-03", "2023-02"]


def test_a_year_in_a_childs_name_counts() -> None:
    chosen = children_in_window(children("y-2021", "y-2022", "y-2023"), STORY)
    assert [child.url for child in chosen] == ["https://a.example/y-2023.xml"]


def test_a_number_that_looks_like_a_year_does_not_count() -> None:
    assert len(children_in_window(children("s-7", "s-2010", "s-2350"), STORY)) == 3
