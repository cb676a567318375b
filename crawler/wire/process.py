"""Scrapy's process: the project's settings, its reactor, and how it is stopped."""

from __future__ import annotations

import logging
import signal
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.asyncio import call_later
from scrapy.utils.ossignal import install_shutdown_handlers

from crawler import settings as our_settings

GRACE = 2.0  # seconds for what is under way when the crawl is stopped: the whole stop takes under 5


class StoppableProcess(AsyncCrawlerProcess):
    """Stops within `GRACE` seconds at the first signal, at once at the second.

    Scrapy waits for every answer and delay. A spider's `stop`, called from the reactor, gives them up:
    what has no answer yet is left to the next run; the frontier and the archive know it.
    """

    def run_reactor(self) -> None:
        """Run until the crawls have ended; once a process. The handlers of signals are put back."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = [signal.getsignal(number) for number in numbers]
        try:
            self.start()
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)

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
            stop = getattr(crawler.spider, "stop", None)  # there is none before it is open
            if stop is not None:
                stop()
        self._graceful_stop_reactor()
        call_later(GRACE, self._stop_reactor)


def base_settings() -> Settings:
    """The project's settings; the log is left to the one who asked."""
    values = Settings()
    values.setmodule(our_settings, priority="project")
    values.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    return values


def forgo_rest() -> None:
    """Say nothing of what was under way when the reactor was stopped."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
