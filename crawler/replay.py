"""The corpus made anew from the archive: the same pages, the stories as they are now, no network."""

from __future__ import annotations

from crawler.intake import Intake
from crawler.pool import ReadingPool
from crawler.reading import Desk
from crawler.rejudging import settle_verdicts
from crawler.run import pages
from index.archive import Archive
from index.errors import StorageError, UsageError
from index.indexer import rebuild_index, update_index
from index.lock import hold
from index.store.renewal import adopt, remove_database, replace_database
from index.store.writing import StoreWriter
from index.workspace import Workspace


def replay_archive(workspace: Workspace, *, workers: int = 0) -> str:
    """Rebuild store and index from the archive; return a line that says what came of it.

    The ledger, the runs and the frontier are taken over from the old store where it can be read. The
    new database takes the old one's place only when it is whole, so a kill on the way costs nothing.
    Raises `WorkspaceBusy`, `UsageError` or `StorageError`.
    """
    stories, outlets = tuple(workspace.stories().values()), workspace.outlets()
    desk = Desk.of(stories, outlets)
    draft = workspace.database.with_name("replay.db")
    with hold(workspace.data / "lock"), Archive(workspace.archive_dir) as archive:
        archive.recover()
        before = _counts(workspace)
        remove_database(draft)
        with StoreWriter.open(draft) as store:
            adopt(store, workspace.database)
            run = store.ledger.start_run("replay")
            with ReadingPool(desk, workers=workers) as pool:
                intake = Intake(archive=archive, store=store, pool=pool, desk=desk, run=run)
                intake.take_all(pages(archive.captures()))
            settle_verdicts(store, desk.readers, desk, run, workers=workers)
            store.ledger.end_run(run, 0)
            after = store.counts()
        if not after["captures"]:
            remove_database(draft)
            raise UsageError(f"{workspace.archive_dir}: nothing is archived yet")
        replace_database(draft, workspace.database)
        with StoreWriter.open(workspace.database) as store:
            rebuild_index(store, workspace.index_dir)
    return (
        f"replay: {after['captures']:,} captures → {after['articles']:,} articles"
        f" ({after['texts']:,} texts){_compare(before, after)}"
    )


def judge_archive(workspace: Workspace, *, workers: int = 0) -> str:
    """Bring every verdict up to the stories and labels as they are, from the store alone.

    Nothing is fetched or extracted. Returns a line that says what came of it. Raises `WorkspaceBusy`,
    `UsageError` or `StorageError`.
    """
    stories, outlets = tuple(workspace.stories().values()), workspace.outlets()
    desk = Desk.of(stories, outlets)
    with hold(workspace.data / "lock"), StoreWriter.open(workspace.database) as store:
        run = store.ledger.start_run("replay --judge")
        settled = settle_verdicts(store, desk.readers, desk, run, workers=workers)
        store.ledger.end_run(run, 0)
        update_index(store, workspace.index_dir)
        after = store.counts()
    if not settled.judged:
        return (
            f"replay --judge: {after['articles']:,} articles, all judged by the stories as they are"
        )
    return (
        f"replay --judge: {settled.judged:,} articles judged, {settled.changed:,} verdicts changed;"
        f" +{len(settled.entered):,} −{len(settled.left):,}"
        f" → {after['articles']:,} articles ({after['texts']:,} texts)"
    )


def _counts(workspace: Workspace) -> dict[str, int] | None:
    """What the old store held; None when there is none or it cannot be read."""
    if not workspace.database.exists():
        return None
    try:
        with StoreWriter.open(workspace.database) as store:  # brings an older format to this one
            return store.counts()
    except StorageError:
        return None


def _compare(before: dict[str, int] | None, after: dict[str, int]) -> str:
    if before is None:
        return "; the old database could not be read"
    if before == after:
        return ", as before"
    return f"; before: {before['articles']:,} articles ({before['texts']:,} texts)"
