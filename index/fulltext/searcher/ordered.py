"""All that matches in an order, in eight bytes an article: what an export goes through."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from typing import Any, overload

from index.fulltext.schema import decode_id

_RUN = 250_000  # rows that are sorted at a time


class OrderedIds(Sequence[str]):
    """The ids of articles, kept as their numbers and made when they are asked for."""

    def __init__(self, codes: array[int]) -> None:
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[str]:
        return map(decode_id, self._codes)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [decode_id(code) for code in self._codes[index]]
        return decode_id(self._codes[index])


def order_codes(
    codes: array[int], dates: Iterable[int], values: Iterable[Any], *, real: bool
) -> array[int]:
    """The numbers by value, then by date, the highest first, then by number, the lowest first.

    `real` says that values are no whole numbers. In columns, and sorted by runs that are then merged:
    rows of millions of articles would take a gigabyte.
    """
    when, value = array("q", dates), array("d" if real else "q", values)

    def rank(row: int) -> tuple[Any, int, int]:
        return -value[row], -when[row], codes[row]

    starts = range(0, len(codes), _RUN)
    runs = [
        array("Q", sorted(range(start, min(start + _RUN, len(codes))), key=rank))
        for start in starts
    ]
    return array(codes.typecode, (codes[row] for row in merge(*runs, key=rank)))
