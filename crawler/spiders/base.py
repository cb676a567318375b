"""What our spiders share: the run they belong to, one chain of requests a site, and its failures."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.ingest.rechecks import RECHECK, validators
from crawler.ingest.recording import plan_next_recheck, record_unmodified
from crawler.ingest.related_pages import RelatedPage
from crawler.ingest.run import CrawlRun
from crawler.urls import canonical, registered_domain
from crawler.wire import politeness
from crawler.wire.backoff import Backoff
from crawler.wire.failures import RequestRefused, failure_code, is_passing
from crawler.wire.retry import retry_after
from index.capture import Capture, Listing
from index.errors import PressclipError, StorageError, UsageError
from index.store import Candidate, Entry
from index.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

RETRY_NEXT_RUN = timedelta(minutes=10)
PRIORITY_STEPS = (
    1_000_000  # of Scrapy's whole numbers to one of the score: quarters of an hour apart
)

logger = logging.getLogger(__name__)


class DeskSpider(Spider):
    """A spider of a workspace.

    It opens a run of its own, or takes part in one (`run`). For each site there is one chain: a
    request is made when the one before it was answered, the best waiting candidate first. So a slow
    site holds up nobody, memory does not grow with the frontier, and a stop loses nothing.
    `limit` bounds the pages of the run, which are then the best of all sites; `budget` its minutes,
    in which each site gives its best first.
    """

    name: str

    def __init__(
        self,
        *,
        run: CrawlRun | None = None,
        workspace: str = "",
        limit: int | str = 0,
        budget: float | str = 0,
        **named: Any,
    ) -> None:
        if unknown := ", ".join(sorted(named)):
            raise UsageError(f"no such argument of {self.name}: {unknown}")
        super().__init__()
        self._owned = run is None
        self.run = run or CrawlRun(
            Workspace.find(Path(workspace) if workspace else None), command=f"scrapy {self.name}"
        )
        self._left = int(_number("limit", limit)) or -1
        minutes = _number("budget", budget)
        self._deadline = time.monotonic() + minutes * 60 if minutes else float("inf")
        self._busy: set[str] = set()
        self._cutoff: float | None = None  # the least score that a limit leaves room for
        self.pages: Counter[str] = Counter()
        self.failed_outlets: set[str] = set()
        self.silent_outlets: set[str] = set()
        self.spent_sites: set[str] = set()
        self.weak_outlets: set[str] = set()
        self.incomplete: set[str] = set()
        self.fault: StorageError | None = None
        self.reason = ""
        self.stopping = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **named: Any) -> Self:
        """Made by Scrapy; takes its delays and its name from the workspace.

        What is wrong with the call or the workspace ends `scrapy crawl` with one line and the exit
        code that `pressclip crawl` has for it: Scrapy would print a traceback, and often exit with 0.
        """
        try:
            spider: Self = super().from_crawler(crawler, *args, **named)
            if spider._owned:
                spider.run.open()
            spider._begin(crawler)
        except PressclipError as error:
            if "run" in named:
                raise
            sys.stderr.write(f"error: {error}\n" + (f"  {error.hint}\n" if error.hint else ""))
            raise SystemExit(error.exit_code) from error
        return spider

    def _begin(self, crawler: Crawler) -> None:
        try:
            self.backoff = Backoff(self.run.store, datetime.now(UTC))
            crawler.settings.setdict(politeness.settings_of(self.run.workspace), priority="spider")
            self.prepare()
        except PressclipError:
            if self._owned:
                self.run.close()
            raise

    def prepare(self) -> None:
        """Read what the arguments name, before the first request; raises `PressclipError`."""

    backoff: Backoff

    def closed(self, reason: str) -> None:
        """Close the run if it is ours; called by Scrapy."""
        self.reason = reason
        self.backoff.close()
        if self._owned:
            self.run.close()

    async def start(self) -> AsyncIterator[Any]:
        """Begin with what earlier runs left waiting."""
        for request in self.continue_all():
            yield request

    def sites(self) -> Iterable[str]:
        """The sites that have something to fetch."""
        return self.run.store.frontier.sites()

    def continue_all(self) -> Iterator[Request]:
        """Start the chain of every site that has something waiting and no chain yet."""
        self._cutoff = None
        for site in self.sites():
            yield from self.continue_site(site)

    def continue_site(self, site: str) -> Iterator[Request]:
        """The next request of a site's chain, if there is one to make and none under way."""
        if site in self._busy or self.is_over or site in self.backoff.backing_off:
            return
        request = self.next_request(site)
        if request is not None:
            self._busy.add(site)
            yield request

    def go_on(self, sites: Iterable[str]) -> Iterator[Request]:
        """The next requests after an answer: of these sites, or of all that a limit made wait."""
        if self.is_limited:
            yield from self.continue_all()
            return
        for site in sites:
            yield from self.continue_site(site)

    @property
    def is_limited(self) -> bool:
        """Whether the pages of the run are counted."""
        return self._left >= 0

    @property
    def is_over(self) -> bool:
        """Whether no more requests are to be made: stopped, or out of time."""
        return self.stopping or time.monotonic() > self._deadline

    def next_request(self, site: str) -> Request | None:
        """What a site is asked for next."""
        return self.next_page(site)

    def next_page(self, site: str) -> Request | None:
        """The request for the best candidate of a site; None when there is none, or no more to spend."""
        if self._left == 0 or (self.is_limited and not self._is_among_best(site)):
            return None
        for candidate in self.run.store.frontier.take(site, 1):
            self._left -= self.is_limited
            self.pages[site] += 1
            return self.page_request(candidate)
        return None

    def page_sites(self) -> Iterable[str]:
        """The sites whose pages may be fetched in this run."""
        backing_off = self.backoff.backing_off
        return [site for site in self.run.store.frontier.sites() if site not in backing_off]

    @property
    def room(self) -> int:
        """How many pages a limit still leaves; more than there can be without one."""
        return self._left if self.is_limited else sys.maxsize

    def room_at(self, site: str) -> int:
        """How many pages of a site may still be fetched in this run."""
        return self.room

    @property
    def seconds_left(self) -> float:
        """What is left of the budget; infinite without one."""
        return max(0.0, self._deadline - time.monotonic())

    def lists_left(self) -> Mapping[str, int]:
        """How many lists are still to be visited, by site."""
        return {}

    def _is_among_best(self, site: str) -> bool:
        """Whether a site's best is one of the best of all sites, as many as may still be fetched."""
        frontier = self.run.store.frontier
        if self._cutoff is None:
            cutoff = frontier.cutoff(self.page_sites(), self._left)
            self._cutoff = float("-inf") if cutoff is None else cutoff
        best = frontier.best(site)
        return best is not None and best >= self._cutoff

    def page_request(self, candidate: Candidate) -> Request:
        """The request for a candidate's page; a conditional one for an article that is known."""
        return Request(
            candidate.url,
            callback=self.parse_page,
            errback=self.fail_page,
            headers=validators(self.run.store, candidate),
            priority=round(candidate.score * PRIORITY_STEPS),
            meta={
                "candidate": candidate,
                "listing": replace(candidate.listing, url=candidate.url),
            },
        )

    def parse_page(self, response: Response) -> Iterator[Capture | Request]:
        """The page as a capture, then the site's next request."""
        candidate: Candidate = response.meta["candidate"]
        self._busy.discard(candidate.site)
        code = f"http-{response.status}"
        if is_passing(code):
            self._failed(candidate, code, "the server was not ready to answer", response)
        else:
            self.backoff.answered(candidate.site)
            if response.status == 304:
                record_unmodified(self.run.intake, candidate)
            else:
                self.run.store.frontier.finish(candidate.key)
                yield self.capture(response)
        yield from self.go_on([candidate.site])

    def fail_page(self, failure: Failure) -> Iterator[Request]:
        """Note why there is no page, then the site's next request."""
        if self._ends(failure):
            return
        candidate: Candidate = failure.request.meta["candidate"]  # type: ignore[attr-defined]
        self._busy.discard(candidate.site)
        self._failed(candidate, *failure_code(failure))
        yield from self.go_on([candidate.site])

    def _ends(self, failure: Failure) -> bool:
        """Whether a failure is the end of the crawl and not a request's own."""
        if isinstance(failure.value, StorageError):
            self.give_up(failure.value)
        return self.stopping

    def capture(self, response: Response) -> Capture:
        """The archived capture of a response, with its body decoded."""
        archived: Capture = response.meta["capture"]
        return replace(archived, body=response.body)

    async def fetch_beside(self, page: Capture, wanted: RelatedPage) -> Capture | None:
        """The answer for a page that may complete another; None, and a line in the ledger, without one.

        It goes the way of every request: the site's slot and delay, robots.txt, address guard, archive.
        What failed in passing is tried again with its page in a later run. Raises `DropItem` when the
        crawl is stopped (the page is left to the next run) and `StorageError`.
        """
        listing = Listing(
            channel=wanted.channel, url=wanted.url, source=page.url, outlet=page.listing.outlet
        )
        code, detail, response = "", "", None
        if self.is_over and not self.stopping:
            self.incomplete.add(page.url)
            return None
        try:
            engine: Any = self.crawler.engine
            response = await engine.download_async(
                Request(wanted.url, callback=NO_CALLBACK, meta={"listing": listing})
            )
        except StorageError:
            raise
        except Exception as error:
            if self.stopping:
                raise DropItem("the crawl was stopped", log_level="DEBUG") from error
            code, detail = failure_code(Failure(error))  # type: ignore[no-untyped-call]
        if response is not None:
            code, detail = f"http-{response.status}", "the server was not ready to answer"
            if not is_passing(code):
                return self.capture(response)
        if is_passing(code):
            self.blame(registered_domain(wanted.url), code, response)
            self.incomplete.add(page.url)
        self._note_failure(wanted.url, listing, code, detail)
        return None

    def keep_incomplete(self, page: Capture) -> None:
        """Put a page back of which a part could not be had for now."""
        if page.url in self.incomplete:
            self.incomplete.discard(page.url)
            key = canonical(page.listing.url or page.url)
            with self.run.store.transaction():
                self.run.store.frontier.postpone(key, datetime.now(UTC) + RETRY_NEXT_RUN)

    async def recorded(self, capture: Capture, outcome: str) -> Iterable[str]:
        """What a page came to; the sites that have more to fetch because of it."""
        return ()

    def continue_sites(self, sites: Iterable[str]) -> None:
        """Start the chains of sites from outside a callback."""
        engine: Any = self.crawler.engine
        for request in self.go_on(sites):
            engine.crawl(request)

    def stop(self) -> None:
        """Make no more requests, and take back those that wait for their delay; called from the reactor.

        What they were for stays with the frontier, which gives it to the next run.
        """
        self.stopping = True
        engine: Any = self.crawler.engine
        for slot in engine.downloader.slots.values():
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(RequestRefused("stopped", "the crawl was stopped"))

    def give_up(self, fault: StorageError) -> None:
        """Stop the crawl: the disk would not take more. What is stored stays; the run raises the fault."""
        if self.fault is None:
            self.fault = fault
            self.stopping = True
            engine: Any = self.crawler.engine
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="storage"))

    def add_candidates(self, candidates: Iterable[Candidate]) -> int:
        """Put candidates into the frontier; return how many were new."""
        with self.run.store.transaction():
            return self.run.store.frontier.add(candidates)

    def blame(self, site: str, code: str, response: Response | None = None) -> None:
        """Hold a passing failure against a site, with what it asked for in its answer."""
        asked = (response.headers.get("Retry-After") or b"") if response is not None else b""
        self.backoff.failed(site, code, retry_after(asked.decode("latin-1")))

    def _failed(
        self, candidate: Candidate, code: str, detail: str, response: Response | None = None
    ) -> None:
        store = self.run.store
        now = datetime.now(UTC)
        with store.transaction():
            if is_passing(code):
                self.blame(candidate.site, code, response)
                store.frontier.postpone(candidate.key, now + RETRY_NEXT_RUN)
                self.failed_outlets.add(candidate.outlet)
            else:
                store.frontier.finish(candidate.key)
                if candidate.listing.channel == RECHECK:
                    plan_next_recheck(self.run.intake, candidate.url, candidate.key)
            listing = replace(candidate.listing, outlet=candidate.outlet)
            self._note_failure(candidate.url, listing, code, detail)

    def _note_failure(self, url: str, listing: Listing, code: str, detail: str) -> None:
        entry = Entry(
            url=url,
            key=canonical(url),
            outlet=listing.outlet,
            channel=listing.channel,
            outcome=code,
            detail=detail,
            at=datetime.now(UTC),
            run=self.run.id,
        )
        with self.run.store.transaction():
            self.run.store.ledger.add([entry])
        self.run.intake.counts[code] += 1
        logger.info("%s: %s (%s)", url, code, detail)


def _number(name: str, text: float | str) -> float:
    """An argument of `scrapy crawl -a`; raises `UsageError`."""
    try:
        number = float(text)
    except ValueError as error:
        raise UsageError(f"{name}={text}: not a number") from error
    if not 0 <= number < float("inf"):
        raise UsageError(f"{name}={text}: must be 0 or more")
    return number
