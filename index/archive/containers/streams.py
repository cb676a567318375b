"""Files as plain bytes, whatever they are packed in: gzip cut into any members, zstd, or not at all."""

from __future__ import annotations

import os
from collections import deque
from typing import Protocol

_CHUNK = 64 * 1024


class StreamDamage(Exception):
    """A stretch that cannot be unpacked; what is read next comes from behind it."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class Source(Protocol):
    """What can be read."""

    def read(self, size: int, /) -> bytes:
        """Read up to that many bytes; empty at the end."""


class ByteStream(Protocol):
    """Plain bytes, and where in the file they come from."""

    is_packed: bool

    @property
    def place(self) -> int:
        """Where what was read last is in the file: its first byte, or the member that it is in."""

    def read(self, size: int, /) -> bytes:
        """Read up to that many bytes; empty at the end. After `StreamDamage` is raised, reading can go on."""

    def skip(self, size: int, /) -> int:
        """Pass over bytes, as many as there are; how many these were. Raises `StreamDamage`."""


class PlainStream:
    """A file that is not packed; what is passed over in it is not read where the file can seek."""

    is_packed = False

    def __init__(self, file: Source) -> None:
        self._file = file
        self._position = 0
        self.place = 0

    def read(self, size: int, /) -> bytes:
        """Read up to that many bytes; empty at the end."""
        data = self._file.read(size)
        self.place = self._position
        self._position += len(data)
        return data

    def skip(self, size: int, /) -> int:
        """Pass over bytes; the last of them is read, so that a file that ends before is noticed."""
        seekable = getattr(self._file, "seekable", None)
        if seekable is None or not seekable() or size <= _CHUNK:
            return read_past(self, size)
        self._file.seek(size - 1, os.SEEK_CUR)  # type: ignore[attr-defined]
        if not self._file.read(1):
            return 0
        self._position += size
        return size


class Peeked:
    """A stream whose first bytes have been looked at."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._pieces: deque[tuple[int, bytes]] = deque()
        self._damage: deque[StreamDamage] = deque()  # each behind a piece without bytes
        self.is_packed = stream.is_packed
        self.place = 0

    def peek(self, size: int) -> bytes:
        """The first bytes, at most that many, damage left out; they are read again."""
        while sum(len(piece) for _, piece in self._pieces) < size:
            try:
                piece = self._stream.read(size)
            except StreamDamage as damage:
                self._damage.append(damage)
                self._pieces.append((damage.offset, b""))
                continue
            if not piece:
                break
            self._pieces.append((self._stream.place, piece))
        return b"".join(piece for _, piece in self._pieces)[:size]

    def read(self, size: int, /) -> bytes:
        """Read up to that many bytes; empty at the end. After `StreamDamage` is raised, reading can go on."""
        if not self._pieces:
            data = self._stream.read(size)
            self.place = self._stream.place
            return data
        self.place, piece = self._pieces.popleft()
        if not piece:
            raise self._damage.popleft()
        if len(piece) > size:
            rest = self.place + (0 if self.is_packed else size)
            self._pieces.appendleft((rest, piece[size:]))
        return piece[:size]

    def skip(self, size: int, /) -> int:
        """Pass over bytes, as many as there are; how many these were. Raises `StreamDamage`."""
        passed = 0
        while self._pieces and passed < size:
            passed += len(self.read(size - passed))
        return passed + (self._stream.skip(size - passed) if passed < size else 0)


def read_past(stream: ByteStream, size: int) -> int:
    """Read bytes and drop them, as many as there are; how many these were."""
    passed = 0
    while passed < size and (piece := stream.read(min(_CHUNK, size - passed))):
        passed += len(piece)
    return passed
