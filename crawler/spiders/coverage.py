"""`scrapy crawl coverage -a story=…`: the outlets' lists, then the articles that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from twisted.python.failure import Failure

from crawler.backfill import Ask
from crawler.backfill.gal import SOURCE as GDELT
from crawler.ingest.pool import arrival
from crawler.ingest.rechecks import candidates_of, conditions
from crawler.lists import PROMISING
from crawler.lists.filter import ServedList
from crawler.lists.xml import SITEMAP_LIMIT
from crawler.planning.list_visits import ListRecorder, ListVersion
from crawler.planning.queues import ListQueues
from crawler.planning.scope import make_scope
from crawler.planning.sources import ListSource
from crawler.refusal import Refusal
from crawler.spiders.base import PRIORITY_STEPS, DeskSpider
from crawler.spiders.newest import NewestFiles
from crawler.spiders.responses import header_of, retry_after_of
from crawler.spiders.source_asks import set_pauses
from crawler.urls import canonical, registered_domain
from crawler.wire.failures import failure_code, is_passing
from index.archive.warc import payload_digest
from index.capture import Capture
from index.coverage.outlet_health import weak_outlets
from index.errors import MachineError

LISTS_WAIT = 60.0  # seconds that a limited crawl waits for all lists before it fetches pages
ROOT_PRIORITY = 100 * PRIORITY_STEPS
BELOW_PRIORITY = round(PROMISING * PRIORITY_STEPS)


class CoverageSpider(DeskSpider):
    """Crawls the coverage of stories (`story=balloon,wildfire`; all when not given).

    `outlet=ID` limits it to one outlet, `limit=N` to N pages, `budget=MIN` to so many minutes,
    `since=2023-02-01` to what was published since; `due=1` visits only what is due; `recheck=1`
    fetches the known articles again to see what was changed.

    At each site the lists that are configured come first, then the candidates that have words of a
    story in them, then the lists below those (sitemaps of an index, further pages), then the rest.
    Lists that an earlier run read minutes ago come last where it left pages to be fetched.
    With a limit this is the order over all sites, as far as their lists answer within `LISTS_WAIT`.
    """

    name = "coverage"

    def __init__(
        self,
        *,
        story: str = "",
        outlet: str = "",
        since: str = "",
        due: str | bool = "",
        recheck: str | bool = "",
        **named: Any,
    ) -> None:
        super().__init__(**named)
        self._asked = {"names": tuple(filter(None, story.split(","))), "outlet": outlet}
        self._since = since
        self._due = bool(due)
        self._recheck = bool(recheck)
        self._lists: ListRecorder | None = None
        self._asked_roots: set[str] = set()
        self._asked_below: set[str] = set()
        self._waits_for_lists = self.bounds.is_limited

    async def start(self) -> AsyncIterator[Any]:
        """Visit the lists; what they name is fetched in the frontier's order."""
        if self._waits_for_lists:
            call_later(LISTS_WAIT, self._wait_no_more)
        for request in self.continue_all():
            yield request

    def prepare(self) -> None:
        """Choose stories and outlets, and take up their lists; raises `UsageError`."""
        now = datetime.now(UTC)
        self._scope = make_scope(
            self.run.workspace, self.run.context, since=self._since, due=self._due, now=now,
            **self._asked,  # type: ignore[arg-type]
        )  # fmt: skip
        self._queues = ListQueues(
            self.run,
            self._scope,
            self.backoff,
            due=self._due,
            now=now,
            failed=self.failed_outlets,
        )
        self._lists = ListRecorder(self.run, self._scope, self._queues, failed=self.failed_outlets)
        self._queues.fill()
        self._add_rechecks(now)
        self._newest = NewestFiles(self.run, self._scope.stories, failed=self.failed_outlets)
        set_pauses(self.crawler, self.run.workspace)

    def sites(self) -> Iterable[str]:
        """The sites of the chosen outlets that have lists to visit or candidates waiting."""
        waiting = {site for site in self.run.store.frontier.sites() if self._takes(site)}
        newest = {GDELT} if self._newest.is_left else set()
        return sorted(waiting | self._queues.sites() | newest)

    def closed(self, reason: str) -> None:
        """Note the outlets whose lists gave nothing, or too little, and the sites that have more than is
        taken in a run; then as every spider of ours.
        """
        if self._lists is not None:
            self._newest.close()
            waiting = self.run.store.frontier.sites()
            full = {site for site in waiting if self.pages[site] >= self._scope.limit}
            self.spent_sites = full | self._queues.full
            store, visited = self.run.store, self._lists.items
            self.silent_outlets = {id for id, items in visited.items() if not items}
            weak = weak_outlets(store, self.run.context.outlets, now=datetime.now(UTC))
            self.weak_outlets = weak.keys() & visited.keys()
        super().closed(reason)

    def next_request(self, site: str) -> Request | None:
        """The next list or page of a site, in the order of the class's description."""
        queues = self._queues
        if site == GDELT:
            return self._newest.next_request(self.parse_newest, self.fail_newest)
        if queues.has_roots(site):
            return self._list_request(queues.next_root(site))
        best = self.run.store.frontier.best(site) if self._is_open(site) else None
        has_below = queues.has_below(site)
        if best is not None and self._is_pages_turn(best, has_below):
            page = self.next_page(site)
            if page is not None:
                return page
        if has_below:
            return self._list_request(queues.next_below(site))
        last = queues.next_last(site)
        return self._list_request(last) if last else None

    def page_sites(self) -> Iterable[str]:
        """The chosen sites that have not given as many pages as a story takes of one."""
        return filter(self._is_open, super().page_sites())

    def room_at(self, site: str) -> int:
        """What a limit and the stories' `limit_per_outlet` leave of a site."""
        return min(self.bounds.room, self._scope.limit - self.pages[site])

    def lists_left(self) -> Mapping[str, int]:
        """How many lists are still to be visited or to answer, by site."""
        asked = map(registered_domain, (*self._asked_roots, *self._asked_below))
        return self._queues.left_by_site() + Counter(asked)

    def _is_open(self, site: str) -> bool:
        return self._takes(site) and self.pages[site] < self._scope.limit

    def _takes(self, site: str) -> bool:
        return self._scope.takes(site) or site in self._newest.sites

    def _is_pages_turn(self, best: float, has_below: bool) -> bool:
        """Whether a page of this score comes before the lists that are still to be read."""
        is_promising = best >= PROMISING
        if self._waits_for_lists:
            if self._queues.roots_left or self._asked_roots:
                return False
            has_below = self._queues.below_left or bool(self._asked_below)
        return is_promising or not has_below

    def _wait_no_more(self) -> None:
        """Lists that took too long do not hold up a limited crawl any more."""
        self._waits_for_lists = False
        self.continue_sites([])

    async def parse_newest(
        self, response: Response, ask: Ask, story: str
    ) -> AsyncIterator[Request]:
        """Read what GDELT has met in a minute: its candidates into the frontier, then the next file."""
        sites: set[str] = set()
        try:
            sites = await self._newest.take(story, ask, response)
        except MachineError as fault:
            self.give_up(fault)
        self.chains.ended(GDELT)
        for request in self.go_on([GDELT, *sorted(sites)]):
            yield request

    def fail_newest(self, failure: Failure) -> Iterator[Request]:
        """Note why there is no file."""
        if self.is_end(failure):
            return
        named = failure.request.cb_kwargs  # type: ignore[attr-defined]
        code, detail = failure_code(failure)
        self._newest.refuse(named["story"], named["ask"], code, detail, pauses=is_passing(code))
        self.chains.ended(GDELT)
        yield from self.go_on([GDELT])

    async def parse_list(self, response: Response, source: ListSource) -> AsyncIterator[Request]:
        """Read a list page: its candidates into the frontier, its child lists next."""
        sites = {source.site}
        try:
            sites |= await self._list_answered(source, response)
        except MachineError as fault:
            self.give_up(fault)
        self._answered(source)
        for request in self.go_on(sorted(sites)):
            yield request

    def fail_list(self, failure: Failure) -> Iterator[Request]:
        """Note why there is no list."""
        if self.is_end(failure):
            return
        source: ListSource = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        self._answered(source)
        code, detail = failure_code(failure)
        if is_passing(code):
            self.failures.blame(source.site, code)
        self.lists.fail(source, code, detail)
        yield from self.go_on([source.site])

    def _answered(self, source: ListSource) -> None:
        self.chains.ended(source.site)
        (self._asked_below if source.parent else self._asked_roots).discard(source.url)

    async def recorded(self, capture: Capture, outcome: str) -> Iterable[str]:
        """After a kept article: its links to other articles of the outlets, where a story follows them."""
        if outcome != "kept" or not self._scope.follow:
            return set()
        depth = self.run.store.frontier.depth_of(canonical(capture.listing.url or capture.url)) + 1
        if depth > self._scope.follow:
            return set()
        pool = self.run.intake.pool
        future = pool.submit_links(capture, self._scope.list_filter, self._scope.own_sites, depth)
        await arrival(future)
        found = pool.result(future)
        if isinstance(found, Refusal):
            self.logger.info("%s: its links: %s", capture.url, found)
            return set()
        self.add_candidates(found)
        return {candidate.site for candidate in found}

    @property
    def lists(self) -> ListRecorder:
        """What records the visits to lists, once the crawl has begun."""
        if self._lists is None:
            raise RuntimeError("the crawl has not begun")
        return self._lists

    def _add_rechecks(self, now: datetime) -> None:
        store = self.run.store
        wanted = store.rechecks.kept() if self._recheck else store.rechecks.due(now)
        chosen = [one for one in wanted if one.outlet in self._scope.outlets]
        with store.transaction():
            for candidate in candidates_of(chosen):
                store.frontier.again(candidate)

    def _list_request(self, source: ListSource) -> Request:
        (self._asked_below if source.parent else self._asked_roots).add(source.url)
        known = self.run.store.lists.get(source.url)
        if known is None or known.fetched is None:
            source = replace(source, is_first=source.is_first or source.number == 1)
            known = None
        headers = {}
        if known is not None and known.windows == self._scope.windows_text:
            headers = conditions(known.etag, known.last_modified)
        meta: dict[str, Any] = {"listing": source.listing}
        if source.kind == "sitemap":
            meta["download_maxsize"] = SITEMAP_LIMIT
        return Request(
            source.url,
            callback=self.parse_list,
            errback=self.fail_list,
            headers=headers,
            priority=BELOW_PRIORITY if source.parent else ROOT_PRIORITY,
            meta=meta,
            cb_kwargs={"source": source},
        )

    async def _list_answered(self, source: ListSource, response: Response) -> set[str]:
        """Handle a list's answer; return the sites with new candidates."""
        code = f"http-{response.status}"
        if is_passing(code):
            self.failures.blame(source.site, code, retry_after_of(response))
            self.lists.fail(source, code, "the server was not ready to answer")
            return set()
        self.backoff.answered(source.site)
        known = self.run.store.lists.get(source.url) or source.page
        if response.status not in (200, 304):
            self.lists.fail(source, code, "no list was given")
            return set()
        answer = _version(response)
        is_same = response.status == 304 or self.lists.is_same(known, answer.digest)
        self.lists.count_answer(source, known, status=response.status, is_same=is_same)
        if is_same:
            self.lists.unchanged(source, known)
            return set()
        pool = self.run.intake.pool
        future = pool.submit_list(_served(source, response), self._scope.list_filter)
        await arrival(future)
        filtered = pool.result(future)
        if isinstance(filtered, Refusal):
            self.lists.fail(source, f"list-{filtered.code}", filtered.detail)
            return set()
        return await self.lists.read(source, known, filtered, answer)


def _served(source: ListSource, response: Response) -> ServedList:
    return ServedList(
        kind=source.kind,
        channel=source.channel,
        outlet=source.outlet.id,
        source=source.url,
        url=response.url,
        body=response.body,
        content_type=header_of(response, "Content-Type"),
    )


def _version(response: Response) -> ListVersion:
    return ListVersion(
        etag=header_of(response, "ETag"),
        last_modified=header_of(response, "Last-Modified"),
        digest=payload_digest(response.body),
    )
