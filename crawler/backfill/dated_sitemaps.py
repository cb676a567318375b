"""The outlets' own dated sitemaps, read for the window alone."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.backfill.asks import Answer, Ask, Lead, Scope
from crawler.lists import read_list
from crawler.refusal import Refusal

SOURCE = "sitemaps"
SIZE = 100_000


def plan(scope: Scope) -> Iterator[Ask]:
    """The sitemaps of the outlets."""
    for outlet, url in scope.sitemaps:
        yield _ask(url, outlet, scope)


def read(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """The pages that a sitemap lists, and its child sitemaps that may hold some of the window."""
    reading = read_list(
        "sitemap", body, url=ask.url, content_type=content_type, windows=(scope.window,)
    )
    if isinstance(reading, Refusal):
        return reading
    return Answer(
        leads=tuple(Lead(found=found, outlet=ask.part) for found in reading.found),
        more=tuple(_ask(child.url, ask.part, scope) for child in reading.children),
        records=len(reading.found) + len(reading.children),
    )


def _ask(url: str, outlet: str, scope: Scope) -> Ask:
    key = f"{url} {scope.window}"
    return Ask(source=SOURCE, key=key, url=url, expected=SIZE, part=outlet)
