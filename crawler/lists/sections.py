"""The links of a front, section, tag or author page that look like articles; the next page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.page.decode import decode
from crawler.extract.page.markup import parse
from crawler.extract.text import field_text
from crawler.lists.xml import refuse_html, unpack
from crawler.refusal import Refusal
from crawler.urls import (
    ARTICLE_SCORE,
    article_score,
    canonical,
    clean,
    looks_like_article,
    registered_domain,
)
from index.capture import Capture

PAGE_LIMIT = 10 * 2**20
MAX_LINKS = 10_000
TEXT_LIMIT = 300

# A headline in front of a short address makes an article of it, a word or two do not.
_HEADLINE_WORDS = 5
_HEADLINE_CREDIT = 0.25
_MENU_DEBIT = 0.2
_MENU_TAGS = frozenset({"nav", "footer"})
_NUMBERED_PAGE = re.compile(
    r"(?:[?&](?:page|p|paged|seite|pagina|pg|offset)=|/(?:page|seite|pagina)/?)(\d{1,4})(?!\d)"
)
_NEXT_WORDS = re.compile(
    r"(?:next|older|more|weiter|nächste|ältere|suivante?s?|siguientes?|próxim[ao]s?|successiv[ao]"
    r"|volgende|nästa|následující|далее|下一页|下一頁|次へ|다음)\b.{0,20}|[›»→]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLink:
    """A link as found: where to, the words on it, how much it looks like an article's (0 to 1).

    `nofollow` is what the page says of it; it is information: an outlet's own links are followed.
    """

    url: str
    text: str = ""
    score: float = 0.0
    nofollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    """What a list page leads to: its links in the page's order, and the next page if any."""

    links: tuple[SectionLink, ...]
    next: str = ""

    @property
    def articles(self) -> tuple[SectionLink, ...]:
        """The links that look like articles'."""
        return tuple(link for link in self.links if link.score >= ARTICLE_SCORE)


def parse_list_page(
    body: bytes, *, url: str, content_type: str = "", sites: frozenset[str] = frozenset()
) -> SectionPage | Refusal:
    """The links of a page within its own site, each article once, at most 10,000. Never raises.

    `sites` are registered domains whose links are wanted too.

    `<base href>` is honoured; the same identity linked twice keeps its first place and its
    longest words. Codes of refusals: `empty`, `too-large`, `unreadable`; `bot-wall` and `consent` for
    such a page without links to articles.
    """
    unpacked = unpack(body, PAGE_LIMIT)
    if isinstance(unpacked, Refusal):
        return unpacked
    text = decode(unpacked, content_type)
    if not text.strip():
        return Refusal(code="empty", detail="nothing was served")
    tree = parse(text)
    if tree is None:
        return Refusal(code="unreadable", detail="no markup in it")
    base = _base(tree, url)
    page = SectionPage(links=_links(tree, base, url, sites), next=_next_page(tree, base, url))
    wall = refuse_html(text) if not page.articles else None
    return page if wall is None or wall.code == "html" else wall


def refuse_article(body: bytes, *, url: str, content_type: str = "") -> Refusal | None:
    """The refusal `article` of a page that is one, where a list was asked for: a redirect may lead to it.

    Decided as in a crawl, by all that speaks for each kind, where the address looks like an article's.
    """
    if not looks_like_article(url):
        return None
    from crawler.extract import (  # as the workers load it: not for a list alone
        NotAnArticle,
        extract,
    )

    headers = (("Content-Type", content_type),) if content_type else ()
    capture = Capture(url=url, status=200, headers=headers, body=body, fetched=datetime.now(UTC))
    if isinstance(extract(capture), NotAnArticle):
        return None
    return Refusal(code="article", detail="its address leads to an article, not to a list")


def _base(tree: HtmlElement, url: str) -> str:
    declared = next((base.get("href") for base in tree.iter("base") if base.get("href")), "")
    return clean(declared, url) or url if declared else url


def _links(
    tree: HtmlElement, base: str, page_url: str, sites: frozenset[str]
) -> tuple[SectionLink, ...]:
    own = canonical(page_url)
    wanted = sites | {registered_domain(page_url)}
    found: dict[str, SectionLink] = {}
    for anchor, href, in_menu in _anchors(tree):
        url = clean(href, base)
        identity = canonical(url) if url else ""
        if not identity or identity == own or registered_domain(url) not in wanted:
            continue
        link = _link(anchor, url, in_menu)
        known = found.get(identity)
        if known is None and len(found) < MAX_LINKS:
            found[identity] = link
        elif known is not None and len(link.text) > len(known.text):
            found[identity] = SectionLink(
                url=known.url,
                text=link.text,
                score=max(link.score, known.score),
                nofollow=known.nofollow and link.nofollow,
            )
    return tuple(found.values())


def _anchors(tree: HtmlElement) -> Iterator[tuple[Any, str, bool]]:
    """Each anchor with its address, and whether it is in a menu or footer."""
    menus = {anchor for menu in tree.iter(*_MENU_TAGS) for anchor in menu.iter("a")}
    for anchor in tree.iter("a", "area"):
        href = (anchor.get("href") or "").strip()
        if href and not href.startswith("#"):
            yield anchor, href, anchor in menus


def _link(anchor: Any, url: str, in_menu: bool) -> SectionLink:
    text = field_text(_words(anchor), TEXT_LIMIT)
    score = article_score(url)
    if 0.0 < score < ARTICLE_SCORE and _is_headline(text):
        score += _HEADLINE_CREDIT
    if in_menu and not _is_headline(text):
        score -= _MENU_DEBIT
    return SectionLink(
        url=url,
        text=text,
        score=round(min(1.0, max(0.0, score)), 2),
        nofollow="nofollow" in (anchor.get("rel") or "").lower().split(),
    )


def _words(anchor: Any) -> str:
    """The words on a link, or those that stand for its picture."""
    words = " ".join("".join(anchor.itertext()).split())
    return words or anchor.get("title") or anchor.get("aria-label") or _alt(anchor)


def _alt(anchor: Any) -> str:
    return next((image.get("alt") for image in anchor.iter("img") if image.get("alt")), "")


def _is_headline(text: str) -> bool:
    if not text.isascii() and len(text.split()) < _HEADLINE_WORDS:
        return sum(char.isalpha() for char in text) >= 4 * _HEADLINE_WORDS
    return len(text.split()) >= _HEADLINE_WORDS


def _next_page(tree: HtmlElement, base: str, page_url: str) -> str:
    """`rel=next`; else the numbered link that follows this page's number, if its words say so."""
    site, own = registered_domain(page_url), clean(page_url)
    for element in tree.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            url = clean(element.get("href") or "", base)
            if url and url != own and registered_domain(url) == site:
                return url
    return _numbered_next(tree, base, page_url)


def _numbered_next(tree: HtmlElement, base: str, page_url: str) -> str:
    here = _NUMBERED_PAGE.search(page_url)
    wanted = (int(here[1]) if here else 1) + 1
    site = registered_domain(page_url)
    for anchor in tree.iter("a"):
        url = clean(anchor.get("href") or "", base)
        number = _NUMBERED_PAGE.search(url)
        if number is None or int(number[1]) != wanted or registered_domain(url) != site:
            continue
        text = _words(anchor)[:60].strip()
        if text == str(wanted) or _NEXT_WORDS.match(text):
            return url
    return ""
