"""What GDELT has met lately, for stories that are followed at outlets which nobody named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.backfill import Ask, Scope
from crawler.backfill.gal import SOURCE as GDELT
from crawler.ingest.run import CrawlRun
from crawler.planning.source_queues import queue_of
from crawler.spiders.source_asks import SourceAsks
from index.workspace.story import Story

LOOK_BACK = timedelta(hours=6)  # of a first crawl, and after a pause: what is older is a backfill's


class NewestFiles:
    """The newest files of GDELT's list, for each story that asks for them, in one chain.

    `sites` are those of the pages that were named in this run: they are fetched whoever publishes them.
    """

    def __init__(self, run: CrawlRun, stories: Iterable[Story], *, failed: set[str]) -> None:
        now = datetime.now(UTC)
        self.sites: set[str] = set()
        self._asks: dict[str, SourceAsks] = {}
        for story in stories:
            if not story.discover.gdelt:
                continue
            scope = newest_scope(story, now, run.workspace.backfill.bases)
            if scope is not None:
                asks = SourceAsks(run, story.id, failed=failed)
                asks.take_up(GDELT, scope, queue_of(GDELT, scope, run.store, now))
                self._asks[story.id] = asks

    @property
    def is_left(self) -> bool:
        """Whether there is a file to be asked for."""
        return any(asks.queues for asks in self._asks.values())

    def next_request(
        self, callback: Callable[..., Any], errback: Callable[..., Any]
    ) -> Request | None:
        """The next file of the first story that has one; it names its story to the callbacks."""
        for story, asks in self._asks.items():
            request = asks.next_request(GDELT, callback, errback)
            if request is not None:
                request.cb_kwargs["story"] = story
                return request
        return None

    async def take(self, story: str, ask: Ask, response: Response) -> set[str]:
        """Keep what a file names; returns the sites that have more to fetch because of it."""
        found = await self._asks[story].take(ask, response)
        self.sites |= found
        return found

    def refuse(self, story: str, ask: Ask, code: str, detail: str, *, pauses: bool) -> None:
        """Note that a file did not come; `pauses` leaves the list alone for the rest of the run."""
        self._asks[story].refuse(ask, code, detail, pauses=pauses)
        if pauses:
            for asks in self._asks.values():
                asks.pause(GDELT)

    def close(self) -> None:
        """Say when the list was asked last."""
        for asks in self._asks.values():
            asks.close()


def newest_scope(story: Story, now: datetime, bases: Any) -> Scope | None:
    """The last hours of a story's window; None for one that is over, or yet to come."""
    window = story.window
    start = now - LOOK_BACK
    if window.start is not None:
        start = max(start, datetime.combine(window.start, time(), UTC))
    end = now
    if window.end is not None:
        end = min(end, datetime.combine(window.end + timedelta(days=1), time(), UTC))
    if start >= end:
        return None
    # What was published long before may be met now; the list tells when it was met, too.
    return Scope(story=story, start=start, end=end, bases=dict(bases))
