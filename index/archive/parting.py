"""Some captures of an archive file as a file of their own: their records, copied as they lie."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from index.archive import OPEN_SUFFIX, Archive
from index.archive.adopting import is_elsewhere
from index.archive.warc import read_members
from index.archive.warc.copying import first_member
from index.files import storage_errors


def cut_file(
    name: str, theirs: Path, ours: Path, places: Sequence[tuple[int, int]]
) -> tuple[str, dict[int, int]]:
    """Copy the captures at these places (offset, length) of a file of the archive in the folder `theirs`.

    The new file is below `ours` under a name that tells what is in it: the same captures give the same
    file. Returns its name and where each capture is in it, by its old offset; a record that cannot be
    read is in neither. The name is empty for a file that is not there. Raises `StorageError` children.
    """
    closed = theirs / name
    source = closed if closed.exists() else closed.with_name(closed.name + OPEN_SUFFIX)
    if not source.exists():
        return _cut_elsewhere(name, theirs, ours, places)
    return _cut(name, source, ours, places)


def _cut_elsewhere(
    name: str, theirs: Path, ours: Path, places: Sequence[tuple[int, int]]
) -> tuple[str, dict[int, int]]:
    """The same of a file that lies in object storage: it is fetched for the moment."""
    if not is_elsewhere(name, theirs):
        return "", {}
    with storage_errors(ours):
        ours.mkdir(parents=True, exist_ok=True)
    fetched = ours / ".fetched.warc.gz"
    try:
        Archive(theirs).remote.fetch(name, fetched)
        return _cut(name, fetched, ours, places)
    finally:
        with suppress(OSError):
            fetched.unlink()


def _cut(
    name: str, source: Path, ours: Path, places: Sequence[tuple[int, int]]
) -> tuple[str, dict[int, int]]:
    content = hashlib.sha256(",".join(str(offset) for offset, _ in sorted(places)).encode())
    new = f"{name.removesuffix('.warc.gz')}-p{content.hexdigest()[:8]}.warc.gz"
    moved: dict[int, int] = {}
    with storage_errors(ours):
        (ours / new).parent.mkdir(parents=True, exist_ok=True)
        with (ours / new).open("wb") as out:
            out.write(first_member(source, b"warcinfo"))
            for offset, length in sorted(places):
                try:
                    members = read_members(source, offset, length)
                except zlib.error:
                    continue
                moved[offset] = out.tell()
                out.write(members)
            out.flush()
            os.fsync(out.fileno())
    return new, moved
