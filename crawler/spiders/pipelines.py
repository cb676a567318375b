"""The stages of a capture after it is archived: read it in a worker, store what it came to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from crawler.ingest.intake import Filed
from crawler.ingest.pool import arrival
from crawler.ingest.read import Reading
from index.capture import Capture
from index.errors import StorageError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.run import CrawlRun
    from crawler.spiders.base import DeskSpider

Read = tuple[Filed, Reading, list[Filed]]


class _Stage:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _run(self) -> CrawlRun:
        return self._spider.run

    @property
    def _spider(self) -> DeskSpider:
        spider: DeskSpider = self._crawler.spider  # type: ignore[assignment]
        return spider

    @contextlib.contextmanager
    def _giving_up(self) -> Iterator[None]:
        """A disk that takes no more stops the crawl, not just this page."""
        try:
            yield
        except StorageError as error:
            self._spider.give_up(error)
            raise DropItem(str(error), log_level="DEBUG") from error


class ReadStage(_Stage):
    """Extraction in a worker process; while it waits, Scrapy holds back the next responses."""

    async def process_item(self, item: Capture) -> Read:
        """File the capture and have it read; fetch what completes it, and have that read with it."""
        intake = self._run.intake
        with self._giving_up():
            filed = intake.file(item)
            if intake.record_same(filed):
                raise DropItem("nothing new in it", log_level="DEBUG")
        related: list[Filed] = []
        reading = await self._read(filed, related)
        asked: set[str] = set()
        while reading.wants is not None and reading.wants.url not in asked:
            asked.add(reading.wants.url)
            with self._giving_up():
                found = await self._spider.fetch_beside(filed.capture, reading.wants)
                if found is None:
                    break
                related.append(intake.file(found))
            reading = await self._read(filed, related)
        with self._giving_up():
            instead = intake.instead_of(filed, reading)
            if instead is None:
                return filed, reading, related
            intake.record(filed, reading, related)
        return instead, await self._read(instead, []), []

    async def _read(self, filed: Filed, related: Sequence[Filed]) -> Reading:
        pool = self._run.intake.pool
        future = pool.submit(filed.capture, [one.capture for one in related])
        await arrival(future)
        return pool.outcome(future, filed.capture.url)


class StoreStage(_Stage):
    """The one writer of the store."""

    async def process_item(self, item: Read) -> Read:
        """Record what the capture came to."""
        filed, reading, related = item
        with self._giving_up():
            outcome = self._run.intake.record(filed, reading, related)
            self._spider.keep_incomplete(filed.capture)
            self._spider.continue_sites(await self._spider.recorded(filed.capture, outcome))
        return item
