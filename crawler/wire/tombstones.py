"""What was forgotten on demand is not asked for, by whatever way its address comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request

from crawler.urls import canonical
from crawler.wire.failures import RequestRefused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.run import CrawlRun

FORGOTTEN = "forgotten"
DETAIL = "it was forgotten with pressclip forget"


class TombstoneGuard:
    """Stands before every request: of a list, of a page, of each hop of a redirect."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse what has a tombstone, or whose outlet has one; raises `RequestRefused`."""
        run: CrawlRun = self._crawler.spider.run  # type: ignore[union-attr]
        outlet = run.context.outlet_of(request.url)
        if run.store.tombstones.find(key=canonical(request.url), outlet=outlet):
            raise RequestRefused(FORGOTTEN, DETAIL)
