"""Parts of an open file, read piece by piece, and lines in order looked up in them.

Nothing is mapped: a process pays for each page that it touches in a map, and for those around it, and
a search touches a little of everything.
"""

from __future__ import annotations

import os
import weakref
from bisect import bisect_left
from pathlib import Path
from typing import NamedTuple

_AT_ONCE = 4096  # bytes that are read rather than halved once more
_LINE = 128  # bytes before and after a place, in which most lines lie whole


class OpenFile:
    """A file that stays open, and readable when its name is gone, as long as this object lives."""

    def __init__(self, path: Path) -> None:
        """Raises `OSError`."""
        self.descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self.descriptor)
        self.size = os.fstat(self.descriptor).st_size


class ByteRange(NamedTuple):
    """The bytes of a file from `start` to before `end`."""

    file: OpenFile
    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.end - self.start

    def read(self, place: int, size: int) -> bytes:
        """The bytes from a place in the part on, fewer at its end.

        Raises `ValueError` before its beginning, `EOFError` if the file ends too early, `OSError`.
        """
        if place < 0:
            raise ValueError(f"no place {place} in a file")
        size = min(size, self.size - place)
        data = os.pread(self.file.descriptor, size, self.start + place) if size > 0 else b""
        if len(data) < size:
            raise EOFError(f"the file ends within {size} bytes from {self.start + place}")
        return data

    def read_all(self) -> bytes:
        """All of its bytes; raises as `read`."""
        return self.read(0, self.size)


def first_not_below(lines: ByteRange, key: bytes, low: int = 0) -> int:
    """Where the first of lines in order begins that is not below the key, from line `low` on."""
    high = lines.size
    while high - low > _AT_ONCE:
        place, line = _line_at(lines, (low + high) // 2, low, high)
        if line < key:
            low = place + len(line) + 1
        else:
            high = place
    rest = lines.read(low, high - low).split(b"\n")[:-1]
    below = bisect_left(rest, key)
    return low + sum(map(len, rest[:below])) + below


def line_at(lines: ByteRange, place: int) -> bytes:
    """The line that begins at a place; none at the end."""
    return _line_at(lines, place, place, lines.size)[1] if place < lines.size else b""


def _line_at(lines: ByteRange, place: int, low: int, high: int) -> tuple[int, bytes]:
    """Where the line begins that a place is in, and its text."""
    reach = _LINE
    while True:
        first = max(low, place - reach)
        data = lines.read(first, min(high, place + reach) - first)
        start, end = data.rfind(b"\n", 0, place - first) + 1, data.find(b"\n", place - first)
        if (start or first == low) and end >= 0:
            return first + start, data[start:end]
        if first == low and first + len(data) == high:
            raise EOFError("a line without an end")
        reach *= 8
