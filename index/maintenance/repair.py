"""Repair what needs no decision: leftovers of kills, a lost or old index."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from index.archive import Archive
from index.archive.warc import whole_members
from index.errors import StorageError
from index.files import storage_errors
from index.fulltext.indexer import rebuild_index, update_index
from index.maintenance.forget import finish_rewrites
from index.maintenance.mend import mend_requests
from index.maintenance.verify import verify
from index.store import Store, StoreWriter
from index.store.renewal import remove_database, upgrade
from index.workspace import Workspace
from index.workspace.lock import hold


def repair(workspace: Workspace) -> Iterator[str]:
    """Mend archive, store and index in this order; yield a line for each thing done.

    What only a replay or a backup can give back is left, and `verify` names it. Raises
    `WorkspaceBusy` when a crawl is at work, `StorageError` children when the disk refuses.
    """
    lock = workspace.data / "lock"
    if workspace.database.exists() and (backup := upgrade(workspace.database, lock)):
        yield f"database: brought to this version's format; as it was: {backup.name}"
    with hold(lock):
        yield from _drop_leftovers(workspace)
        archive = Archive(workspace.archive_dir)
        for name in archive.recover():
            yield f"archive: {name} closed, cut to its last whole record"
        if not workspace.database.exists():
            return
        with StoreWriter.open(workspace.database) as store:
            finish_rewrites(store, archive)
            yield from _cut_tails(store, workspace.archive_dir)
            for name in mend_requests(store, archive):
                yield f"archive: {name} rewritten, its request records with their method"
    yield from _mend_index(workspace)


def _drop_leftovers(workspace: Workspace) -> Iterator[str]:
    """Drafts of files and databases that a killed process left; nobody else is writing now."""
    drafts = [*workspace.data.glob(".*.new"), *workspace.data.glob(".*.new-journal")]
    with storage_errors(workspace.data):
        for draft in drafts:
            draft.unlink()
            yield f"data: {draft.name}, an unfinished draft, deleted"
    draft = workspace.data / "replay.db"
    if draft.exists():
        remove_database(draft)
        yield "data: replay.db, an unfinished replay, deleted"


def _cut_tails(store: Store, folder: Path) -> Iterator[str]:
    """Cut what is torn at the end of a closed file, if no capture of the store is there."""
    ends = store.captures.ends()
    with storage_errors(folder):
        for path in sorted(folder.rglob("*.warc.gz")):
            name = path.relative_to(folder).as_posix()
            end, size = whole_members(path), path.stat().st_size
            if ends.get(name, 0) <= end < size:
                with path.open("r+b") as file:
                    file.truncate(end)
                    os.fsync(file.fileno())
                yield f"archive: {name} cut by {size - end:,} torn bytes"


def _mend_index(workspace: Workspace) -> Iterator[str]:
    with Store.open(workspace.database) as store:
        if not store.revision():
            return
        report = update_index(store, workspace.index_dir)
        if report.added or report.removed:
            yield f"index: brought to revision {report.revision:,}"
        found = verify(workspace.database, workspace.archive_dir, workspace.index_dir)
        if any(one.part == "index" for one in found):
            rebuild_index(store, workspace.index_dir)
            yield "index: rebuilt"


def holder_of(lock: Path) -> str:
    """The process that holds a workspace's lock; empty when nobody does. A lock dies with its holder."""
    import fcntl

    if not lock.exists():
        return ""
    with storage_errors(lock), lock.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip() or "unknown"
    return ""


def is_readable(workspace: Workspace) -> StorageError | None:
    """Why the store cannot be read; None when it can."""
    try:
        Store.open(workspace.database).close()
    except StorageError as error:
        return error
    return None
