"""Writing a segment in Whoosh's format: postings first, then dictionary, columns and directory.

Stock Whoosh pushes every posting through a chain of generators, a sort and two files. Here terms are
pooled in dictionaries by field, sorted once, and each list is encoded whole; the compound file is
written from front to back and synced once.
"""

from __future__ import annotations

import os
import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

from index.fulltext.segments.columns import encode_names, encode_numbers
from index.fulltext.segments.dictionary import TermsWriter
from index.fulltext.segments.layout import Document, Layout
from index.fulltext.segments.lengths import length_to_byte
from index.fulltext.segments.postings import encode_list, encode_lone
from index.fulltext.segments.roots import encode_roots
from index.fulltext.segments.toc import SegmentRecord, read_checksum
from index.fulltext.segments.wordlist import encode_words, turn_words


class TermPostings(NamedTuple):
    """A term and its documents in order, ready to be written."""

    text: bytes
    documents: Sequence[int]
    weights: Sequence[float]
    values: Sequence[bytes | None] | None


@dataclass(slots=True)
class Rows:
    """What a segment that is being written holds beside its postings: columns, lengths, roots, words."""

    layout: Layout
    count: int = 0
    lengths: dict[str, bytearray] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    roots: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, list[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lengths = {name: bytearray() for name in self.layout.measured}
        self.totals = dict.fromkeys(self.layout.measured, 0)
        self.numbers = {name: [] for name in self.layout.numbers}
        self.names = {name: [] for name in self.layout.names}
        self.words = {name: [] for name in self.layout.listed}

    def add(self, document: Document) -> None:
        """Add the next document."""
        self.count += 1
        for name in self.layout.measured:
            length = document.lengths[name]
            self.lengths[name].append(length_to_byte(length))
            self.totals[name] += length
        for name, numbers in self.numbers.items():
            numbers.append(document.numbers[name])
        for name, names in self.names.items():
            names.append(document.names[name])
        for language, roots in document.roots.items():
            self.roots.setdefault(language, {}).update(roots)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The columns, the roots and the lists of words: extension and content."""
        yield ".roots", encode_roots(self.roots.values())
        for name, words in self.words.items():
            yield f".{name}.words", encode_words(words)
            yield f".{name}.turned", encode_words(turn_words(words))
        for name, lengths in self.lengths.items():
            yield f"._{name}_len.col", bytes(lengths)
        for name, numbers in self.numbers.items():
            yield f".{name}.col", encode_numbers(numbers, self.layout.numbers[name])
        for name, names in self.names.items():
            yield f".{name}.col", encode_names(names)
        yield "._stored.col", _no_stored_fields(self.count)


class SegmentWriter:
    """Collects documents in memory and writes them as one segment."""

    def __init__(self, layout: Layout) -> None:
        self.rows = Rows(layout)
        self.postings = 0
        # Of each term a flat list: document, weight, value, document, weight, value, …
        self._pool: dict[str, defaultdict[str, list[Any]]] = {
            name: defaultdict(list) for name in layout.terms
        }

    def add(self, document: Document) -> None:
        """Add a document; its number is the count of those before it."""
        number = self.rows.count
        self.rows.add(document)
        for name, terms in document.terms.items():
            pool = self._pool[name]
            self.postings += len(terms)
            for text, (weight, value) in terms.items():
                pool[text].extend((number, weight, value))

    def write(self, folder: Path) -> SegmentRecord:
        """Write and sync the segment; returns its record for the table. Raises `OSError`."""
        return write_segment(folder, self.rows, self._fields())

    def _fields(self) -> Iterator[tuple[str, Iterator[TermPostings]]]:
        for name in sorted(self._pool):
            yield name, self._sorted(self._pool[name], name in self.rows.layout.positional)

    @staticmethod
    def _sorted(pool: Mapping[str, list[Any]], positional: bool) -> Iterator[TermPostings]:
        for text in sorted(pool):
            flat = pool[text]
            if len(flat) == 3:
                number, weight, value = flat
                yield TermPostings(text.encode(), (number,), (weight,), (value,))
            else:
                values = flat[2::3] if positional else None
                yield TermPostings(text.encode(), flat[::3], flat[1::3], values)


def write_segment(
    folder: Path, rows: Rows, fields: Iterable[tuple[str, Iterable[TermPostings]]]
) -> SegmentRecord:
    """Write a segment from its fields and their terms, both in order; raises `OSError`."""
    record = SegmentRecord.new(rows.count, rows.totals)
    name, path = record.name, folder / record.file_name
    try:
        with path.open("wb") as file:
            file.write(bytes(12))
            terms = _write_postings(file, rows, fields)
            places = {f"{name}.pst": {"offset": 12, "length": file.tell() - 12}}
            for extension, data in ((".trm", terms.getvalue()), *rows.files()):
                places[name + extension] = {"offset": file.tell(), "length": len(data)}
                file.write(data)
            _write_directory(file, places)
            file.flush()
            os.fsync(file.fileno())
        return replace(record, checksum=read_checksum(path))
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _write_postings(
    file: IO[bytes], rows: Rows, fields: Iterable[tuple[str, Iterable[TermPostings]]]
) -> TermsWriter:
    """Write every list; returns the dictionary that points to them."""
    terms = TermsWriter(sorted(rows.layout.terms))
    for name, postings in fields:
        bounds = _bounds(rows.lengths.get(name))
        terms.begin(name, bounds)
        note = rows.words[name].append if name in rows.words else None
        for text, documents, weights, values in postings:
            if note:
                note(text)
            if len(documents) == 1:
                lone = encode_lone(documents[0], weights[0], values[0] if values else None)
                terms.add_lone(text, documents[0], weights[0], lone)
            else:
                data = encode_list(documents, weights, values, bounds=bounds)
                file.write(data)
                terms.add(text, documents, weights, len(data))
    return terms


def _bounds(lengths: bytearray | None) -> tuple[int, int]:
    return (min(lengths), max(lengths)) if lengths else (0, 0)


def _write_directory(file: IO[bytes], places: Mapping[str, Mapping[str, int]]) -> None:
    """Append the directory and point to it from the first twelve bytes."""
    start = file.tell()
    directory = pickle.dumps(places, 2) + pickle.dumps({}, 2)
    file.write(directory)
    file.seek(0)
    file.write(start.to_bytes(8) + len(directory).to_bytes(4))


def _no_stored_fields(count: int) -> bytes:
    """The column of stored fields, without which stock Whoosh cannot show a hit: all empty."""
    from whoosh.codec.whoosh3 import STORED_COLUMN
    from whoosh.filedb.structfile import StructFile

    file = BytesIO()
    column: Any = STORED_COLUMN
    column.writer(StructFile(file)).finish(count)
    return file.getvalue()
