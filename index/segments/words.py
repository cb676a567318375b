"""The words of a field, one a line: in order, and in the order of their ends.

The dictionary answers for one term; what a beginning, an end or a typo stands for is read here, as one
stretch of the file. It is a file of ours beside Whoosh's in the segment, which stock Whoosh ignores.
"""

from __future__ import annotations

from collections.abc import Iterable
from mmap import mmap


def encode_words(words: Iterable[bytes]) -> bytes:
    """One file from words in order; none holds a line's end."""
    return b"".join(word + b"\n" for word in words)


def turn_words(words: Iterable[bytes]) -> list[bytes]:
    """The words written from their ends, in order."""
    return [word.encode() for word in sorted(word.decode()[::-1] for word in words)]


class Words:
    """Both files of a field of an open segment; each is given by its bounds in the map."""

    def __init__(self, data: mmap, forward: tuple[int, int], turned: tuple[int, int]) -> None:
        self._data = data
        self._forward = forward
        self._turned = turned

    def starting(self, beginning: str) -> list[str]:
        """The words with that beginning, in order."""
        return self._range(self._forward, beginning)

    def ending(self, end: str) -> list[str]:
        """The words with that end, in no order."""
        return [word[::-1] for word in self._range(self._turned, end[::-1])]

    def _range(self, bounds: tuple[int, int], beginning: str) -> list[str]:
        key = beginning.encode()
        first = self._place(bounds, key)
        last = self._place((first, bounds[1]), key + b"\xff")  # which is above any letter
        return self._data[first:last].decode().split("\n")[:-1]

    def _place(self, bounds: tuple[int, int], key: bytes) -> int:
        """Where the first line that is not below the key begins."""
        low, high = bounds
        while low < high:
            line = self._data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._data.find(b"\n", line, bounds[1])
            if self._data[line:end] < key:
                low = end + 1
            else:
                high = line
        return low
