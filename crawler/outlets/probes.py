"""Trying what may be a feed, sitemap or section: only what answers with articles counts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from crawler.extract.page.decode import decode
from crawler.extract.page.markup import parse
from crawler.lists.feeds import Feed, parse_feed
from crawler.lists.sections import SectionPage, parse_list_page, refuse_article
from crawler.lists.sitemaps import ChildSitemap, Sitemap, SitemapUrl, parse_sitemap
from crawler.lists.xml import is_html
from crawler.outlets.candidates import feed_links
from crawler.outlets.values import FoundFeed, FoundSection, FoundSitemap
from crawler.refusal import Refusal
from crawler.urls import looks_like_article, registered_domain
from crawler.urls.dated import named_days
from crawler.wire.web import FetchedPage, Web

# Requests that one look around may cost, beside robots.txt and the front page.
MAX_FEEDS = 20
MAX_FEEDS_PAGES = 2
MAX_SITEMAPS = 8
MAX_SECTIONS = 8

_MIN_ARTICLE_SHARE = 0.2
_MIN_SECTION_ARTICLES = 3
_SIDE_SITEMAPS = (
    "image", "video", "category", "categories", "tag", "author", "product", "page-", "static", "taxonomy",
    "user",
)  # fmt: skip

T = TypeVar("T")


@dataclass(slots=True)
class Probed(Generic[T]):
    """What answered, what failed and why, and how many were over the budget."""

    answered: list[T] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    left_untried: int = 0

    @property
    def found(self) -> tuple[T, ...]:
        """What answered."""
        return tuple(self.answered)


async def probe_feeds(
    linked: Sequence[str], pages: Sequence[str], common: Sequence[str], web: Web
) -> Probed[FoundFeed]:
    """Try the feeds that are linked, on the front page or on pages of feeds; else usual places."""
    probed: Probed[FoundFeed] = Probed()
    queue = deque(dict.fromkeys((*linked, *pages)))
    known, seen = set(queue), set[tuple[str, ...]]()
    pages_left = MAX_FEEDS_PAGES
    for _ in range(MAX_FEEDS):
        if not queue:
            break
        url = queue.popleft()
        answer = await web.fetch(url)
        listed = [feed for feed in _listed_on(answer) if feed not in known] if pages_left else []
        if listed:
            pages_left -= 1
            known.update(listed)
            queue.extend(listed)
        else:
            _try_feed(url, answer, probed, seen, quiet=url in pages)
    probed.left_untried = len(queue)
    for url in common if not probed.answered else ():
        answer = await web.fetch(url)
        if isinstance(answer, FetchedPage) and answer.status == 200:
            _try_feed(url, answer, probed, seen, quiet=True)
        if probed.answered:
            break
    return probed


async def probe_sitemaps(
    named: Sequence[str], common: Sequence[str], web: Web
) -> Probed[FoundSitemap]:
    """Try the sitemaps of robots.txt, news first, without those of pictures or tags; else usual places."""
    probed: Probed[FoundSitemap] = Probed()
    wanted = [url for url in named if not _is_side(url)] or list(named)
    wanted.sort(key=lambda url: "news" not in url.lower())
    probed.left_untried = max(0, len(wanted) - MAX_SITEMAPS)
    for url in wanted[:MAX_SITEMAPS]:
        await _try_sitemap(url, await web.fetch(url), probed, web)
    for url in common if not probed.answered else ():
        answer = await web.fetch(url)
        if isinstance(answer, FetchedPage) and answer.status == 200:
            await _try_sitemap(url, answer, probed, web, quiet=True)
        if any(sitemap.kind != "pages" for sitemap in probed.answered):
            break
    return probed


async def probe_sections(
    front: FetchedPage, candidates: Sequence[str], web: Web
) -> Probed[FoundSection]:
    """Try section pages: one counts from 3 links on that look like articles', the front from one."""
    probed: Probed[FoundSection] = Probed()
    _try_section(front, probed, least=1)
    known = {front.url}
    for url in [url for url in candidates if url != front.url][:MAX_SECTIONS]:
        answer = await web.fetch(url)
        place = answer.url if isinstance(answer, FetchedPage) else url
        if place in known or registered_domain(place) != registered_domain(front.url):
            continue  # a redirect led to a page that is known, or to somebody else's
        known.add(place)
        _try_section(answer, probed, least=_MIN_SECTION_ARTICLES)
    return probed


def _try_feed(
    url: str,
    answer: FetchedPage | Refusal,
    probed: Probed[FoundFeed],
    seen: set[tuple[str, ...]],
    *,
    quiet: bool = False,
) -> None:
    feed = _read(answer, parse_feed)
    if isinstance(feed, Refusal):
        probed.failed += [] if quiet else [(url, feed.code)]
        return
    # The same articles as Atom and as RSS are one feed.
    first = tuple(entry.url for entry in feed.entries[:10])
    if not first or first in seen:
        return
    seen.add(first)
    probed.answered.append(
        _found_feed(answer.url if isinstance(answer, FetchedPage) else url, feed)
    )


def _found_feed(url: str, feed: Feed) -> FoundFeed:
    moments = [entry.published_at or entry.updated_at for entry in feed.entries]
    return FoundFeed(
        url=url,
        title=feed.title,
        language=feed.language,
        entries=len(feed.entries),
        newest=max(filter(None, moments), default=None),
    )


async def _try_sitemap(
    url: str,
    answer: FetchedPage | Refusal,
    probed: Probed[FoundSitemap],
    web: Web,
    *,
    quiet: bool = False,
) -> None:
    sitemap = _read(answer, parse_sitemap)
    if isinstance(sitemap, Refusal):
        probed.failed += [] if quiet else [(url, sitemap.code)]
        return
    place = answer.url if isinstance(answer, FetchedPage) else url
    found = (
        await _found_index(place, sitemap, web)
        if sitemap.children
        else _found_pages(place, sitemap)
    )
    if found is not None and all(found.url != known.url for known in probed.answered):
        probed.answered.append(found)


def _found_pages(url: str, sitemap: Sitemap) -> FoundSitemap | None:
    articles = [entry for entry in sitemap.urls if entry.title or looks_like_article(entry.url)]
    if len(articles) < max(1.0, _MIN_ARTICLE_SHARE * len(sitemap.urls)):
        return None
    days = [moment.date() for moment in map(_moment, articles) if moment]
    return FoundSitemap(
        url=url,
        kind="news" if sitemap.news else "pages",
        language=next((entry.language for entry in articles if entry.language), ""),
        publication=next((entry.publication for entry in articles if entry.publication), ""),
        urls=len(sitemap.urls),
        first=min(days, default=None),
        last=max(days, default=None),
    )


async def _found_index(url: str, sitemap: Sitemap, web: Web) -> FoundSitemap | None:
    """An index counts if the child that most likely lists articles does list some."""
    child = _likeliest(sitemap.children)
    listed = _read(await web.fetch(child.url), parse_sitemap)
    inner = None if isinstance(listed, Refusal) else _found_pages(child.url, listed)
    if inner is None and not (isinstance(listed, Sitemap) and listed.children):
        return None
    named = [days for days in (named_days(one.url) for one in sitemap.children) if days is not None]
    is_archive = len(named) * 2 > len(sitemap.children)
    return FoundSitemap(
        url=url,
        kind="archive" if is_archive else "news" if inner and inner.kind == "news" else "index",
        language=inner.language if inner else "",
        publication=inner.publication if inner else "",
        urls=len(sitemap.children),
        step=named[0].precision if is_archive else "",
        first=min((days.first for days in named), default=None) if is_archive else _first(inner),
        last=max((days.last for days in named), default=None) if is_archive else _last(inner),
    )


def _likeliest(children: Sequence[ChildSitemap]) -> ChildSitemap:
    """News first, then articles, then the newest by its name or last change."""

    def rank(child: ChildSitemap) -> tuple[int, date]:
        name = child.url.lower()
        kind = (
            2
            if "news" in name
            else 1
            if any(w in name for w in ("post", "article", "artikel"))
            else 0
        )
        named = named_days(child.url)
        changed = child.modified_at.date() if child.modified_at else date.min
        return (kind if not _is_side(name) else -1), (named.last if named else changed)

    return max(children, key=rank)


def _try_section(
    answer: FetchedPage | Refusal, probed: Probed[FoundSection], *, least: int
) -> None:
    page = _read(answer, _parse_section)
    if (
        isinstance(page, SectionPage)
        and isinstance(answer, FetchedPage)
        and len(page.articles) >= least
    ):
        probed.answered.append(FoundSection(url=answer.url, articles=len(page.articles)))


def _parse_section(body: bytes, *, url: str, content_type: str) -> SectionPage | Refusal:
    """The links of a section; a refusal for an article that a redirect led to."""
    refusal = refuse_article(body, url=url, content_type=content_type)
    return refusal or parse_list_page(body, url=url, content_type=content_type)


def _listed_on(answer: FetchedPage | Refusal) -> list[str]:
    """The feeds that a web page links to."""
    if isinstance(answer, Refusal) or answer.status != 200:
        return []
    text = decode(answer.body, answer.content_type)
    tree = parse(text) if is_html(text) else None
    return [] if tree is None else feed_links(tree, answer.url)


def _read(answer: FetchedPage | Refusal, parse_body: Callable[..., T | Refusal]) -> T | Refusal:
    if isinstance(answer, Refusal):
        return answer
    if answer.status != 200:
        return Refusal(code=f"http-{answer.status}")
    return parse_body(answer.body, url=answer.url, content_type=answer.content_type)


def _moment(entry: SitemapUrl) -> datetime | None:
    return entry.published_at or entry.modified_at


def _first(pages: FoundSitemap | None) -> date | None:
    return pages.first if pages else None


def _last(pages: FoundSitemap | None) -> date | None:
    return pages.last if pages else None


def _is_side(url: str) -> bool:
    return any(word in url.lower() for word in _SIDE_SITEMAPS)
