"""The gzip members that a WARC file is made of: where each begins and ends, and how it begins."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

GZIP_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 1 << 20
_HEAD = 64 * 1024
_BLOCK = 16 * 1024  # most records are small, and what is read beyond one is read again


@dataclass(frozen=True, slots=True)
class Member:
    """A whole gzip member: where it is in its file, and its first 64 KiB unpacked."""

    start: int
    end: int
    head: bytes


def walk_members(path: Path) -> Iterator[Member]:
    """Every whole member of a file; behind what is damaged, on from the next that begins a record.

    Raises `OSError`.
    """
    with path.open("rb") as file:
        start: int | None = 0
        while start is not None:
            member = _read_member(file, start)
            if member is not None:
                yield member
                start = member.end
            else:
                start = next_member(file, start + 1)


def whole_members(path: Path, *, start: int = 0) -> int:
    """Where the whole gzip members of a file end, counted from one that begins at `start`."""
    with path.open("rb") as file:
        while (member := _read_member(file, start)) is not None:
            start = member.end
    return start


def next_member(file: IO[bytes], start: int) -> int | None:
    """The offset of the next gzip member that begins a WARC record, or None."""
    file.seek(start)
    base, tail = start, b""
    while chunk := file.read(_CHUNK):
        data = tail + chunk
        found = data.find(GZIP_MAGIC)
        while found >= 0:
            if _begins_record(file, base + found):
                return base + found
            found = data.find(GZIP_MAGIC, found + 1)
        tail = data[-2:]
        base += len(data) - len(tail)
        file.seek(base + len(tail))
    return None


def _read_member(file: IO[bytes], start: int) -> Member | None:
    """The member that begins at an offset; None at the end, and where it is cut or damaged."""
    file.seek(start)
    decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
    head = b""
    position = start
    while not decoder.eof:
        block = file.read(_BLOCK)
        if not block:
            return None
        position += len(block)
        data = block
        while data and not decoder.eof:
            try:
                plain = decoder.decompress(data, _CHUNK)
            except zlib.error:
                return None
            if len(head) < _HEAD:
                head += plain
            data = decoder.unconsumed_tail
    return Member(start, position - len(decoder.unused_data), head[:_HEAD])


def _begins_record(file: IO[bytes], offset: int) -> bool:
    file.seek(offset)
    try:
        head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(file.read(4096), 16)
    except zlib.error:
        return False
    return head.startswith((b"WARC/1.0", b"WARC/1.1"))
