"""The term dictionary of a segment (Whoosh's `.trm`): written from sorted keys, looked up in the file.

A key is the field's number in two bytes and the term in UTF-8; keys are in order, so that a field
is a range, and a hash table over them answers a single term in two reads. See
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

from index.fulltext.segments.byte_ranges import ByteRange
from index.fulltext.segments.plain import load_plain

_MAGIC = b"HSH3"
_CRC32 = 1  # the hash function by its number in the file
_START = len(_MAGIC) + 9
_LENGTHS = struct.Struct("!II")
_POINTER = struct.Struct("!Iq")
_TABLE = struct.Struct("!qi")
_INFO = struct.Struct("!BfIBBfII")
_LISTED = struct.Struct("!BfIBBfIIqi")  # and where the list is
_EXTENT = struct.Struct("!qi")
_INDEX_SIZES = {"B": 1, "H": 2, "i": 4, "I": 4, "q": 8}
_BUCKETS = 256
_EXTRAS = 4096  # bytes in which the names of the fields and what is beside them have room
_SLOTS = 8  # pointers read at once; a table is half empty, so that a search seldom goes further
_RECORD = 128  # bytes in which most keys have room with their values
_CHUNK = 1 << 18


class TermInfo(NamedTuple):
    """How often a term is in a segment, and its postings: where they begin and how long they

    are, or, of a term that only one document has, the list itself.
    """

    weight: float
    documents: int
    offset: int
    size: int
    lone: bytes | None


class TermsWriter:
    """Collects fields and their terms in ascending order, then gives the file's bytes."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = {name: number for number, name in enumerate(fields)}
        self._parts: list[bytes] = [_MAGIC + bytes((_CRC32,)) + bytes(8)]
        self._end = _START
        self._positions = array("I")
        self._hashes = array("I")
        self._key = b""
        self._bounds = 0, 0
        self._lists = 0

    def begin(self, field: str, bounds: tuple[int, int]) -> None:
        """The terms from now on are of a field, whose length bytes are within the bounds."""
        self._key = self._fields[field].to_bytes(2)
        self._bounds = bounds

    def add(
        self, text: bytes, documents: Sequence[int], weights: Sequence[float], size: int
    ) -> None:
        """Add the next term with its documents and its weight in each.

        Its list has that size in bytes and is behind those of the terms before.
        """
        value = _LISTED.pack(
            0,
            sum(weights),
            len(documents),
            *self._bounds,
            max(weights),
            documents[0],
            documents[-1],
            self._lists,
            size,
        )
        self._lists += size
        self._add(text, value)

    def add_lone(self, text: bytes, document: int, weight: float, encoded: bytes) -> None:
        """Add the next term, which only one document has, with its encoded list."""
        value = _INFO.pack(1, weight, 1, *self._bounds, weight, document, document)
        self._add(text, value + encoded)

    def _add(self, text: bytes, value: bytes) -> None:
        key = self._key + text
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


class TermDictionary:
    """The dictionary of an open segment."""

    def __init__(self, part: ByteRange) -> None:
        head, tail = part.read(0, _START), part.read(part.size - 4, 4)
        if head[:4] != _MAGIC:
            raise ValueError("no term dictionary")
        self._part = part
        self._hash = crc32 if head[4] == _CRC32 else _md5_hash
        extras_start = part.size - 4 - int.from_bytes(tail)
        extras = load_plain(part.read(extras_start, _EXTRAS))
        self._fields: dict[str, int] = extras["fieldmap"]
        self._size = _INDEX_SIZES[extras["indextype"]]
        self._count: int = extras["indexlen"]
        self._index = part.size - 4 - self._size * self._count
        size = _BUCKETS * _TABLE.size
        self._tables = part.read(extras_start - size, size)
        self._end: int = _TABLE.unpack_from(self._tables)[0]

    def get(self, field: str, text: str) -> TermInfo | None:
        """One term, or None when no document has it."""
        number = self._fields.get(field)
        if number is None:
            return None
        key = number.to_bytes(2) + text.encode()
        digest = self._hash(key)
        for found, position in self._pointers(digest):
            if not position:
                break
            if found == digest:
                other, value = self._record_at(position)
                if other == key:
                    return _read_info(value)
        return None

    def items(self, field: str) -> Iterator[tuple[bytes, TermInfo]]:
        """Every term of a field, undecoded, in order: what a merge walks along."""
        number = self._fields.get(field)
        if number is not None:
            first, last = (self._position_of(one.to_bytes(2)) for one in (number, number + 1))
            for key, value in self._records(first, last, _CHUNK):
                yield key[2:], _read_info(value)

    def _pointers(self, digest: int) -> Iterator[tuple[int, int]]:
        """Digests and positions of keys from where the digest should stand, once around its table."""
        table, slots = _TABLE.unpack_from(self._tables, _TABLE.size * (digest & 255))
        start = (digest >> 8) % slots if slots else 0
        for first, end in ((start, slots), (0, start)):
            for slot in range(first, end, _SLOTS):
                count = min(_SLOTS, end - slot)
                data = self._part.read(table + _POINTER.size * slot, _POINTER.size * count)
                if not data:
                    raise EOFError("a table of the dictionary ends too early")
                yield from _POINTER.iter_unpack(data)

    def _record_at(self, position: int) -> tuple[bytes, bytes]:
        for record in self._records(position, self._end, _RECORD):
            return record
        raise EOFError("the dictionary ends before a term")

    def _records(self, position: int, end: int, size: int) -> Iterator[tuple[bytes, bytes]]:
        """Keys and values from one position to another, with about that many bytes read at once."""
        data, place = b"", 0
        while position + place < end:
            needed = _LENGTHS.size
            if len(data) - place >= needed:
                key, value = _LENGTHS.unpack_from(data, place)
                needed += key + value
            if len(data) - place < needed:
                position, place = position + place, 0
                data = self._part.read(position, min(max(size, needed), end - position))
                if len(data) < needed:
                    raise EOFError("the dictionary ends within a term")
                continue
            start = place + _LENGTHS.size
            place += needed
            yield data[start : start + key], data[start + key : place]

    def _position_of(self, key: bytes) -> int:
        """Where the first key that is not below the given one stands."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            other, _ = self._record_at(self._indexed(middle))
            if other < key:
                low = middle + 1
            else:
                high = middle
        return self._indexed(low) if low < self._count else self._end

    def _indexed(self, number: int) -> int:
        return int.from_bytes(self._part.read(self._index + number * self._size, self._size))


def _read_info(value: bytes) -> TermInfo:
    inlined, weight, documents, *_ = _INFO.unpack_from(value)
    if inlined:
        return TermInfo(weight, documents, 0, 0, value[_INFO.size :])
    offset, size = _EXTENT.unpack_from(value, _INFO.size)
    return TermInfo(weight, documents, offset, size, None)


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
