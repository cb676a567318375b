"""How far a crawl is, while it runs: a few lines on a terminal, a short line now and then elsewhere."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.base import DeskSpider

TERMINAL, LOG = "terminal", "log"
REDRAW = 0.5  # seconds between two pictures on a terminal
FIRST_LINE = 10.0  # seconds until the first line elsewhere
RATE_SPAN = 60.0  # seconds that the rate is taken over
ROWS = 8  # outlets shown at once
_CLEAR = "\r\x1b[J"


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


class ProgressDisplay:
    """A Scrapy extension that says on stderr how far the crawl is, as `PRESSCLIP_PROGRESS` says.

    `terminal` redraws a few lines in place; `log` writes a line after ten seconds and then every
    `PRESSCLIP_PROGRESS_EVERY` seconds.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._on_terminal = crawler.settings["PRESSCLIP_PROGRESS"] == TERMINAL
        self._every = crawler.settings.getfloat("PRESSCLIP_PROGRESS_EVERY")
        self._started = time.monotonic()
        self._next = min(FIRST_LINE, self._every)
        self._recorded: deque[tuple[float, int]] = deque([(self._started, 0)])
        self._loop = create_looping_call(self._show)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The extension; raises `NotConfigured` where no one wants to know."""
        if crawler.settings["PRESSCLIP_PROGRESS"] not in (TERMINAL, LOG):
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Begin to show."""
        if self._on_terminal:
            for handler in logging.getLogger().handlers:
                handler.addFilter(self._make_room)
        self._loop.start(min(REDRAW, self._every), now=False)

    def spider_closed(self) -> None:
        """Leave a clean screen."""
        if self._loop.running:
            self._loop.stop()
        if self._on_terminal:
            for handler in logging.getLogger().handlers:
                handler.removeFilter(self._make_room)
            self._make_room()

    def _make_room(self, _: object = None) -> bool:
        """Before a log line: the picture goes, and is drawn again below it."""
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()
        return True

    def _show(self) -> None:
        elapsed = time.monotonic() - self._started
        if self._on_terminal:
            columns, rows = shutil.get_terminal_size()
            lines = [line[: columns - 1] for line in screen_lines(self._progress(), rows - 2)]
            back = f"\x1b[{len(lines) - 1}A" if len(lines) > 1 else ""
            sys.stderr.write(_CLEAR + "\r\n".join(lines) + back + "\r")
        elif elapsed >= self._next:
            self._next = elapsed + self._every
            sys.stderr.write(f"crawl: {log_line(self._progress())}\n")
        sys.stderr.flush()

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


def screen_lines(progress: CrawlProgress, height: int) -> Iterator[str]:
    """The picture for a terminal, at most `height` lines: the whole first, then the slowest outlets."""
    yield log_line(progress)
    rows = progress.sites[: max(0, min(ROWS, height - 2))]
    width = max((len(site.name) for site in rows), default=0)
    for site in rows:
        yield (
            f"  {site.name:<{width}}  {site.done:>5,} asked · {site.left:>6,} left"
            f" · {spell_time(site.seconds)}"
        )
    if more := len(progress.sites) - len(rows):
        yield f"  … and {more:,} more outlets"


def log_line(progress: CrawlProgress) -> str:
    """The whole in one line."""
    left = f" · {spell_time(progress.seconds)} left" if progress.seconds is not None else ""
    lists = f"{progress.lists:,} of {progress.lists + progress.lists_left:,} lists"
    return (
        f"{lists} · {progress.pages:,} pages ({progress.rate:.1f}/s) · {progress.kept:,} kept"
        f" · {progress.left:,} waiting{left}"
    )


def spell_time(seconds: float) -> str:
    """A length of time as a person says it.

    >>> spell_time(40), spell_time(600), spell_time(9000)
    ('under 1 min', '10 min', '2 h 30 min')
    """
    minutes = round(seconds / 60)
    if seconds < 60:
        return "under 1 min"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


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
