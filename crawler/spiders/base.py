"""What our spiders share: Scrapy's spider around a run, its sites' chains, its bounds and its failures."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.backfill.cdx import SOURCE as WAYBACK
from crawler.ingest.rechecks import validators
from crawler.ingest.recording import record_unmodified
from crawler.ingest.run import CrawlRun
from crawler.spiders.bounds import Bounds
from crawler.spiders.failure_notes import FailureNotes
from crawler.spiders.related_fetch import RelatedFetch
from crawler.spiders.responses import capture_of, retry_after_of
from crawler.spiders.site_chains import SiteChains
from crawler.spiders.stopping import Stopping
from crawler.urls import canonical
from crawler.wire import politeness
from crawler.wire.backoff import Backoff
from crawler.wire.failures import failure_code, is_passing
from index.article import parse_iso
from index.capture import Capture
from index.errors import MachineError, PressclipError, UsageError
from index.store import Candidate
from index.store.backfill import KnownCopy
from index.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PRIORITY_STEPS = (
    1_000_000  # of Scrapy's whole numbers to one of the score: quarters of an hour apart
)


class DeskSpider(Spider):
    """A spider of a workspace. It opens a run of its own, or takes part in one (`run`).

    It joins plain objects to Scrapy: `bounds` (limit and budget), `chains` (one request under way a
    site, the best waiting candidate first), `backoff` (sites that fail), `failures` (what follows
    from a page that did not come), `related` (pages that complete another), `stopping`.
    """

    name: str
    backoff: Backoff
    failures: FailureNotes
    related: RelatedFetch

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
        self.bounds = Bounds.parse(limit=limit, budget=budget)
        self.stopping = Stopping()
        self.chains: SiteChains[Request] = SiteChains(
            may_ask=self.may_ask, next_request=self.next_request
        )
        self.pages: Counter[str] = Counter()
        self.failed_outlets: set[str] = set()
        self.silent_outlets: set[str] = set()
        self.spent_sites: set[str] = set()
        self.weak_outlets: set[str] = set()
        self.reason = ""

    # --- its life in Scrapy ---

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
            self.failures = FailureNotes(self.run, self.backoff, failed=self.failed_outlets)
            self.related = RelatedFetch(
                self._download, bounds=self.bounds, stopping=self.stopping, failures=self.failures
            )
            crawler.settings.setdict(politeness.settings_of(self.run.workspace), priority="spider")
            self.prepare()
        except PressclipError:
            if self._owned:
                self.run.close()
            raise

    def prepare(self) -> None:
        """Read what the arguments name, before the first request; raises `PressclipError`."""

    async def start(self) -> AsyncIterator[Any]:
        """Begin with what earlier runs left waiting."""
        for request in self.continue_all():
            yield request

    def stop(self) -> None:
        """Stop the crawl; called from the reactor."""
        self.stopping.stop(self._engine)

    def give_up(self, fault: MachineError) -> None:
        """Stop the crawl: the disk would not take more."""
        self.stopping.give_up(fault, self._engine)

    def closed(self, reason: str) -> None:
        """Close the run if it is ours; called by Scrapy."""
        self.reason = reason
        self.backoff.close()
        if self._owned:
            self.run.close()

    @property
    def _engine(self) -> Any:
        return self.crawler.engine

    async def _download(self, request: Request) -> Response:
        response: Response = await self._engine.download_async(request)
        return response

    # --- whom to ask next, and for what ---

    def sites(self) -> Iterable[str]:
        """The sites that have something to fetch."""
        return self.run.store.frontier.sites()

    def page_sites(self) -> Iterable[str]:
        """The sites whose pages may be fetched in this run."""
        backing_off = self.backoff.backing_off
        return [site for site in self.run.store.frontier.sites() if site not in backing_off]

    def room_at(self, site: str) -> int:
        """How many pages of a site may still be fetched in this run."""
        return self.bounds.room

    def lists_left(self) -> Mapping[str, int]:
        """How many lists are still to be visited, by site."""
        return {}

    def may_ask(self, site: str) -> bool:
        """Whether a site is asked for more: not when stopped, out of time, or while it is left alone."""
        is_over = self.stopping.is_stopping or self.bounds.is_out_of_time
        return not is_over and site not in self.backoff.backing_off

    def continue_all(self) -> Iterator[Request]:
        """Start the chain of every site that has something waiting and no chain yet."""
        self.bounds.renew()
        for site in self.sites():
            yield from self.chains.go_on(site)

    def go_on(self, sites: Iterable[str]) -> Iterator[Request]:
        """The next requests after an answer: of these sites, or of all that a limit made wait."""
        if self.bounds.is_limited:
            yield from self.continue_all()
            return
        for site in sites:
            yield from self.chains.go_on(site)

    def continue_sites(self, sites: Iterable[str]) -> None:
        """Start the chains of sites from outside a callback."""
        for request in self.go_on(sites):
            self._engine.crawl(request)

    def next_request(self, site: str) -> Request | None:
        """What a site is asked for next."""
        return self.next_page(site)

    def next_page(self, site: str) -> Request | None:
        """The request for the best candidate of a site; None when there is none, or no more to spend."""
        frontier = self.run.store.frontier
        if not self.bounds.allow(site, frontier, self.page_sites):
            return None
        for candidate in frontier.take(site, 1):
            self.bounds.spend()
            self.pages[site] += 1
            return self.page_request(candidate)
        return None

    def page_request(self, candidate: Candidate) -> Request:
        """The request for a candidate's page; a conditional one for an article that is known."""
        if candidate.listing.archive_source:
            return self._named_copy(candidate)
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

    def _named_copy(self, candidate: Candidate) -> Request:
        """The request for a page's copy in an archive, at the very address that somebody named."""
        listing = candidate.listing
        copy = KnownCopy(
            key=canonical(listing.copy_of),
            url=listing.copy_of,
            address=listing.archive_source,
            captured=parse_iso(listing.captured) or datetime.now(UTC),
            archive=WAYBACK,
        )
        return Request(
            candidate.url,
            callback=self.parse_page,
            errback=self.fail_page,
            priority=round(candidate.score * PRIORITY_STEPS),
            meta={
                "service": WAYBACK,
                "candidate": candidate,
                "copy": copy,
                "listing": replace(listing, url=listing.copy_of),
            },
        )

    # --- what came of it ---

    def parse_page(self, response: Response) -> Iterator[Capture | Request]:
        """The page as a capture, then the site's next request."""
        candidate: Candidate = response.meta["candidate"]
        self.chains.ended(candidate.site)
        code = f"http-{response.status}"
        if is_passing(code):
            detail, asked = "the server was not ready to answer", retry_after_of(response)
            self.failures.candidate_failed(candidate, code, detail, asked)
        elif response.status != 200 and candidate.listing.archive_source:
            # It tells nothing of the page itself, which may well be there.
            self.failures.candidate_failed(candidate, code, "the archive did not give the copy")
        else:
            self.backoff.answered(candidate.site)
            if response.status == 304:
                record_unmodified(self.run.intake, candidate)
            else:
                self.run.store.frontier.finish(candidate.key)
                yield capture_of(response)
        yield from self.go_on([candidate.site])

    def fail_page(self, failure: Failure) -> Iterator[Request]:
        """Note why there is no page, then the site's next request."""
        if self.is_end(failure):
            return
        candidate: Candidate = failure.request.meta["candidate"]  # type: ignore[attr-defined]
        self.chains.ended(candidate.site)
        self.failures.candidate_failed(candidate, *failure_code(failure))
        yield from self.go_on([candidate.site])

    def is_end(self, failure: Failure) -> bool:
        """Whether a failure is the end of the crawl and not a request's own."""
        if isinstance(failure.value, MachineError):
            self.give_up(failure.value)
        return self.stopping.is_stopping

    async def recorded(self, capture: Capture, outcome: str) -> Iterable[str]:
        """What a page came to; the sites that have more to fetch because of it."""
        return ()

    def add_candidates(self, candidates: Iterable[Candidate]) -> int:
        """Put candidates into the frontier; return how many were new."""
        with self.run.store.transaction():
            return self.run.store.frontier.add(candidates)
