"""The WARC archive: what was fetched, kept as it came; append, iterate, read one by reference.

Files are WARC/1.1, one gzip member a record (ISO 28500:2017). For each response a `request` record and a
`metadata` record (where the URL was found) are beside it, so the store can be rebuilt from them alone.
A file being written ends in `.open`; what a kill leaves of it is cut to its last whole record.
Closed files may be in object storage instead, or too (`index/archive/remote.py`): single records are read
from there by ranges, whole files are fetched, used and deleted again.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from io import BufferedWriter, BytesIO, FileIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from index.archive.warc import (
    Damage,
    members_from,
    members_of,
    payload_digest,
    read_file,
    read_first,
    read_members,
    warcinfo_member,
    whole_members,
)
from index.capture import ArchiveRef, Capture
from index.errors import ArchiveError, DiskFullError
from index.files import storage_errors, sync_folder

if TYPE_CHECKING:
    from index.archive.remote import RemoteArchive
    from index.archive.warc.mending import Moves

MAX_FILE = 1024 * 1024 * 1024
OPEN_SUFFIX = ".open"
REWRITTEN_SUFFIX = ".rewritten"
REMOTE_NOTES = "remote.json"  # there only where files were sent elsewhere
_FETCHED = ".fetched-"  # begins the name of a folder with a file that was fetched to be read
_BESIDE = 64 * 1024  # bytes behind a response in which its request and metadata records lie
_RENEWED = re.compile(r"(-r[0-9a-f]{6})?\.warc\.gz$")


class Archive:
    """The WARC files below one folder; a context manager that closes the file it writes.

    With less than `min_free` MiB of free disk nothing is appended: the store, the index and everybody
    else need room too.
    """

    def __init__(self, folder: Path, *, max_file: int = MAX_FILE, min_free: float = 0) -> None:
        self.folder = folder
        self._max_file = max_file
        self._min_free = min_free
        self._path = Path()
        self._out: FileIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, capture: Capture, *, wire: bytes | None = None) -> Capture:
        """Write the capture and flush it to the system; return it with its reference.

        `wire` is the payload as it came, still content-coded as the headers say; without it the
        decoded body is stored and those headers are renamed. Of a `withheld` capture the headers
        and the digest are stored, and no payload. Raises `DiskFullError`, `ReadOnlyError` or
        `StorageError`; what was written before stays whole.
        """
        response, companions = members_of(capture, wire)
        with storage_errors(self.folder):
            out = self._file()
            self._check_free()
            offset = out.tell()
            try:
                _write_all(out, response + companions)
            except OSError:
                out.truncate(offset)
                out.seek(offset)
                raise
        ref = ArchiveRef(
            file=self._name(),
            offset=offset,
            length=len(response),
            digest=payload_digest(capture.body if wire is None else wire),
        )
        return replace(capture, ref=ref)

    def sync(self) -> None:
        """Force what was appended to the disk."""
        if self._out is not None:
            with storage_errors(self.folder):
                os.fsync(self._out.fileno())

    def close(self) -> None:
        """Finish the file being written: synced, and without its `.open` suffix."""
        if self._out is None:
            return
        self.sync()
        self._out.close()
        self._out = None
        with storage_errors(self.folder):
            self._path.rename(self._path.with_suffix(""))

    def read(self, ref: ArchiveRef) -> Capture:
        """The capture at a reference, with its digest checked; raises `ArchiveError`."""
        path = self._existing(ref.file)
        if self._is_remote(ref.file, path):
            part = self.remote.read(ref.file, ref.offset, ref.length + _BESIDE)
            found = read_first(part, path=path, name=ref.file, offset=ref.offset)
        else:
            found = next(read_file(path, start=ref.offset, name=ref.file), None)
        if isinstance(found, Capture) and found.ref == ref:
            return found
        reason = found.reason if isinstance(found, Damage) else "not the response that was stored"
        raise ArchiveError(
            f"{path}, offset {ref.offset}: {reason}", hint="restore the file from a backup"
        )

    def members(self, ref: ArchiveRef) -> bytes:
        """The response's record and those beside it, as they are in the archive, to be copied.

        Raises `ArchiveError`, also for a payload that is not what its digest says.
        """
        self.read(ref)
        path = self._existing(ref.file)
        if self._is_remote(ref.file, path):
            part = self.remote.read(ref.file, ref.offset, ref.length + _BESIDE)
            return members_from(BytesIO(part), ref.length)
        return read_members(path, ref.offset, ref.length)

    def captures(self, *, after: Mapping[str, int] | None = None) -> Iterator[Capture | Damage]:
        """All captures in the order they were written, or those past the given end of each file.

        A file that is elsewhere was whole and known when it was sent: it has nothing past an end.
        """
        ends = after or {}
        for name in self.names():
            if not (name in ends and self._is_remote(name, self._existing(name))):
                with self.at_hand(name) as path:
                    yield from read_file(path, start=ends.get(name, 0), name=name)

    def names(self) -> list[str]:
        """The names of the files, in the order they were begun."""
        return sorted({*self._files(), *(self.remote.notes.files if self.has_remote else ())})

    def captures_in(self, name: str) -> Iterator[Capture | Damage]:
        """All captures of one file; raises `ArchiveError` when it cannot be opened."""
        with self.at_hand(name) as path:
            yield from read_file(path, name=name)

    @cached_property
    def remote(self) -> RemoteArchive:
        """The files that are in object storage; raises `ArchiveError` if there are none."""
        from index.archive.remote import RemoteArchive, read_notes

        notes = read_notes(self.folder)
        if notes is None:
            raise ArchiveError(f"{self.folder}: none of its files lie elsewhere")
        return RemoteArchive(self.folder, notes)

    @property
    def has_remote(self) -> bool:
        """Whether any file was ever sent to object storage."""
        return (self.folder / REMOTE_NOTES).exists()

    @contextmanager
    def at_hand(self, name: str) -> Iterator[Path]:
        """The path of a file while inside: where it is, or fetched for as long. Raises `StorageError`s."""
        path = self._existing(name)
        if not self._is_remote(name, path):
            yield path
            return
        with TemporaryDirectory(prefix=_FETCHED, dir=self.folder.parent) as folder:
            fetched = Path(folder) / path.name
            self.remote.fetch(name, fetched)
            yield fetched

    def _is_remote(self, name: str, path: Path) -> bool:
        """Whether a file is in object storage only."""
        return not path.exists() and self.has_remote and name in self.remote.notes.files

    def recover(self) -> list[str]:
        """Cut and close what a killed writer left open; return the names of these files.

        Only for the holder of the workspace's lock.
        """
        recovered = []
        with storage_errors(self.folder):
            for path in sorted(self.folder.rglob("*.warc.gz" + OPEN_SUFFIX)):
                end = whole_members(path)
                with path.open("r+b") as file:
                    file.truncate(end)
                    os.fsync(file.fileno())
                closed = path.with_suffix("")
                path.rename(closed)
                if not end:
                    closed.unlink()
                recovered.append(closed.relative_to(self.folder).as_posix())
        return recovered

    def rewrite(self, name: str, *, without: Collection[int]) -> tuple[str, dict[int, int]]:
        """Copy a closed file without the captures at these offsets, and without what is damaged.

        Returns the copy's name, empty when nothing would be in it, and where each capture is in
        it, by its old offset. It is on the disk with `REWRITTEN_SUFFIX`, and the old file where it
        was, until `replace` is called. Raises `StorageError` children.
        """
        new = _renewed(name)
        moved: dict[int, int] = {}
        draft = self.folder / (new + REWRITTEN_SUFFIX)
        with self.at_hand(name) as path, storage_errors(self.folder), _new_file(draft) as out:
            out.write(warcinfo_member(Path(new).name))
            for item in read_file(path, name=name):
                if isinstance(item, Damage) or item.ref is None or item.ref.offset in without:
                    continue
                moved[item.ref.offset] = out.tell()
                out.write(read_members(path, item.ref.offset, item.ref.length))
            out.flush()
            os.fsync(out.fileno())
        if not moved:
            draft.unlink()
        return (new if moved else ""), moved

    def mend(self, name: str) -> tuple[str, Moves]:
        """Copy a closed file with the methods of its request records, where they lack them.

        Returns the copy's name and how far each thing in it has moved. It is beside the old file,
        as that of `rewrite`, until `replace` is called. Raises `StorageError` children.
        """
        from index.archive.warc.mending import copy_mended

        new = _renewed(name)
        draft = self.folder / (new + REWRITTEN_SUFFIX)
        with storage_errors(self.folder):
            moves = copy_mended(self.folder / name, draft, Path(new).name)
            with draft.open("rb") as copy:
                os.fsync(copy.fileno())
        return new, moves

    def replace(self, old: str, new: str) -> None:
        """Put a rewritten file (none when `new` is empty) in the old one's place; may be repeated."""
        with storage_errors(self.folder):
            draft = self.folder / (new + REWRITTEN_SUFFIX)
            if new and draft.exists():
                draft.rename(draft.with_suffix(""))
                sync_folder(draft.parent)
            is_elsewhere = self.has_remote and old in self.remote.notes.files
            if is_elsewhere and new and new not in self.remote.notes.files:
                self.remote.send(new, self.folder / new)
            (self.folder / old).unlink(missing_ok=True)
        if is_elsewhere:
            self.remote.drop(old)

    def drop_drafts(self) -> None:
        """Delete rewritten files that nobody will put in place; only for the lock's holder."""
        with storage_errors(self.folder):
            for draft in self.folder.rglob("*.warc.gz" + REWRITTEN_SUFFIX):
                draft.unlink()
            for fetched in self.folder.parent.glob(f"{_FETCHED}*"):
                shutil.rmtree(fetched)

    def _check_free(self) -> None:
        free = shutil.disk_usage(self.folder).free / 2**20
        if free < self._min_free:
            raise DiskFullError(
                f"{self.folder}: {free:,.0f} MiB of the disk are free, under min_free"
                f" = {self._min_free:,.0f}",
                hint="free some space, or lower min_free in workspace.toml; the next crawl continues",
            )

    def _files(self) -> dict[str, Path]:
        paths = [*self.folder.rglob("*.warc.gz"), *self.folder.rglob("*.warc.gz" + OPEN_SUFFIX)]
        return {
            path.relative_to(self.folder).as_posix().removesuffix(OPEN_SUFFIX): path
            for path in paths
        }

    def _existing(self, name: str) -> Path:
        closed = self.folder / name
        if closed.exists():
            return closed
        others = [closed.with_name(closed.name + end) for end in (OPEN_SUFFIX, REWRITTEN_SUFFIX)]
        return next((other for other in others if other.exists()), closed)

    def _name(self) -> str:
        return self._path.with_suffix("").relative_to(self.folder).as_posix()

    def _file(self) -> FileIO:
        if self._out is not None and self._out.tell() >= self._max_file:
            self.close()
        if self._out is None:
            self._out = self._start_file()
        return self._out

    def _start_file(self) -> FileIO:
        now = datetime.now(UTC)
        folder = self.folder / f"{now:%Y}" / f"{now:%m}"
        folder.mkdir(parents=True, exist_ok=True)
        # Sorting by name is sorting by time; the random tail keeps two files of one moment apart.
        stamp = f"{now:%Y%m%dT%H%M%S%f}"
        self._path = folder / f"pressclip-{stamp}-{uuid.uuid4().hex[:6]}.warc.gz{OPEN_SUFFIX}"
        # Without a buffer: what a full disk did not take must not come after all once there is room.
        out = self._path.open("xb", buffering=0)
        _write_all(out, warcinfo_member(self._path.name.removesuffix(OPEN_SUFFIX)))
        return out


def _new_file(draft: Path) -> BufferedWriter:
    """A file that must not be there yet, in a folder that may not: its others may all are elsewhere."""
    draft.parent.mkdir(parents=True, exist_ok=True)
    return draft.open("xb")


def _renewed(name: str) -> str:
    """Another name for the copy of a file."""
    return _RENEWED.sub(f"-r{uuid.uuid4().hex[:6]}.warc.gz", name)


def _write_all(out: FileIO, data: bytes) -> None:
    """Write to an unbuffered file, which may take less than it is given; raises `OSError`."""
    rest = memoryview(data)
    while rest:
        rest = rest[out.write(rest) :]
