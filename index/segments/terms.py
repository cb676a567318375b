"""The term dictionary of a segment (Whoosh's `.trm`): written from sorted keys, searched in the map.

A key is the field's number in two bytes and the term in UTF-8; keys stand in order, so that a prefix
is a range, and a hash table over them answers a single term in one or two reads. See
`whoosh.filedb.filetables.OrderedHashWriter`, whose file this is.
"""

from __future__ import annotations

import pickle
import struct
from array import array
from collections.abc import Iterator, Sequence
from functools import partial
from sys import byteorder
from typing import NamedTuple
from zlib import crc32

from index.segments.plain import load_plain

_MAGIC = b"HSH3"
_CRC32 = 1  # the hash function by its number in the file
_START = len(_MAGIC) + 9
_LENGTHS = struct.Struct("!ii")
_POINTER = struct.Struct("!Iq")
_TABLE = struct.Struct("!qi")
_INFO = struct.Struct("!BfIBBfII")
_LISTED = struct.Struct("!BfIBBfIIqi")  # and where the list lies
_EXTENT = struct.Struct("!qi")
_INDEX_SIZES = {"B": 1, "H": 2, "i": 4, "I": 4, "q": 8}
_BUCKETS = 256


class TermInfo(NamedTuple):
    """How often a term stands in a segment, and its postings: where they begin, or, of a term that

    only one document has, the list itself.
    """

    weight: float
    documents: int
    offset: int
    lone: memoryview | None


class Extent(NamedTuple):
    """Where a term's list lies in the postings file, and the length bytes its documents lie between."""

    offset: int
    size: int
    bounds: tuple[int, int]


class TermsWriter:
    """Collects terms in ascending order of field number and text, then gives the file's bytes."""

    def __init__(self, fields: dict[str, int]) -> None:
        self._fields = fields
        self._keys = [number.to_bytes(2) for number in range(len(fields))]
        self._parts: list[bytes] = [_MAGIC + bytes((_CRC32,)) + bytes(8)]
        self._end = _START
        self._positions = array("I")
        self._hashes = array("I")

    def add(
        self,
        field: int,
        text: bytes,
        documents: Sequence[int],
        weights: Sequence[float],
        extent: Extent,
    ) -> None:
        """Add the next term with the documents that have it and its weight in each."""
        value = _LISTED.pack(
            0,
            sum(weights),
            len(documents),
            *extent.bounds,
            max(weights),
            documents[0],
            documents[-1],
            extent.offset,
            extent.size,
        )
        self._add(self._keys[field] + text, value)

    def add_lone(
        self,
        field: int,
        text: bytes,
        document: int,
        weight: float,
        bounds: tuple[int, int],
        encoded: bytes,
    ) -> None:
        """Add the next term, which only one document has, with its encoded list."""
        value = _INFO.pack(1, weight, 1, *bounds, weight, document, document)
        self._add(self._keys[field] + text, value + encoded)

    def _add(self, key: bytes, value: bytes) -> None:
        self._positions.append(self._end)
        self._hashes.append(crc32(key))
        record = _LENGTHS.pack(len(key), len(value)) + key + value
        self._parts.append(record)
        self._end += len(record)

    def getvalue(self) -> bytes:
        """The whole file."""
        tables = self._add_hash_tables()
        self._parts += [_TABLE.pack(*table) for table in tables]
        extras = pickle.dumps(
            {"fieldmap": self._fields, "indextype": "I", "indexlen": len(self._positions)}, 2
        )
        index = _big_endian(self._positions)
        self._parts += (extras, index, (len(extras) + len(index)).to_bytes(4))
        return b"".join(self._parts)

    def _add_hash_tables(self) -> list[tuple[int, int]]:
        buckets: list[list[tuple[int, int]]] = [[] for _ in range(_BUCKETS)]
        for digest, position in zip(self._hashes, self._positions, strict=True):
            buckets[digest & 255].append((digest, position))
        tables = []
        for entries in buckets:
            tables.append((self._end, 2 * len(entries)))
            self._parts.append(_hash_table(entries))
            self._end += len(self._parts[-1])
        return tables


class Terms:
    """The dictionary of an open segment."""

    def __init__(self, view: memoryview) -> None:
        if view[:4] != _MAGIC:
            raise ValueError("no term dictionary")
        self._view = view
        self._hash = crc32 if view[4] == _CRC32 else _md5_hash
        extras_start = len(view) - 4 - int.from_bytes(view[-4:])
        extras = load_plain(view[extras_start:])
        self._tables = extras_start - _BUCKETS * _TABLE.size
        self._fields: dict[str, int] = extras["fieldmap"]
        self._size = _INDEX_SIZES[extras["indextype"]]
        self._count: int = extras["indexlen"]
        self._index = len(view) - 4 - self._size * self._count
        self._end: int = _TABLE.unpack_from(view, self._tables)[0]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have terms, in the order of their keys."""
        return tuple(self._fields)

    def get(self, field: str, text: str) -> TermInfo | None:
        """One term, or None when no document has it."""
        key = self._key(field, text)
        if key is None:
            return None
        view, digest = self._view, self._hash(key)
        table, slots = _TABLE.unpack_from(view, self._tables + _TABLE.size * (digest & 255))
        slot = (digest >> 8) % slots if slots else 0
        for _ in range(slots):
            found, position = _POINTER.unpack_from(view, table + _POINTER.size * slot)
            if not position:
                break
            if found == digest and self._key_at(position) == key:
                return self._info_at(position)
            slot = (slot + 1) % slots
        return None

    def starting(self, field: str, prefix: str = "") -> Iterator[tuple[str, TermInfo]]:
        """The terms of a field that begin with the prefix, in order."""
        key = self._key(field, prefix)
        if key is None:
            return
        position = self._position_of(key)
        while position < self._end:
            text = self._key_at(position)
            if not text.startswith(key):
                break
            yield text[2:].decode(), self._info_at(position)
            position = self._after(position)

    def items(self, field: str) -> Iterator[tuple[bytes, TermInfo]]:
        """Every term of a field, undecoded, in order: what a merge walks along."""
        position, end = self._bounds(field)
        while position < end:
            yield self._key_at(position)[2:], self._info_at(position)
            position = self._after(position)

    def _bounds(self, field: str) -> tuple[int, int]:
        number = self._fields.get(field)
        if number is None:
            return 0, 0
        return self._position_of(number.to_bytes(2)), self._position_of((number + 1).to_bytes(2))

    def _key(self, field: str, text: str) -> bytes | None:
        number = self._fields.get(field)
        return None if number is None else number.to_bytes(2) + text.encode()

    def _key_at(self, position: int) -> bytes:
        start = position + _LENGTHS.size
        return bytes(
            self._view[start : start + int.from_bytes(self._view[position : position + 4])]
        )

    def _after(self, position: int) -> int:
        key, value = _LENGTHS.unpack_from(self._view, position)
        return position + _LENGTHS.size + int(key + value)

    def _info_at(self, position: int) -> TermInfo:
        view = self._view
        key, value = _LENGTHS.unpack_from(view, position)
        start = position + _LENGTHS.size + key
        inlined, weight, documents, *_ = _INFO.unpack_from(view, start)
        body = start + _INFO.size
        if inlined:
            return TermInfo(weight, documents, 0, view[body : start + value])
        return TermInfo(weight, documents, _EXTENT.unpack_from(view, body)[0], None)

    def _position_of(self, key: bytes) -> int:
        """Where the first key that is not below the given one stands."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._key_at(self._indexed(middle)) < key:
                low = middle + 1
            else:
                high = middle
        return self._indexed(low) if low < self._count else self._end

    def _indexed(self, number: int) -> int:
        start = self._index + number * self._size
        return int.from_bytes(self._view[start : start + self._size])


def _hash_table(entries: list[tuple[int, int]]) -> bytes:
    slots = 2 * len(entries)
    table = bytearray(slots * _POINTER.size)
    taken = set()
    for digest, position in entries:
        slot = (digest >> 8) % slots
        while slot in taken:
            slot = (slot + 1) % slots
        taken.add(slot)
        _POINTER.pack_into(table, slot * _POINTER.size, digest, position)
    return bytes(table)


def _big_endian(numbers: array[int]) -> bytes:
    if byteorder == "big":
        return numbers.tobytes()
    swapped = numbers[:]
    swapped.byteswap()
    return swapped.tobytes()


def _md5_hash(key: bytes) -> int:
    from hashlib import md5

    return int.from_bytes(partial(md5, usedforsecurity=False)(key).digest()[-4:])
