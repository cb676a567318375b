"""Check a desk's archive, store and index; writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.archive import OPEN_SUFFIX, REWRITTEN_SUFFIX, Archive
from index.archive.warc import Damage, read_file, whole_members
from index.archive.warc.mending import lacks_method
from index.capture import ArchiveRef
from index.errors import ArchiveError, StorageError, StoreError, UsageError
from index.fulltext.schema import FORMAT
from index.fulltext.segments.folders import current_folder
from index.fulltext.segments.reader import damaged_files
from index.fulltext.segments.toc import DamagedTocError, read_state
from index.store import Store

ARCHIVE_SUFFIX = ".warc.gz"
NO_METHOD = "requests lack their method: other tools may find other pages in it than are there"
REBUILD = "move data/pressclip.db away and run: pressclip replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong, and what to do about it.

    A `fault` is damage; what is `unfinished` is completed by the next run by itself.
    """

    part: Literal["archive", "store", "index"]
    kind: Literal["fault", "unfinished"]
    what: str
    remedy: str


def verify(database: Path, archive: Path, index: Path) -> Iterator[Finding]:
    """Every finding, part by part; reads the whole archive. Raises `StorageError` without a store.

    In the archive every record's digest is checked, and that each capture the store names lies where
    it says; in the store SQLite's own integrity and the references between tables; of the index the
    checksums of its files, the revision it holds and the number of its articles.
    """
    with Store.open(database) as store:
        unreadable = ""
        for part in (
            _verify_store(store),
            _verify_archive(store, archive),
            _verify_index(store, index),
        ):
            try:
                yield from part
            except StoreError as error:
                unreadable = str(error)
        if unreadable:
            yield Finding(part="store", kind="fault", what=unreadable, remedy=REBUILD)


def _verify_store(store: Store) -> Iterator[Finding]:
    for message in store.integrity.faults():
        yield Finding(part="store", kind="fault", what=message, remedy=REBUILD)
    for table in store.integrity.broken_tables():
        what = f"rows of {table} refer to what is not there"
        yield Finding(part="store", kind="fault", what=what, remedy=REBUILD)
    if undecided := store.captures.count_undecided():
        what = f"{undecided:,} captures have not been read yet"
        yield Finding(part="store", kind="unfinished", what=what, remedy="pressclip crawl")


def _verify_archive(store: Store, folder: Path) -> Iterator[Finding]:
    paths = {
        path.relative_to(folder).as_posix().removesuffix(OPEN_SUFFIX): path
        for path in sorted(folder.rglob(f"*{ARCHIVE_SUFFIX}*"))
        if path.name.endswith((ARCHIVE_SUFFIX, ARCHIVE_SUFFIX + OPEN_SUFFIX))
    }
    for path in folder.rglob(f"*{ARCHIVE_SUFFIX}{REWRITTEN_SUFFIX}"):
        paths.setdefault(path.relative_to(folder).as_posix().removesuffix(REWRITTEN_SUFFIX), path)
        what = f"{path.name}: a copy of it was being made, and was killed before it was done"
        yield Finding(part="archive", kind="unfinished", what=what, remedy="pressclip doctor --fix")
    unreadable: StoreError | None = None
    for name, path in paths.items():
        try:
            yield from _verify_file(store, name, path)
        except StoreError as error:
            unreadable = error  # the other files are looked through all the same
    if unreadable is not None:
        raise unreadable
    elsewhere = yield from _verify_remote(store, folder, paths)
    for name, captures in store.captures.count_by_file().items():
        if name not in paths and name not in elsewhere:
            what = f"{name} is missing; the store names {captures:,} captures in it"
            yield _archive_fault(what)


def _verify_remote(
    store: Store, folder: Path, paths: Mapping[str, Path]
) -> Generator[Finding, None, Collection[str]]:
    """Look through the files in object storage; the names of those that are only there.

    Each of these is fetched and read. Of one that is here too it is asked whether it is there, and how large.
    """
    archive = Archive(folder)
    if not archive.has_remote:
        return ()
    sent = archive.remote.notes.files
    for name, one in sent.items():
        try:
            if name not in paths:
                with archive.at_hand(name) as path:
                    yield from _verify_file(store, name, path)
            elif (size := archive.remote.size_of(name)) != one.bytes:
                told = "is not there" if size is None else f"has {size:,} bytes, not {one.bytes:,}"
                yield _remote_fault(f"{archive.remote.notes.place.url}/{name}: {told}")
        except (ArchiveError, UsageError) as error:
            yield _remote_fault(str(error))
        except StorageError as error:  # it does not answer: no use to ask for each file
            yield _remote_fault(str(error))
            break
    return sent.keys() - paths.keys()


def _verify_file(store: Store, name: str, path: Path) -> Iterator[Finding]:
    is_open = path.name.endswith(OPEN_SUFFIX)
    found: dict[int, ArchiveRef] = {}
    damaged = False
    for item in _read(path, name):
        damaged |= isinstance(item, Damage)
        if not isinstance(item, Damage):
            found[item.offset] = item
        elif path.name.endswith(ARCHIVE_SUFFIX):  # what is not finished yet is not damaged
            yield _archive_fault(f"{name}, offset {item.offset:,}: {item.reason}")
    if path.name.endswith(ARCHIVE_SUFFIX) and not damaged:
        last = max(found.values(), key=lambda ref: ref.offset, default=None)
        end = whole_members(path, start=last.offset + last.length if last else 0)
        needed = store.captures.end_of(name)
        if needed <= end and (torn := path.stat().st_size - end):
            what = f"{name} ends in {torn:,} bytes that are no whole record"
            yield Finding(part="archive", kind="fault", what=what, remedy="pressclip doctor --fix")
    for ref in store.captures.refs_in(name):
        if found.get(ref.offset) != ref:
            yield _archive_fault(
                f"{name}, offset {ref.offset:,}: not the capture that the store names"
            )
    if path.name.endswith(ARCHIVE_SUFFIX) and _is_without_methods(path):
        what = f"{name}: {NO_METHOD}"
        yield Finding(part="archive", kind="fault", what=what, remedy="pressclip doctor --fix")
    if is_open:
        what = f"{name} was not closed: a crawl is at work, or was killed"
        yield Finding(part="archive", kind="unfinished", what=what, remedy="pressclip doctor --fix")


def _read(path: Path, name: str) -> Iterator[ArchiveRef | Damage]:
    """Where each capture of a file is, and its damage."""
    try:
        for item in read_file(path, name=name):
            if isinstance(item, Damage):
                yield item
            elif item.ref is not None:
                yield item.ref
    except ArchiveError as error:
        yield Damage(file=name, offset=0, reason=str(error))


def _is_without_methods(path: Path) -> bool:
    try:
        return lacks_method(path)
    except OSError:
        return False  # told as damage already


def _remote_fault(what: str) -> Finding:
    remedy = "restore it there from an older version or a backup; is the storage reached?"
    return Finding(part="archive", kind="fault", what=what, remedy=remedy)


def _archive_fault(what: str) -> Finding:
    remedy = "restore the file from a backup; without one: pressclip replay   (keeps what is whole)"
    return Finding(part="archive", kind="fault", what=what, remedy=remedy)


def _verify_index(store: Store, index: Path) -> Iterator[Finding]:
    rebuild, update = "pressclip index --rebuild", "pressclip index"
    folder = current_folder(index, FORMAT)
    if folder is None:
        what = "there is none in this version's format"
        yield Finding(part="index", kind="unfinished", what=what, remedy=update)
        return
    try:
        state = read_state(folder)
        damaged = damaged_files(folder, state.records)
    except (DamagedTocError, OSError) as error:
        yield Finding(part="index", kind="fault", what=str(error), remedy=rebuild)
        return
    for name in damaged:
        what = f"{name} is damaged or missing"
        yield Finding(part="index", kind="fault", what=what, remedy=rebuild)
    if state.store != store.identity():
        what = "it was made from another database"
        yield Finding(part="index", kind="unfinished", what=what, remedy=update)
    elif state.revision != store.revision():
        what = f"it holds revision {state.revision:,} of {store.revision():,}"
        yield Finding(part="index", kind="unfinished", what=what, remedy=update)
    elif (held := sum(one.live for one in state.records if not one.past)) != (
        kept := len(store.articles.kept_ids())
    ):
        what = f"it holds {held:,} articles, the store {kept:,}"
        yield Finding(part="index", kind="fault", what=what, remedy=rebuild)
