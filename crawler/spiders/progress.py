"""How far a crawl is, while it runs: values, given now and then to whoever shows them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.imports import ImportProgress
    from crawler.spiders.base import DeskSpider

RATE_SPAN = 60.0  # seconds that the rate is taken over
IMPORT_EVERY = 60.0  # seconds between two lines on an import, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProgress:
    """How far a site is: pages asked for, pages and lists left, and the seconds these will take."""

    name: str
    done: int
    left: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlProgress:
    """How far a crawl is: `rate` is pages a second, `sites` those with something left, longest first.

    `seconds` is what is left of the run at this rate: the slowest site's, since the others are
    asked meanwhile, and never more than a budget leaves; None before there is a rate.
    """

    lists: int
    lists_left: int
    pages: int
    kept: int
    left: int
    rate: float
    seconds: float | None
    sites: tuple[SiteProgress, ...]


class ProgressView(Protocol):
    """Who shows how far the crawl is: after `first` seconds, then every `every` seconds."""

    first: float
    every: float

    def show(self, progress: CrawlProgress) -> None:
        """Show it, in the place of what was shown before."""

    def show_import(self, progress: ImportProgress) -> None:
        """Show how far the reading of files is, in the place of what was shown before."""

    def close(self) -> None:
        """The crawl is over: nothing more is shown."""


class ImportReporter:
    """Tells a view, where there is one, how far the reading of files is; a context manager."""

    def __init__(self, view: ProgressView | None) -> None:
        self._view = view
        self._next = view.first if view else 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._view is not None:
            self._view.close()

    def report(self, progress: ImportProgress) -> None:
        """Tell it, if it is time to."""
        if self._view is not None and progress.seconds >= self._next:
            self._next = progress.seconds + min(self._view.every, IMPORT_EVERY)
            self._view.show_import(progress)


class ProgressReporter:
    """Tells a view how far the crawl is while its spider is open.

    `PRESSCLIP_PROGRESS_EVERY` bounds the seconds between two times.
    """

    def __init__(self, crawler: Crawler, view: ProgressView) -> None:
        self._crawler = crawler
        self._view = view
        most = crawler.settings.getfloat("PRESSCLIP_PROGRESS_EVERY")
        self._every = min(view.every, most)
        self._next = min(view.first, most)
        self._started = time.monotonic()
        self._recorded: deque[tuple[float, int]] = deque([(self._started, 0)])
        self._loop = create_looping_call(self._report)
        # Not weakly: nobody else holds it.
        crawler.signals.connect(self.spider_opened, signals.spider_opened, weak=False)
        crawler.signals.connect(self.spider_closed, signals.spider_closed, weak=False)

    def spider_opened(self) -> None:
        """Begin to tell."""
        self._started = time.monotonic()
        self._recorded = deque([(self._started, 0)])
        self._loop.start(min(self._next, self._every), now=False)

    def spider_closed(self) -> None:
        """Tell nothing more."""
        if self._loop.running:
            self._loop.stop()
        self._view.close()

    def _report(self) -> None:
        elapsed = time.monotonic() - self._started
        if elapsed >= self._next:
            self._next = elapsed + self._every
            self._view.show(self._progress())

    def _progress(self) -> CrawlProgress:
        spider: DeskSpider = self._crawler.spider  # type: ignore[assignment]
        engine: Any = self._crawler.engine
        slots = engine.downloader.slots
        delays = {site: slot.delay for site, slot in slots.items()}
        return progress_of(spider, delays, self._rate(spider.run.intake.recorded), self._started)

    def _rate(self, recorded: int) -> float:
        """Pages a second over the last minute."""
        now = time.monotonic()
        self._recorded.append((now, recorded))
        while now - self._recorded[0][0] > RATE_SPAN and len(self._recorded) > 2:
            self._recorded.popleft()
        began, before = self._recorded[0]
        return (recorded - before) / max(now - began, 1.0)


def progress_of(
    spider: DeskSpider, delays: dict[str, float], rate: float, started: float
) -> CrawlProgress:
    """How far a spider is; `delays` are seconds between requests by site."""
    elapsed = time.monotonic() - started
    waiting = spider.run.store.frontier.waiting_by_site()
    lists = spider.lists_left()
    pages = {site: min(waiting.get(site, 0), spider.room_at(site)) for site in spider.page_sites()}
    sites = [
        _site(spider, site, pages.get(site, 0) + lists.get(site, 0), delays.get(site, 0.0), elapsed)
        for site in pages.keys() | lists.keys()
    ]
    counts = spider.run.intake.counts
    left = min(sum(pages.values()), spider.bounds.room)
    return CrawlProgress(
        lists=counts["lists"] + counts["lists-failed"],
        lists_left=sum(lists.values()),
        pages=spider.run.intake.recorded,
        kept=counts["kept"],
        left=left,
        rate=rate,
        seconds=_time_left(sites, left, rate, spider.bounds.seconds_left),
        sites=tuple(sorted((one for one in sites if one.left), key=lambda one: -one.seconds)),
    )


def _site(spider: DeskSpider, site: str, left: int, delay: float, elapsed: float) -> SiteProgress:
    done = spider.pages[site]
    # Its own rate once it has one: the delay alone says nothing of answers that take long.
    pause = max(delay, elapsed / done) if done >= 3 else delay
    name = spider.run.context.outlet_of(f"http://{site}/")
    return SiteProgress(name=name, done=done, left=left, seconds=left * pause)


def _time_left(
    sites: Iterable[SiteProgress], left: int, rate: float, budget: float
) -> float | None:
    if not rate:
        return None
    slowest = max((site.seconds for site in sites), default=0.0)
    return min(max(slowest, left / rate), budget)
