"""`scrapy crawl coverage -a story=…`: the outlets' lists, then the articles that they name."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import polling
from crawler.choice import choose
from crawler.failures import failure_code, is_passing
from crawler.follow import followed
from crawler.lists import PROMISING, Found, ListReading, candidate_of, in_window, promise, read_list
from crawler.rechecks import candidates_of, conditions
from crawler.refusal import Refusal
from crawler.run import LIST_PREFIX
from crawler.sources import (
    MAX_DEPTH,
    MAX_PAGES,
    MAX_SEARCH_PAGES,
    MAX_SITEMAPS,
    SEARCH,
    ListSource,
    lists_of,
)
from crawler.spiders.base import DeskSpider
from crawler.urls import canonical
from crawler.xmldoc import SITEMAP_LIMIT
from index.capture import Capture, Listing
from index.store import Candidate, Entry, ListPage, Span
from index.warc import payload_digest

RESTING = "resting"


class CoverageSpider(DeskSpider):
    """Crawls the coverage of stories (`story=balloon,wildfire`; all when not given).

    `outlet=ID` limits it to one outlet, `limit=N` to N pages, `budget=MIN` to so many minutes,
    `since=2023-02-01` to what was published since; `due=1` visits only what is due; `recheck=1`
    fetches the known articles again to see what was changed.

    At each site the lists that are configured come first, then the candidates that have words of a
    story in them, then the lists below those (sitemaps of an index, further pages), then the rest.
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
        self._visited: set[str] = set()
        self._roots: dict[str, deque[ListSource]] = defaultdict(deque)
        self._below: dict[str, deque[ListSource]] = defaultdict(deque)
        self._sitemaps: Counter[str] = Counter()
        self._items: Counter[str] = Counter()

    async def start(self) -> AsyncIterator[Any]:
        """Visit the lists; what they name is fetched in the frontier's order."""
        self._now = datetime.now(UTC)
        self._choice = choose(
            self.run.workspace, self.run.desk, since=self._since, due=self._due, now=self._now,
            **self._asked,  # type: ignore[arg-type]
        )  # fmt: skip
        self._add_rechecks()
        for outlet in self._choice.outlets.values():
            for source in lists_of(outlet, self._choice.stories, self.run.desk):
                self._push(source)
        for request in self.continue_all():
            yield request

    def sites(self) -> Iterable[str]:
        """The sites of the chosen outlets that have lists to visit or candidates waiting."""
        waiting = set(self.run.store.frontier.sites())
        if self._choice.sites is not None:
            waiting &= self._choice.sites
        return sorted({*self._roots, *self._below, *waiting})

    def closed(self, reason: str) -> None:
        """Note the outlets whose lists gave nothing at all; then as every spider of ours."""
        self.silent_outlets = {outlet for outlet, items in self._items.items() if not items}
        super().closed(reason)

    def next_request(self, site: str) -> Request | None:
        """The next list or page of a site, in the order of the class's description."""
        if self._roots[site]:
            return self._list_request(self._roots[site].popleft())
        is_open = self.pages[site] < self._choice.limit and self._is_chosen(site)
        best = self.run.store.frontier.best(site) if is_open else None
        if best is not None and (best >= PROMISING or not self._below[site]):
            page = self.next_page(site)
            if page is not None:
                return page
        return self._list_request(self._below[site].popleft()) if self._below[site] else None

    def parse_list(self, response: Response, source: ListSource) -> Iterator[Request]:
        """Read a list page: its candidates into the frontier, its child lists next."""
        self._busy.discard(source.site)
        sites = {source.site}
        code = f"http-{response.status}"
        if is_passing(code):
            self.blame(source.site, code, response)
            self._list_failed(source, code, "the server was not ready to answer")
        else:
            self.patience.answered(source.site)
            sites |= self._list_answered(source, response)
        for site in sorted(sites):
            yield from self.continue_site(site)

    def fail_list(self, failure: Failure) -> Iterator[Request]:
        """Note why there is no list."""
        if self._ends(failure):
            return
        source: ListSource = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        self._busy.discard(source.site)
        code, detail = failure_code(failure)
        if is_passing(code):
            self.blame(source.site, code)
        self._list_failed(source, code, detail)
        yield from self.continue_site(source.site)

    def recorded(self, capture: Capture, outcome: str) -> Iterable[str]:
        """After a kept article: its links to other articles of the outlets, where a story follows them."""
        if outcome != "kept" or not self._choice.follow:
            return set()
        depth = self.run.store.frontier.depth_of(canonical(capture.listing.url or capture.url)) + 1
        if depth > self._choice.follow:
            return set()
        links = followed(capture, self._choice.own_sites)
        found = [
            candidate
            for link in links
            if in_window(link, self._choice.windows)
            and (candidate := self._linked(capture, link, depth)) is not None
        ]
        self.add_candidates(found)
        return {candidate.site for candidate in found}

    def _is_chosen(self, site: str) -> bool:
        return self._choice.sites is None or site in self._choice.sites

    def _linked(self, capture: Capture, link: Found, depth: int) -> Candidate | None:
        outlet = self.run.desk.outlet_of(link.url)
        listing = Listing(channel="link", source=capture.url, outlet=outlet, title=link.title)
        terms = max(promise(link, screen) for screen in self._choice.screens)
        return candidate_of(link, outlet=outlet, listing=listing, terms=terms, depth=depth)

    def _add_rechecks(self) -> None:
        store = self.run.store
        wanted = store.rechecks.kept() if self._recheck else store.rechecks.due(self._now)
        chosen = [one for one in wanted if one.outlet in self._choice.outlets]
        with store.transaction():
            for candidate in candidates_of(chosen):
                store.frontier.again(candidate)

    def _push(self, source: ListSource) -> None:
        """Put a list in its site's queue, unless it was visited, is not due, or its site rests."""
        if source.url in self._visited or not source.site:
            return
        self._visited.add(source.url)
        if host := self.patience.resting.get(source.site):
            self.run.intake.counts[RESTING] += 1
            self.failed_outlets.add(source.outlet.id)
            self.logger.info("%s: rests until %s (%s)", source.url, host.retry_at, host.outcome)
            return
        known = self.run.store.lists.get(source.url)
        if not source.parent and not self._is_wanted(source, known):
            return
        is_root = not source.parent
        queues = self._roots if is_root else self._below
        queues[source.site].append(source)

    def _is_wanted(self, source: ListSource, known: ListPage | None) -> bool:
        """Whether a configured list is visited now: always in a plain crawl, a search by its pace."""
        if not self._due and source.channel != SEARCH:
            return True
        return polling.is_due(known, self._choice.pace(source.outlet), self._now)

    def _list_request(self, source: ListSource) -> Request:
        known = self.run.store.lists.get(source.url)
        if known is None or known.fetched is None:
            source = replace(source, is_first=source.is_first or source.number == 1)
            known = None
        headers = {}
        if known is not None and known.windows == self._choice.windows_text:
            headers = conditions(known.etag, known.last_modified)
        meta: dict[str, Any] = {"listing": source.listing}
        if source.kind == "sitemap":
            meta["download_maxsize"] = SITEMAP_LIMIT
        return Request(
            source.url,
            callback=self.parse_list,
            errback=self.fail_list,
            headers=headers,
            meta=meta,
            cb_kwargs={"source": source},
        )

    def _list_answered(self, source: ListSource, response: Response) -> set[str]:
        """Handle an answer that is not a passing failure; return the sites with new candidates."""
        known = self.run.store.lists.get(source.url) or source.page
        if response.status == 304 or self._is_same(known, response):
            self._list_unchanged(source, known)
            return set()
        if response.status != 200:
            self._list_failed(source, f"http-{response.status}", "no list was given")
            return set()
        reading = read_list(
            source.kind,
            response.body,
            url=response.url,
            content_type=_text(response, "Content-Type"),
            windows=self._choice.windows,
        )
        if isinstance(reading, Refusal):
            self._list_failed(source, f"list-{reading.code}", reading.detail)
            return set()
        return self._list_read(source, known, reading, response)

    def _is_same(self, known: ListPage, response: Response) -> bool:
        """Whether a list came again byte for byte, read by us for the same windows."""
        return (
            response.status == 200
            and not known.failures
            and known.windows == self._choice.windows_text
            and known.digest == payload_digest(response.body)
        )

    def _list_unchanged(self, source: ListSource, known: ListPage) -> None:
        now = datetime.now(UTC)
        page = replace(polling.visited(known, new=0, dated=(), now=now), outcome="unchanged")
        with self.run.store.transaction():
            self.run.store.lists.remember(page)
            self._watch(page, Span(now, now), joined=True)
        self._count(source, page.items)
        for child in self.run.store.lists.children(source.url):
            if self._is_left_over(source, child):
                self._push_child(source, child)

    def _list_read(
        self, source: ListSource, known: ListPage, reading: ListReading, response: Response
    ) -> set[str]:
        now = datetime.now(UTC)
        wanted, outside = self._sort(source, reading.found)
        store = self.run.store
        digest = payload_digest(response.body)
        with store.transaction():
            new = store.frontier.add(wanted)
            self._note_outside(source, outside, now)
            page = replace(
                known,
                ttl=reading.ttl,
                etag=_text(response, "ETag"),
                last_modified=_text(response, "Last-Modified"),
                digest=digest,
                windows=self._choice.windows_text,
                changed=now if digest != known.digest else known.changed,
                items=len(reading.found) + len(reading.children),
                outcome="read",
            )
            page = polling.visited(page, new=new, dated=reading.dates, now=now)
            below = [*self._children(source, reading), *self._next(source, reading, new)]
            store.lists.announce(below)
            # Last: whoever is stopped before this reads the list again.
            store.lists.remember(page)
            self._watch(page, _span(source, reading, now), joined=0 <= new < len(wanted))
        self._count(source, page.items)
        for child in below:
            remembered = store.lists.get(child.url) or child
            if source.kind != "sitemap" or self._is_left_over(source, remembered):
                self._push_child(source, remembered)
        return {candidate.site for candidate in wanted}

    def _sort(
        self, source: ListSource, found: Iterable[Found]
    ) -> tuple[list[Candidate], list[Found]]:
        """What a list names: the candidates, and what it dates outside every window."""
        wanted: list[Candidate] = []
        outside: list[Found] = []
        for one in found:
            if not in_window(one, self._choice.windows):
                outside.append(one)
            elif (candidate := self._candidate(source, one)) is not None:
                wanted.append(candidate)
        return wanted, outside

    def _candidate(self, source: ListSource, found: Found) -> Candidate | None:
        listing = Listing(
            channel=source.channel,
            source=source.url,
            outlet=source.outlet.id,
            title=found.title,
            summary=found.summary,
            published=found.published,
        )
        terms = max(promise(found, screen) for screen in self._choice.screens)
        outlet = self.run.desk.outlet_of(found.url)
        return candidate_of(found, outlet=outlet, listing=listing, terms=terms)

    def _children(self, source: ListSource, reading: ListReading) -> Iterator[ListPage]:
        if source.depth < MAX_DEPTH:
            for child in reading.children:
                yield ListPage(
                    url=child.url,
                    outlet=source.outlet.id,
                    channel=source.channel,
                    parent=source.url,
                    modified=child.modified_at,
                )

    def _next(self, source: ListSource, reading: ListReading, new: int) -> Iterator[ListPage]:
        """The next page of a list: at a first visit up to the bound, later while there is news."""
        most = MAX_SEARCH_PAGES if source.channel == SEARCH else MAX_PAGES
        if not reading.next or source.number >= most or not (new or source.is_first):
            return
        yield ListPage(
            url=reading.next,
            outlet=source.outlet.id,
            channel=source.channel,
            parent=source.parent or source.url,
        )

    def _push_child(self, source: ListSource, child: ListPage) -> None:
        is_sitemap = source.kind == "sitemap"
        if is_sitemap and self._sitemaps[source.outlet.id] >= MAX_SITEMAPS:
            return
        self._sitemaps[source.outlet.id] += is_sitemap
        self._push(
            replace(
                source,
                url=child.url,
                parent=child.parent,
                depth=source.depth + is_sitemap,
                number=source.number + (not is_sitemap),
            )
        )

    def _is_left_over(self, source: ListSource, child: ListPage) -> bool:
        """Whether a list below an unchanged one is to be had: never was, is due, or for new windows."""
        is_for_other_windows = child.windows != self._choice.windows_text
        return polling.is_child_due(child, self._now) or (
            source.kind == "sitemap" and is_for_other_windows
        )

    def _note_outside(self, source: ListSource, outside: list[Found], now: datetime) -> None:
        """Listed, dated outside every window, and so not fetched: said once in the ledger."""
        by_key = {canonical(found.url): found for found in outside}
        ledger = self.run.store.ledger
        new = ledger.unknown([key for key in by_key if key])
        ledger.add(
            Entry(
                url=by_key[key].url,
                key=key,
                outlet=source.outlet.id,
                channel=source.channel,
                outcome="outside-window",
                detail=f"the list dates it {_day(by_key[key])}",
                at=now,
                run=self.run.id,
            )
            for key in sorted(new)
        )
        self.run.intake.counts["outside-window"] += len(new)

    def _list_failed(self, source: ListSource, code: str, detail: str) -> None:
        now = datetime.now(UTC)
        known = self.run.store.lists.get(source.url) or source.page
        entry = Entry(
            url=source.url,
            key=source.url,
            outlet=source.outlet.id,
            channel=LIST_PREFIX + source.channel,
            outcome=code,
            detail=detail,
            at=now,
            run=self.run.id,
        )
        with self.run.store.transaction():
            self.run.store.lists.remember(polling.failed(known, outcome=code, now=now))
            self.run.store.ledger.add([entry])
        self.run.intake.counts["lists-failed"] += 1
        self.failed_outlets.add(source.outlet.id)
        self.logger.info("%s: %s (%s)", source.url, code, detail)

    def _count(self, source: ListSource, items: int) -> None:
        self.run.intake.counts["lists"] += 1
        if source.channel != SEARCH:
            self._items[source.outlet.id] += items

    def _watch(self, page: ListPage, span: Span, *, joined: bool) -> None:
        self.run.store.lists.watch(page.url, page.outlet, span, joined=joined)


def _span(source: ListSource, reading: ListReading, now: datetime) -> Span:
    """The time that a visit accounts for: back to the list's oldest items, but for a few stragglers."""
    dates = [moment for moment in reading.dates if moment <= now]
    began = dates[len(dates) // 10] if dates else now
    is_archive = source.kind == "sitemap" and bool(source.parent)
    return Span(began, dates[-1] if is_archive and dates else now)


def _day(found: Found) -> str:
    moment = found.published_at or found.modified_at
    return f"{moment:%Y-%m-%d}" if moment else "elsewhere by its address"


def _text(response: Response, header: str) -> str:
    return (response.headers.get(header) or b"").decode("latin-1")
