"""Whoosh's length bytes: the length of a text in one byte, exact below some dozens, then coarser.

Its own table (`whoosh.util.numeric`), made by the formula it was made by, so that a search need not
import Whoosh.
"""

from __future__ import annotations

from bisect import bisect_left

LENGTHS = tuple(round((1.033**byte - 1) * 27) for byte in range(256))
"""The length that each byte stands for."""


def length_to_byte(length: int) -> int:
    """The byte that stands for a length."""
    return min(255, bisect_left(LENGTHS, length))
