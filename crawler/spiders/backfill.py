"""`scrapy crawl backfill -a story=…`: the coverage that is past, from public lists and archives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.backfill import SOURCES, Ask
from crawler.backfill.judging import WANTED
from crawler.backfill.ledger import SourceLedger
from crawler.lists import TERMS_WEIGHT
from crawler.planning.backfill_scope import Wish, bound_to, scope_of, sources_of
from crawler.planning.source_queues import queue_of
from crawler.spiders.copy_chain import COPY_OUTCOMES, CopySpider
from crawler.spiders.source_asks import SourceAsks, set_pauses
from crawler.urls import registered_domain
from crawler.wire.failures import failure_code, is_passing
from index.capture import Capture
from index.errors import MachineError, UsageError
from index.store import Candidate
from index.store.backfill import COPIES

LEAST_SCORE = WANTED * TERMS_WEIGHT

logger = logging.getLogger(__name__)


class BackfillSpider(CopySpider):
    """Looks for the past coverage of a story.

    `story=ID` names it, `sources=gdelt,wayback` those that are asked, `outlets=a.com,b.com` the outlets
    that it is bound to; `titles`, `languages`, `since`, `until`, `month` and `again` are as in `pressclip
    backfill`; `limit` and `budget` as in a crawl. `prefer=archive` takes copies first.

    Each source has one chain of requests, beside those of the sites; what it names is judged and goes
    into the frontier, and the best of each site is fetched first. With a limit pages wait until the
    sources are through, or for half of the budget.
    """

    name = "backfill"

    def __init__(
        self,
        *,
        story: str = "",
        sources: str = "",
        titles: str = "",
        outlets: str = "",
        languages: str = "",
        since: str = "",
        until: str = "",
        month: str = "",
        again: str | bool = "",
        wish: Wish | None = None,
        **named: Any,
    ) -> None:
        super().__init__(**named)
        self.wish = wish or Wish(
            story=story,
            sources=_listed(sources),
            titles=tuple(filter(None, titles.split("\n"))),
            outlets=_listed(outlets),
            languages=_listed(languages),
            since=_day("since", since),
            until=_day("until", until),
            month=month,
        )
        self._again = bool(again)
        self._waits_for_sources = self.bounds.is_limited
        self._begun = time.monotonic()

    def prepare(self) -> None:
        """Read the story and the sources; raises `UsageError`."""
        now = datetime.now(UTC)
        workspace, store = self.run.workspace, self.run.store
        scope = scope_of(workspace, self.wish, now=now)
        self.story = scope.story
        self.asks = SourceAsks(
            self.run, scope.story.id, failed=self.failed_outlets, preferred=self._preferred
        )
        names = sources_of(self.wish, scope) if self.looks_for_pages else ()
        if not self.looks_for_pages:
            self.want_history()
        if self._again:
            with store.transaction():
                store.backfill.forget(self.story.id, names)
        for name in (*self.archives, *names):
            bound = bound_to(scope, name, self.wish)
            queue = queue_of(name, bound, store, now) if name in names else None
            if queue is not None and (old := SourceLedger(store, name, bound).outdated()):
                told = "%s: %d of its answers were judged by other queries; it is asked again"
                logger.warning(told, name, old)
            self.asks.take_up(name, bound, queue)
        hosts = scope.hosts if self.wish.outlets else ()
        self._sites = frozenset(registered_domain(f"http://{host}/") for host in hosts)
        set_pauses(self.crawler, workspace)

    async def start(self) -> AsyncIterator[Any]:
        """Begin with the pages that are known; each source when its pause since the last run is over."""
        for site in self.page_sites():
            for request in self.chains.go_on(site):
                yield request
        for name, queue in list(self.asks.queues.items()):
            if queue.left:
                await asyncio.sleep(self.asks.wait_for(name))
            for request in self.chains.go_on(name):
                yield request
        self._waits_for_sources = self._waits_for_sources and not self._are_through()
        for request in self.continue_all():
            yield request

    def closed(self, reason: str) -> None:
        """Say when each source was asked last, for the next run; then as every spider of ours."""
        self.asks.close()
        super().closed(reason)

    def sites(self) -> Iterable[str]:
        """The sources that have something to ask, and the sites with pages worth fetching."""
        return [*self.asks.queues, *self.page_sites()]

    def page_sites(self) -> Iterable[str]:
        """The sites with something that promises coverage, and the copies that are wanted."""
        frontier = self.run.store.frontier
        sites = [site for site in super().page_sites() if not self._sites or site in self._sites]
        found = [site for site in sites if (frontier.best(site) or 0.0) >= LEAST_SCORE]
        return [*found, COPIES] if frontier.best(COPIES) is not None else found

    def lists_left(self) -> Mapping[str, int]:
        """How many requests are left, by source."""
        return self.asks.left()

    def next_request(self, site: str) -> Request | None:
        """A source's next request, or a site's next page."""
        if site in SOURCES:
            return self.asks.next_request(site, self.parse_answer, self.fail_answer)
        if self._waits_for_sources:
            return None
        if site == COPIES:
            return self.next_copy()
        best = self.run.store.frontier.best(site)
        return self.next_page(site) if best is not None and best >= LEAST_SCORE else None

    async def parse_answer(self, response: Response, ask: Ask) -> AsyncIterator[Request]:
        """Read what a source answered: its pages into the frontier, what it leads to next."""
        sites: set[str] = set()
        try:
            sites = await self.asks.take(ask, response)
        except MachineError as fault:
            self.give_up(fault)
        self.chains.ended(ask.source)
        for request in self._go_on_after(ask, sites):
            yield request

    def fail_answer(self, failure: Failure) -> Iterator[Request]:
        """Note why a source gave no answer."""
        if self.is_end(failure):
            return
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        self.chains.ended(ask.source)
        code, detail = failure_code(failure)
        self.asks.refuse(ask, code, detail, pauses=is_passing(code))
        yield from self._go_on_after(ask, ())

    def _go_on_after(self, ask: Ask, sites: Iterable[str]) -> Iterator[Request]:
        yield from self.chains.go_on(ask.source)
        if not self._waits_for_sources:
            yield from self.go_on(sorted(sites))
        elif self._are_through():
            self._waits_for_sources = False
            yield from self.continue_all()

    def _are_through(self) -> bool:
        """Whether all sources are through, or took half of the time there is."""
        is_asked = any(map(self.chains.is_under_way, SOURCES))
        half = (time.monotonic() - self._begun) > self.bounds.seconds_left
        return half or not (self.asks.queues or is_asked)

    def _preferred(self, candidate: Candidate) -> Candidate:
        """The candidate as it is fetched first: from its publisher, or from an archive."""
        if self.prefers_archive:
            return self.copy_candidate(candidate.url, candidate.listing, candidate.score)
        return candidate

    async def recorded(self, capture: Capture, outcome: str) -> Iterable[str]:
        """After a page: its copy, where it gave no article; after a copy: another, where it gave none."""
        if capture.listing.copy_of:
            return self.copy_recorded(capture, outcome)
        if outcome in COPY_OUTCOMES or self.is_another(capture, outcome):
            return self.want_copy(capture.listing.url or capture.url, capture.listing)
        return ()

    def fail_page(self, failure: Failure) -> Iterator[Request]:
        """As of every page; an archive may have what its publisher does not let us have."""
        yield from super().fail_page(failure)
        candidate: Candidate = failure.request.meta["candidate"]  # type: ignore[attr-defined]
        if not self.stopping.is_stopping and failure_code(failure)[0] in COPY_OUTCOMES:
            yield from self.go_on(self.want_copy(candidate.url, candidate.listing))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{name}={text}: no day such as 2023-02-01") from error
