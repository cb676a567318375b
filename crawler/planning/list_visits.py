"""What a visit to a list comes to: candidates into the frontier, the rest into the ledger, its next visit."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from crawler.ingest.habits import CHANGED, LASTMOD, SAME, UNMODIFIED
from crawler.ingest.run import CrawlRun
from crawler.lists.filter import Dropped, FilteredList
from crawler.planning import intervals
from crawler.planning.accounted import accounted, is_joined
from crawler.planning.queues import ListQueues
from crawler.planning.scope import CrawlScope
from crawler.planning.sources import MAX_DEPTH, MAX_PAGES, MAX_SEARCH_PAGES, SEARCH, ListSource
from crawler.urls import Variants
from index.capture import LIST_PREFIX
from index.store import Candidate, Entry, ListPage, Span

PART = 1000  # rows of a long list that are stored at once, before the reactor has its turn

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """What is remembered of a list's answer, for asking again."""

    etag: str
    last_modified: str
    digest: str


class ListRecorder:
    """Records what lists come to; used from the reactor's thread.

    `items` counts what each outlet's lists had on them; `failed` collects the outlets of lists that
    gave nothing.
    """

    def __init__(
        self, run: CrawlRun, scope: CrawlScope, queues: ListQueues, *, failed: set[str]
    ) -> None:
        self._run = run
        self._scope = scope
        self._queues = queues
        self._failed = failed
        self._variants = Variants()
        self.items: Counter[str] = Counter()

    def is_same(self, known: ListPage, digest: str) -> bool:
        """Whether a list came again byte for byte, read by us for the same windows."""
        return (
            not known.failures
            and known.windows == self._scope.windows_text
            and known.digest == digest
        )

    def count_answer(
        self, source: ListSource, known: ListPage, *, status: int, is_same: bool
    ) -> None:
        """Count how a list was answered that was asked for with validators, or opened for its lastmod."""
        answer = UNMODIFIED if status == 304 else SAME if is_same else CHANGED
        now = datetime.now(UTC)
        habits = self._run.store.habits
        if known.windows == self._scope.windows_text and (known.etag or known.last_modified):
            habits.count_answer(source.outlet.id, source.kind, answer, now)
        if known.modified and known.fetched and known.modified > known.fetched:
            habits.count_answer(source.outlet.id, LASTMOD, SAME if is_same else CHANGED, now)

    def unchanged(self, source: ListSource, known: ListPage) -> None:
        """A list has nothing new: its next visit, and the lists below it that are left over."""
        now = datetime.now(UTC)
        page = replace(intervals.visited(known, new=0, dated=(), now=now), outcome="unchanged")
        with self._run.store.transaction():
            self._run.store.lists.remember(page)
            self._watch(page, Span(now, now), joined=True)
        self._count(source, page.items)
        children = self._run.store.lists.children(source.url)
        self._queues.take_up_below(
            source, (child for child in children if self._queues.is_left_over(source, child))
        )

    async def read(
        self, source: ListSource, known: ListPage, filtered: FilteredList, answer: ListVersion
    ) -> set[str]:
        """Store what a list named; return the sites that have something new to fetch.

        A long list goes in by parts, so that no other host waits for it. The list itself is
        remembered last: whoever is stopped before that reads it again.
        """
        store = self._run.store
        now = datetime.now(UTC)
        wanted, trapped = self._without_variants(filtered.candidates)
        known_too = store.frontier.has_named(source.channel, (one.key for one in wanted))
        new = 0
        async for part in _parts(wanted):
            with store.transaction():
                new += store.frontier.add(part)
        with store.transaction():
            store.feed_texts.keep(filtered.texts)
        async for some in _parts((*filtered.dropped, *trapped)):
            self._note_dropped(source, some, now)
        below = [*self._children(source, filtered), *self._next(source, filtered, new)]
        page = self._page(source, known, filtered, answer, new, now)
        with store.transaction():
            store.lists.announce(below)
            store.lists.remember(page)
            self._watch_read(source, page, filtered, known_too=known_too, now=now)
        self._count(source, page.items)
        remembered = (store.lists.get(child.url) or child for child in below)
        self._queues.take_up_below(
            source,
            (
                child
                for child in remembered
                if source.kind != "sitemap" or self._queues.is_left_over(source, child)
            ),
        )
        return {candidate.site for candidate in wanted}

    def fail(self, source: ListSource, code: str, detail: str) -> None:
        """A list gave nothing: said in the ledger, and its next visit is put off."""
        now = datetime.now(UTC)
        known = self._run.store.lists.get(source.url) or source.page
        entry = Entry(
            url=source.url,
            key=source.url,
            outlet=source.outlet.id,
            channel=LIST_PREFIX + source.channel,
            outcome=code,
            detail=detail,
            at=now,
            run=self._run.id,
        )
        with self._run.store.transaction():
            self._run.store.lists.remember(intervals.failed(known, outcome=code, now=now))
            self._run.store.ledger.add([entry])
        self._run.intake.counts["lists-failed"] += 1
        self._failed.add(source.outlet.id)
        logger.info("%s: %s (%s)", source.url, code, detail)

    def _page(
        self,
        source: ListSource,
        known: ListPage,
        filtered: FilteredList,
        answer: ListVersion,
        new: int,
        now: datetime,
    ) -> ListPage:
        page = replace(
            known,
            ttl=filtered.ttl,
            etag=answer.etag,
            last_modified=answer.last_modified,
            digest=answer.digest,
            windows=self._scope.windows_text,
            changed=now if answer.digest != known.digest else known.changed,
            items=filtered.items,
            outcome="read",
        )
        return intervals.visited(page, new=new, dated=filtered.dates, now=now)

    def _without_variants(
        self, candidates: Iterable[Candidate]
    ) -> tuple[list[Candidate], list[Dropped]]:
        """The candidates without one page's hundred-and-first query and those after it."""
        wanted: list[Candidate] = []
        trapped: list[Dropped] = []
        for one in candidates:
            if self._variants.is_one_too_many(one.key):
                detail = "one of endlessly many queries of its page"
                trapped.append(Dropped(url=one.url, key=one.key, code="trap-query", detail=detail))
            else:
                wanted.append(one)
        return wanted, trapped

    def _children(self, source: ListSource, filtered: FilteredList) -> Iterator[ListPage]:
        if source.depth < MAX_DEPTH:
            for child in filtered.children:
                yield ListPage(
                    url=child.url,
                    outlet=source.outlet.id,
                    channel=source.channel,
                    parent=source.url,
                    modified=child.modified_at,
                )

    def _next(self, source: ListSource, filtered: FilteredList, new: int) -> Iterator[ListPage]:
        """The next page of a list: at a first visit up to the bound, later while there is news."""
        most = MAX_SEARCH_PAGES if source.channel == SEARCH else MAX_PAGES
        if not filtered.next or source.number >= most or not (new or source.is_first):
            return
        yield ListPage(
            url=filtered.next,
            outlet=source.outlet.id,
            channel=source.channel,
            parent=source.parent or source.url,
        )

    def _note_dropped(self, source: ListSource, dropped: Sequence[Dropped], now: datetime) -> None:
        """Listed and not fetched: said once in the ledger."""
        by_key = {one.key: one for one in dropped}
        ledger = self._run.store.ledger
        new = sorted(ledger.unknown(list(by_key)))
        with self._run.store.transaction():
            ledger.add(
                Entry(
                    url=by_key[key].url,
                    key=key,
                    outlet=source.outlet.id,
                    channel=source.channel,
                    outcome=by_key[key].code,
                    detail=by_key[key].detail,
                    at=now,
                    run=self._run.id,
                )
                for key in new
            )
        self._run.intake.counts.update(by_key[key].code for key in new)

    def _count(self, source: ListSource, items: int) -> None:
        self._run.intake.counts["lists"] += 1
        if source.channel != SEARCH:
            self.items[source.outlet.id] += items

    def _watch_read(
        self,
        source: ListSource,
        page: ListPage,
        filtered: FilteredList,
        *,
        known_too: bool,
        now: datetime,
    ) -> None:
        """Note the times that a list accounts for; it was cut off unless it reaches its last visit.

        Without dates that shows in URLs that its channel has named before (`known_too`).
        """
        archive = source.kind == "sitemap" and bool(source.parent)
        span = accounted(filtered.dates, now, archive=archive)
        dated = span.began < now
        joined = is_joined(span, self._run.store.lists.newest(page.url)) if dated else known_too
        self._watch(page, span, joined=joined)

    def _watch(self, page: ListPage, span: Span, *, joined: bool) -> None:
        self._run.store.lists.watch(page.url, page.outlet, span, joined=joined)


async def _parts(rows: Iterable[T]) -> AsyncIterator[list[T]]:
    """The rows in parts; between two the reactor has its turn."""
    rest = iter(rows)
    while part := list(islice(rest, PART)):
        yield part
        await asyncio.sleep(0)
