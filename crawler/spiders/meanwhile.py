"""The index follows a long crawl while it runs: what has come in can be searched before it ends."""

from __future__ import annotations

import logging
import multiprocessing
import signal
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

from index.errors import PressclipError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.base import DeskSpider

logger = logging.getLogger(__name__)

LEAST = 5  # changes of the store that are worth an update


class IndexMeanwhile:
    """A Scrapy extension: every so often a process of its own brings the index up to the store.

    `PRESSCLIP_INDEX_EVERY` is in seconds; 0 leaves the index to the end of the crawl. One process at a
    time; a crawl that ends stops it, and goes on itself from where it was.
    """

    def __init__(self, crawler: Crawler, every: float) -> None:
        self._crawler = crawler
        self._timer = create_looping_call(self._update)
        self._every = every
        self._process: BaseProcess | None = None
        self._revision = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        extension = cls(crawler, crawler.settings.getfloat("PRESSCLIP_INDEX_EVERY"))
        if extension._every > 0:
            crawler.signals.connect(extension.spider_opened, signals.spider_opened)
            crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Begin to count from what the store holds now."""
        self._revision = self._spider.run.store.revision()
        self._timer.start(self._every, now=False)

    def spider_closed(self) -> None:
        """Leave the rest to the end of the crawl."""
        if self._timer.running:
            self._timer.stop()
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
        if self._process is not None:
            self._process.join()

    @property
    def _spider(self) -> DeskSpider:
        spider: DeskSpider = self._crawler.spider  # type: ignore[assignment]
        return spider

    def _update(self) -> None:
        try:
            self._start()
        except (PressclipError, OSError, EOFError) as error:
            logger.debug("the index is left to the end of the crawl: %s", error)

    def _start(self) -> None:
        run = self._spider.run
        revision = run.store.revision()
        is_busy = self._process is not None and self._process.is_alive()
        if is_busy or revision - self._revision < LEAST:
            return
        self._revision = revision
        processes = multiprocessing.get_context("forkserver")
        paths = run.workspace.database, run.workspace.index_dir
        self._process = processes.Process(target=_bring_up, args=paths, daemon=True)
        self._process.start()


def _bring_up(database: Path, index_dir: Path) -> None:
    """Update the index; what hinders it is said by the end of the crawl, which does the same."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the crawl's, which then ends this
    from index.fulltext.indexer import update_index
    from index.store import Store

    with suppress(Exception), Store.open(database) as store:
        update_index(store, index_dir, wait=0.0)
