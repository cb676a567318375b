from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.lists.feeds import Feed, FeedEntry, parse_feed
from crawler.lists.timestamps import parse_date
from crawler.refusal import Refusal

URL = "https://www.prairie-courier.example/rss/feed.xml"


def feed_of(body: str | bytes, content_type: str = "") -> Feed:
    data = body.encode() if isinstance(body, str) else body
    feed = parse_feed(data, url=URL, content_type=content_type)
    assert isinstance(feed, Feed), feed
    return feed


def entry_of(body: str | bytes, content_type: str = "") -> FeedEntry:
    (entry,) = feed_of(body, content_type).entries
    return entry


def rss(item: str, head: str = "", namespaces: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {namespaces}><channel>{head}'
        f"<item>{item}</item></channel></rss>"
    )


LINK = "<link>https://www.prairie-courier.example/2023/02/balloon</link>"


def test_rss_is_read() -> None:
    entry = entry_of(
        rss(
            f"<title>Balloon seen over the fields</title>{LINK}"
            "<pubDate>Thu, 02 Feb 2023 22:14:00 -0500</pubDate>"
            "<description>&lt;p&gt;Ranchers &amp;amp; pilots &lt;b&gt;saw&lt;/b&gt; it.&lt;/p&gt;"
            "</description>"
            "<dc:creator>Ada Field</dc:creator><category>Montana</category>"
            "<content:encoded><![CDATA[<p>Ranchers saw it first. It drifted & turned.</p>]]>"
            "</content:encoded>",
            namespaces='xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        )
    )
    assert entry == FeedEntry(
        url="https://www.prairie-courier.example/2023/02/balloon",
        title="Balloon seen over the fields",
        summary="Ranchers & pilots saw it.",
        published="Thu, 02 Feb 2023 22:14:00 -0500",
        published_at=datetime(2023, 2, 3, 3, 14, tzinfo=UTC),
        authors=("Ada Field",),
        section="Montana",
        content="<p>Ranchers saw it first. It drifted & turned.</p>",
    )


def test_atom_is_read() -> None:
    feed = feed_of(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-FR"><title>Le Matin</title>'
        '<link rel="self" href="/atom.xml"/><link href="/"/><link rel="next" href="?page=2"/>'
        '<entry xml:base="https://www.matin.example/a/">'
        '<title type="html">&lt;i&gt;Ballon&lt;/i&gt; vu</title>'
        '<link rel="enclosure" href="b.mp3" type="audio/mpeg"/><link rel="alternate" href="ballon.html"/>'
        "<published>2023-02-02T22:14:00Z</published><updated>2023-02-03T01:00:00+01:00</updated>"
        "<author><name>Léa Champ</name></author><summary>Un ballon</summary>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un ballon</p></div></content>'
        "</entry></feed>"
    )
    (entry,) = feed.entries
    assert (feed.title, feed.language) == ("Le Matin", "fr-fr")
    assert feed.home == "https://www.prairie-courier.example/"
    assert feed.next == "https://www.prairie-courier.example/rss/feed.xml?page=2"
    assert (entry.url, entry.title) == ("https://www.matin.example/a/ballon.html", "Ballon vu")
    assert (entry.summary, entry.authors) == ("Un ballon", ("Léa Champ",))
    assert entry.updated_at == datetime(2023, 2, 3, tzinfo=UTC)
    assert "<p>Un ballon</p>" in entry.content


def test_rdf_is_read() -> None:
    feed = feed_of(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>港湾日報</title></channel>'
        '<item rdf:about="https://harbour-daily.example/1"><title>気球</title><dc:date>2023-02-04</dc:date></item>'
        "</rdf:RDF>"
    )
    (entry,) = feed.entries
    assert (feed.title, entry.url) == ("港湾日報", "https://harbour-daily.example/1")
    assert entry.published_at == datetime(2023, 2, 4, tzinfo=UTC)


def test_json_feed_is_read() -> None:
    feed = feed_of(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Courier",
                "language": "en-US",
                "next_url": "/feed.json?page=2",
                "items": [
                    {
                        "id": "1",
                        "url": "/2023/02/balloon?utm_source=json",
                        "title": "Balloon",
                        "content_html": "<p>It <em>drifted</em>.</p>",
                        "date_published": "2023-02-04T10:00:00-05:00",
                        "authors": [{"name": "Ada Field"}],
                    },
                    {"id": "2", "title": "no address"},
                    "no object",
                ],
            }
        )
    )
    (entry,) = feed.entries
    assert entry.url == "https://www.prairie-courier.example/2023/02/balloon"
    assert (entry.summary, entry.authors) == ("It drifted.", ("Ada Field",))
    assert entry.published_at == datetime(2023, 2, 4, 15, tzinfo=UTC)
    assert (feed.language, feed.without_url) == ("en-us", 1)
    assert feed.next == "https://www.prairie-courier.example/feed.json?page=2"


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/2023/a</link>", "https://www.prairie-courier.example/2023/a"),
        ("<link>a?x=1&y=2</link>", "https://www.prairie-courier.example/rss/a?x=1&y=2"),
        ("<link><![CDATA[https://a.example/?p=1&b=2]]></link>", "https://a.example/?p=1&b=2"),
        ("<guid>https://a.example/g</guid>", "https://a.example/g"),
        ("<link>mailto:x@a.example</link><guid>https://a.example/g</guid>", "https://a.example/g"),
        ("<link href='https://a.example/h'/>", "https://a.example/h"),
        (
            "<link>https://click.example/r</link><feedburner:origLink>https://a.example/o</feedburner:origLink>",
            "https://a.example/o",
        ),
    ],
    ids=["relative", "bare ampersand", "cdata", "guid", "guid for mail", "href", "original link"],
)
def test_the_address_of_an_entry(item: str, url: str) -> None:
    assert entry_of(rss(item)).url == url


def test_an_entry_without_address_is_counted_and_left_out() -> None:
    feed = feed_of(rss("<title>x</title><guid isPermaLink='false'>https://a.example/g</guid>"))
    assert (feed.entries, feed.without_url) == ((), 1)


HOURLY = "<sy:updatePeriod>hourly</sy:updatePeriod>"


@pytest.mark.parametrize(
    ("head", "ttl"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>99999999999</ttl>", timedelta(days=30)),
        ("<ttl>soon</ttl>", None),
        (HOURLY + "<sy:updateFrequency>2</sy:updateFrequency>", timedelta(minutes=30)),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        (HOURLY + "<sy:updateFrequency>0</sy:updateFrequency>", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_pause_a_feed_asks_for(head: str, ttl: timedelta | None) -> None:
    assert feed_of(rss(LINK, head)).ttl == ttl


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Fran&ccedil;ais &amp; bar&nbsp;&hellip;", "Français & bar …"),
        ("A &unknown; word", "A &unknown; word"),
        ("5 &lt; 7", "5 < 7"),
        ("<![CDATA[<b>Bold</b> claim]]>", "Bold claim"),
        ("one\ntwo\x01three", "one twothree"),
        ("right\u202eleft\u200b", "rightleft"),
        ("a &lt;script&gt;alert(1)&lt;/script&gt; b", "a b"),
        ("&#150; &#x20AC; &#0;x", "– € x"),
    ],
)
def test_a_title_is_plain_text(title: str, plain: str) -> None:
    assert entry_of(rss(f"<title>{title}</title>{LINK}")).title == plain


TITLE = "Globo «espía» sobre Montana"
ENCODED = {
    "utf-8 declared as latin-1": (TITLE.encode(), "iso-8859-1", ""),
    "latin-1 by declaration": (TITLE.encode("latin-1"), "iso-8859-1", ""),
    "latin-1 by header": (TITLE.encode("latin-1"), "", "text/xml; charset=iso-8859-1"),
    "utf-16 with mark": (None, "utf-16", ""),
    "utf-16-be": (None, "utf-16-be", ""),
    "utf-32-le": (None, "utf-32-le", ""),
}


@pytest.mark.parametrize(("title", "declared", "header"), ENCODED.values(), ids=ENCODED.keys())
def test_misdeclared_encodings_are_read(title: bytes | None, declared: str, header: str) -> None:
    encoding = f' encoding="{declared}"' if declared else ""
    text = f'<?xml version="1.0"{encoding}?><rss><channel><item><title>@</title>{LINK}</item></channel></rss>'
    body = (
        text.replace("@", TITLE).encode(declared)
        if title is None
        else text.encode().replace(b"@", title)
    )
    assert entry_of(body, header).title == TITLE


DAMAGED = {
    "cut": rss(f"<title>One</title>{LINK}")[:-25],
    "undeclared namespace": rss(f"<title>One</title>{LINK}<media:thumbnail url='x'/>"),
    "junk before": "<br />\n<b>Warning</b>: x.php\n" + rss(f"<title>One</title>{LINK}"),
    "mark and blanks before": "\ufeff \n" + rss(f"<title>One</title>{LINK}"),
    "doctype of RSS 0.91": rss(f"<title>One</title>{LINK}").replace(
        "<rss", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://a.example/r.dtd"><rss'
    ),
    "open break": rss(f"<title>One</title>{LINK}<description>a<br>b</description>"),
    "capitals": rss(f"<TITLE>One</TITLE>{LINK}").replace("item>", "Item>").replace("Item>", "item>"),
}  # fmt: skip


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_readable_in_a_damaged_feed_is_used(body: str) -> None:
    assert entry_of(body).title == "One"


def test_a_cut_feed_says_that_it_is_partial() -> None:
    assert feed_of(DAMAGED["cut"]).partial
    assert not feed_of(rss(LINK)).partial


def test_a_zipped_feed_is_read_whatever_its_type_says() -> None:
    assert entry_of(gzip.compress(rss(LINK).encode()), "text/html").url.endswith("/balloon")


def with_dtd(subset: str, item: str) -> bytes:
    return rss(item + LINK).replace("<rss", f"<!DOCTYPE rss [{subset}]><rss").encode()


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(30))
ATTRIBUTES = " ".join(f"a{n}=''" for n in range(40_000))
REFUSED = {
    "page": (b"<!doctype html><html><body>Moved</body></html>", "html"),
    "bot wall": (b"<html><head><title>Just a moment...</title></head></html>", "bot-wall"),
    "captcha": (b"<html><body>Please solve this CAPTCHA</body></html>", "bot-wall"),
    "consent": (b"<html><body><form action='/consent/save'></form></body></html>", "consent"),
    "nothing": (b" \n", "empty"),
    "words": (b"Not found", "unreadable"),
    "sitemap": (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "not-a-feed"),
    "json": (b'{"items": []}', "not-a-feed"),
    "broken json": (b'{"version": ', "unreadable"),
    "deep json": (b'{"a":' + b"[" * 100_000, "unreadable"),
    "entity bomb": (with_dtd(BOMB, "<title>&a29;</title>"), "xml-entities"),
    "external entity": (
        with_dtd('<!ENTITY x SYSTEM "file:///etc/passwd">', "<title>&x;</title>"),
        "xml-entities",
    ),
    "parameter entity": (
        with_dtd('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;', "<title>x</title>"),
        "xml-entities",
    ),
    "attribute bomb": (
        f"<rss {ATTRIBUTES}></rss>".encode(),
        "xml-bomb",
    ),
    "attribute bomb of less-thans": (
        ("<rss " + " ".join(f"a{n}='<'" for n in range(100_000)) + "></rss>").encode(),
        "xml-bomb",
    ),
    "element bomb": (rss("<a/>" * 300_000).encode(), "xml-bomb"),
    "ampersands": (b"<rss>" + b"&" * 9_000_000, "xml-bomb"),
    "references": (b"<rss>" + b"&a;" * 3_000_000, "xml-bomb"),
    "gzip bomb": (gzip.compress(bytes(30 * 2**20)), "too-large"),
    "false gzip": (b"\x1f\x8b\x08\x00 no gzip at all", "unreadable"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_feed_is_refused_with_a_code_and_at_once(body: bytes, code: str) -> None:
    start = time.process_time()
    answer = parse_feed(body, url=URL)
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert time.process_time() - start < 10


# Each takes feedparser minutes by itself, or libxml2.
SLOW = {
    "name": f"<author>{'a' * 500_000}</author>",
    "name in pieces": f"<author>{('a' * 1000 + '<b/>') * 500}</author>",
    "address": f"<dc:creator>{'a.b@' * 200_000}</dc:creator>",
    "tags": "".join(f"<category>{number}</category>" for number in range(50_000)),
    "date": f"<pubDate>{'1' * 1_000_000}</pubDate>",
    "open tags": f"<description>{'&lt;a ' * 100_000}</description>",
    "blanks": "\n" * 500_000,
}


@pytest.mark.parametrize("piece", SLOW.values(), ids=SLOW.keys())
def test_what_is_long_in_an_entry_is_cut_before_it_costs_time(piece: str) -> None:
    start = time.process_time()
    entry = entry_of(rss(LINK + piece + "<title>One</title>"))
    assert entry.title == "One"
    assert time.process_time() - start < 10


def test_a_feed_is_never_taken_for_an_address_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(rss(LINK))
    for body in (str(file), file.as_uri(), "http://127.0.0.1:9/feed.xml"):
        assert isinstance(parse_feed(body.encode(), url=URL), Refusal)


markup = st.text("<>&;![]rsitemlnkfdCDATA \"'=/?x", max_size=300).map(str.encode)


@given(body=st.one_of(st.binary(max_size=300), markup))
def test_no_body_raises(body: bytes) -> None:
    for prefix in (b"", b"<rss><channel><item>", b'{"version":"jsonfeed.org","items":['):
        assert isinstance(parse_feed(prefix + body, url=URL), Feed | Refusal)


@given(title=st.text(max_size=80))
def test_a_title_survives_escaping(title: str) -> None:
    written = rss(f"<title>{escape(escape(title))}</title>{LINK}")
    plain = entry_of(rss(f"<title><![CDATA[{escape(title)}]]></title>{LINK}")).title
    assert entry_of(written).title == plain


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 02 Feb 2023 22:14:00 GMT", datetime(2023, 2, 2, 22, 14, tzinfo=UTC)),
        ("2 Feb 2023 22:14:00 EST", datetime(2023, 2, 3, 3, 14, tzinfo=UTC)),
        ("2023-02-02T22:14:00.123Z", datetime(2023, 2, 2, 22, 14, 0, 123000, tzinfo=UTC)),
        ("2023-02-02 22:14", datetime(2023, 2, 2, 22, 14, tzinfo=UTC)),
        ("2023-02-02", datetime(2023, 2, 2, tzinfo=UTC)),
        ("2 février 2023", datetime(2023, 2, 2, tzinfo=UTC)),
        ("2023年2月2日", datetime(2023, 2, 2, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("Thu, 32 Feb 2023 99:99:99 +9999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_lists_are_read_or_are_none(text: str, moment: datetime | None) -> None:
    assert parse_date(text) == moment


def test_a_feed_in_which_feedparser_loses_its_way_is_refused() -> None:
    """Found by bench/drills/fuzz_inputs.py: feedparser raises a KeyError for a link with an entry in it."""
    feed = (
        b"<rss version='2.0'><channel><title>P</title><item><title>A &amp; B</title>"
        b"<title type='html'>A</title><link>3.org<title>P</title><entry><title typtml'>As:/"
    )
    outcome = parse_feed(feed, url=URL)
    assert isinstance(outcome, Refusal)
    assert (outcome.code, "KeyError" in outcome.detail) == ("unreadable", True)
