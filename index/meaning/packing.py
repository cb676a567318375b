"""Vectors as signed bytes: packed once, then compared in whole numbers, so alike on every machine."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import mul

DIMENSIONS = 512
_LARGEST = 127


def pack(vector: Iterable[float]) -> bytes:
    """A vector of any length as signed bytes, of which the largest is 127; empty for a zero vector."""
    values = [float(value) for value in vector]
    largest = max(map(abs, values), default=0.0)
    if not largest:
        return b""
    return array("b", [round(value * _LARGEST / largest) for value in values]).tobytes()


@lru_cache(maxsize=4096)
def unpack(packed: bytes) -> tuple[float, ...]:
    """The vector of length 1 behind packed bytes; empty for none."""
    values = array("b", packed)
    length = math.sqrt(sum(map(mul, values, values)))
    return tuple(value / length for value in values) if length else ()


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The sum of products; of two vectors of length 1 their cosine, -1 to 1. 0 if one is empty."""
    return float(sum(map(mul, one, other)))


def cosine(one: bytes, other: bytes) -> float:
    """The cosine of two packed vectors, -1 to 1, to six digits; 0 if one is empty."""
    return round(dot(unpack(one), unpack(other)), 6)


def mean_of(vectors: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The mean of vectors; empty for none."""
    return tuple(math.fsum(column) / len(vectors) for column in zip(*vectors, strict=True))


def of_length_one(vector: Sequence[float]) -> tuple[float, ...]:
    """The vector made as long as 1; empty if it has no length."""
    length = math.sqrt(dot(vector, vector))
    return tuple(value / length for value in vector) if length else ()
