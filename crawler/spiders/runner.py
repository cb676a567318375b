"""A live crawl in this process: our spider, its settings, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.crawler import Crawler

from crawler.ingest.run import CrawlRun
from crawler.spiders.base import DeskSpider
from crawler.spiders.progress import ProgressReporter, ProgressView
from crawler.wire.process import StoppableProcess, base_settings, forgo_rest

STOPPED = "shutdown"


def crawl_live(
    spider: type[DeskSpider],
    run: CrawlRun,
    settings: Mapping[str, str],
    *,
    progress: ProgressView | None,
    **named: Any,
) -> None:
    """Crawl until the frontier has nothing more to give, or until stopped.

    `progress` shows how far it is, if somebody wants to know.

    Ctrl-C once finishes what is under way if that takes no longer than two seconds, twice leaves at
    once; `run.code` is then 130. Raises the `MachineError` that made it stop, if one did, and the
    `UsageError` of a spider that cannot begin.
    """
    values = base_settings()
    values.setdict(dict(settings), priority="cmdline")
    # The resolver is the process's, not the crawler's, and asks these.
    values.set("PRESSCLIP_ALLOW_PRIVATE", run.workspace.allow_private, priority="cmdline")
    process = StoppableProcess(values)
    crawler = process.create_crawler(spider)
    if progress is not None:
        ProgressReporter(crawler, progress)
    begun = process.crawl(crawler, run=run, **named)
    process.run_reactor()
    if begun.done() and (wrong := begun.exception()) is not None:
        raise wrong  # the spider refused what it was asked for
    _take_over(crawler, run)


def _take_over(crawler: Crawler, run: CrawlRun) -> None:
    """What the finished spider has to say, to the run."""
    finished: DeskSpider | None = crawler.spider  # type: ignore[assignment]
    if finished is None:
        raise RuntimeError("the spider could not be started")
    if not finished.reason:  # the reactor did not wait for what was under way
        forgo_rest()
        finished.closed(STOPPED)
    if finished.stopping.fault is not None:
        raise finished.stopping.fault
    run.failed_outlets |= finished.failed_outlets
    run.spent_sites |= finished.spent_sites
    run.silent_outlets |= finished.silent_outlets
    run.weak_outlets |= finished.weak_outlets
    if finished.stopping.is_stopping:
        run.code = 130
