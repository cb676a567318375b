"""An open segment: its compound file mapped into memory, nothing copied until it is asked for.

Stock Whoosh copies every file out of the map when it opens a segment, which makes opening cost time
and memory in proportion to the index. Here a file is a view of the map.
"""

from __future__ import annotations

import mmap
import pickle
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from index.segments.columns import NameColumn, decode_names, decode_numbers
from index.segments.plain import load_plain
from index.segments.postings import Block, read_blocks, read_lone
from index.segments.roots import Roots
from index.segments.terms import TermInfo, Terms
from index.segments.toc import Record
from index.segments.words import Words

SUSPECT = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, TypeError, ValueError,
    struct.error, zlib.error, pickle.UnpicklingError,
)  # fmt: skip
"""What reading a torn or overwritten file can raise, and a fault of ours too: see `damaged_files`."""


class Segment:
    """A set of documents, numbered from 0, that never changes but for those struck out."""

    def __init__(self, folder: Path, record: Record) -> None:
        """Map the file of a segment; raises `OSError`, or one of `SUSPECT`."""
        self.record = record
        self.count = record.count
        with (folder / record.file_name).open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._view = memoryview(self._map)
        start = int.from_bytes(self._view[:8])
        self._files: dict[str, dict[str, int]] = load_plain(self._view[start:])

    @cached_property
    def terms(self) -> Terms:
        """The term dictionary."""
        return Terms(self._file(".trm"))

    @cached_property
    def roots(self) -> Roots:
        """The forms of each root."""
        return Roots(self._map, *self._bounds(".roots"))

    def words(self, field: str) -> Words:
        """The words of a field that lists them."""
        return Words(self._map, self._bounds(f".{field}.words"), self._bounds(f".{field}.turned"))

    @cached_property
    def documents(self) -> frozenset[int]:
        """Every document that is not struck out."""
        return frozenset(range(self.count)) - self.record.deleted

    def blocks(self, info: TermInfo) -> Iterator[Block]:
        """The postings of a term, struck-out documents among them."""
        if info.lone is not None:
            return iter((read_lone(info.lone),))
        return read_blocks(self._postings, info.offset)

    def numbers(self, field: str, code: str, default: int = 0) -> array[int]:
        """A numeric column by document; a column without any value is all default."""
        view = self._column(field)
        if view is None:
            return array(code, [default]) * self.count
        return decode_numbers(view, code, self.count, default)

    def names(self, field: str) -> NameColumn:
        """A column of names by document."""
        view = self._column(field)
        if view is None:
            return NameColumn(bytes(self.count), ("",))
        return decode_names(view, self.count)

    def length_bytes(self, field: str) -> bytes:
        """The length of a field by document, as an index into `LENGTHS`."""
        return self.numbers(f"_{field}_len", "B").tobytes()

    def total_length(self, field: str) -> int:
        """The sum of a field's lengths."""
        return self.record.lengths.get(field, 0)

    @cached_property
    def _postings(self) -> memoryview:
        return self._file(".pst")

    def _column(self, field: str) -> memoryview | None:
        name = f".{field}.col"
        return self._file(name) if self.record.name + name in self._files else None

    def _bounds(self, extension: str) -> tuple[int, int]:
        """Where a file of ours lies in the map; empty where stock Whoosh wrote the segment."""
        place = self._files.get(self.record.name + extension, {"offset": 0, "length": 0})
        return place["offset"], place["offset"] + place["length"]

    def _file(self, extension: str) -> memoryview:
        place = self._files[self.record.name + extension]
        return self._view[place["offset"] : place["offset"] + place["length"]]


def damaged_files(folder: Path, records: Iterable[Record]) -> list[str]:
    """The segments' files that are not as they were written; reads all of them."""
    return [record.file_name for record in records if not record.is_intact(folder)]
