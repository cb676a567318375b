"""Where feeds, sitemaps and sections may stand: named by the front page, or usual for its CMS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.urls import clean, looks_like_article, registered_domain

MAX_SECTIONS = 40

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_FEED_URL = re.compile(
    r"/(?:rss|feeds?|atom)(?:[\d/._-][^?]*)?(?:\?|$)|\.(?:rss|atom|rdf)(?:$|\?)|(?:rss|feed|atom)[\w-]*\.xml"
    r"|[?&](?:feed|format|output|outputtype|alt|type)=(?:rss|atom)|/outboundfeeds/|/rss[\w-]*/",
    re.IGNORECASE,
)
_NOT_OF_ARTICLES = re.compile(r"comment|kommentar|podcast|oembed|/author/|/tag/", re.IGNORECASE)
_FEEDS_PAGE = re.compile(r"^\W*(?:rss|feeds?|rss[ -]?feeds?|xml[ -]?feeds?)\W*$", re.IGNORECASE)
_SERVICE = re.compile(
    r"/(?:login|signin|register|account|subscri\w+|abo\w*|newsletters?|contact\w*|kontakt|about\w*"
    r"|impressum|privacy|datenschutz|terms|agb|legal|cookies?|help|faq|jobs|careers|advert\w*|shop"
    r"|store|podcasts?|epaper|games?|crosswords?|weather|wetter|horoscopes?|classifieds|obituaries"
    r"|tags?|topics?|authors?|search|suche|rss|feeds?|sitemap|video|videos|live|tv|apps?)(?:/|$|\.)",
    re.IGNORECASE,
)

# Signs of a publishing system in a front page's source, and where it keeps feeds and sitemaps.
_SYSTEMS: tuple[tuple[str, re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "WordPress",
        re.compile(r"/wp-(?:content|includes|json)/|content=[\"']WordPress", re.IGNORECASE),
        ("/feed/",),
        ("/news-sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml"),
    ),
    (
        "Arc",
        re.compile(r"/pf/resources/|Fusion\.(?:arcSite|globalContent)", re.IGNORECASE),
        ("/arc/outboundfeeds/rss/?outputType=xml",),
        (
            "/arc/outboundfeeds/news-sitemap-index/?outputType=xml",
            "/arc/outboundfeeds/sitemap-index/?outputType=xml",
        ),
    ),
    (
        "Drupal",
        re.compile(r"content=[\"']Drupal|/sites/(?:default|all)/(?:files|modules)/", re.IGNORECASE),
        ("/rss.xml",),
        ("/googlenews.xml", "/sitemap.xml"),
    ),
    (
        "Ghost",
        re.compile(r"content=[\"']Ghost", re.IGNORECASE),
        ("/rss/",),
        ("/sitemap-posts.xml", "/sitemap.xml"),
    ),
    (
        "Blogger",
        re.compile(r"content=[\"']blogger", re.IGNORECASE),
        ("/feeds/posts/default?alt=rss",),
        ("/sitemap.xml",),
    ),
    (
        "TYPO3",
        re.compile(r"content=[\"']TYPO3|/typo3(?:conf|temp)/", re.IGNORECASE),
        ("/rss.xml",),
        (),
    ),
    ("Joomla", re.compile(r"content=[\"']Joomla", re.IGNORECASE), ("/?format=feed&type=rss",), ()),
)
_FEED_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feeds", "/index.xml")
_SITEMAP_PLACES = (
    "/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml",
)  # fmt: skip


def detect_cms(source: str) -> str:
    """The publishing system a front page shows signs of; empty when none is known."""
    return next((name for name, sign, _, _ in _SYSTEMS if sign.search(source)), "")


def linked_feeds(tree: HtmlElement, url: str) -> list[str]:
    """The feeds a page declares in its head, then those it links to, without comments' feeds."""
    declared = (
        link.get("href")
        for link in tree.iter("link")
        if (link.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES
        and "alternate" in (link.get("rel") or "").lower().split()
        and not _NOT_OF_ARTICLES.search(f"{link.get('title') or ''} {link.get('href') or ''}")
    )
    found = [clean(href, url) for href in declared if href]
    return _unique([*found, *feed_links(tree, url)])


def feed_links(tree: HtmlElement, url: str) -> list[str]:
    """The links of a page whose address looks like a feed's."""
    links = (address for address, _ in _links(tree, url))
    return _unique(
        [link for link in links if _FEED_URL.search(link) and not _NOT_OF_ARTICLES.search(link)]
    )


def feeds_pages(tree: HtmlElement, url: str) -> list[str]:
    """Pages of the site whose link says nothing but "RSS" or "Feeds": lists of feeds, often."""
    return _unique(
        [link for link, anchor in _links(tree, url) if _FEEDS_PAGE.match(_words(anchor)[:40])]
    )


def section_candidates(tree: HtmlElement, url: str) -> list[str]:
    """Short addresses of the same host that a menu would lead to, in the page's order."""
    host = urlsplit(url).netloc
    found = []
    for link, _anchor in _links(tree, url):
        parts = urlsplit(link)
        depth = len([part for part in parts.path.split("/") if part])
        is_own = parts.netloc == host and not parts.query
        if (
            is_own
            and 1 <= depth <= 2
            and not _SERVICE.search(parts.path)
            and not looks_like_article(link)
        ):
            found.append(link)
    return _unique(found)[:MAX_SECTIONS]


def common_feeds(origin: str, source: str) -> list[str]:
    """Where feeds usually stand: the CMS's own places first."""
    own = next((feeds for _, sign, feeds, _ in _SYSTEMS if sign.search(source)), ())
    return _unique([f"{origin}{path}" for path in (*own, *_FEED_PLACES)])


def common_sitemaps(origin: str, source: str) -> list[str]:
    """Where sitemaps usually stand: the CMS's own places first."""
    own = next((sitemaps for _, sign, _, sitemaps in _SYSTEMS if sign.search(source)), ())
    return _unique([f"{origin}{path}" for path in (*own, *_SITEMAP_PLACES)])


def _links(tree: HtmlElement, url: str) -> Iterator[tuple[str, Any]]:
    site = registered_domain(url)
    for anchor in tree.iter("a"):
        address = clean(anchor.get("href") or " ", url)
        if address and registered_domain(address) == site:
            yield address, anchor


def _words(anchor: Any) -> str:
    return " ".join("".join(anchor.itertext()).split()) or anchor.get("title") or ""


def _unique(urls: list[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, urls)))
