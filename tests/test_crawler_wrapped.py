"""Links of counters and filters lead to the page itself; entries of feeds keep their own link and names."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from crawler.lists.feeds import Feed, parse_feed
from crawler.lists.feeds.entries import person_name
from crawler.lists.sitemaps import Sitemap, parse_sitemap
from crawler.spiders.urls import candidates_of
from crawler.urls.wrapped import sealed, unwrap

PAGE = "https://gazette.example/2023/airship"
SEALED = b"\x08\x13\x22\x78AU_yqLOaQ0Zw3vX" + b"k" * 80 + b"\xd2\x01\x00"


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={PAGE}&ct=ga",
        f"https://www.google.co.uk/url?q={PAGE}&sa=U",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fgazette.example%2F2023%2Fairship&h=AT",
        "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fgazette.example%2F2023%2Fairship&data=05",
        f"https://urldefense.com/v3/__{PAGE}__;!!abc",
        f"https://www.bing.com/news/apiclick.aspx?ref=x&url={PAGE}",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__gazette.example_2023_airship&d=DwMF",
        f"https://translate.google.com/translate?sl=auto&tl=en&u={PAGE}",
        "https://gazette-example.translate.goog/2023/airship?_x_tr_sl=auto&_x_tr_tl=en",
        "https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9nYXpldHRlLmV4YW1wbGUvMjAyMy9haXJzaGlw&ntb=1",
        f"https://www.google.com/url?url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3D{PAGE}",
        PAGE,
    ],
)
def test_a_wrapped_address_is_unwrapped(url: str) -> None:
    assert unwrap(url) == PAGE


def packed(url: str, tail: bytes = b"\xd2\x01\x00") -> str:
    """A link as Google News wrote it until 2024: the address in protobuf in base64."""
    held = url.encode()
    size = len(held)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    name = urlsafe_b64encode(b"\x08\x13\x22" + length + held + tail).decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{name}?oc=5"


@pytest.mark.parametrize(
    "path", ["/rss/articles/", "/articles/", "/read/", "/__i/rss/rd/articles/"]
)
@pytest.mark.parametrize("page", [PAGE, PAGE + "?" + "x" * 200])
def test_a_link_of_google_news_that_holds_its_page_leads_there(path: str, page: str) -> None:
    amp = f"\xd2\x01{chr(len(page) % 100)}https://gazette.example/amp".encode("latin-1")
    link = packed(page, amp).replace("/rss/articles/", path)
    assert unwrap(link) == page
    assert not sealed(link)


@pytest.mark.parametrize(
    "link",
    [
        # As they are written since 2024: within the base64 stands "AU_yqL…", which only Google can read.
        f"https://news.google.com/rss/articles/{urlsafe_b64encode(SEALED).decode().rstrip('=')}?oc=5",
        "https://news.google.com/read/CBMiabcdefgh",
        "https://news.google.com/articles/________",
    ],
)
def test_a_link_of_google_news_that_holds_a_key_is_sealed(link: str) -> None:
    assert unwrap(link) == link
    assert sealed(link)
    assert not sealed("https://news.google.com/topstories")


def test_a_copy_in_an_archive_is_fetched_there_as_it_was_captured() -> None:
    named = f"https://web.archive.org/web/20230204101500/{PAGE}"
    (candidate,) = candidates_of(
        [f"https://www.google.com/url?url={named}"], source="-", archives=("https://web.archive.org/",),
        outlet_of=lambda url: url.split("/")[2],
    )  # fmt: skip
    assert candidate.url == f"https://web.archive.org/web/20230204101500id_/{PAGE}"
    assert (candidate.outlet, candidate.site) == ("gazette.example", "archive.org")
    listing = candidate.listing
    assert (listing.copy_of, listing.captured) == (PAGE, "2023-02-04T10:15:00Z")
    assert listing.archive_source == candidate.url


def test_a_translation_keeps_the_pages_own_host_and_query() -> None:
    url = "https://the--gazette-example.translate.goog/a?id=1&_x_tr_sch=http&_x_tr_sl=auto"
    assert unwrap(url) == "http://the-gazette.example/a?id=1"


def pairs() -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / "data" / "cases" / "url-same.tsv").read_text("utf-8")
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines.splitlines()]


@pytest.mark.parametrize(
    ("named", "page"),
    [
        *pairs(),
        ("https://archive.ph/2023.02.04-101500/https://gazette.example/2023/airship", PAGE),
        ("https://gazette-example.cdn.ampproject.org/c/s/gazette.example/2023/airship", PAGE),
    ],
)
def test_a_list_of_urls_names_the_pages_themselves(named: str, page: str) -> None:
    (candidate,) = candidates_of([named], source="-", outlet_of=lambda url: url.split("/")[2])
    assert (candidate.url, candidate.outlet) == (page, "gazette.example")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?q=javascript:x",
        "https://[",
        "https://www.google.com/url",
        "",
        "https://www.bing.com/ck/a?!&&u=a1x",
        "https://translate.goog/",
    ],
)
def test_what_leads_nowhere_stays(url: str) -> None:
    assert unwrap(url) == url


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mara@gazette.example (Mara Quill)", "Mara Quill"),
        ("Mara Quill <mara@gazette.example>", "Mara Quill"),
        ('"Mara Quill" <mara@gazette.example>', "Mara Quill"),
        ("mara@gazette.example", ""),
        ("mara@gazette.example Mara Quill", "Mara Quill"),
        (
            "mara@gazette.example (Mara Quill), tom@gazette.example (Tom Reed)",
            "Mara Quill; Tom Reed",
        ),
        (
            "Mara Quill <mara@gazette.example>, Tom Reed <tom@gazette.example>",
            "Mara Quill; Tom Reed",
        ),
        ('"Quill, Mara" <mara@gazette.example>', "Quill, Mara"),
        ("Mara Quill", "Mara Quill"),
    ],
)
def test_a_mail_address_is_nobody(text: str, name: str) -> None:
    assert person_name(text) == name


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>t</title>
<item><title>Quay &amp;amp; harbour: the airship&amp;#39;s drift</title><link>https://gazette.example/a</link>
<author>mara@gazette.example (Mara Quill)</author>
<media:content><link>https://gazette.example/photo</link></media:content>
<related><item2><link>https://gazette.example/other</link></item2></related></item>
<item><title>b</title><media:thumbnail><link>https://gazette.example/t.jpg</link></media:thumbnail>
<link>https://gazette.example/b</link></item></channel></rss>"""


def test_an_entry_keeps_its_own_link_title_and_author() -> None:
    feed = parse_feed(RSS.encode(), url="https://gazette.example/feed")
    assert isinstance(feed, Feed)
    assert [entry.url for entry in feed.entries] == [
        "https://gazette.example/a",
        "https://gazette.example/b",
    ]
    assert feed.entries[0].title == "Quay & harbour: the airship's drift"
    assert feed.entries[0].authors == ("Mara Quill",)


def one_item(item: str) -> Feed:
    spaces = (
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:yandex="http://news.yandex.ru"'
    )
    body = f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><item>{item}</item></channel></rss>'
    feed = parse_feed(body.encode(), url="https://gazette.example/feed")
    assert isinstance(feed, Feed)
    return feed


OWN = "https://gazette.example/a"


@pytest.mark.parametrize(
    "item",
    [
        f"<link>{OWN}</link><media:group><media:content><link>https://gazette.example/p</link>"
        "</media:content></media:group>",
        f"<media:thumbnail><link>https://gazette.example/p</link></media:thumbnail><link>{OWN}</link>",
        f"<yandex:related><link url='https://gazette.example/r'>r</link></yandex:related><link>{OWN}</link>",
        f"<related><link>https://gazette.example/r</link></related><link>{OWN}</link>",
        f"<link>https://www.google.com/url?rct=j&amp;sa=t&amp;url={OWN}&amp;ct=ga</link>",
        "<link>https://l.facebook.com/l.php?u=https%3A%2F%2Fgazette.example%2Fa&amp;h=x</link>",
    ],
    ids=["media", "thumbnail first", "yandex", "related first", "google alert", "facebook"],
)
def test_the_items_own_link_is_read_unwrapped(item: str) -> None:
    assert [entry.url for entry in one_item(f"<title>t</title>{item}").entries] == [OWN]


def test_a_json_feeds_links_are_unwrapped_too() -> None:
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "tags": ["Harbour"],'
        f' "url": "https://www.google.com/url?url={OWN}", "authors": [{{"name": "Mara Quill"}}]}}]}}'
    )
    feed = parse_feed(body.encode(), url="https://gazette.example/feed.json")
    assert isinstance(feed, Feed)
    [entry] = feed.entries
    assert (entry.url, entry.authors, entry.section) == (OWN, ("Mara Quill",), "Harbour")


@pytest.mark.parametrize(
    "title",
    [
        "Quay &amp;amp; harbour",
        "Quay &amp;amp;amp; harbour",
        "<![CDATA[Quay &amp; harbour]]>",
        "<![CDATA[Quay &amp;amp; harbour]]>",
        "Quay &amp;#38; harbour",
    ],
)
def test_a_title_escaped_twice_is_read(title: str) -> None:
    assert (
        one_item(f"<title>{title}</title><link>{OWN}</link>").entries[0].title == "Quay & harbour"
    )


def test_a_sitemap_that_was_cut_anywhere_is_partial_and_has_its_whole_entries() -> None:
    urls = "".join(
        f"<url><loc>https://gazette.example/2023/02/a-long-walk-{number}</loc>"
        "<lastmod>2023-02-04</lastmod></url>"
        for number in range(9)
    )
    whole = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    for end in range(170, 480):
        found = parse_sitemap(whole[:end].encode(), url="https://gazette.example/sitemap.xml")
        assert isinstance(found, Sitemap)
        assert found.partial
        kept = [url.url.rpartition("-")[2] for url in found.urls]
        assert kept == [str(number) for number in range(whole.count("</url>", 0, end))], whole[:end]
    full = parse_sitemap(whole.encode(), url="https://gazette.example/sitemap.xml")
    assert isinstance(full, Sitemap)
    assert (full.partial, len(full.urls)) == (False, 9)
