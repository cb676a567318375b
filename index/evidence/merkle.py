"""A Merkle tree over digests: one root for many, and a short path from each to it (RFC 6962, 2.1).

`H(0x00 ‖ leaf)` for a leaf, `H(0x01 ‖ left ‖ right)` for a node, H = SHA-256; the left side of n leaves
holds the largest power of two below n. Certificate Transparency has the same trees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

Side = Literal["left", "right"]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root, 32 bytes; that of no leaf is the SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return _leaf(leaves[0])
    middle = _split(len(leaves))
    return _node(root_of(leaves[:middle]), root_of(leaves[middle:]))


def path_of(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """What a leaf's digest is combined with on the way to the root, from the bottom up.

    Raises `IndexError` for a place that is none.
    """
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if place < middle:
        return [*path_of(leaves[:middle], place), root_of(leaves[middle:])]
    return [*path_of(leaves[middle:], place - middle), root_of(leaves[:middle])]


def climb(leaf: bytes, place: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a path leads to from the leaf at a place among `size` (RFC 9162, 2.1.3.2).

    Raises `ValueError` for a path that is too short or too long for the tree.
    """
    sides = sides_of(place, size)
    if len(path) > len(sides):
        raise ValueError("the path is too long")
    if len(path) < len(sides):
        raise ValueError("the path is too short")
    found = _leaf(leaf)
    for beside, side in zip(path, sides, strict=True):
        found = _node(beside, found) if side == "left" else _node(found, beside)
    return found


def sides_of(place: int, size: int) -> list[Side]:
    """On which side of what is found so far each piece of a leaf's path stands, from the bottom up.

    Raises `ValueError` for a place that is none.
    """
    if not 0 <= place < size:
        raise ValueError("no such leaf")
    sides: list[Side] = []
    first, last = place, size - 1
    while last:
        if first % 2 or first == last:
            sides.append("left")
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            sides.append("right")
        first, last = first // 2, last // 2
    return sides


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
