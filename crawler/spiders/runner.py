"""A live crawl in this process: Scrapy's reactor, our spider, its settings, and how it is stopped."""

from __future__ import annotations

import logging
import signal
from collections.abc import Mapping
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.asyncio import call_later
from scrapy.utils.ossignal import install_shutdown_handlers

from crawler import settings as our_settings
from crawler.ingest.run import Run
from crawler.spiders.base import DeskSpider

GRACE = 2.0  # seconds for what is under way when the crawl is stopped: the whole stop takes under 5
STOPPED = "shutdown"


class _Process(AsyncCrawlerProcess):
    """Stops within `GRACE` seconds at the first signal, at once at the second.

    Scrapy waits for every answer and delay. What has no answer yet is left to the next run: the
    frontier and the archive know it.
    """

    def _signal_shutdown(self, signum: int, _: Any) -> None:
        from twisted.internet import reactor

        install_shutdown_handlers(self._signal_kill)
        reactor.callFromThread(self._stop_soon)

    def _signal_kill(self, signum: int, _: Any) -> None:
        from twisted.internet import reactor

        install_shutdown_handlers(signal.SIG_IGN)
        reactor.callFromThread(self._stop_reactor)

    def _stop_soon(self) -> None:
        for crawler in self.crawlers:
            if isinstance(crawler.spider, DeskSpider):
                crawler.spider.stop()
        self._graceful_stop_reactor()
        call_later(GRACE, self._stop_reactor)


def crawl_live(
    spider: type[DeskSpider],
    run: Run,
    settings: Mapping[str, str],
    *,
    progress: str,
    **named: Any,
) -> None:
    """Crawl until the frontier has nothing more to give, or until stopped.

    `progress` is how to say how far it is: `terminal`, `log` or empty.

    Ctrl-C once finishes what is under way if that takes no longer than `GRACE`, twice leaves at
    once; `run.code` is then 130. Raises the `StorageError` that made it stop, if one did, and the
    `UsageError` of a spider that cannot begin.
    """
    values = _settings(settings, progress=progress)
    # The resolver is the process's, not the crawler's, and asks these.
    values.set("PRESSCLIP_ALLOW_PRIVATE", run.workspace.allow_private, priority="cmdline")
    process = _Process(values)

    crawler = process.create_crawler(spider)
    begun = process.crawl(crawler, run=run, **named)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        process.start()
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    if begun.done() and (wrong := begun.exception()) is not None:
        raise wrong  # the spider refused what it was asked for
    _take_over(crawler, run)


def _settings(given: Mapping[str, str], *, progress: str) -> Settings:
    values = Settings()
    values.setmodule(our_settings, priority="project")
    values.set("PRESSCLIP_PROGRESS", progress, priority="cmdline")
    values.setdict(dict(given), priority="cmdline")
    values.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    return values


def _take_over(crawler: Crawler, run: Run) -> None:
    """What the finished spider has to say, to the run."""
    finished: DeskSpider | None = crawler.spider  # type: ignore[assignment]
    if finished is None:
        raise RuntimeError("the spider could not be started")
    if not finished.reason:  # the reactor did not wait for what was under way
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        finished.closed(STOPPED)
    if finished.fault is not None:
        raise finished.fault
    run.failed_outlets |= finished.failed_outlets
    run.spent_sites |= finished.spent_sites
    run.silent_outlets |= finished.silent_outlets
    run.weak_outlets |= finished.weak_outlets
    if finished.stopping:
        run.code = 130
