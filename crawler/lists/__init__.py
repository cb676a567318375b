"""List pages: a feed, a sitemap or a section page → what it lists, in one shape, and its child lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import unquote, urlsplit

from crawler.lists.feeds import parse_feed
from crawler.lists.feeds.fulltext import full_text_page
from crawler.lists.sections import parse_list_page, refuse_article
from crawler.lists.sitemaps import (
    ChildSitemap,
    can_fall_in_window,
    children_in_window,
    parse_sitemap,
)
from crawler.refusal import Refusal
from crawler.urls import canonical, clean, registered_domain
from index.article import Article
from index.capture import Listing
from index.relevance import judge
from index.store import Candidate
from index.workspace.story import Story, Window

Kind = Literal["feed", "sitemap", "section"]

NEWEST_BONUS = 1e-9  # per second since 1970: within one score the newest comes first
TERMS_WEIGHT = 10.0
PROMISING = 3.0  # a score from here on has words of the story in it, not only a date

_SLUG_BREAK = re.compile(r"[-_+.~]+")
_SUFFIX = re.compile(r"\.(?:s?html?|php\d?|aspx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One URL on a list, with what the list says of it; times are UTC, None when not said.

    `page` is a page of HTML with the whole article, where a feed carries it.
    """

    url: str
    title: str = ""
    summary: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReading:
    """What a list page lists, the lists below it, its next page, and its wish for a pause (seconds)."""

    found: tuple[Found, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    next: str = ""
    ttl: int = 0

    @property
    def dates(self) -> list[datetime]:
        """When its items were published, or else changed, oldest first."""
        moments = (found.published_at or found.modified_at for found in self.found)
        return sorted(moment for moment in moments if moment is not None)


def read_list(
    kind: Kind, body: bytes, *, url: str, content_type: str, windows: Sequence[Window]
) -> ListReading | Refusal:
    """Read a list page by its kind; a page of another kind (a bot wall, say) is a refusal."""
    if kind == "feed":
        return _read_feed(body, url, content_type)
    if kind == "sitemap":
        return _read_sitemap(body, url, content_type, windows)
    return _read_section(body, url, content_type)


def in_window(found: Found, windows: Sequence[Window]) -> bool:
    """Whether a URL may be in some story's window, by what the list and its own address say."""
    return any(
        can_fall_in_window(
            found.url, window, modified=found.modified_at, published=found.published_at
        )
        for window in windows
    )


def screen_of(story: Story) -> Story:
    """The story as it judges a list's few words: no least length, no window."""
    return replace(story, min_words=0, window=Window())


def promise(found: Found, screen: Story) -> float:
    """How much a URL's title and summary promise to be coverage, 0 to 1; for the order only."""
    words = Article(
        url=found.url,
        canonical_url=found.url,
        outlet="",
        title=found.title or slug_words(found.url),
        text=found.summary,
        fetched=datetime.now(UTC),
    )
    return judge(words, screen).score


def slug_words(url: str) -> str:
    """The words of a URL's last part: `/2023/balloon-over-the-bay.html` → `balloon over the bay`."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return " ".join(_SLUG_BREAK.split(_SUFFIX.sub("", last))).strip()


def candidate_of(
    found: Found, *, outlet: str, listing: Listing, terms: float, depth: int = 0
) -> Candidate | None:
    """The frontier's candidate for a listed URL; None for what is not a fetchable URL.

    `terms` (0 to 1) says how well title and summary match the story; a match comes before any
    date, and among equals the newest comes first.
    """
    url = clean(found.url, listing.source)
    if not url:
        return None
    moment = found.published_at or found.modified_at
    newest = moment.timestamp() * NEWEST_BONUS if moment else 0.0
    return Candidate(
        url=url,
        key=canonical(url),
        outlet=outlet,
        site=registered_domain(url),
        score=TERMS_WEIGHT * terms + newest,
        listing=listing,
        depth=depth,
    )


def _read_feed(body: bytes, url: str, content_type: str) -> ListReading | Refusal:
    feed = parse_feed(body, url=url, content_type=content_type)
    if isinstance(feed, Refusal):
        return feed
    return ListReading(
        found=tuple(
            Found(
                url=entry.url,
                title=entry.title,
                summary=entry.summary,
                published=entry.published,
                published_at=entry.published_at,
                authors=entry.authors,
                section=entry.section,
                modified_at=entry.updated_at,
                page=full_text_page(entry),
            )
            for entry in feed.entries
        ),
        next=feed.next,
        ttl=round(feed.ttl.total_seconds()) if feed.ttl else 0,
    )


def _read_sitemap(
    body: bytes, url: str, content_type: str, windows: Sequence[Window]
) -> ListReading | Refusal:
    sitemap = parse_sitemap(body, url=url, content_type=content_type)
    if isinstance(sitemap, Refusal):
        return sitemap
    children = (
        child for window in windows for child in children_in_window(sitemap.children, window)
    )
    return ListReading(
        found=tuple(
            Found(
                url=entry.url,
                title=entry.title,
                published=entry.published,
                published_at=entry.published_at,
                modified_at=entry.modified_at,
            )
            for entry in sitemap.urls
        ),
        children=tuple({child.url: child for child in children}.values()),
    )


def _read_section(body: bytes, url: str, content_type: str) -> ListReading | Refusal:
    page = parse_list_page(body, url=url, content_type=content_type)
    if isinstance(page, Refusal):
        return page
    if refusal := refuse_article(body, url=url, content_type=content_type):
        return refusal
    found = tuple(Found(url=link.url, title=link.text) for link in page.articles)
    return ListReading(found=found, next=page.next)
