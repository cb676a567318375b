"""Links of counters and filters lead to the page itself; entries of feeds keep their own link and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.lists.feeds import Feed, parse_feed
from crawler.lists.feeds.entries import person_name
from crawler.spiders.urls import candidates_of
from crawler.urls.wrapped import unwrap

PAGE = "https://gazette.example/2023/airship"


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
