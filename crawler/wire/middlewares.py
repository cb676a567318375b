"""What stands between the spiders and the wire: slots, robots, retries, the address guard, the archive."""

from __future__ import annotations

import asyncio
import email.utils
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import uniform
from time import monotonic
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request, Spider, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.ingest.run import ROBOTS
from crawler.urls import registered_domain, url_fault
from crawler.wire.backoff import MAX_PAUSE
from crawler.wire.failures import RequestRefused, unreachable_code
from crawler.wire.optouts import HEAD_LIMIT, optouts_of
from crawler.wire.robots import ROBOTS_LIMIT, RobotsRules, rules_of
from index.archive.content_encoding import codings_of, unpack_leniently
from index.capture import Capture, Listing
from index.errors import StorageError
from index.store import SiteFile
from index.store.hosts import is_fresh
from index.workspace import RobotsForbidden
from index.workspace.addresses import is_private_url, is_public_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.run import Run
    from crawler.spiders.base import DeskSpider

FIRST_PAUSE = 1.0
ROBOTS_AGE = timedelta(hours=24)
LATENCY_FACTOR = 2.0
MAX_LATENCY_DELAY = 30.0  # seconds
CRAWL_DELAY_FOUND = object()  # a signal: `site`, `delay`

logger = logging.getLogger(__name__)


class SlotMiddleware:
    """One download slot a registered domain, so that politeness holds across its subdomains.

    It also stands before every redirect's next hop and before robots.txt.
    """

    def process_request(self, request: Request) -> None:
        """Name the slot of the request's site."""
        request.meta["download_slot"] = registered_domain(request.url)


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
        rules = await self._rules_of(request)
        agent = str(self._crawler.settings["USER_AGENT"])
        if rules.reason:
            raise RequestRefused(rules.code, rules.reason)
        if refusal := rules.refusal(request.url, agent):
            raise RequestRefused(ROBOTS, refusal)
        self._slow_down(request, rules.crawl_delay(agent))

    async def _rules_of(self, request: Request) -> RobotsRules:
        parts = urlsplit(request.url)
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
    def _run(self) -> Run:
        spider: DeskSpider = self._crawler.spider  # type: ignore[assignment]
        return spider.run

    def _slow_down(self, request: Request, delay: float | None) -> None:
        """Let the slot wait at least as long as the site asks between requests."""
        if delay:
            self._crawler.signals.send_catch_log(CRAWL_DELAY_FOUND, request=request, delay=delay)


class Considerate:
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
        slot = _slot(self._crawler, request)
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
        """robots.txt asks for so many seconds."""
        downloader: Any = self._crawler.engine.downloader
        site, slot = downloader._get_slot(request)
        self._least[site] = max(self._least.get(site, slot.delay), delay)
        slot.delay = max(slot.delay, delay)


class PoliteRetryMiddleware(RetryMiddleware):
    """Retries with a pause of the whole host, as long as its Retry-After says (scrapy#3849).

    A host that asks for more than `MAX_PAUSE` is left alone for this run.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The response, or the request again after a pause."""
        if response.status not in self.retry_http_codes:
            return response
        pause = retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"))
        if pause is None:
            # Not at the same moment as everybody else who was sent away.
            pause = FIRST_PAUSE * 4 ** request.meta.get("retry_times", 0) * uniform(1.0, 1.5)
        if pause > MAX_PAUSE:
            return response
        again: Request | None = self._retry(request, f"http-{response.status}")
        if again is None:
            return response
        self._pause(request, pause)
        return again

    def _pause(self, request: Request, seconds: float) -> None:
        downloader: Any = self.crawler.engine.downloader
        slot = _slot(self.crawler, request)
        if slot.latercall is not None:
            slot.latercall.cancel()
        # What Downloader does itself to wait for the delay: until then the slot lets nothing go.
        slot.latercall = call_later(seconds, downloader._latercall, slot)


class AddressGuard:
    """No request to this machine or its network by way of a link, a redirect or a feed (SSRF).

    Names are checked where they are resolved (`GuardedResolver`), so that the address checked is the
    address connected to; behind a proxy the proxy resolves, and only names and literals are checked.
    """

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler.settings.getbool("PRESSCLIP_ALLOW_PRIVATE"))

    def process_request(self, request: Request) -> None:
        """Refuse other schemes, private addresses and unusual ports; raises `RequestRefused`."""
        if fault := url_fault(request.url):
            raise RequestRefused(fault, request.url[:200])
        if self._allow_private:
            return
        if is_private_url(request.url):
            raise RequestRefused("blocked-address", "a private or loopback address")
        if urlsplit(request.url).port not in (None, 80, 443):
            raise RequestRefused("blocked-port", "only ports 80 and 443")


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead to private addresses."""

    allow_private = False
    proxies: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Made by Scrapy."""
        resolver: Self = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("PRESSCLIP_ALLOW_PRIVATE")
        resolver.proxies = frozenset(
            urlsplit(proxy).hostname or "" for proxy in getproxies().values()
        )
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802
        """The address of a name; fails with `DNSLookupError` when it is not a public one.

        The user's own proxy may be anywhere.
        """
        found: Deferred[str] = super().getHostByName(name, timeout)
        if self.allow_private or name in self.proxies:
            return found
        return found.addCallback(self._check, name)

    @staticmethod
    def _check(address: str, name: str) -> str:
        if not is_public_address(address):
            raise DNSLookupError(f"{name} leads to the private address {address}")
        return address


class ArchiveMiddleware:
    """Every response goes into the archive as it came, before anything else looks at it.

    But for its payload, when the page asks that no copy of it be kept.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Append the response to the archive; its reference travels with the request."""
        run: Run = self._crawler.spider.run  # type: ignore[union-attr]
        captured = Capture(
            url=response.url,
            status=response.status,
            headers=header_pairs(response.headers),
            body=response.body,
            fetched=datetime.now(UTC),
            listing=request.meta.get("listing") or Listing(channel="url"),
            request_headers=header_pairs(request.headers),
            ip=str(response.ip_address or ""),
        )
        codings = codings_of(_text_of(response, "Content-Encoding"))
        body = unpack_leniently(response.body, codings, HEAD_LIMIT)
        wishes = optouts_of(replace(captured, body=body))
        captured = replace(captured, withheld=wishes.withheld(run.desk.optouts))
        request.meta["capture"] = run.archive.append(captured, wire=response.body)
        return response


def _text_of(response: Response, header: str) -> str:
    """All values of a header as one list."""
    return b",".join(response.headers.getlist(header)).decode("latin-1")


def header_pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    """Scrapy's headers as pairs of text, without credentials."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        if name.lower() not in (b"proxy-authorization", b"authorization", b"cookie")
        for value in values
    )


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After header, in seconds or as a date; None when it says nothing.

    >>> retry_after("120")
    120.0
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _slot(crawler: Crawler, request: Request) -> Any:
    downloader: Any = crawler.engine.downloader
    return downloader.slots.get(request.meta.get("download_slot"))
