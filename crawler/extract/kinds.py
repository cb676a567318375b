"""What a page is: an article and of which sort, or something that only looks like one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlsplit

from lxml.etree import XPath

from crawler.extract.makeup import NO_MAKE_UP, MakeUp
from crawler.extract.page import Page
from crawler.extract.page.linked_data import ARTICLE_TYPES, types
from crawler.extract.page.media import media_of
from crawler.extract.rejection import NotAnArticle
from crawler.extract.signs import LEAST, Reading, article_points, kind_points, page_types
from crawler.extract.teasers import count_teasers
from crawler.extract.text import SHORT_WORDS, count_words, fold, is_unspaced, tokens
from crawler.extract.title import is_site, site_names
from crawler.urls import looks_like_article

FRONT_PATH = re.compile(
    r"^/?(?:index\.\w{2,5}|home/?|[a-z]{2}(?:[-_][a-z]{2})?/?)?$", re.IGNORECASE
)
LIST_PATH = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies|ia|ie)|kategorien?|schlagwort|themen?|rubrik|etiquetas?|authors?|autor(?:en|es)?|search|suche|buscar|page)/[^/]*/?$",
    re.IGNORECASE,
)
LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "profilepage"})
FORUM_TYPES = frozenset({"discussionforumposting", "qapage"})
LIVE_UPDATES = XPath("boolean(//*[@itemprop='liveBlogUpdate'])")
LIVE_PATH = re.compile(
    r"/live(?:-?blog|-?ticker|-updates?|-news)?/|-liveblog|-liveticker|-live-updates", re.IGNORECASE
)
OPINION_PATH = re.compile(
    r"/(?:opinions?|opinion[eé]s|comment(?:isfree|ary)|kommentare?|meinung(?:en)?|tribunes?|editorials?|columnists?|op-?eds?|opinie|opinioni|opiniao|mnenie|debat|debatt|columnas)/",
    re.IGNORECASE,
)
LIST_SCORE = 4


def refuse_page(page: Page, reading: Reading, made: MakeUp = NO_MAKE_UP) -> NotAnArticle | None:
    """The refusal that a read page earns by its make-up, or None for an article.

    All witnesses are heard: what speaks for another kind is held against what speaks for an article.
    """
    count = count_words("\n".join(reading.lines))
    if not (count >= SHORT_WORDS and describes_page(page)):
        score, reasons = _list_score(page, reading.title, reading.lines, count)
        if score >= LIST_SCORE:
            return NotAnArticle(kind="list-page", reason=", ".join(reasons))
    kind, points, reasons = other_kind(page, reading, made)
    if points >= LEAST and points > article_points(page, reading):
        return NotAnArticle(kind=kind, reason=", ".join(dict.fromkeys(filter(None, reasons))))
    return None


def nearly(page: Page, reading: Reading, made: MakeUp) -> str:
    """For what else a kept page could be taken, with the reasons; "" where little speaks for it."""
    kind, points, reasons = other_kind(page, reading, made)
    if points < LEAST:
        return ""
    return f"nearly {kind}: {', '.join(dict.fromkeys(filter(None, reasons)))}"


def other_kind(page: Page, reading: Reading, made: MakeUp) -> tuple[str, int, list[str]]:
    """The kind, no article, for which most speaks, its points and the reasons; ("", 0, []) for none."""
    found = kind_points(page, made, reading)
    return max(found, key=lambda one: one[1], default=("", 0, []))


def describes_page(page: Page) -> bool:
    """Whether JSON-LD has an article that is this page: one that names no other address."""
    if not page.article:
        return False
    own = [page.article.get("url"), page.article.get("mainEntityOfPage")]
    named = [value.get("@id") if isinstance(value, Mapping) else value for value in own]
    paths = [
        urlsplit(value).path.rstrip("/")
        for value in named
        if isinstance(value, str) and value.startswith("http")
    ]
    path = urlsplit(page.url).path.rstrip("/")
    return not paths or not FRONT_PATH.match(path) or path in paths


def is_called_article(page: Page) -> bool:
    """Whether the page calls itself an article, in JSON-LD or Open Graph, and is not a forum's."""
    if types(page.article) & FORUM_TYPES or page_types(page) & FORUM_TYPES:
        return False
    return bool(types(page.article) & ARTICLE_TYPES) or page.first("og:type").lower() == "article"


def is_live_page(page: Page) -> bool:
    """Whether the page calls itself a live blog: in JSON-LD, in microdata or in its address."""
    return (
        "liveblogposting" in types(page.article)
        or LIVE_PATH.search(urlsplit(page.url).path) is not None
        or ("liveBlogUpdate" in page.walk.properties and bool(LIVE_UPDATES(page.tree)))
    )


def article_kind(page: Page, *, cut: bool = False) -> str:
    """The sort of article: `live-blog`, `gallery`, `video`, `audio`, `teaser`, `opinion`, `article`.

    A `teaser` is what is before a paywall: `cut` says that the text ends there. The page of a
    film or a sound has a transcript for its text, or what the page says of it.
    """
    named, path = types(page.article), urlsplit(page.url).path
    if is_live_page(page):
        return "live-blog"
    if media := media_of(page):
        return media
    if cut:
        return "teaser"
    if (
        "opinionnewsarticle" in named
        or OPINION_PATH.search(path)
        or "opinion" in page.first("article:section").lower()
    ):
        return "opinion"
    return "article"


def _list_score(page: Page, title: str, lines: Sequence[str], count: int) -> tuple[int, list[str]]:
    """How much speaks for a front, section or tag page, and what."""
    named, parts = page_types(page), urlsplit(page.url)
    linked = page.linked_headlines
    mean = sum(map(len, lines)) / max(1, len(lines))
    og_type = page.first("og:type").lower()
    listed = bool(named & LIST_TYPES) and not named & ARTICLE_TYPES
    long_lines = sum(len(line) >= (100 if is_unspaced(line) else 250) for line in lines)
    tiles, share = count_teasers(page, lines)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    signs = (
        (2, listed, "its markup calls it a list"),
        (1, "itemlist" in named and not page.article, "it holds a list of items"),
        (2, bool(FRONT_PATH.match(parts.path)) and not parts.query, "its address is a front page"),
        (1, bool(LIST_PATH.search(parts.path)), "its address is a list"),
        (1, og_type == "website", "it calls itself a website"),
        (1, linked >= 10, f"{linked} headlines are links"),
        (1, linked >= 25, ""),
        (3, tiles >= 3 and share >= 0.5, f"its text is {tiles} teasers of other pages"),
        (
            1,
            bool(last) and tiles >= 1 and not looks_like_article(page.url),
            "its address is no article's",
        ),
        (1, tiles >= 1 and _has_item_list(page), "its markup lists items"),
        (1, bool(last) and fold(title) == fold(last), "its title is the last word of its address"),
        (1, mean < 80 or count < SHORT_WORDS, "it has little prose"),
        (1, is_site(title, site_names(page)), "its title is the site's name"),
        (-2, og_type == "article", ""),
        (-3, describes_page(page), ""),
        (
            -1,
            any(title and title in heading for heading in page.headings)
            and len(tokens(title)) >= 4,
            "",
        ),
        (-1, long_lines >= 2, ""),
        (-2, long_lines >= 4, ""),
    )
    met = [(points, reason) for points, sign, reason in signs if sign]
    return sum(points for points, _ in met), [reason for points, reason in met if reason]


def _has_item_list(page: Page) -> bool:
    """Whether the page has an ItemList in microdata."""
    return any(
        (element.get("itemtype") or "").lower().endswith("/itemlist")
        for element in page.tree.iterfind(".//*[@itemtype]")
    )
