"""The corpus made again from the archive: the same pages, the stories as they are now, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from crawler.ingest.intake import Filed, Intake
from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import ReadingContext
from crawler.ingest.reevaluate import reevaluate_verdicts
from crawler.ingest.run import pages
from crawler.ingest.stages import index_articles, judge_articles, take_captures
from index.archive import Archive
from index.capture import Capture
from index.errors import StorageError, UsageError
from index.maintenance.forget import finish_rewrites
from index.store import Store, StoreWriter
from index.store.comparison import Comparison, attached, compare, old_article
from index.store.renewal import adopt, remove_database, replace_database, retain
from index.workspace import Workspace
from index.workspace.lock import hold

DRAFT = "replay.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay came to; `comparison` is None when there was no old database to be read."""

    counts: dict[str, int]
    comparison: Comparison | None
    accepted: bool


def replay_archive(
    workspace: Workspace,
    *,
    accept: Callable[[Comparison], bool] = lambda _: True,
    report: Callable[[int], None] = lambda _: None,
    workers: int = 0,
) -> Replayed:
    """Rebuild store and index from the archive beside the old ones; put them in place if accepted.

    `accept` is asked with what would change, where there is an old store to compare with; `report` hears
    how many pages were read. Labels, tombstones, runs, frontier, ids, first-seen times and rechecks are
    taken over. Searches go on meanwhile, and a kill at any moment leaves the old corpus whole. Raises
    `WorkspaceBusy`, `UsageError` or `StorageError`.
    """
    stories, outlets = tuple(workspace.stories().values()), workspace.outlets()
    context = ReadingContext.of(stories, outlets, optouts=workspace.optouts)
    draft = workspace.database.with_name(DRAFT)
    with ExitStack() as stack:
        stack.enter_context(hold(workspace.data / "lock"))
        archive = stack.enter_context(Archive(workspace.archive_dir))
        archive.recover()
        _complete_forgetting(workspace, archive)
        remove_database(draft)
        stack.callback(remove_database, draft)  # in place it is there no more
        with StoreWriter.open(draft) as store:
            _fill(store, archive, context, workspace.database, workers, report)
            counts = store.counts.corpus()
            if not counts["captures"]:
                raise UsageError(f"{workspace.archive_dir}: nothing is archived yet")
            with attached(store, workspace.database) as is_there:
                comparison = compare(store) if is_there else None
        accepted = comparison is None or accept(comparison)
        if accepted:
            replace_database(draft, workspace.database)
            with StoreWriter.open(workspace.database) as store:
                index_articles(store, workspace, anew=True)
    return Replayed(counts=counts, comparison=comparison, accepted=accepted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The result of judging again: articles judged, verdicts changed, articles that came in and that left
    it; `counts` is the corpus then.
    """

    judged: int
    changed: int
    entered: int
    left: int
    counts: dict[str, int]


def judge_archive(
    workspace: Workspace,
    *,
    workers: int = 0,
    report: Callable[[int, int], None] = lambda done, number: None,
) -> Judged:
    """Bring every verdict up to the stories and labels as they are, from the store alone.

    `report` hears how many articles of how many were encoded, where the extra is there. Nothing is
    fetched or extracted. Raises `WorkspaceBusy`, `UsageError` or `StorageError`.
    """
    stories, outlets = tuple(workspace.stories().values()), workspace.outlets()
    context = ReadingContext.of(stories, outlets)
    with hold(workspace.data / "lock"), StoreWriter.open(workspace.database) as store:
        run = store.ledger.start_run("replay --judge")
        done = reevaluate_verdicts(
            store, context.readers, context, run, workers=workers, report=report
        )
        store.ledger.end_run(run, 0)
        index_articles(store, workspace)
        after = store.counts.corpus()
    return Judged(
        judged=done.judged,
        changed=done.changed,
        entered=len(done.entered),
        left=len(done.left),
        counts=after,
    )


def _complete_forgetting(workspace: Workspace, archive: Archive) -> None:
    """What a killed `forget` left is done first, where the old database can be read."""
    if workspace.database.exists():
        with suppress(StorageError), StoreWriter.open(workspace.database) as store:
            finish_rewrites(store, archive)


def _fill(
    store: StoreWriter,
    archive: Archive,
    context: ReadingContext,
    old: Path,
    workers: int,
    report: Callable[[int], None],
) -> None:
    """Read the whole archive into a new store, with what only the old one knew."""
    adopt(store, old)
    run = store.ledger.start_run("replay")
    with attached(store, old) as is_there, ExitStack() as stack:
        earlier = stack.enter_context(Store.open(old)) if is_there else None
        known_as = partial(_old_id, store) if is_there else (lambda _: "")
        if earlier:  # what it has learned of outlets; again it is learned from all of their pages
            context = replace(context, habits=earlier.habits.all())
        with ReadingPool(context, workers=workers) as pool:
            intake = Intake(
                archive=archive,
                store=store,
                pool=pool,
                context=context,
                run=run,
                known_as=known_as,
                earlier=earlier,
            )
            take_captures(intake, _reporting(pages(archive.captures()), report))
        judge_articles(intake, context.readers, workers=workers)
        if is_there:
            retain(store)
    if context.optouts.noindex == "hide":
        store.articles.withhold_expired(datetime.now(UTC))
    store.ledger.end_run(run, 0)


def _old_id(store: StoreWriter, filed: Filed) -> str:
    """The id of the article that the old database made of a capture; empty when it made none."""
    ref = filed.capture.ref
    return old_article(store, ref) if ref else ""


def _reporting(captures: Iterator[Capture], report: Callable[[int], None]) -> Iterator[Capture]:
    for number, capture in enumerate(captures, start=1):
        yield capture
        report(number)
