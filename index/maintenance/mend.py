"""Archive files that an earlier version wrote with a fault, written again one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.archive import Archive
from index.archive.warc.mending import lacks_method
from index.files import storage_errors
from index.maintenance.forget import finish_rewrites
from index.store import StoreWriter


def without_method(folder: Path) -> list[str]:
    """The names of the closed files below `data/archive` whose request records lack their method."""
    with storage_errors(folder):
        return [
            path.relative_to(folder).as_posix()
            for path in sorted(folder.rglob("*.warc.gz"))
            if lacks_method(path)
        ]


def mend_requests(store: StoreWriter, archive: Archive) -> Iterator[str]:
    """Give the request records their method; yield the name of each file that was copied for it.

    One file after the other: a copy is made, the store takes the new places in one transaction, the
    copy takes the old file's place. A kill leaves each file as it was or mended, or its copy to be put
    in place, with which the next call begins. Only for the holder of the workspace's lock. Raises
    `StorageError` children.
    """
    finish_rewrites(store, archive)
    for name in without_method(archive.folder):
        new, moved = archive.mend(name)
        with store.transaction():
            store.rewrites.note(name, new, moved)
        finish_rewrites(store, archive)
        yield name
