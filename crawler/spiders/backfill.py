"""`scrapy crawl backfill -a story=…`: the coverage that is past, from public lists and archives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.backfill import SOURCES, Ask
from crawler.backfill.ccnews import SOURCE as CC_NEWS
from crawler.backfill.judging import WANTED
from crawler.backfill.sift import Answered, SiftedAnswer
from crawler.ingest.pool import arrival
from crawler.lists import TERMS_WEIGHT
from crawler.planning.backfill_scope import Wish, bound_to, pause_of, scope_of, sources_of
from crawler.planning.source_queues import SourceQueue, queue_of
from crawler.refusal import Refusal
from crawler.spiders.copy_chain import COPY_OUTCOMES, CopySpider
from crawler.spiders.responses import header_of, retry_after_of
from crawler.urls import registered_domain
from crawler.wire.failures import failure_code, is_passing
from crawler.wire.retry import retry_after
from index.capture import Capture
from index.errors import StorageError, UsageError
from index.store import Candidate
from index.store.backfill import ANSWERED, COPIES, MISSING, WHOLE, Asked, SourceState

LARGEST = 64 * 2**20  # bytes of an answer
REST = timedelta(minutes=10)  # that a source is left alone for, unless it says how long
LEAST_SCORE = WANTED * TERMS_WEIGHT
_LONGEST_WAIT = 10.0  # seconds between the last run's request to a source and the first of this one
# What was served instead of an answer: the source wants no more of us, or is not what it was.
_UNWILLING = frozenset({"html", "bot-wall", "consent", "not-json", "no-rows", "service-error"})
_NONE_IS_AN_ANSWER = frozenset({"common-crawl", "wayback-copies", "memento"})  # where 404 says so

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
        self._queues: dict[str, SourceQueue] = {}
        self._waits_for_sources = self.bounds.is_limited
        self._begun = time.monotonic()
        self.asked: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def prepare(self) -> None:
        """Read the story and the sources; raises `UsageError`."""
        super().prepare()
        now = datetime.now(UTC)
        workspace, store = self.run.workspace, self.run.store
        scope = scope_of(workspace, self.wish, now=now)
        self.story = scope.story
        names = sources_of(self.wish, scope) if self.looks_for_pages else ()
        if not self.looks_for_pages:
            self.want_history()
        if self._again:
            with store.transaction():
                store.backfill.forget(self.story.id, names)
        self.scopes = {name: bound_to(scope, name, self.wish) for name in (*names, *self.archives)}
        for name in names:
            if not self.is_paused(name):
                self._queues[name] = queue_of(name, self.scopes[name], store, now)
        hosts = self.scopes[names[0]].hosts if names and self.wish.outlets else ()
        self._sites = frozenset(registered_domain(f"http://{host}/") for host in hosts)
        slots = dict(self.crawler.settings["DOWNLOAD_SLOTS"])
        slots |= {name: {"delay": pause_of(name, workspace)} for name in SOURCES}
        self.crawler.settings.set("DOWNLOAD_SLOTS", slots, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        """Begin with the pages that are known; each source when its pause since the last run is over."""
        for site in self.page_sites():
            for request in self.chains.go_on(site):
                yield request
        for name, queue in list(self._queues.items()):
            if queue.left:
                await asyncio.sleep(self._wait_for(name))
            for request in self.chains.go_on(name):
                yield request
        self._waits_for_sources = self._waits_for_sources and not self._are_through()
        for request in self.continue_all():
            yield request

    def closed(self, reason: str) -> None:
        """Say when each source was asked last, for the next run; then as every spider of ours."""
        now = datetime.now(UTC)
        states = self.run.store.backfill.sources()
        with self.run.store.transaction():
            for name in self.asked:
                state = states.get(name, SourceState(source=name))
                self.run.store.backfill.remember(replace(state, asked=now))
        super().closed(reason)

    def sites(self) -> Iterable[str]:
        """The sources that have something to ask, and the sites with pages worth fetching."""
        return [*self._queues, *self.page_sites()]

    def page_sites(self) -> Iterable[str]:
        """The sites with something that promises coverage, and the copies that are wanted."""
        frontier = self.run.store.frontier
        sites = [site for site in super().page_sites() if not self._sites or site in self._sites]
        found = [site for site in sites if (frontier.best(site) or 0.0) >= LEAST_SCORE]
        return [*found, COPIES] if frontier.best(COPIES) is not None else found

    def lists_left(self) -> Mapping[str, int]:
        """How many requests are left, by source."""
        return {name: queue.left for name, queue in self._queues.items()}

    def next_request(self, site: str) -> Request | None:
        """A source's next request, or a site's next page."""
        if site in SOURCES:
            return self._next_ask(site)
        if self._waits_for_sources:
            return None
        if site == COPIES:
            return self.next_copy()
        best = self.run.store.frontier.best(site)
        return self.next_page(site) if best is not None and best >= LEAST_SCORE else None

    def _next_ask(self, name: str) -> Request | None:
        queue = self._queues.get(name)
        ask = queue.next() if queue is not None else None
        if ask is None:
            self._queues.pop(name, None)
            return None
        return self.ask_request(self.parse_answer, self.fail_answer, ask=ask)

    async def parse_answer(self, response: Response, ask: Ask) -> AsyncIterator[Request]:
        """Read what a source answered: its pages into the frontier, what it leads to next."""
        sites: set[str] = set()
        try:
            sites = await self.take_answer(ask, response)
        except StorageError as fault:
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
        self.refuse_answer(ask, code, detail, pauses=is_passing(code))
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
        return half or not (self._queues or is_asked)

    async def take_answer(self, ask: Ask, response: Response) -> set[str]:
        """Keep what a source answered; returns the sites that have more to fetch because of it."""
        self.asked[ask.source] += 1
        status = response.status
        if status == 404 and SOURCES[ask.source].bulk:
            self._note_answer(ask, response, MISSING)
            return set()
        if status == 404 and ask.source in _NONE_IS_AN_ANSWER:
            self._note_answer(ask, response, ANSWERED)
            return set()
        if status != 200:
            seconds = retry_after(retry_after_of(response))
            code = f"http-{status}"
            unwilling = is_passing(code) or status in (401, 403)
            wrong_key = SOURCES[ask.source].key and status in (401, 403)
            told = "is the key right?" if wrong_key else "no answer"
            self.refuse_answer(ask, code, told, pauses=unwilling, seconds=seconds)
            return set()
        pool = self.run.intake.pool
        answered = Answered(
            ask=ask, body=response.body, content_type=header_of(response, "Content-Type")
        )
        future = pool.submit_answer(answered, self.scopes[ask.source])
        await arrival(future)
        sifted = pool.result(future)
        if isinstance(sifted, Refusal):
            self.refuse_answer(ask, sifted.code, sifted.detail, pauses=sifted.code in _UNWILLING)
            return set()
        return self._keep(ask, response, sifted)

    def _keep(self, ask: Ask, response: Response, sifted: SiftedAnswer) -> set[str]:
        store = self.run.store
        candidates = [self._preferred(one) for one in sifted.candidates]
        more = [one for one in sifted.more if one.source == ask.source]
        with store.transaction():
            store.backfill.add_copies(sifted.copies)
            wanted = store.frontier.add(candidates)
            store.backfill.announce(
                self.story.id,
                [Asked(source=one.source, key=one.key, url=one.url, part=one.part) for one in more],
            )
            self._note_answer(
                ask,
                response,
                ANSWERED,
                records=sifted.records,
                candidates=len(candidates),
                wanted=wanted,
            )
        self.found[ask.source] += len(candidates)
        if ask.source in self._queues and ask.source != CC_NEWS:  # its files are read in bulk
            self._queues[ask.source].take_up(more)
        return {one.site for one in candidates}

    def _note_answer(self, ask: Ask, response: Response, outcome: str, **counts: int) -> None:
        store, queue = self.run.store, self._queues.get(ask.source)
        # The address is for what is asked again; a list of minutes is too long to keep them all.
        url = "" if SOURCES[ask.source].bulk else ask.url
        one = Asked(
            source=ask.source, key=ask.key, url=url, part=ask.part, outcome=outcome,
            bytes=len(response.body) if outcome == ANSWERED else 0, **counts,
        )  # fmt: skip
        with store.transaction():
            store.backfill.note(self.story.id, one)
            whole = queue.answered(ask, found=outcome == ANSWERED) if queue is not None else ""
            if whole:
                store.backfill.note(
                    self.story.id, Asked(source=ask.source, key=whole, outcome=WHOLE)
                )
        self.run.intake.counts["lists"] += 1

    def refuse_answer(
        self, ask: Ask, code: str, detail: str, *, pauses: bool, seconds: float | None = None
    ) -> None:
        """Note that a source gave no answer; `pauses` leaves it alone for the rest of the run."""
        store = self.run.store
        told = f"{ask.source}: {ask.part or ask.key}: {code}: {detail}"
        with store.transaction():
            refused = Asked(
                source=ask.source, key=ask.key, url=ask.url, part=ask.part, outcome=code
            )
            store.backfill.note(self.story.id, refused)
            if pauses:
                rest = max(REST, timedelta(seconds=min(seconds or 0.0, 86_400.0)))
                state = SourceState(
                    source=ask.source,
                    asked=datetime.now(UTC),
                    paused_until=datetime.now(UTC) + rest,
                    outcome=code,
                    detail=detail,
                )
                store.backfill.remember(state)
        self.run.intake.counts["lists-failed"] += 1
        self.failed_outlets.add(ask.source)
        logger.warning("%s%s", told, "; it is left alone for now" if pauses else "")
        if pauses:
            self.pause(ask.source)

    def pause(self, source: str) -> None:
        """Ask a source nothing more in this run."""
        self._queues.pop(source, None)
        super().pause(source)

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

    def _wait_for(self, name: str) -> float:
        """Seconds until a source may be asked, by when an earlier run asked it last."""
        state = self.run.store.backfill.sources().get(name)
        if state is None or state.asked is None:
            return 0.0
        since = (datetime.now(UTC) - state.asked).total_seconds()
        return min(max(0.0, pause_of(name, self.run.workspace) - since), _LONGEST_WAIT)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{name}={text}: no day such as 2023-02-01") from error
