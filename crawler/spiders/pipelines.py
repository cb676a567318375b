"""The stages of crawler/ingest/stages.py as Scrapy's item pipelines: a live crawl's pages, one by one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from crawler.ingest.intake import Filed
from crawler.ingest.related_pages import RelatedPage
from crawler.ingest.stages import (
    ReadPage,
    archive_capture,
    read_feed_text,
    read_live,
    record_reading,
    record_unchanged,
)
from index.capture import Capture
from index.errors import MachineError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.intake import Intake
    from crawler.spiders.base import DeskSpider


class _Stage:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _intake(self) -> Intake:
        return self._spider.run.intake

    @property
    def _spider(self) -> DeskSpider:
        spider: DeskSpider = self._crawler.spider  # type: ignore[assignment]
        return spider

    @contextlib.contextmanager
    def _stopping_when_full(self) -> Iterator[None]:
        """A disk that takes no more stops the crawl, not just this page."""
        try:
            yield
        except MachineError as error:
            self._spider.give_up(error)
            raise DropItem(str(error), log_level="DEBUG") from error


class ArchiveStage(_Stage):
    """Archived it is, by the middleware next to the wire: here it gets its number in the store."""

    async def process_item(self, item: Capture) -> Filed:
        """File the capture; what has the bytes that are known already goes no further."""
        with self._stopping_when_full():
            filed = archive_capture(self._intake, item)
            if record_unchanged(self._intake, filed):
                raise DropItem("nothing new in it", log_level="DEBUG")
        return filed


class ReadStage(_Stage):
    """Extraction in a worker process; while it waits, Scrapy holds back the next responses."""

    async def process_item(self, item: Filed) -> ReadPage:
        """Have the page read, together with what completes it."""
        with self._stopping_when_full():
            page = await read_live(self._intake, item, self._fetch)
            return await read_feed_text(self._intake, page)

    async def _fetch(self, page: Capture, wanted: RelatedPage) -> Capture | None:
        return await self._spider.related.fetch(page, wanted)


class RecordStage(_Stage):
    """The one writer of the store."""

    async def process_item(self, item: ReadPage) -> ReadPage:
        """Record what the page came to; go on at the sites that have more to fetch because of it."""
        with self._stopping_when_full():
            code = record_reading(self._intake, item)
            self._spider.related.put_back_incomplete(item.filed.capture)
            self._spider.continue_sites(await self._spider.recorded(item.filed.capture, code))
        return item
