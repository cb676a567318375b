"""robots.txt before every request: fetched once a day, kept across runs, obeyed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.wire.failures import RequestRefused, unreachable_code
from crawler.wire.robots import ROBOTS_LIMIT, RobotsRules, rules_of
from crawler.wire.throttle import CRAWL_DELAY_FOUND
from index.capture import ROBOTS, Listing
from index.errors import StorageError
from index.store import SiteFile
from index.store.hosts import is_fresh
from index.workspace import RobotsForbidden

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.run import CrawlRun
    from crawler.spiders.base import DeskSpider

ROBOTS_AGE = timedelta(hours=24)


class RobotsMiddleware:
    """robots.txt by RFC 9309: unreachable or failing means stay out, not found means come in.

    Scrapy's own middleware lets everything in when robots.txt fails or times out.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[RobotsRules]] = {}
        self._until: dict[str, datetime] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse what robots.txt refuses; raises `RequestRefused`."""
        listing: Listing | None = request.meta.get("listing")
        if listing is not None and listing.channel == ROBOTS:
            return
        if request.meta.get("service"):
            return  # a documented interface for programs; robots.txt is for pages
        rules = await self.rules_of_host(request.url)
        agent = str(self._crawler.settings["USER_AGENT"])
        if rules.reason:
            raise RequestRefused(rules.code, rules.reason)
        if refusal := rules.refusal(request.url, agent):
            raise RequestRefused(ROBOTS, refusal)
        self._slow_down(request, rules.crawl_delay(agent))

    async def rules_of_host(self, url: str) -> RobotsRules:
        """The rules of the host of a URL, asked for once a day; closed when it cannot be asked."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._rules.get(origin)
        if known is None or (known.done() and self._until[origin] < datetime.now(UTC)):
            known = self._rules[origin] = asyncio.get_running_loop().create_future()
            known.set_result(self._stored(origin) or await self._fetch(origin))
        return await known

    def _stored(self, origin: str) -> RobotsRules | None:
        """The rules of an earlier run, if they are not older than a day (RFC 9309, 2.4)."""
        file = self._run.store.hosts.robots(origin)
        if file is None or not is_fresh(file, ROBOTS_AGE):
            return None
        self._until[origin] = file.fetched + ROBOTS_AGE
        return rules_of(file.status, file.body, forbidden=self._forbidden)

    async def _fetch(self, origin: str) -> RobotsRules:
        engine: Any = self._crawler.engine
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            meta={"listing": Listing(channel=ROBOTS), "download_maxsize": 0},
        )
        now = datetime.now(UTC)
        self._until[origin] = now + ROBOTS_AGE
        try:
            response = await engine.download_async(request)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  whatever failed, the rules are unknown: stay out
            return replace(rules_of(None, b"", str(error)), code=unreachable_code(error))
        rules = rules_of(response.status, response.body, forbidden=self._forbidden)
        if not rules.reason:
            body = response.body[:ROBOTS_LIMIT]
            file = SiteFile(origin=origin, fetched=now, status=response.status, body=body)
            self._run.store.hosts.keep_robots(file)
        return rules

    @property
    def _forbidden(self) -> RobotsForbidden:
        return self._run.workspace.robots_forbidden

    @property
    def _run(self) -> CrawlRun:
        spider: DeskSpider = self._crawler.spider  # type: ignore[assignment]
        return spider.run

    def _slow_down(self, request: Request, delay: float | None) -> None:
        """Let the slot wait at least as long as the site asks between requests."""
        if delay:
            self._crawler.signals.send_catch_log(CRAWL_DELAY_FOUND, request=request, delay=delay)
