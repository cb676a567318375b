"""How long a site is left alone after an answer."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals

from crawler.wire.slots import slot_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LATENCY_FACTOR = 2.0
MAX_LATENCY_DELAY = 30.0  # seconds
CRAWL_DELAY_FOUND = object()  # a signal: `request`, `delay` in seconds


class AdaptiveDelay:
    """A Scrapy extension: after an answer a site is left alone as long as the delay says.

    The delay counts from the end of the answer. It is the configured one, or what robots.txt asks
    for, or `LATENCY_FACTOR` times what the server lately took to answer: the longest of these. A
    server that labours is asked less often, and never more often than configured.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._least: dict[str, float] = {}
        self._latency: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(extension.crawl_delay_found, CRAWL_DELAY_FOUND)
        return extension

    def response_downloaded(self, request: Request) -> None:
        """Set the slot's delay by the server's latency, from now on."""
        slot = slot_of(self._crawler, request)
        site = request.meta["download_slot"]
        if slot is None:
            return
        took = min(float(request.meta.get("download_latency", 0.0)), MAX_LATENCY_DELAY)
        smoothed = (self._latency.get(site, took) + took) / 2
        self._latency[site] = smoothed
        least = self._least.setdefault(site, slot.delay)
        slot.delay = max(least, min(LATENCY_FACTOR * smoothed, MAX_LATENCY_DELAY))
        slot.lastseen = monotonic()  # Scrapy counts from the request; a slow answer gives no rest

    def crawl_delay_found(self, request: Request, delay: float) -> None:
        """robots.txt asks for that many seconds."""
        downloader: Any = self._crawler.engine.downloader
        site, slot = downloader._get_slot(request)
        self._least[site] = max(self._least.get(site, slot.delay), delay)
        slot.delay = max(slot.delay, delay)
