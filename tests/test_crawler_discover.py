from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.lists import read_list
from crawler.outlets import Discovery, FoundSection, discover
from crawler.outlets.values import Identity
from crawler.refusal import Refusal
from crawler.wire.robots import RobotsRules, rules_of
from crawler.wire.web import FetchedPage, origin_of

HOME = "https://www.prairie-courier.example/"
AGENT = "pressclip/0.1.0"
FRONT = """<!doctype html><html lang="en-US"><head><title>Prairie Courier - News of the plains</title>
<meta name="generator" content="WordPress 6.4">
<link rel="alternate" type="application/rss+xml" title="Courier" href="/feed/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<script type="application/ld+json">{"@graph": [{"@type": "RadioStation", "name": "Prairie Courier"}]}</script>
</head><body><nav><a href="/county/">County</a><a href="/login">Sign in</a>
<a href="/rss-feeds/">RSS</a></nav>STORIES</body></html>""".replace(
    "STORIES",
    "".join(f"<a href='/2023/02/story-of-the-day-{n}'>A story, {n}</a>" for n in range(6)),
)
RSS = (
    "<rss><channel><title>Prairie Courier</title><language>en-US</language><item><title>Balloon</title>"
    "<link>https://www.prairie-courier.example/2023/02/balloon-NAME</link>"
    "<pubDate>Thu, 02 Feb 2023 22:14:00 GMT</pubDate></item></channel></rss>"
)
NEWS = (
    '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
    "<loc>https://www.prairie-courier.example/2023/02/balloon-seen-over-the-fields</loc><news:news>"
    "<news:publication><news:name>Prairie Courier</news:name><news:language>en</news:language>"
    "</news:publication><news:publication_date>2023-02-02</news:publication_date>"
    "<news:title>Balloon</news:title></news:news></url></urlset>"
)
ARCHIVE = "<sitemapindex>" + "".join(
    f"<sitemap><loc>https://www.prairie-courier.example/archive-{month}.xml</loc></sitemap>"
    for month in ("1999-12", "2023-01", "2023-02")
) + "</sitemapindex>"  # fmt: skip
MONTH = "<urlset><url><loc>https://www.prairie-courier.example/2023/02/a-long-story-of-it</loc></url></urlset>"
SITE = {
    "robots.txt": "User-agent: *\nDisallow: /admin\nCrawl-delay: 3\n"
    "Sitemap: https://www.prairie-courier.example/archive.xml\n"
    "Sitemap: https://www.prairie-courier.example/news.xml\n"
    "Sitemap: https://www.prairie-courier.example/image-sitemap.xml\n",
    "": FRONT,
    "feed/": RSS.replace("NAME", "one"),
    "rss-feeds/": '<html><body><a href="/county/feed/">County</a><a href="/gone.rss">Gone</a></body></html>',
    "county/feed/": RSS.replace("NAME", "two"),
    "county/": FRONT,
    "news.xml": NEWS,
    "archive.xml": ARCHIVE,
    "archive-2023-02.xml": MONTH,
}


class Web:
    """Pages by URL; what is not there is a 404. Counts what was asked for."""

    def __init__(self, pages: dict[str, str | FetchedPage | Refusal], home: str = HOME) -> None:
        self.pages = {f"{home}{path}": page for path, page in pages.items()}
        self.asked: list[str] = []

    async def robots(self, url: str) -> RobotsRules:
        written = self.pages.get(f"{origin_of(url)}/robots.txt", "")
        return rules_of(200, str(written).encode())

    async def fetch(self, url: str) -> FetchedPage | Refusal:
        self.asked.append(url)
        page = self.pages.get(url, FetchedPage(url=url, status=404))
        if isinstance(page, str):
            return FetchedPage(
                url=url, status=200, headers=(("Content-Type", "text/html"),), body=page.encode()
            )
        return page


def found_at(web: Web, url: str = HOME) -> Discovery:
    found = asyncio.run(discover(url, web, agent=AGENT))
    assert isinstance(found, Discovery), found
    return found


def test_an_outlet_is_found_with_all_that_answers() -> None:
    found = found_at(Web(dict(SITE)))
    assert (found.id, found.url, found.crawl_delay) == ("prairie-courier.example", HOME, 3)
    assert found.identity == Identity(
        name="Prairie Courier", country="us", languages=("en",), kind="broadcaster", cms="WordPress"
    )
    assert [feed.url.removeprefix(HOME) for feed in found.feeds] == ["feed/", "county/feed/"]
    assert found.feeds[0].newest == datetime(2023, 2, 2, 22, 14, tzinfo=UTC)
    assert [(sitemap.url.removeprefix(HOME), sitemap.kind) for sitemap in found.sitemaps] == [
        ("news.xml", "news"),
        ("archive.xml", "archive"),
    ]
    archive = found.sitemaps[1]
    assert (archive.step, archive.first, archive.last) == (
        "month",
        date(1999, 12, 1),
        date(2023, 2, 28),
    )
    assert found.sections == (
        FoundSection(url=HOME, articles=6),
        FoundSection(url=f"{HOME}county/", articles=6),
    )
    assert found.failed == ((f"{HOME}gone.rss", "http-404"),)


def test_nothing_is_asked_for_twice() -> None:
    web = Web(dict(SITE))
    found_at(web)
    assert len(web.asked) == len(set(web.asked)) <= 10


def test_usual_places_are_tried_when_nothing_is_named() -> None:
    bare = "<html><body>WordPress /wp-content/ site</body></html>"
    found = found_at(
        Web({"": bare, "feed": RSS, "sitemap_index.xml": ARCHIVE, "archive-2023-02.xml": MONTH})
    )
    assert [feed.url for feed in found.feeds] == [f"{HOME}feed"]
    assert [sitemap.url for sitemap in found.sitemaps] == [f"{HOME}sitemap_index.xml"]
    assert found.failed == ()


def test_a_walled_front_page_does_not_hide_the_feeds() -> None:
    wall = FetchedPage(url=HOME, status=403, body=b"<html>Access denied</html>")
    found = found_at(Web({**SITE, "": wall}))
    assert found.failed[0] == (HOME, "http-403")
    assert found.sitemaps
    assert not found.sections


def test_a_bot_wall_in_place_of_a_feed_is_told_and_not_proposed() -> None:
    wall = "<html><title>Just a moment...</title></html>"
    found = found_at(Web({**SITE, "feed/": wall}))
    assert (f"{HOME}feed/", "bot-wall") in found.failed
    assert f"{HOME}feed/" not in [feed.url for feed in found.feeds]


def test_a_feed_given_as_the_address_is_taken_with_its_outlet() -> None:
    found = found_at(Web({**SITE, "hidden.xml": RSS.replace("NAME", "three")}), f"{HOME}hidden.xml")
    assert found.feeds[0].url == f"{HOME}hidden.xml"
    assert found.url == HOME


def test_the_same_articles_as_rss_and_atom_are_one_feed() -> None:
    twice = FRONT.replace("/comments/feed/", "/atom.xml").replace('title="Comments"', "")
    found = found_at(Web({**SITE, "": twice, "atom.xml": RSS.replace("NAME", "one")}))
    assert f"{HOME}atom.xml" not in [feed.url for feed in found.feeds]


@pytest.mark.parametrize("code", ["robots-unreachable", "robots", "timeout", "dns"])
def test_an_outlet_that_cannot_be_reached_is_refused(code: str) -> None:
    web = Web({**SITE, "": Refusal(code=code)})
    assert asyncio.run(discover(HOME, web, agent=AGENT)) == Refusal(code=code)
    assert web.asked == [HOME]


@pytest.mark.parametrize(
    ("given", "front", "outlet"),
    [
        ("https://www.prairie-courier.example/", HOME, "prairie-courier.example"),
        ("https://news.harbour.example/", "https://news.harbour.example/", "news.harbour.example"),
        ("https://www.old-name.example/", "https://www.new-name.example/", "new-name.example"),
        ("https://www.big.example/", "https://edition.big.example/", "big.example"),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001/", "127.0.0.1:8001"),
    ],
)
def test_the_id_is_the_host_as_the_user_named_it(given: str, front: str, outlet: str) -> None:
    web = Web({})
    web.pages[given] = FetchedPage(url=front, status=200, body=FRONT.encode())
    assert found_at(web, given).id == outlet


NAMED = {
    "site name": ('<meta property="og:site_name" content="Le Matin &amp; Cie">', "Le Matin & Cie"),
    "title with the host": ("<title>Accueil | Le-Matin.fr : les nouvelles</title>", "Le-Matin.fr"),
    "title without blanks": ("<title>Dernières nouvelles--Le Matin</title>", "Le Matin"),
    "title with accents": ("<title>En continu - Lé Mâtin</title>", "Lé Mâtin"),
    "short title": ("<title>Dépêches - du jour</title>", "Dépêches"),
    "control characters": (
        '<meta property="og:site_name" content="Evil\x1b[31m\u202ename">',
        "Evil[31mname",
    ),
}


@pytest.mark.parametrize(("head", "name"), NAMED.values(), ids=NAMED.keys())
def test_an_outlets_name_is_read(head: str, name: str) -> None:
    home = "https://www.le-matin.fr/"
    found = found_at(Web({"": f"<html><head>{head}</head><body>x</body></html>"}, home), home)
    assert found.identity.name == name
    assert found.identity.country == "fr"


def test_a_name_of_another_script_is_the_part_that_the_feed_has_too() -> None:
    front = FRONT.replace("Prairie Courier - News of the plains", "最新消息--示例日报")
    front = front.replace("RadioStation", "Thing")
    feed = RSS.replace("Prairie Courier", "示例日报 - RSS").replace("NAME", "one")
    home = "https://a.example/"
    assert found_at(Web({"": front, "feed/": feed}, home), home).identity.name == "示例日报"


@pytest.mark.parametrize(
    ("home", "lang", "country", "languages"),
    [
        ("https://a.co.uk/", "en", "gb", ("en",)),
        ("https://a.com.cn/", "zh-Hans", "cn", ("zh",)),
        ("https://a.example/", "en-AU", "au", ("en",)),
        ("https://a.tv/", "ru", "", ("ru",)),
        ("https://a.example/", "pt_BR", "br", ("pt",)),
        ("https://a.example/", "klingon", "", ()),
    ],
)
def test_country_and_language_are_read(
    home: str, lang: str, country: str, languages: tuple[str, ...]
) -> None:
    who = found_at(Web({"": f"<html lang='{lang}'><body>x</body></html>"}, home), home).identity
    assert (who.country, who.languages) == (country, languages)


def test_a_language_that_is_not_declared_is_read_from_the_headlines() -> None:
    headlines = "".join(
        f"<a href='/nota/{n}'>Los ganaderos vieron primero el globo sobre los campos</a>"
        for n in range(3)
    )
    found = found_at(Web({"": f"<html><body>{headlines}</body></html>"}))
    assert found.identity.languages == ("es",)


def test_a_found_nothing_says_so() -> None:
    found = found_at(Web({"": "<html><body>Shop</body></html>"}))
    assert found.found_nothing
    assert not replace(found, sections=(FoundSection(url=HOME, articles=5),)).found_nothing


ARTICLE = (
    '<html lang="en"><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "A balloon'
    ' over the county", "datePublished": "2023-02-02T10:00:00Z"}</script></head><body><h1>A balloon over the'
    " county</h1>"
    + "<p>It was seen by forty people, who told this paper of it at some length and with gestures.</p>"
    * 6
    + "".join(
        f'<a href="/2023/02/another-long-headline-{n}-of-it">Another long headline of it</a>'
        for n in "abcd"
    )
    + "</body></html>"
)


def test_an_article_that_a_redirect_leads_to_is_no_section() -> None:
    place = f"{HOME}2023/02/a-balloon-over-the-county-at-noon"
    moved = FetchedPage(
        url=place, status=200, headers=(("Content-Type", "text/html"),), body=ARTICLE.encode()
    )
    found = found_at(Web({**SITE, "county/": moved}))
    assert [section.url for section in found.sections] == [HOME]


def test_a_section_that_leads_to_the_front_page_or_away_is_none() -> None:
    front = str(SITE[""])
    for url in (HOME, "https://harbour-daily.example/county"):
        moved = FetchedPage(
            url=url, status=200, headers=(("Content-Type", "text/html"),), body=front.encode()
        )
        found = found_at(Web({**SITE, "county/": moved}))
        assert [section.url for section in found.sections] == [HOME]


def test_a_crawl_refuses_an_article_in_the_place_of_a_list() -> None:
    place = f"{HOME}2023/02/a-balloon-over-the-county-at-noon"
    read = read_list("section", ARTICLE.encode(), url=place, content_type="text/html", windows=())
    assert isinstance(read, Refusal)
    assert read.code == "article"
    listed = read_list(
        "section", ARTICLE.encode(), url=f"{HOME}county/", content_type="text/html", windows=()
    )
    assert not isinstance(listed, Refusal)
