"""Kinds of pages: what is refused, with which code; and what must never be."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.extract import NotAnArticle, extract
from index.article import Article
from index.capture import Capture

PROSE = "The council met on Tuesday night to hear what the ranchers had seen above their fields. "
BODY = "".join(f"<p>{number}. {PROSE * 2}</p>" for number in range(5))


def linked_head(kind: str) -> str:
    """A script element with a node of linked data of that type."""
    return f'<script type="application/ld+json">{json.dumps({"@type": kind, "name": "A balloon"})}</script>'


def found(
    body: str | bytes, *, url: str = "https://courier.example/news/a-report-7311", status: int = 200
) -> Article | NotAnArticle:
    raw = body if isinstance(body, bytes) else body.encode()
    at = datetime(2023, 2, 4, tzinfo=UTC)
    return extract(Capture(url=url, status=status, headers=(), body=raw, fetched=at))


def kind(
    body: str | bytes, *, url: str = "https://courier.example/news/a-report-7311", status: int = 200
) -> str:
    return found(body, url=url, status=status).kind


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "PNG"),
        (b"PK\x03\x04word/document.xml", "ZIP"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (b'{"articles": []}', "JSON"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "feed"),
        (b"<urlset xmlns='x'></urlset>", "feed"),
        (b"User-agent: *\nDisallow: /", "plain text"),
    ],
)
def test_what_is_no_html_is_told_by_its_bytes(body: bytes, reason: str) -> None:
    refusal = found(body)
    assert isinstance(refusal, NotAnArticle)
    assert refusal.kind == "not-html"
    assert reason in refusal.reason


@pytest.mark.parametrize("body", [b"", b"  \n\t ", b"\xef\xbb\xbf", b"\0\0"])
def test_an_empty_response_is_empty(body: bytes) -> None:
    assert kind(body) == "empty"


@pytest.mark.parametrize("status", [204, 206, 301, 304, 403, 404, 451, 503])
def test_only_a_whole_answer_is_read(status: int) -> None:
    assert kind(f"<html><body>{BODY}", status=status) == f"http-{status}"


@pytest.mark.parametrize(
    ("html", "code"),
    [
        (
            "<title>Just a moment...</title><p>Verify you are human by completing the action below.</p>",
            "bot-wall",
        ),
        (
            "<title>courier.example</title><p>Request unsuccessful. Incapsula incident ID: 7-1</p>",
            "bot-wall",
        ),
        (
            "<title>Before you continue to Courier</title><p>We use cookies and data to do things.</p>",
            "consent",
        ),
        ("<title>Seite nicht gefunden</title><h1>Oh nein</h1><p>Hier ist nichts.</p>", "soft-404"),
        ("<title>Error 404 (Not Found)!!</title>", "soft-404"),
        ("<title>Bad Gateway</title><p>nginx</p>", "error"),
        (
            "<title>courier.example is for sale</title><p>Buy this domain is for sale today.</p>",
            "too-short",
        ),
        (
            "<title>Sign in - Courier</title><form><input type=password></form><p>Welcome back.</p>",
            "login",
        ),
        ("<title>Courier</title><form><input type=password></form>", "login"),
        ("<title>Courier</title><p>You need to enable JavaScript to run this app.</p>", "js-shell"),
        (
            "<title>Courier</title><noscript>Please enable JavaScript to read this.</noscript><div></div>",
            "js-shell",
        ),
        ("<title>Courier</title><p>Hello.</p>", "too-short"),
    ],
)
def test_a_page_before_the_article_is_refused_with_its_kind(html: str, code: str) -> None:
    assert kind(f"<html><body>{html}</body></html>") == code


@pytest.mark.parametrize(
    "title",
    [
        "How captchas became harder than the robots they stop",
        "404 Media wins a prize for its reporting on privacy",
        "Error on the ballot delays the count",
        "Sign in the sky: ranchers see a balloon",
        "Access denied: what the county will not say about the balloon",
        "Cookie consent and other ways to be asked twice",
        "Subscribe now to continue, the sheriff was told",
    ],
)
def test_an_article_about_such_things_is_an_article(title: str) -> None:
    page = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><article>{BODY}</article>"
    )
    assert kind(page) == "article"


def test_a_short_news_flash_is_an_article() -> None:
    line = (
        "The air force said on Saturday afternoon that it had brought the balloon down over the sea, "
        "some ten miles from the cape."
    )
    page = (
        f"<html><title>Balloon brought down</title><body><h1>Balloon brought down</h1><p>{line}</p>"
    )
    assert kind(page, url="https://courier.example/2023/02/04/balloon-down") == "article"


CARDS = "".join(
    f"<div><h2><a href=/s{number}>A headline of some length, number {number}</a></h2><p>A line.</p></div>"
    for number in range(30)
)


@pytest.mark.parametrize(
    ("url", "head"),
    [
        (
            "https://courier.example/",
            "<title>Courier</title><meta property='og:type' content=website>",
        ),
        (
            "https://courier.example/en/",
            "<title>Courier</title><meta property='og:type' content=website>",
        ),
        (
            "https://courier.example/tag/balloon/",
            '<title>Balloon</title><script type="application/ld+json">{"@type":"CollectionPage"}</script>',
        ),
    ],
    ids=["front", "language", "tag"],
)
def test_a_list_of_articles_is_no_article(url: str, head: str) -> None:
    assert kind(f"<html><head>{head}</head><body>{CARDS}</body></html>", url=url) == "list-page"


def test_an_article_at_the_address_of_a_front_page_is_an_article() -> None:
    title = "Ranchers report a silent balloon over the fields"
    html = f"<html><title>{title}</title><body><h1>{title}</h1><article>{BODY}</article>{CARDS}</body></html>"
    assert kind(html, url="https://courier.example/") == "article"


def test_an_article_that_lists_related_ones_is_an_article() -> None:
    linked = json.dumps(
        {"@type": "NewsArticle", "headline": "A balloon", "url": "https://courier.example/tag/b/"}
    )
    head = f'<title>A balloon</title><script type="application/ld+json">{linked}</script>'
    html = f"<html><head>{head}</head><body><h1>A balloon</h1><article>{BODY}</article>{CARDS}</body></html>"
    assert kind(html, url="https://courier.example/tag/b/") == "article"


@pytest.mark.parametrize(
    ("url", "head", "sort"),
    [
        ("https://courier.example/opinion/a-balloon-is-a-balloon", "", "opinion"),
        ("https://courier.example/meinung/der-ballon", "", "opinion"),
        ("https://courier.example/world/live/2023/feb/04/balloon", "", "live-blog"),
        ("https://courier.example/gallery/balloon-in-pictures", "", "gallery"),
        (
            "https://courier.example/x",
            '<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>',
            "live-blog",
        ),
        (
            "https://courier.example/x",
            '<script type="application/ld+json">{"@type":"OpinionNewsArticle"}</script>',
            "opinion",
        ),
        ("https://courier.example/opinions-differ-on-balloon", "", "article"),
    ],
)
def test_the_sort_of_article_is_told(url: str, head: str, sort: str) -> None:
    assert (
        kind(f"<html><head>{head}</head><body><h1>A balloon</h1>{BODY}</body></html>", url=url)
        == sort
    )


def test_a_film_with_a_teaser_is_a_video() -> None:
    head = "<meta property='og:type' content='video.other'>"
    html = f"<html><head>{head}</head><body><h1>A balloon</h1><p>{PROSE * 2}</p></body></html>"
    assert kind(html) == "video"


LINKED = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":'


@pytest.mark.parametrize(
    ("html", "paywalled"),
    [
        (f"{LINKED}false}}</script>", True),
        (f'{LINKED}"False"}}</script>', True),
        (f"{LINKED}true}}</script>", False),
        ("<meta property='article:content_tier' content='locked'>", True),
        ("", False),
    ],
)
def test_a_page_behind_a_paywall_is_marked(html: str, paywalled: bool) -> None:
    article = found(f"<html><head>{html}</head><body><h1>A balloon</h1>{BODY}</body></html>")
    assert isinstance(article, Article)
    assert article.paywalled is paywalled


def test_a_text_that_ends_at_a_subscription_is_marked() -> None:
    article = found(
        f"<html><body><h1>A balloon</h1><p>{PROSE * 3}</p><p>Subscribe to continue reading.</p></body>"
    )
    assert isinstance(article, Article)
    assert article.paywalled


@pytest.mark.parametrize(
    ("url", "head", "media"),
    [
        ("https://courier.example/video/balloon", "", "video"),
        ("https://courier.example/videos/2023/balloon", "", "video"),
        ("https://courier.example/news/video-shows-balloon", "", "article"),
        ("https://courier.example/podcasts/balloon", "", "audio"),
        ("https://courier.example/fotostrecke/balloon", "", "gallery"),
        ("https://courier.example/x", "<meta property='og:type' content='video.other'>", "video"),
        ("https://courier.example/x", linked_head("VideoObject"), "video"),
        ("https://courier.example/x", linked_head("PodcastEpisode"), "audio"),
        ("https://courier.example/x", linked_head("ImageGallery"), "gallery"),
        (
            "https://courier.example/x",
            linked_head("VideoObject") + linked_head("NewsArticle"),
            "article",
        ),
        (
            "https://courier.example/x",
            linked_head("VideoObject") + "<meta property='og:type' content='article'>",
            "article",
        ),
    ],
)
def test_a_page_of_a_film_a_sound_or_pictures_is_told_from_an_article_with_one(
    url: str, head: str, media: str
) -> None:
    html = f"<html><head>{head}</head><body><h1>A balloon</h1>{BODY}</body></html>"
    assert kind(html, url=url) == media


@pytest.mark.parametrize("media", ["video", "podcasts", "gallery"])
def test_a_page_that_only_shows_something_is_refused_as_what_it_is(media: str) -> None:
    refusal = found(
        "<html><body><h1>A balloon</h1><img src=a.jpg></body></html>",
        url=f"https://courier.example/{media}/a-balloon",
    )
    assert isinstance(refusal, NotAnArticle)
    assert refusal.kind == {"podcasts": "audio"}.get(media, media)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        (f"<p>{PROSE * 3}</p><p>Subscribe to continue reading.</p>", "teaser"),
        (f"<p>{PROSE * 3}</p>", "teaser"),
        (f"<p>{PROSE * 20}</p><p>And then the mayor …</p>", "teaser"),
        (f"<p>{PROSE * 20}</p>", "article"),
    ],
    ids=["wall", "short", "breaks-off", "whole"],
)
def test_what_is_cut_at_a_paywall_is_a_teaser_but_what_is_whole_is_not(
    text: str, sort: str
) -> None:
    html = (
        f"<html><head>{LINKED}false}}</script></head><body><h1>A balloon</h1>{text}</body></html>"
    )
    article = found(html)
    assert isinstance(article, Article)
    assert (article.kind, article.paywalled) == (sort, True)


def tiles(count: int, *, item: str = "") -> str:
    """Headline links in cards without any heading's element, each with a teaser."""
    return "".join(
        f"<div class=tile {item}><a href='/2023/02/story-{number}'><strong>The mayor of Elm Fork opens"
        f" bridge number {number}</strong></a><p>Bridge {number} had been closed for two winters, and the"
        f" ferry ran all the while, says the council.</p></div>"
        for number in range(count)
    )


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Local</h1><div>{tiles(6)}</div>",
        "<h1>Local</h1><div itemscope itemtype='https://schema.org/ItemList'>"
        f"{tiles(1, item='itemprop=itemListElement')}</div>",
    ],
    ids=["tiles", "one-item"],
)
def test_a_section_page_that_says_nothing_of_itself_is_a_list(body: str) -> None:
    html = f"<html><head><title>Local – Courier</title></head><body>{body}</body></html>"
    assert kind(html, url="https://courier.example/local/") == "list-page"


def test_an_article_with_tiles_of_others_in_it_is_an_article() -> None:
    title = "Ranchers report a silent balloon over the fields"
    html = (
        f"<html><title>{title}</title><body><h1>{title}</h1><article>{BODY}<div>{tiles(4)}</div></article>"
        "</body></html>"
    )
    assert kind(html, url="https://courier.example/x/7") == "article"
