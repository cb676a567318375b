"""What an outlet offers: feeds, sitemaps, section pages; who it is. Each is tried before it is shown.

`discover` knows no network: it is given something to ask, and everything here is a decision on what
came back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.extract.page.decode import decode
from crawler.extract.page.markup import read_markup
from crawler.lists.feeds import Feed, parse_feed
from crawler.outlets.candidates import (
    common_feeds,
    common_sitemaps,
    feeds_pages,
    linked_feeds,
    section_candidates,
)
from crawler.outlets.identity import read_identity
from crawler.outlets.probes import probe_feeds, probe_sections, probe_sitemaps
from crawler.outlets.values import Discovery, FoundFeed, FoundSection, FoundSitemap
from crawler.refusal import Refusal
from crawler.urls import canonical, registered_domain
from crawler.wire.robots import RobotsRules
from crawler.wire.web import FetchedPage, Remembered, Web, origin_of

__all__ = ["Discovery", "FoundFeed", "FoundSection", "FoundSitemap", "discover"]

Say = Callable[[str], None]


async def discover(
    url: str, web: Web, *, agent: str, say: Say = lambda _: None
) -> Discovery | Refusal:
    """What the outlet at `url` (its front page, any of its pages, or a feed) offers.

    `say` is told each step in words. A refusal when the address cannot be fetched at all; a front
    page that is walled off is no such case: feeds and sitemaps are looked for all the same.
    """
    web = Remembered(web)
    say("robots.txt and front page")
    home = await _home(url, web)
    if isinstance(home, Refusal):
        return home
    front, given = home
    text = decode(front.body, front.content_type) if front.status == 200 else ""
    robots = await web.robots(url)
    found = await _look_around(front, text, given, robots, web, agent, say)
    return replace(found, id=_id_of(url, front.url))


async def _look_around(
    front: FetchedPage, text: str, given: str, robots: RobotsRules, web: Web, agent: str, say: Say
) -> Discovery:
    markup = read_markup(text) if text else None
    origin = origin_of(front.url)
    linked = [given] if given else []
    pages: list[str] = []
    sections: list[str] = []
    if markup is not None:
        linked += linked_feeds(markup.tree, front.url)
        pages = feeds_pages(markup.tree, front.url)
        sections = section_candidates(markup.tree, front.url)
    say("feeds")
    feeds = await probe_feeds(linked, pages, common_feeds(origin, text), web)
    say("sitemaps")
    sitemaps = await probe_sitemaps(
        robots.sitemaps(f"{origin}/robots.txt"), common_sitemaps(origin, text), web
    )
    say("section pages")
    found_sections = await probe_sections(front, sections, web)
    identity = read_identity(markup, text, front, feeds.found, sitemaps.found)
    return Discovery(
        url=front.url,
        id=registered_domain(front.url),
        identity=identity,
        crawl_delay=robots.crawl_delay(agent),
        feeds=feeds.found,
        sitemaps=sitemaps.found,
        sections=found_sections.found,
        failed=(*_front_failure(front), *feeds.failed, *sitemaps.failed, *found_sections.failed),
        left_untried=feeds.left_untried + sitemaps.left_untried,
    )


def _id_of(given: str, front: str) -> str:
    """The host as the user named it, without `www.` and the like; that of a redirect elsewhere."""
    if registered_domain(given) != registered_domain(front):
        return registered_domain(front)
    return urlsplit(canonical(given)).netloc


async def _home(url: str, web: Web) -> tuple[FetchedPage, str] | Refusal:
    """The outlet's front page, and the feed that was given instead of it, if one was."""
    page = await web.fetch(url)
    if isinstance(page, Refusal):
        return page
    feed = parse_feed(page.body, url=page.url, content_type=page.content_type)
    if not isinstance(feed, Feed) or page.status != 200:
        return await _front_of(page, web), ""
    front = await web.fetch(feed.home or f"{origin_of(page.url)}/")
    # A feed is enough of an answer: its outlet's front page may well refuse us.
    return (page if isinstance(front, Refusal) else front), page.url


async def _front_of(page: FetchedPage, web: Web) -> FetchedPage:
    """The front page of the site a page belongs to; the page itself when it is a section's."""
    if urlsplit(page.url).path.count("/") <= 2:
        return page
    front = await web.fetch(f"{origin_of(page.url)}/")
    return page if isinstance(front, Refusal) or front.status != 200 else front


def _front_failure(front: FetchedPage) -> tuple[tuple[str, str], ...]:
    return () if front.status == 200 else ((front.url, f"http-{front.status}"),)
