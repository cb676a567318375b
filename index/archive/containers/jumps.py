"""A file read without the records that nobody wants: by its index they are jumped over, unread.

What an index does not list is read as without one. The index is checked against what is found: a jump
begins at the record that is named there, and ends where a record begins.
"""

from __future__ import annotations

import os
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO
from urllib.parse import unquote

from index.archive.containers.index_lines import IndexedRecord
from index.archive.containers.values import ZSTD_BLOCK, Wanted

MOST_RECORDS = 2_000_000  # of an index; a longer one is not used
_LOOKS = (1024, 16 * 1024)  # packed bytes that tell which record it is, mostly and always
_MOST_HEAD = 64 * 1024
_AFTER = 64
_GAP = 16 * 1024  # between two records of an address: a request, and what is said of it
_GZIP, _ZSTD = b"\x1f\x8b", re.compile(rb"[\x28\x50-\x5f][\xb5\x2a][\x2f\x4d][\xfd\x18]")
_BEGINS = re.compile(rb"WARC/|https?://|filedesc:", re.IGNORECASE)
_TARGET = re.compile(rb"^WARC-Target-URI:[ \t]*<?([^\r\n>]+)>?[ \t]*\r?$", re.I | re.M)


class IndexFaultError(Exception):
    """An index that does not fit its file; `offset` is where that was seen."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


@dataclass(slots=True, kw_only=True)
class Stretch:
    """Records that lie one behind the other and are jumped in one, each with why it is not wanted."""

    begin: int
    end: int
    first: IndexedRecord
    reasons: list[tuple[str, str]] = field(default_factory=list)  # why not, and the address


def stretches_of(
    records: Iterable[IndexedRecord], wanted: Wanted, *, start: int = 0, joined: bool = False
) -> tuple[list[Stretch], frozenset[int]]:
    """What is jumped from `start` on, and the places of all records listed.

    With `joined` unwanted neighbours are jumped in one, with the little that is between two. Raises
    `IndexFaultError` for records that overlap, or too many.
    """
    known = sorted(islice(records, MOST_RECORDS + 1), key=lambda one: (one.offset, one.length))
    if len(known) > MOST_RECORDS:
        raise IndexFaultError(0, f"it has over {MOST_RECORDS:,} lines")
    found: list[Stretch] = []
    past, is_behind_jump = 0, False
    for number, one in enumerate(known):
        if number and one.offset == known[number - 1].offset and one.offset + one.length == past:
            continue  # another line for the same record
        if one.offset < past:
            raise IndexFaultError(one.offset, "records overlap in it")
        is_page = one.offset >= start and one.url[:8].lower().startswith(("http://", "https://"))
        reason = wanted(one.url, one.moment) if is_page else ""
        if reason and joined and is_behind_jump and one.offset - past <= _GAP:
            found[-1].end = one.offset + one.length
        elif reason:
            found.append(Stretch(begin=one.offset, end=one.offset + one.length, first=one))
        if reason:
            found[-1].reasons.append((reason, one.url))
        past, is_behind_jump = one.offset + one.length, bool(reason)
    return found, frozenset(one.offset for one in known)


class JumpingFile:
    """Reads a file that can seek without its `stretches`; `jumped` collects those that it passed.

    `start` is where reading begins, `held` what was read from there already.
    """

    def __init__(
        self, file: IO[bytes], stretches: Iterable[Stretch], start: int = 0, *, held: bytes = b""
    ) -> None:
        self._file = file
        self._stretches = iter(stretches)
        self._next = next(self._stretches, None)
        self._place = start  # in the file
        self._held = held  # what was read behind it
        self._given = 0  # bytes that were read of the rest
        self._marks = [(0, start)]
        self._start = start
        self.jumped: list[Stretch] = []

    def read(self, size: int, /) -> bytes:
        """Up to that many bytes of what is not jumped; none at the end. Raises `IndexFaultError`."""
        while self._next is not None and self._next.begin <= self._place:
            self._jump(self._next)
        if self._next is not None:
            size = min(size, self._next.begin - self._place)
        data = self._held[:size] if self._held else self._file.read(size)
        self._held = self._held[len(data) :]
        self._place += len(data)
        self._given += len(data)
        return data

    def place_of(self, given: int) -> int:
        """Where a byte that was read is, from where reading began, by its number among them."""
        at = bisect_right(self._marks, given, key=lambda mark: mark[0]) - 1
        first, place = self._marks[max(0, at)]
        return place + given - first - self._start

    def _jump(self, stretch: Stretch) -> None:
        if stretch.begin < self._place:
            raise IndexFaultError(stretch.begin, "a record is longer than the index says")
        self._check_begin(stretch)
        self._step_to(stretch.end)
        after = self._peek(_AFTER).lstrip(b"\r\n\0")
        if after and not (after.startswith(_GZIP) or _ZSTD.match(after) or _BEGINS.match(after)):
            raise IndexFaultError(stretch.end, "no record begins where one should")
        self._marks.append((self._given, self._place))
        self.jumped.append(stretch)
        self._next = next(self._stretches, None)

    def _check_begin(self, stretch: Stretch) -> None:
        is_zstd = bool(_ZSTD.match(self._peek(4)))
        for look in (ZSTD_BLOCK,) if is_zstd else _LOOKS:
            head = _plain(self._peek(min(look, stretch.first.length)))
            if not _BEGINS.match(head):
                raise IndexFaultError(stretch.begin, "no record begins there")
            if found := _TARGET.search(head):
                break
        if found and _told(found[1].decode("utf-8", "replace")) != _told(stretch.first.url):
            raise IndexFaultError(
                stretch.begin, f"the record there is not {stretch.first.url[:120]}"
            )

    def _peek(self, size: int) -> bytes:
        while len(self._held) < size and (piece := self._file.read(size - len(self._held))):
            self._held += piece
        return self._held[:size]

    def _step_to(self, end: int) -> None:
        """Go to a place of the file, whose last byte before it is read, to know that it is there."""
        step = end - 1 - self._place
        if step >= len(self._held):
            self._file.seek(step - len(self._held), os.SEEK_CUR)
            self._held = b""
        else:
            self._held = self._held[step:]
        if not self._peek(1):
            raise IndexFaultError(end, "the file ends before")
        self._held = self._held[1:]
        self._place = end


def reasons_of(stretches: Iterable[Stretch]) -> Iterator[tuple[str, str]]:
    """Why each record of them is not wanted, and its address."""
    for stretch in stretches:
        yield from stretch.reasons


def _plain(packed: bytes) -> bytes:
    """The beginning of a record; empty if it cannot be unpacked."""
    if packed.startswith(_GZIP):
        try:
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, _MOST_HEAD).lstrip()
        except zlib.error:
            return b""
    if _ZSTD.match(packed):
        from index.archive.zstandard import zstd

        try:
            return zstd.ZstdDecompressor().decompress(packed, _MOST_HEAD)
        except zstd.ZstdError:
            return b""
    return packed.lstrip()


def _told(url: str) -> str:
    """An address in one writing, as indexes and records differ in it."""
    return unquote(url.strip("<> ")).lower().rstrip("/")
