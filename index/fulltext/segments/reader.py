"""An open segment: one compound file, of which nothing is read until it is asked for.

Stock Whoosh copies every file out of a map when it opens a segment, which makes opening cost time and
memory in proportion to the index. Here a file is a part of the open one.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from index.fulltext.segments.byte_ranges import ByteRange, OpenFile
from index.fulltext.segments.columns import NameColumn, decode_names, decode_numbers
from index.fulltext.segments.dictionary import TermDictionary, TermInfo
from index.fulltext.segments.plain import load_plain
from index.fulltext.segments.postings import PostingBlock, read_blocks, read_lone
from index.fulltext.segments.roots import Roots
from index.fulltext.segments.toc import SegmentRecord
from index.fulltext.segments.wordlist import Words

SUSPECT = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, TypeError, ValueError,
    struct.error, zlib.error, pickle.UnpicklingError,
)  # fmt: skip
"""What reading a torn or overwritten file can raise, and a fault of ours too: see `damaged_files`."""


class Segment:
    """A set of documents, numbered from 0, that never changes but for those struck out."""

    def __init__(self, folder: Path, record: SegmentRecord) -> None:
        """Open the file of a segment; raises `OSError`, or one of `SUSPECT`."""
        self.record = record
        self.count = record.count
        file = OpenFile(folder / record.file_name)
        self._whole = ByteRange(file, 0, file.size)
        start = int.from_bytes(self._whole.read(0, 8))
        self._files: dict[str, dict[str, int]] = load_plain(self._whole.read(start, file.size))

    @cached_property
    def terms(self) -> TermDictionary:
        """The term dictionary."""
        return TermDictionary(self._file(".trm"))

    @cached_property
    def roots(self) -> Roots:
        """The forms of each root."""
        return Roots(self._own_file(".roots"))

    def words(self, field: str) -> Words:
        """The words of a field that lists them."""
        return Words(self._own_file(f".{field}.words"), self._own_file(f".{field}.turned"))

    @cached_property
    def documents(self) -> frozenset[int]:
        """Every document that is not struck out."""
        return frozenset(range(self.count)) - self.record.deleted

    def blocks(self, info: TermInfo) -> Iterator[PostingBlock]:
        """The postings of a term, struck-out documents among them."""
        if info.lone is not None:
            return iter((read_lone(info.lone),))
        return read_blocks(self._postings.read(info.offset, info.size))

    def numbers(self, field: str, code: str, default: int = 0) -> array[int]:
        """A numeric column by document; a column without any value is all default."""
        data = self._column(field)
        if data is None:
            return array(code, [default]) * self.count
        return decode_numbers(data, code, self.count, default)

    def names(self, field: str) -> NameColumn:
        """A column of names by document."""
        data = self._column(field)
        if data is None:
            return NameColumn(bytes(self.count), ("",))
        return decode_names(data, self.count)

    def length_bytes(self, field: str) -> bytes:
        """The length of a field by document, as an index into `LENGTHS`."""
        return self.numbers(f"_{field}_len", "B").tobytes()

    def total_length(self, field: str) -> int:
        """The sum of a field's lengths."""
        return self.record.lengths.get(field, 0)

    @cached_property
    def _postings(self) -> ByteRange:
        return self._file(".pst")

    def _column(self, field: str) -> bytes | None:
        name = f".{field}.col"
        return self._file(name).read_all() if self.record.name + name in self._files else None

    def _own_file(self, extension: str) -> ByteRange:
        """A file of ours; empty where stock Whoosh wrote the segment."""
        if self.record.name + extension in self._files:
            return self._file(extension)
        return self._whole._replace(end=0)

    def _file(self, extension: str) -> ByteRange:
        place = self._files[self.record.name + extension]
        start, end = place["offset"], place["offset"] + place["length"]
        if not 0 <= start <= end <= self._whole.end:
            raise ValueError(f"{extension} lies outside of the file")
        return self._whole._replace(start=start, end=end)


def damaged_files(folder: Path, records: Iterable[SegmentRecord]) -> list[str]:
    """The segments' files that are not as they were written; reads all of them."""
    return [record.file_name for record in records if not record.is_intact(folder)]
