"""One crawl from beginning to end, as it is asked for: live from lists or addresses, or from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from crawler.ingest.imports import ImportScope
from crawler.ingest.outcome import Allowance, Outcome, exit_code, outcome_of
from crawler.ingest.run import STOPPED, CrawlRun
from crawler.ingest.stages import take_captures
from crawler.ingest.warc_import import WarcImport
from crawler.spiders.coverage import CoverageSpider
from crawler.spiders.progress import ImportReporter, ProgressView
from crawler.spiders.runner import crawl_live
from crawler.spiders.urls import UrlsSpider, read_entries
from index.workspace import Workspace
from index.workspace.story import Story
from index.workspace.timezone import find_zone

_NAMED = 3  # files in the line of a run


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRequest:
    """What a crawl is asked for; empty or zero where nothing was said.

    `files` are archives and saved pages, or addresses of archives, read instead of the web, `indexes`
    tell where their records lie; `urls` is a
    file of addresses (`-` for standard input), fetched instead of what the outlets list. `budget` is in
    minutes, `limit` in pages, `since` a day. `progress` shows how far it is; None if nobody wants to
    know.
    """

    stories: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    urls: str = ""
    outlet: str = ""
    since: str = ""
    due: bool = False
    recheck: bool = False
    limit: int = 0
    budget: float = 0.0
    workers: int = 0
    allowed: Allowance = field(default_factory=Allowance)
    strict: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    progress: ProgressView | None = None

    @property
    def command(self) -> str:
        """The line under which the run is in the ledger."""
        due = ["--due"] if self.due else []
        files = [f"--warc {name}" for name in self.files[:_NAMED]]
        more = [f"and {rest:,} more files"] if (rest := len(self.files) - _NAMED) > 0 else []
        return " ".join(["crawl", *self.stories, *due, *files, *more])


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What a crawl came to, and the ids of what is new by story, oldest first."""

    outcome: Outcome
    stories: tuple[Story, ...]
    news: Mapping[str, Sequence[str]]


def run_crawl(workspace: Workspace, asked: CrawlRequest) -> Crawled:
    """Crawl; raises `WorkspaceBusy`, `UsageError` or `MachineError`."""
    if asked.urls and asked.urls != "-":
        read_entries(
            asked.urls, quiet=True
        )  # a file that cannot be read is said before anything begins
    with CrawlRun(
        workspace, command=asked.command, stories=asked.stories, workers=asked.workers
    ) as run:
        if asked.files:
            _import(run, asked)
        else:
            _crawl_live(run, asked)
        run.code = exit_code(run, allowed=asked.allowed, strict=asked.strict)
        stopped = run.code == STOPPED
        if not stopped:
            run.reevaluate()
        news = run.intake.news()
        return Crawled(
            outcome=outcome_of(run, stopped=stopped), stories=tuple(run.context.stories), news=news
        )


def _first_moment(day: str, workspace: Workspace) -> datetime | None:
    """When a day begins in the workspace's time zone; None for no day."""
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day), time.min, find_zone(workspace.zone))


def _import(run: CrawlRun, asked: CrawlRequest) -> None:
    scope = ImportScope(
        outlet=asked.outlet, since=_first_moment(asked.since, run.workspace), indexes=asked.indexes
    )
    with ImportReporter(asked.progress) as reporter:
        files = WarcImport(run, scope, tell=reporter.report)
        take_captures(run.intake, files.captures(asked.files))


def _crawl_live(run: CrawlRun, asked: CrawlRequest) -> None:
    spider, named = _spider(asked)
    crawl_live(
        spider,
        run,
        asked.settings,
        progress=asked.progress,
        limit=asked.limit,
        budget=asked.budget,
        **named,
    )


def _spider(
    asked: CrawlRequest,
) -> tuple[type[CoverageSpider] | type[UrlsSpider], dict[str, str | bool]]:
    if asked.urls:
        return UrlsSpider, {"file": asked.urls}
    return CoverageSpider, {
        "story": ",".join(asked.stories),
        "outlet": asked.outlet,
        "since": asked.since,
        "due": asked.due,
        "recheck": asked.recheck,
    }
