"""WACZ: a zip of WARC files with their indexes, pages and digests (specs.webrecorder.net/wacz)."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import IO

from index.archive.containers.foreign_records import Item
from index.archive.containers.index_lines import SUFFIXES, lines_of
from index.archive.warc.reader import Damage
from index.errors import ArchiveError

_LOCAL_HEAD = 30  # bytes before the name, in the zip (APPNOTE 4.3.7)
_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")
_MOST_MANIFEST = 64 * 1024 * 1024
# What zipfile raises for what it cannot read: an unknown compression, a password, cut or wrong data.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
)  # fmt: skip

Read = Callable[..., Iterator[Item]]


class _Hashed:
    """A file read from beginning to end, and the digest of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data

    def rest_digest(self) -> str:
        """`sha256:` and the hexadecimal digest of the whole file."""
        while self.read(1 << 20):
            pass
        return "sha256:" + self._digest.hexdigest()


class _Part:
    """The bytes of a file that lies unpacked in another one; read from beginning to end, or by jumps."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file = file
        self._left = size
        self._place = 0
        file.seek(start)
        if hasattr(file, "fileno"):
            self.fileno = file.fileno  # a part of a file on the disk is on the disk

    def tell(self) -> int:
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._place += len(data)
        self._left -= len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        step = offset if whence == os.SEEK_CUR else offset - self._place
        self._file.seek(step, os.SEEK_CUR)
        self._place += step
        self._left = max(0, self._left - step)
        return self._place


def read_wacz(
    file: IO[bytes], source: str, read: Read, *, by_index: bool = False
) -> Iterator[Item]:
    """What is in the archives of a WACZ, each read by `read`; one that is bad does not lose the others.

    A file that is not what `datapackage.json` says is damage, told behind what was in it. With
    `by_index` a file that lies unpacked in the zip is read by the WACZ's own index, and not compared.
    """
    try:
        archive = zipfile.ZipFile(file)
        entries = [one for one in archive.infolist() if one.filename.lower().endswith(_SUFFIXES)]
    except UNREADABLE as error:
        yield Damage(file=source, offset=0, reason=f"not a whole WACZ: {str(error)[:120]}")
        return
    digests = _digests(archive)
    lines: list[str] = []
    if by_index:
        with suppress(ArchiveError, *UNREADABLE):  # then it is read whole
            lines += _index(archive)
    for entry in entries:
        name = f"{source}:{entry.filename}"
        if climbs(entry.filename):
            told = "its name would leave the folder it is unpacked in; it was not read"
            yield Damage(file=name, offset=0, reason=told)
            continue
        try:
            if lines and (part := _part(file, entry)):
                yield from read(part, name, index=lines)
                continue
            with archive.open(entry) as opened:
                yield from _read_entry(opened, name, digests.get(entry.filename, ""), read)
        except UNREADABLE as error:
            yield Damage(file=name, offset=0, reason=str(error)[:120] or type(error).__name__)
    if not entries:
        yield Damage(file=source, offset=0, reason="no archive in it: not a WACZ")


def _part(file: IO[bytes], entry: zipfile.ZipInfo) -> _Part | None:
    """The bytes of a file in a zip, where they are there as they are."""
    inner = entry.filename.lower().endswith(".wacz")
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 or inner:
        return None
    file.seek(entry.header_offset)
    head = file.read(_LOCAL_HEAD)
    if len(head) < _LOCAL_HEAD or not head.startswith(b"PK\x03\x04"):
        return None
    name, extra = struct.unpack("<HH", head[26:30])
    return _Part(file, entry.header_offset + _LOCAL_HEAD + name + extra, entry.file_size)


def _index(archive: zipfile.ZipFile) -> Iterator[str]:
    """The lines of all its indexes; none if one cannot be read."""
    for entry in archive.infolist():
        if entry.filename.startswith("indexes/") and entry.filename.lower().endswith(SUFFIXES):
            with archive.open(entry) as opened:
                yield from lines_of(opened)


def climbs(name: str) -> bool:
    """Whether a file of a zip would be unpacked outside of its folder, on any system."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name


def _read_entry(opened: IO[bytes], name: str, digest: str, read: Read) -> Iterator[Item]:
    if name.lower().endswith(".wacz"):
        yield from read(opened, name)
        return
    hashed = _Hashed(opened)
    yield from read(hashed, name)
    if digest and hashed.rest_digest() != digest:
        yield Damage(file=name, offset=0, reason="it is not what datapackage.json says")


def _digests(archive: zipfile.ZipFile) -> dict[str, str]:
    """The SHA-256 of each file by its name; nothing if the manifest cannot be read."""
    try:
        with archive.open("datapackage.json") as file:
            resources = json.loads(file.read(_MOST_MANIFEST)).get("resources", ())
        return {
            str(one["path"]): str(one["hash"])
            for one in resources
            if str(one.get("hash", "")).startswith("sha256:") and "path" in one
        }
    except (KeyError, AttributeError, TypeError, *UNREADABLE):
        return {}
