"""Whether one text is a translation of another: paragraph by paragraph, in the same order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from index.meaning.packing import dot, unpack

LEAST_PARAGRAPHS = 4
_ALIKE = 0.55  # cosine of two paragraphs that say the same
_SHARE = 0.4  # of the shorter text's paragraphs that the other must have, in order

Paragraphs = Sequence[bytes]


def translated_share(one: Paragraphs, other: Paragraphs) -> float:
    """The share of the shorter text's paragraphs that are in the other, in order; 0 for no translation.

    Two paragraphs say the same when each is the other's nearest, with a cosine of .55 and more. Four
    such pairs and two fifths of the shorter text are the least.
    """
    shorter = min(len(one), len(other))
    if shorter < LEAST_PARAGRAPHS:
        return 0.0
    table = [[dot(unpack(a), unpack(b)) for b in other] for a in one]
    across = [max(range(len(other)), key=row.__getitem__) for row in table]
    back = [max(range(len(one)), key=lambda place: table[place][col]) for col in range(len(other))]
    pairs = [
        col for row, col in enumerate(across) if back[col] == row and table[row][col] >= _ALIKE
    ]
    chain = _longest_rising(pairs)
    share = chain / shorter
    return round(share, 3) if chain >= LEAST_PARAGRAPHS and share >= _SHARE else 0.0


def _longest_rising(numbers: Sequence[int]) -> int:
    """The length of the longest rising part of a sequence of different numbers."""
    ends: list[int] = []
    for number in numbers:
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
    return len(ends)
