"""Posting lists in Whoosh's own block format: written by hand, read a block at a time.

A list is the tag `W3Bl` and blocks of up to 128 postings. A block is its length (negative in the last
one), a pickled tuple of six numbers, and a pickled tuple (document steps, weights, values) that may be
compressed. Stock Whoosh reads what is written here; a block of stock Whoosh is read here too, only
slower, since its head has no fixed size.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import sub
from typing import Any

from index.fulltext.segments.plain import load_plain, load_plain_head, load_plain_many

TAG = b"W3Bl"
BLOCK = 128
_COMPRESS_FROM = 256  # shorter blocks gain little for their time
_LEVEL = 3

# The head of a block as protocol 2 writes it with operands of fixed width, so that its end is known:
# ( M count J last G heaviest K compression K shortest K longest t .
_HEAD = struct.Struct("<3sBHBi9xBBBBBB2s")
_HEAD_START, _HEAD_END = b"\x80\x02(", b"t."
_BINUINT1, _BINUINT2, _BININT = b"KMJ"

_SHORT_BYTES = ord("C")
_NONE = b"N"
_HEADS = tuple(count.to_bytes(4) + b"C" + bytes((count,)) for count in range(256))  # before so many


@dataclass(frozen=True, slots=True)
class PostingBlock:
    """The postings of up to 128 documents, in order: numbers, weights, and encoded positions."""

    documents: list[int]
    weights: Sequence[int] | Sequence[float]
    values: Sequence[bytes]


def encode_positions(positions: Sequence[int]) -> bytes:
    """What `whoosh.formats.Positions.encode` means, pickled by hand: their number, then the steps.

    Whoosh unpickles anything that gives whole numbers: bytes, where every step fits one, are half
    the size of a list and many times as fast.
    """
    count = len(positions)
    if count == 1:
        return _LONE[positions[0]]
    steps = list(map(sub, positions, [0, *positions]))
    if count < 256 and max(steps) < 256:
        return _HEADS[count] + bytes(steps) + b"."
    return count.to_bytes(4) + b"(" + b"".join(map(_PICKLED.__getitem__, steps)) + b"t."


def decode_steps(values: Sequence[bytes]) -> list[Sequence[int]]:
    """For each of several documents, the first position and the steps from each to the next."""
    # The steps of most are pickled bytes, which can be cut out.
    others = load_plain_many([value[4:] for value in values if value[4] != _SHORT_BYTES])
    return [value[6:-1] if value[4] == _SHORT_BYTES else next(others) for value in values]


def encode_list(
    documents: Sequence[int],
    weights: Sequence[float],
    values: Sequence[bytes | None] | None,
    *,
    bounds: tuple[int, int],
) -> bytes:
    """A whole posting list; `bounds` are the least and greatest length byte of the field.

    They are those of the segment and stand for those of each block: wider than need be, so never
    wrong for a reader that skips by them.
    """
    end = len(documents)
    if end <= BLOCK:
        block = _encode_block(documents, weights, values, bounds)
        return TAG + (-len(block)).to_bytes(4, signed=True) + block
    parts = [TAG]
    for start in range(0, end, BLOCK):
        stop = start + BLOCK
        inner = values and values[start:stop]
        block = _encode_block(documents[start:stop], weights[start:stop], inner, bounds)
        parts.append((-len(block) if stop >= end else len(block)).to_bytes(4, signed=True))
        parts.append(block)
    return b"".join(parts)


def encode_lone(document: int, weight: float, value: bytes | None) -> bytes:
    """The list of a term that one document has: `W3TermInfo` keeps it in the dictionary, pickled."""
    if isinstance(weight, int) and (value is None or len(value) < 256):
        body = _NONE if value is None else b"C" + bytes((len(value),)) + value
        head = _PICKLED[document] + b"\x85" + _PICKLED[weight] + b"\x85"
        return b"\x80\x03" + head + body + b"\x85\x87."
    return pickle.dumps(((document,), (weight,), (value,)), 4)


def read_lone(data: bytes) -> PostingBlock:
    """The inverse of `encode_lone`."""
    documents, weights, values = load_plain(data)
    return PostingBlock(list(documents), weights, () if values == (None,) else values)


def read_blocks(data: bytes) -> Iterator[PostingBlock]:
    """The blocks of a list; raises `ValueError` if it is none."""
    if not data.startswith(TAG):
        raise ValueError("no posting list")
    view, position = memoryview(data), len(TAG)
    last = False
    while not last:
        length = int.from_bytes(view[position : position + 4], signed=True)
        last, start = length < 0, position + 4
        position = start + abs(length)
        yield _read_block(view[start:position])


class _Pickled(dict[int, bytes]):
    """Number → its pickle, filled as numbers are met."""

    def __missing__(self, number: int) -> bytes:
        if number < 256:
            code = bytes((_BINUINT1, number))
        elif number < 65536:
            code = b"M" + number.to_bytes(2, "little")
        else:
            code = b"J" + number.to_bytes(4, "little")
        self[number] = code
        return code


class _Lone(dict[int, bytes]):
    """Position → the value of a term that is there and nowhere else; most terms do."""

    def __missing__(self, position: int) -> bytes:
        self[position] = value = b"\0\0\0\1" + _PICKLED[position] + b"\x85."
        return value


_PICKLED = _Pickled()
_LONE = _Lone()


def _encode_block(
    documents: Sequence[int],
    weights: Sequence[float],
    values: Sequence[bytes | None] | None,
    bounds: tuple[int, int],
) -> bytes:
    last = documents[-1]
    steps = (documents[0], *map(sub, documents[1:], documents))
    data = pickle.dumps((steps, _pack_weights(weights), values and tuple(values)), 4)
    compression = _LEVEL if len(data) >= _COMPRESS_FROM else 0
    if compression:
        data = zlib.compress(data, compression)
    return b"".join(
        (
            b"\x80\x02(M", len(documents).to_bytes(2, "little"), b"J", last.to_bytes(4, "little"),
            b"G", _FLOATS[max(weights)], _ending(compression, bounds), data,
        )
    )  # fmt: skip


@cache
def _ending(compression: int, bounds: tuple[int, int]) -> bytes:
    """The part of a block's head that is the same for most blocks of a field."""
    return bytes((_BINUINT1, compression, _BINUINT1, bounds[0], _BINUINT1, bounds[1])) + _HEAD_END


class _Floats(dict[float, bytes]):
    """Weight → its eight bytes, filled as weights are met."""

    def __missing__(self, weight: float) -> bytes:
        self[weight] = packed = struct.pack(">d", weight)
        return packed


_FLOATS = _Floats()


def _pack_weights(weights: Sequence[float]) -> bytes | tuple[float, ...] | None:
    """All ones as None, whole numbers below 256 as bytes, which stock Whoosh indexes as well."""
    if weights.count(1) == len(weights):
        return None
    try:
        return bytes(weights)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return tuple(weights)


def _read_block(block: memoryview) -> PostingBlock:
    count, compression, start = _read_head(block)
    data: Any = block[start:]
    steps, weights, values = load_plain(zlib.decompress(data) if compression else data)
    if weights is None:
        weights = b"\x01" * count
    elif isinstance(weights, float):
        weights = (weights,) * count
    return PostingBlock(list(accumulate(steps)), weights, values or ())


def _read_head(block: memoryview) -> tuple[int, int, int]:
    """The number of postings, whether they are compressed, and where they begin."""
    if block[:3] == _HEAD_START and block[_HEAD.size - 2 : _HEAD.size] == _HEAD_END:
        _, first, count, second, *_ = _HEAD.unpack_from(block)
        if first == _BINUINT2 and second == _BININT:
            return count, block[_HEAD.size - 7], _HEAD.size
    return _read_stock_head(block)


def _read_stock_head(block: memoryview) -> tuple[int, int, int]:
    head, size = load_plain_head(block)
    return head[0], head[3], size
