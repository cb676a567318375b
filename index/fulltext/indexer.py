"""The write side of the index: it follows the store by revision, in batches, each one commit."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import WorkspaceBusy
from index.files import storage_errors
from index.fulltext.documents import to_document
from index.fulltext.schema import FORMAT, LAYOUT, build_schema, decode_id, encode_id
from index.fulltext.segments.folders import current_folder, draft_folder, publish, remove_others
from index.fulltext.segments.merge import choose, merge
from index.fulltext.segments.reader import SUSPECT, Segment, damaged_files
from index.fulltext.segments.toc import (
    DamagedTocError,
    SegmentRecord,
    State,
    read_state,
    remove_leftovers,
    write_state,
)
from index.fulltext.segments.writer import SegmentWriter
from index.store import Standing, Store, StoredArticle

BATCH = 5000
"""Articles of one commit; they and their postings are in memory until it."""

_POSTINGS = 4_000_000  # of one commit: about 400 MB of memory
_PAGE = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What an update did: articles put in and taken out, the revision reached, seconds of time."""

    added: int
    removed: int
    revision: int
    seconds: float


def update_index(
    store: Store, index_dir: Path, *, batch: int = BATCH, wait: float = 30.0
) -> IndexReport:
    """Bring the index up to the store's newest revision; builds it when there is none.

    A kill at any moment leaves the last commit, and the next call goes on from there. Searches go on
    meanwhile. Waits up to `wait` seconds for another writer. Raises `WorkspaceBusy`,
    `ReadOnlyError`, `DiskFullError` or `StorageError`.
    """
    started = time.monotonic()
    with _only_writer(index_dir, wait):
        folder = current_folder(index_dir, FORMAT)
        state = _follow(store, folder) if folder else None
        if folder is None or state is None:
            return _build(store, index_dir, batch, started)
        try:
            return _catch_up(store, folder, state, batch, started)
        except SUSPECT:
            if not damaged_files(folder, state.records):
                raise
            _log.warning("%s: the index is damaged: building it again", folder)
            return _build(store, index_dir, batch, started)


def rebuild_index(
    store: Store, index_dir: Path, *, batch: int = BATCH, wait: float = 30.0
) -> IndexReport:
    """Build the index again beside the old one and put it in its place; raises as `update_index`."""
    started = time.monotonic()
    with _only_writer(index_dir, wait):
        shutil.rmtree(draft_folder(index_dir, FORMAT), ignore_errors=True)
        return _build(store, index_dir, batch, started)


def _build(store: Store, index_dir: Path, batch: int, started: float) -> IndexReport:
    """Fill a draft, or the rest of one that a kill left, and publish it."""
    draft = draft_folder(index_dir, FORMAT)
    state = _follow(store, draft)
    if state is None:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        state = State(store=store.identity(), generation=1)
        write_state(draft, state, build_schema())
    report = _catch_up(store, draft, state, batch, started)
    remove_others(index_dir, publish(draft, index_dir, FORMAT))
    return report


def _follow(store: Store, folder: Path) -> State | None:
    """The folder's state, if it is whole and was made from this very store; else None."""
    try:
        state = read_state(folder)
    except DamagedTocError as error:
        _log.info("%s: no index to go on from (%s)", folder, error)
        return None
    for record in state.records:
        if not (folder / record.file_name).exists():
            _log.warning("%s: %s is missing: building it again", folder, record.file_name)
            return None
    same = state.store == store.identity() and state.revision <= store.revision()
    return state if same else None


def _catch_up(store: Store, folder: Path, state: State, batch: int, started: float) -> IndexReport:
    remove_leftovers(folder, state)
    added = removed = 0
    while True:
        with _collector_at_rest():
            changes = _Batch.collect(store, state.revision, batch) or _lost(store, folder, state)
            if not changes:
                break
            state, gone = _commit(folder, state, changes)
        added += changes.writer.rows.count
        removed += gone
        _log.info("index at revision %d: %d in, %d out", state.revision, added, removed)
    return IndexReport(
        added=added,
        removed=removed,
        revision=state.revision,
        seconds=time.monotonic() - started,
    )


def _lost(store: Store, folder: Path, state: State) -> _Batch:
    """What the index holds and the store no longer does: it was made one with another article.

    No revision tells of what is gone. So the numbers of articles are compared, and their ids where
    those differ.
    """
    gone: dict[str, bool] = {}
    newest = [record for record in state.records if not record.past]
    if sum(record.live for record in newest) > store.articles.count_kept():
        kept = {encode_id(identity) for identity in store.articles.kept_ids()}
        for record in newest:
            codes = Segment(folder, record).numbers("code", "q")
            gone |= {
                decode_id(code): False
                for number, code in enumerate(codes)
                if code not in kept and number not in record.deleted
            }
    return _Batch(SegmentWriter(LAYOUT), SegmentWriter(LAYOUT), gone, state.revision)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No garbage collection: a batch makes a million lists and no cycle, and walking through them

    again and again takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class _Batch:
    """The changes of one commit, analysed: articles to write, and ids whose old form must go."""

    writer: SegmentWriter
    past: SegmentWriter  # older versions
    changed: dict[str, bool]
    revision: int

    def __bool__(self) -> bool:
        return bool(self.changed)

    @classmethod
    def collect(cls, store: Store, after: int, size: int) -> _Batch:
        """Read and analyse up to `size` changes; an article is analysed before any file is touched."""
        batch = cls(SegmentWriter(LAYOUT), SegmentWriter(LAYOUT), {}, after)
        while len(batch.changed) < size and batch._postings < _POSTINGS:
            page = store.articles.changes(
                batch.revision, limit=min(_PAGE, size - len(batch.changed))
            )
            if not page or any(stored.id in batch.changed for stored in page):
                break  # the article changed again while we read: its newest form is the next batch's
            for stored in page:
                batch._add(store, stored)
        return batch

    @property
    def _postings(self) -> int:
        return self.writer.postings + self.past.postings

    def _add(self, store: Store, stored: StoredArticle) -> None:
        if stored.kept:
            standings = store.versions.standings(stored)
            *older, newest = zip(standings, changed_by_then(standings), strict=True)
            self.writer.add(to_document(stored, *newest))
            for standing, changed in older:
                self.past.add(to_document(stored.as_it_stood(standing), standing, changed))
        self.changed[stored.id] = stored.kept
        self.revision = stored.revision


def changed_by_then(standings: Sequence[Standing]) -> Iterator[frozenset[str]]:
    """For each standing the kinds of what was changed in its text and in those before it."""
    found: frozenset[str] = frozenset()
    for number, standing in enumerate(standings):
        before = standings[number - 1].version if number else standing.version
        if before.number != standing.version.number:
            from index.versions.history import changes  # few articles are ever edited

            found |= {one.kind for one in changes(before.article, standing.version.article)}
        yield found


def _commit(folder: Path, state: State, batch: _Batch) -> tuple[State, int]:
    """Write one batch: the new segment, merges that are due, then the table that names them."""
    with storage_errors(folder):
        records, struck = _strike_out(folder, state.records, batch.changed)
        if batch.writer.rows.count:
            records.append(batch.writer.write(folder))
        if batch.past.rows.count:
            records.append(replace(batch.past.write(folder), past=True))
        while due := choose(records):
            merged = merge(folder, due, LAYOUT)
            records = [record for record in records if record not in due]
            records += [merged] if merged else []
        state = replace(
            state,
            records=tuple(records),
            revision=batch.revision,
            generation=state.generation + 1,
        )
        write_state(folder, state, build_schema())
        remove_leftovers(folder, state)
    return state, sum(not batch.changed[identity] for identity in struck)


def _strike_out(
    folder: Path, records: Sequence[SegmentRecord], changed: Mapping[str, bool]
) -> tuple[list[SegmentRecord], set[str]]:
    """The records without the old documents of changed articles, and the ids that were there."""
    wanted = {encode_id(identity): identity for identity in changed}
    left: list[SegmentRecord] = []
    struck: set[str] = set()
    for record in records:
        codes = Segment(folder, record).numbers("code", "q")
        old = [number for number, code in enumerate(codes) if code in wanted]
        gone = [number for number in old if number not in record.deleted]
        struck.update(wanted[codes[number]] for number in gone)
        left.append(record.strike_out(gone) if gone else record)
    return left, struck


@contextmanager
def _only_writer(index_dir: Path, wait: float) -> Iterator[None]:
    """Hold the lock beside the index's folder; the kernel closes it when this process dies."""
    with storage_errors(index_dir):
        index_dir.mkdir(parents=True, exist_ok=True)
        path = index_dir.with_name(f"{index_dir.name}.lock")
        with path.open("a+") as file:
            _acquire(file.fileno(), path, time.monotonic() + wait)
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), str(os.getpid()).encode())
            yield


def _acquire(descriptor: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            holder = path.read_text().strip() or "unknown"
            raise WorkspaceBusy(
                f"{path.parent}: the index is being written (process {holder})",
                hint="wait until it is done and run the same command again",
            ) from error
        return
