"""Files of another archive taken into this one: linked, copied and verified, or referred to.

A closed file never changes: `forget` and `doctor` write a new one and take the old name away. So two
archives on one disk can share it by a hard link, which costs no space, and each still loses only its own
name. A reference (a symbolic link) costs no space on any disk, and breaks with the other folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Literal

from index.archive import OPEN_SUFFIX, Archive
from index.archive.warc import whole_members
from index.errors import ArchiveError
from index.files import replace_atomic, storage_errors, sync_folder

Adopted = Literal["linked", "copied", "referred", "held", "missing"]
_PIECE = 2**20
_DRAFTS = ".*.warc.gz.*.new"  # as `replace_atomic` names what it has not finished


def adopt_file(name: str, theirs: Path, ours: Path, *, by_reference: bool = False) -> Adopted:
    """Let the archive in the folder `ours` have a file of the one in `theirs`, under the same name.

    Linked where both are on one disk, else copied, read back and compared by SHA-256; so is what was only
    referred to. Of a file that a killed run left open its whole records are copied. `held` is one that is
    here already. Raises
    `ArchiveError` for another file of the same name, and the children of `StorageError`.
    """
    target, closed = ours / name, theirs / name
    source = closed if closed.exists() else closed.with_name(closed.name + OPEN_SUFFIX)
    if not source.exists():
        return "held" if target.exists() else _fetch(name, theirs, target)
    is_reference = target.is_symlink() and not by_reference
    with storage_errors(source):
        end = source.stat().st_size if source is closed else whole_members(source)
        is_held = target.exists() and not is_reference
        if is_held and not _is_continued(target, source, end):
            return "held"
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if source is closed and not is_held and by_reference:
            target.unlink(missing_ok=True)  # one that led nowhere
            target.symlink_to(source.resolve())
            sync_folder(target.parent)
            return "referred"
        if source is closed and not is_held and _link(source, target):
            return "linked"
        if is_reference:
            target.unlink()  # else the copy would be written to where it leads
    _copy(source, target, end)
    return "copied"


def is_lacking(name: str, ours: Path, *, by_reference: bool) -> bool:
    """Whether a file that captures name is not here, or only referred to where it shall be here."""
    path = ours / name
    if not path.exists():
        return not is_elsewhere(name, ours)
    return path.is_symlink() and not by_reference


def is_elsewhere(name: str, folder: Path) -> bool:
    """Whether a file of an archive is in object storage, as far as its notes say."""
    archive = Archive(folder)
    return archive.has_remote and name in archive.remote.notes.files


def needs_room(name: str, theirs: Path, ours: Path) -> int:
    """The bytes that a copy of a file would take on our disk; 0 if it is held or can be linked."""
    source = theirs / name
    if (ours / name).exists():
        return 0
    if not source.exists():
        return Archive(theirs).remote.notes.files[name].bytes if is_elsewhere(name, theirs) else 0
    with storage_errors(source):
        at = next(folder for folder in (ours, *ours.parents) if folder.exists())
        found = source.stat()
        return 0 if found.st_dev == at.stat().st_dev else found.st_size


def drop_unfinished(folder: Path) -> None:
    """Delete what a killed run had copied in part; only for the lock's holder."""
    with storage_errors(folder):
        for draft in folder.rglob(_DRAFTS):
            draft.unlink()


def _fetch(name: str, theirs: Path, target: Path) -> Adopted:
    """Copy a file here that the other archive has in object storage only."""
    if not is_elsewhere(name, theirs):
        return "missing"
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with replace_atomic(target) as draft:
        Archive(theirs).remote.fetch(name, draft)
    return "copied"


def _link(source: Path, target: Path) -> bool:
    """Whether the system lets both archives have the one file."""
    draft = target.with_name(f".{target.name}.link.new")
    try:
        os.link(source.resolve(), draft)
    except OSError:  # another disk, one without links, or somebody else's file
        return False
    draft.replace(target)
    sync_folder(target.parent)
    return True


def _copy(source: Path, target: Path, end: int) -> None:
    """Copy the first `end` bytes, onto the disk before they have the name; raises `ArchiveError`."""
    with replace_atomic(target) as draft:
        with source.open("rb") as file, draft.open("wb") as out:
            read = _digest(file, end, also=out.write)
            out.flush()
            os.fsync(out.fileno())
        with draft.open("rb") as file:
            if _digest(file, end) != read:
                raise ArchiveError(
                    f"{target}: the copy is not what was read from {source}",
                    hint="check the disk, then run the same command again",
                )


def _is_continued(target: Path, source: Path, end: int) -> bool:
    """Whether a file of that name is the beginning of theirs; raises `ArchiveError` for another one."""
    held = target.stat().st_size
    if target.samefile(source) or held == end:
        return False
    with target.open("rb") as mine, source.open("rb") as other:
        if held < end and _digest(mine, held) == _digest(other, held):
            return True
    raise ArchiveError(
        f"{source}: another file of that name is in {target.parent}",
        hint="give one of them another name, and run pressclip replay where it lies",
    )


def _digest(file: IO[bytes], number: int, also: Callable[[bytes], object] = len) -> bytes:
    """SHA-256 over the next bytes of a file; `also` gets them too."""
    found = hashlib.sha256()
    rest = number
    while piece := file.read(min(_PIECE, rest)):
        found.update(piece)
        also(piece)
        rest -= len(piece)
    return found.digest()
