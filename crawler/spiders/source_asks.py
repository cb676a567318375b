"""The requests of one story to sources of past coverage: what is asked next, and what came of it."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response

from crawler.backfill import SOURCES, Ask, Scope, Source
from crawler.backfill.ccnews import SOURCE as CC_NEWS
from crawler.backfill.gal import CUT
from crawler.backfill.ledger import SourceLedger
from crawler.backfill.sift import Answered, SiftedAnswer
from crawler.ingest.pool import arrival
from crawler.ingest.run import CrawlRun
from crawler.planning.backfill_scope import pause_of, slot_of
from crawler.planning.source_queues import SourceQueue
from crawler.refusal import Refusal
from crawler.spiders.base import PRIORITY_STEPS
from crawler.spiders.responses import header_of, retry_after_of
from crawler.wire.backoff import MAYBE_OURS
from crawler.wire.failures import is_passing
from crawler.wire.retry import retry_after
from index.capture import LIST_PREFIX, Listing
from index.store import Candidate
from index.store.backfill import ANSWERED, MISSING, WHOLE, Asked, SourceState
from index.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LARGEST = 64 * 2**20  # bytes of an answer
REST = timedelta(minutes=10)  # that a source is left alone for, unless it says how long
_SHOWN = 70  # characters of what was asked for
_LONGEST_REST = 86_400.0  # seconds
_LONGEST_WAIT = 10.0  # seconds between the last run's request to a source and the first of this one
# What was served instead of an answer: the source wants no more of us, or is not what it was.
_UNWILLING = frozenset({"html", "bot-wall", "consent", "not-json", "no-rows", "service-error"})
_MEANING = {404: "it has nothing of that name", 429: "it wants fewer requests"}
_NONE_IS_AN_ANSWER = frozenset({"common-crawl", "wayback-copies", "memento"})  # where 404 says so

logger = logging.getLogger(__name__)


class SourceAsks:
    """Gives out the requests of a story's queues, and keeps what sources answer.

    `preferred` turns a candidate into what is fetched first. `failed` collects the sources that gave no
    answer. `asked` counts requests by source.
    """

    def __init__(
        self,
        run: CrawlRun,
        story: str,
        *,
        failed: set[str],
        preferred: Callable[[Candidate], Candidate] = lambda candidate: candidate,
    ) -> None:
        self._run = run
        self.story = story
        self._failed = failed
        self._preferred = preferred
        self.scopes: dict[str, Scope] = {}
        self.queues: dict[str, SourceQueue] = {}
        self.asked: Counter[str] = Counter()
        self._paused = self._resting()
        self._maybe_ours: set[str] = set()

    def is_paused(self, source: str) -> bool:
        """Whether a source is asked nothing in this run."""
        return source in self._paused

    def take_up(self, source: str, scope: Scope, queue: SourceQueue | None = None) -> None:
        """Know what a source is asked for, and ask it, unless it rests; without a queue only on demand."""
        self.scopes[source] = scope
        if queue is not None and not self.is_paused(source):
            self.queues[source] = queue

    def next_request(
        self, source: str, callback: Callable[..., Any], errback: Callable[..., Any]
    ) -> Request | None:
        """A source's next request; None when there is none left."""
        queue = self.queues.get(source)
        ask = queue.next() if queue is not None else None
        if ask is None:
            self.queues.pop(source, None)
            return None
        return self.request(callback, errback, ask=ask)

    def request(
        self, callback: Callable[..., Any], errback: Callable[..., Any], *, ask: Ask, **more: Any
    ) -> Request:
        """The request to a source: a service's own slot and rules, or a site's."""
        source = SOURCES[ask.source]
        return Request(
            ask.url,
            callback=callback,
            errback=errback,
            priority=100 * PRIORITY_STEPS,
            headers=_headers(source),
            meta={
                "service": slot_of(source.name) if source.service else "",
                "bulk": source.bulk,
                "download_maxsize": LARGEST,
                "listing": Listing(channel=f"{LIST_PREFIX}{source.name}", source=ask.url),
            },
            cb_kwargs={"ask": ask, **more},
        )

    def left(self) -> Mapping[str, int]:
        """How many requests are left, by source."""
        return {name: queue.left for name, queue in self.queues.items()}

    def wait_for(self, source: str) -> float:
        """Seconds until a source may be asked, by when an earlier run asked it last."""
        state = self._run.store.backfill.sources().get(source)
        if state is None or state.asked is None:
            return 0.0
        since = (datetime.now(UTC) - state.asked).total_seconds()
        return min(max(0.0, pause_of(source, self._run.workspace) - since), _LONGEST_WAIT)

    def close(self) -> None:
        """Say when each source was asked last, for the next run.

        When none answered at all, the fault was our own network's, and none rests for it.
        """
        states = self._run.store.backfill.sources()
        with self._run.store.transaction():
            for name in self.asked:
                state = states.get(name, SourceState(source=name))
                self._run.store.backfill.remember(replace(state, asked=datetime.now(UTC)))
            for name in self._maybe_ours if not self.asked else ():
                self._run.store.backfill.remember(replace(states[name], paused_until=None))

    async def take(self, ask: Ask, response: Response) -> set[str]:
        """Keep what a source answered; returns the sites that have more to fetch because of it."""
        self.asked[ask.source] += 1
        status = response.status
        if status == 404 and SOURCES[ask.source].bulk:
            self._note(ask, response, MISSING)
            return set()
        if status == 404 and ask.source in _NONE_IS_AN_ANSWER:
            self._note(ask, response, ANSWERED)
            return set()
        if status != 200:
            self._refuse_status(ask, response)
            return set()
        pool = self._run.intake.pool
        answered = Answered(
            ask=ask, body=response.body, content_type=header_of(response, "Content-Type")
        )
        future = pool.submit_answer(answered, self.scopes[ask.source])
        await arrival(future)
        sifted = pool.result(future)
        if isinstance(sifted, Refusal):
            self.refuse(ask, sifted.code, sifted.detail, pauses=sifted.code in _UNWILLING)
            return set()
        return self._keep(ask, response, sifted)

    def refuse(
        self, ask: Ask, code: str, detail: str, *, pauses: bool, seconds: float | None = None
    ) -> None:
        """Note that a source gave no answer; `pauses` leaves it alone for the rest of the run."""
        store = self._run.store
        told = f"{ask.source}: {_shown(ask)}: {code}: {detail.rstrip('.')}"
        refused = Asked(source=ask.source, key=ask.key, url=ask.url, part=ask.part, outcome=code)
        with store.transaction():
            self._ledger(ask).note(refused)
            if pauses:
                rest = max(REST, timedelta(seconds=min(seconds or 0.0, _LONGEST_REST)))
                now = datetime.now(UTC)
                store.backfill.remember(
                    SourceState(
                        source=ask.source,
                        asked=now,
                        paused_until=now + rest,
                        outcome=code,
                        detail=detail,
                    )
                )
        if pauses and code in MAYBE_OURS:
            self._maybe_ours.add(ask.source)
        if queue := self.queues.get(ask.source):
            queue.failed(ask)
        self._run.intake.counts["lists-failed"] += 1
        self._failed.add(ask.source)
        logger.warning("%s%s", told, "; it is left alone for now" if pauses else "")
        if pauses:
            self.pause(ask.source)

    def pause(self, source: str) -> None:
        """Ask a source nothing more in this run."""
        self._paused.add(source)
        self.queues.pop(source, None)

    def _refuse_status(self, ask: Ask, response: Response) -> None:
        status = response.status
        wrong_key = SOURCES[ask.source].key and status in (401, 403)
        self.refuse(
            ask,
            f"http-{status}",
            "is the key right?" if wrong_key else _MEANING.get(status, "no answer"),
            pauses=is_passing(f"http-{status}") or status in (401, 403),
            seconds=retry_after(retry_after_of(response)),
        )

    def _keep(self, ask: Ask, response: Response, sifted: SiftedAnswer) -> set[str]:
        store = self._run.store
        candidates = [self._preferred(one) for one in sifted.candidates]
        more = [one for one in sifted.more if one.source == ask.source]
        with store.transaction():
            store.backfill.add_copies(sifted.copies)
            wanted = store.frontier.add(candidates)
            self._ledger(ask).announce(
                [Asked(source=one.source, key=one.key, url=one.url, part=one.part) for one in more]
            )
            outcome = CUT if sifted.refused.get(CUT) else ANSWERED
            counts = {"records": sifted.records, "candidates": len(candidates), "wanted": wanted}
            self._note(ask, response, outcome, **counts)
        if ask.source in self.queues and ask.source != CC_NEWS:  # its files are read in bulk
            self.queues[ask.source].take_up(more)
        return {one.site for one in candidates}

    def _note(self, ask: Ask, response: Response, outcome: str, **counts: int) -> None:
        store, queue = self._run.store, self.queues.get(ask.source)
        # The address is for what is asked again; a list of minutes is too long to keep them all.
        url = "" if SOURCES[ask.source].bulk else ask.url
        size = 0 if outcome == MISSING else len(response.body)
        one = Asked(
            source=ask.source, key=ask.key, url=url, part=ask.part, outcome=outcome, bytes=size,
            records=counts.get("records", 0), candidates=counts.get("candidates", 0),
            wanted=counts.get("wanted", 0),
        )  # fmt: skip
        if outcome == CUT and queue is not None:
            queue.failed(ask)
        with store.transaction():
            self._ledger(ask).note(one)
            whole = queue.answered(ask, found=outcome != MISSING) if queue is not None else ""
            if whole:
                self._ledger(ask).note(Asked(source=ask.source, key=whole, outcome=WHOLE))
        self._run.intake.counts["lists"] += 1

    def _ledger(self, ask: Ask) -> SourceLedger:
        return SourceLedger(self._run.store, ask.source, self.scopes[ask.source])

    def _resting(self) -> set[str]:
        """The sources that rest since an earlier run; each is named once in the log."""
        now = datetime.now(UTC)
        states = self._run.store.backfill.sources()
        resting = set()
        for name, state in sorted(states.items()):
            if state.paused_until is not None and state.paused_until > now:
                resting.add(name)
                until = f"{state.paused_until:%H:%M}"
                logger.warning("%s: rests until %s UTC (%s)", name, until, state.outcome)
        return resting


def set_pauses(crawler: Crawler, workspace: Workspace) -> None:
    """Give each source a download slot of its own, with its pause."""
    slots = dict(crawler.settings["DOWNLOAD_SLOTS"])
    slots |= {name: {"delay": pause_of(name, workspace)} for name in SOURCES}
    crawler.settings.set("DOWNLOAD_SLOTS", slots, priority="spider")


def _shown(ask: Ask) -> str:
    """What was asked for, in a few words; the parts of an encyclopedia's are for its reader."""
    whole = ask.key if "|" in ask.part else ask.part or ask.key
    return whole if len(whole) <= _SHOWN else f"{whole[: _SHOWN - 1]}…"


def _headers(source: Source) -> dict[str, str]:
    """What goes with a request to a source; a key is in no archive and no log."""
    key = os.environ.get(source.key, "") if source.key else ""
    return {"Accept": "*/*", **({"Authorization": f"Token {key}"} if key else {})}
