"""One backfill from beginning to end, as it is asked for."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.backfill.ccnews import SOURCE as CC_NEWS
from crawler.backfill.density import CaptureDensity, density_of
from crawler.ingest.bulk import files_left, read_files
from crawler.ingest.engines import engine_of
from crawler.ingest.outcome import Outcome, exit_code, outcome_of
from crawler.ingest.run import STOPPED, CrawlRun
from crawler.planning.backfill_scope import Wish, bound_to, scope_of
from crawler.spiders.backfill import BackfillSpider
from crawler.spiders.progress import ProgressView
from crawler.spiders.runner import crawl_live
from index.store import Store
from index.store.backfill import SourceCount
from index.workspace import Workspace
from index.workspace.story import Story

MOST_PROPOSED = 10
LEAST_ARTICLES = 2  # of an outlet that is proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillRequest:
    """What a backfill is asked for: `limit` in pages, `budget` in minutes, 0 for none."""

    wish: Wish
    prefer: str = ""
    history: bool = False
    again: bool = False
    limit: int = 0
    budget: float = 0.0
    engine: str = "pool"
    scheduler: str = ""
    workers: int = 0
    strict: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    progress: ProgressView | None = None

    @property
    def command(self) -> str:
        """The line under which the run is in the ledger."""
        sources = [f"--from {name}" for name in self.wish.sources]
        return " ".join(
            ["backfill", self.wish.story, *sources, *(["--history"] if self.history else [])]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What a backfill came to.

    `sources` are the counts of each source over all runs, `proposed` outlets that are not declared
    with their articles of the story, `density` how closely archives looked at what is held.
    """

    outcome: Outcome
    stories: tuple[Story, ...]
    news: Mapping[str, Sequence[str]]
    sources: tuple[SourceCount, ...]
    proposed: tuple[tuple[str, int], ...]
    density: CaptureDensity | None = None


def run_backfill(workspace: Workspace, asked: BackfillRequest) -> Backfilled:
    """Backfill a story; raises `WorkspaceBusy`, `UsageError` or `MachineError`."""
    wish = asked.wish
    workspace.story(wish.story)  # raises, with the nearest name
    densities: list[tuple[int, int]] = []
    with CrawlRun(
        workspace, command=asked.command, stories=(wish.story,), workers=asked.workers
    ) as run:
        crawl_live(
            BackfillSpider,
            run,
            asked.settings,
            progress=asked.progress,
            wish=wish,
            prefer=asked.prefer,
            history=asked.history,
            again=asked.again,
            limit=asked.limit,
            budget=asked.budget,
            densities=densities,
        )
        if CC_NEWS in wish.sources and not run.code:
            _read_bulk(run, workspace, asked)
        run.code = exit_code(run, strict=asked.strict)
        stopped = run.code == STOPPED
        if not stopped:
            run.reevaluate()
        return Backfilled(
            outcome=outcome_of(run, stopped=stopped),
            stories=tuple(run.context.stories),
            news=run.intake.news(),
            sources=tuple(run.store.backfill.counts(wish.story)),
            proposed=propose_outlets(run.store, wish.story, workspace),
            density=density_of(densities),
        )


def _read_bulk(run: CrawlRun, workspace: Workspace, asked: BackfillRequest) -> None:
    """The files of CC-NEWS, after all else; their list has been asked for with the other sources."""
    scope = bound_to(scope_of(workspace, asked.wish, now=datetime.now(UTC)), CC_NEWS, asked.wish)
    if not files_left(run, scope):
        return
    workers = asked.workers or os.cpu_count() or 1
    with engine_of(asked.engine, workers=workers, scheduler=asked.scheduler) as engine:
        read_files(
            run,
            scope,
            engine,
            limit=asked.limit,
            seconds=asked.budget * 60 if asked.budget else float("inf"),
        )


def propose_outlets(store: Store, story: str, workspace: Workspace) -> tuple[tuple[str, int], ...]:
    """The outlets with most articles of the story that outlets.toml does not name, most first."""
    declared = {outlet.id for outlet in workspace.outlets()}
    found = Counter({outlet: len(seen) for outlet, seen in store.articles.sightings(story).items()})
    return tuple(
        (outlet, number)
        for outlet, number in found.most_common()
        if outlet not in declared and number >= LEAST_ARTICLES
    )[:MOST_PROPOSED]
