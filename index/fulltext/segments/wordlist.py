"""The words of a field, one a line: in order, and in the order of their ends.

The dictionary answers for one term; what a beginning, an end or a typo stands for is read here, as one
stretch of the file. It is a file of ours beside Whoosh's in the segment, which stock Whoosh ignores.
"""

from __future__ import annotations

from collections.abc import Iterable

from index.fulltext.segments.byte_ranges import ByteRange, first_not_below


def encode_words(words: Iterable[bytes]) -> bytes:
    """One file from words in order; none holds a line's end."""
    return b"".join(word + b"\n" for word in words)


def turn_words(words: Iterable[bytes]) -> list[bytes]:
    """The words written from their ends, in order."""
    return [word.encode() for word in sorted(word.decode()[::-1] for word in words)]


class Words:
    """Both files of a field of an open segment."""

    def __init__(self, forward: ByteRange, turned: ByteRange) -> None:
        self._forward = forward
        self._turned = turned

    def starting(self, beginning: str) -> list[str]:
        """The words with that beginning, in order."""
        return _range(self._forward, beginning)

    def ending(self, end: str) -> list[str]:
        """The words with that end, in no order."""
        return [word[::-1] for word in _range(self._turned, end[::-1])]


def _range(lines: ByteRange, beginning: str) -> list[str]:
    key = beginning.encode()
    first = first_not_below(lines, key)
    last = first_not_below(lines, key + b"\xff", first)  # which is above any letter
    return lines.read(first, last - first).decode().split("\n")[:-1]
