"""One line on the terminal while a crawl runs: what came, how fast, how much waits."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.base import DeskSpider

INTERVAL = 0.5
_CLEAR = "\r\x1b[K"


class Progress:
    """A Scrapy extension that rewrites one line on stderr; only where `PRESSCLIP_PROGRESS` is set."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._started = time.monotonic()
        self._loop = create_looping_call(self._show)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The extension; raises `NotConfigured` where no one watches."""
        if not crawler.settings.getbool("PRESSCLIP_PROGRESS"):
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Begin to show."""
        self._loop.start(INTERVAL, now=False)

    def spider_closed(self) -> None:
        """Leave a clean line."""
        if self._loop.running:
            self._loop.stop()
        sys.stderr.write(_CLEAR)

    def _show(self) -> None:
        spider: DeskSpider = self._crawler.spider  # type: ignore[assignment]
        counts = spider.run.intake.counts
        pages = spider.run.intake.recorded
        rate = pages / max(time.monotonic() - self._started, 1.0)
        line = (
            f"{counts['lists']} lists · {pages:,} pages ({rate:.1f}/s) · {counts['kept']:,} kept"
            f" · {spider.run.waiting:,} waiting"
        )
        sys.stderr.write(_CLEAR + line[:100])
        sys.stderr.flush()
