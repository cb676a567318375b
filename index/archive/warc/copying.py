"""Records copied as they are in a file: a response and those that are beside it."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import IO

_BLOCK = 1 << 16
_HEADER = re.compile(rb"(?im)^(WARC-Record-ID|WARC-Concurrent-To):[ \t]*(<[^>\r\n]*>)")


def read_members(path: Path, offset: int, length: int) -> bytes:
    """The gzip member of that place, and the ones behind it that say that they belong to it.

    Raises `OSError` when the file cannot be read, `zlib.error` when there is no member.
    """
    with path.open("rb") as file:
        file.seek(offset)
        return members_from(file, length)


def members_from(file: IO[bytes], length: int) -> bytes:
    """As `read_members`, from where a file or a part of one is."""
    found = file.read(length)
    identity = _headers(zlib.decompress(found, 16 + zlib.MAX_WBITS)).get(b"warc-record-id")
    while member := _next_member(file):
        whole, head = member
        if identity is None or _headers(head).get(b"warc-concurrent-to") != identity:
            break
        found += whole
    return found


def first_member(path: Path, kind: bytes) -> bytes:
    """The first member of a file, packed, where it is a record of that kind; else nothing.

    Raises `OSError` when the file cannot be read.
    """
    with path.open("rb") as file:
        member = _next_member(file)
    return (
        member[0]
        if member and b"WARC-Type: " + kind in member[1].partition(b"\r\n\r\n")[0]
        else b""
    )


def _next_member(file: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The member that begins here, packed and unpacked; None at the end or where it is cut short."""
    start = file.tell()
    decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
    plain = b""
    while not decoder.eof:
        block = file.read(_BLOCK)
        if not block:
            return None
        plain += decoder.decompress(block)
    end = file.tell() - len(decoder.unused_data)
    file.seek(start)
    return file.read(end - start), plain


def _headers(record: bytes) -> dict[bytes, bytes]:
    """The names and values of a record's own headers that tie it to others."""
    head = record.partition(b"\r\n\r\n")[0]
    return {name.lower(): value for name, value in _HEADER.findall(head)}
