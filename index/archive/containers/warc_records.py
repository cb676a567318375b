"""The records of a WARC file, one by one; behind what is damaged, on from the next that begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from index.archive.containers.window import Window

MAX_HEAD = 64 * 1024
_FIRST_LOOK = 4 * 1024
_VERSION = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n", re.IGNORECASE)
_NEXT = re.compile(rb"(?:^|(?<=\n))WARC/\d\.\d{1,2}[ \t]*\r?\n[!-9;-~]+:", re.IGNORECASE)
_LONGEST = 512  # bytes of a match of `_NEXT`
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_GAP = b"\r\n \t\0"
_MOST_GAP = 8
_MOST_LENGTH = 1 << 40
_CUT = "the record is cut short"
_KEPT = ("response", "resource", "revisit", "metadata")  # their blocks are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record: where it is, its named fields in lower case, as much of its block as was wanted."""

    offset: int
    fields: Mapping[str, str]
    block: bytes = b""
    is_skipped: bool = False

    def field(self, name: str) -> str:
        """The value of a named field; empty when there is none."""
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """A record, or a stretch of a file, that could not be read: where, and why."""

    offset: int
    reason: str


def warc_records(
    window: Window, *, most: int, wants: Callable[[Mapping[str, str]], bool] = lambda _: True
) -> Iterator[Record | Torn]:
    """Every record of a stream, with at most that many bytes of its block.

    The block of one whose fields are not wanted is passed over. A record whose length does not end
    where the next begins is not whole, and what is in it is looked through.
    """
    return read_records(window, lambda: _read_record(window, most, wants))


def read_records(window: Window, read: Callable[[], Record | Torn]) -> Iterator[Record | Torn]:
    """What is read record by record, stretch by stretch."""
    while True:
        while not _is_at_end(window):
            found = read()
            # What is torn by damage to the stream is reported once, as that.
            if isinstance(found, Record) or window.damage is None or not _is_at_end(window):
                yield found
        if window.damage is not None:
            yield Torn(offset=window.damage.offset, reason=window.damage.reason)
        if not window.next_stretch():
            return


def _is_at_end(window: Window) -> bool:
    """Pass over what is between two records; whether nothing follows."""
    while head := window.head(4096):
        gap = len(head) - len(head.lstrip(_GAP))
        window.skip(gap)
        if gap < len(head):
            return False
    return True


def _read_record(
    window: Window, most: int, wants: Callable[[Mapping[str, str]], bool]
) -> Record | Torn:
    offset = window.offset
    head = window.head(_FIRST_LOOK)
    end = _HEAD_END.search(head)
    if end is None:
        head = window.head(MAX_HEAD)
        end = _HEAD_END.search(head)
    if not _VERSION.match(head):
        return _go_on(window, offset, "no WARC record begins here")
    if end is None:
        # No fields end in all of this, so that none can begin in the first half of it.
        window.skip(max(1, len(head) // 2))
        return _go_on(window, offset, "the record's fields have no end")
    fields = parse_fields(head[: end.start()])
    window.skip(end.end())
    length = _length(fields)
    if length is None:
        return _go_on(window, offset, "the record's length is no number")
    is_wanted = fields.get("warc-type", "").lower() in _KEPT and wants(fields)
    if reason := fault_of_block(window, length, most, _ends_so):
        return _go_on(window, offset, reason)
    block = window.take(min(length, most)) if is_wanted else b""
    window.skip(length - len(block))
    if length > most and not _ends_so(window, 0):
        return _go_on(window, offset, _CUT)
    return Record(offset=offset, fields=fields, block=block, is_skipped=not is_wanted)


def fault_of_block(
    window: Window, length: int, most: int, ends: Callable[[Window, int], bool]
) -> str:
    """Why a block of that length is not whole; empty if it is, or is too long to be held.

    Nothing is passed: where the length is wrong, the next record may be in it.
    """
    if length > most:
        return ""
    if not window.has(length):
        return _CUT
    return "" if ends(window, length) else "the record is not as long as it says"


def parse_fields(head: bytes) -> dict[str, str]:
    """The named fields behind a first line, names in lower case; the first of several counts.

    A line that begins with a space continues the one before.
    """
    fields: dict[str, str] = {}
    name = ""
    for line in head.split(b"\n")[1:]:
        text = line.decode("utf-8", "replace").rstrip("\r")
        if text[:1] in (" ", "\t") and name:
            fields[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower() if colon else ""
        if name and name not in fields:
            fields[name] = value.strip()
        else:
            name = ""
    return fields


def _length(fields: Mapping[str, str]) -> int | None:
    text = fields.get("content-length", "")
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        return None
    return int(text) if int(text) <= _MOST_LENGTH else None


def _ends_so(window: Window, at: int) -> bool:
    """Whether a block ends there: two line ends, or the next record, or the end of the file."""
    after = window.look(at, _MOST_GAP)
    rest = after.lstrip(b"\r\n")
    if not rest.strip(b"\0"):
        return not window.ends_in_damage  # a member whose checksum is wrong is reported by now
    return after.startswith((b"\r\n\r\n", b"\n\n")) or rest[:5].upper() == b"WARC/"


def _go_on(window: Window, offset: int, reason: str) -> Torn:
    """Go on to the next record of this stretch."""
    window.drop_through(_NEXT, _LONGEST)
    return Torn(offset=offset, reason=reason)
