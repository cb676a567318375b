"""A site's reservation of text mining, asked for once: /.well-known/tdmrep.json (W3C TDMRep)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.wire.failures import RequestRefused
from crawler.wire.optouts import (
    TDM_RESERVED,
    TDMREP_PATH,
    TdmRule,
    parse_tdmrep,
    reservation_of,
)
from index.capture import LOOKUP, TDMREP, Listing, is_page_channel
from index.errors import StorageError
from index.store import SiteFile
from index.store.hosts import is_fresh

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.run import CrawlRun

REMEMBERED = timedelta(days=7)
LARGEST = 512 * 1024  # bytes


class TdmrepMiddleware:
    """Notes on each page's listing what its site's tdmrep.json says of it.

    The file is asked for before a site's first page, and remembered for a week; the lists need none.
    Where the workspace obeys reservations, a reserved page is not fetched.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[Sequence[TdmRule]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Note the site's statement; raises `RequestRefused` if it is to be obeyed."""
        listing: Listing | None = request.meta.get("listing")
        if listing is None or request.meta.get("service"):
            return
        if listing.channel != LOOKUP and not is_page_channel(listing.channel):
            return
        parts = urlsplit(request.url)
        rules = await self._rules_of(f"{parts.scheme}://{parts.netloc}")
        said = reservation_of(rules, parts.path + (f"?{parts.query}" if parts.query else ""))
        request.meta["listing"] = replace(listing, reservation=said)
        if said.startswith("1") and self._run.context.optouts.tdm == "obey":
            terms = said[2:]
            raise RequestRefused(TDM_RESERVED, f"{TDMREP_PATH} reserves it{terms and f'; {terms}'}")

    @property
    def _run(self) -> CrawlRun:
        run: CrawlRun = self._crawler.spider.run  # type: ignore[union-attr]
        return run

    async def _rules_of(self, origin: str) -> Sequence[TdmRule]:
        known = self._rules.get(origin)
        if known is None:
            known = self._rules[origin] = asyncio.get_running_loop().create_future()
            try:
                stored = self._stored(origin)
                known.set_result(await self._fetch(origin) if stored is None else stored)
            except StorageError as error:
                known.set_exception(error)
        return await known

    def _stored(self, origin: str) -> Sequence[TdmRule] | None:
        file = self._run.store.hosts.reservations(origin)
        if file is None or not is_fresh(file, REMEMBERED):
            return None
        return _rules_in(file)

    async def _fetch(self, origin: str) -> Sequence[TdmRule]:
        engine: Any = self._crawler.engine
        request = Request(
            f"{origin}{TDMREP_PATH}",
            callback=NO_CALLBACK,
            priority=900,
            meta={"listing": Listing(channel=TDMREP), "download_maxsize": LARGEST},
        )
        try:
            response = await engine.download_async(request)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001  no answer, or robots.txt closes it: nothing is stated
            return ()
        file = SiteFile(
            origin=origin, fetched=datetime.now(UTC), status=response.status, body=response.body
        )
        if response.status < 500 and response.status != 429:
            self._run.store.hosts.keep_reservations(file)
        return _rules_in(file)


def _rules_in(file: SiteFile) -> Sequence[TdmRule]:
    return parse_tdmrep(file.body) if file.status == 200 else ()
