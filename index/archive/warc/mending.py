"""Request records that an earlier version wrote without their method, made whole; nothing else is touched.

`/page HTTP/1.1` in place of `GET /page HTTP/1.1`: pywb's index files such a page under a method of that name.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

from index.archive.warc.members import Member, walk_members
from index.archive.warc.writer import COMPRESSION, warcinfo_member

_METHOD = b"GET "  # no other was ever sent
_ONE_BLOCK = 1 << 20
_END = b"\r\n\r\n"
_WITHOUT_METHOD = re.compile(rb"/[^\r\n]* HTTP/1\.[01]\r?\n")
_DIGEST = re.compile(rb"(?im)^(WARC-(?:Block|Payload)-Digest):[ \t]*sha1:[^\r\n]*")
_LENGTH = re.compile(rb"(?im)^(Content-Length):[ \t]*([0-9]+)")
_IS_REQUEST = re.compile(rb"(?im)^WARC-Type:[ \t]*request[ \t]*\r?$")
_IS_WARCINFO = re.compile(rb"(?im)^WARC-Type:[ \t]*warcinfo[ \t]*\r?$")
_SOFTWARE = re.compile(rb"(?m)^software: pressclip\r?$")


@dataclass(frozen=True, slots=True)
class Moves:
    """How far what is in a file has moved: from each of these offsets on, by that many bytes."""

    offsets: tuple[int, ...]
    shifts: tuple[int, ...]

    def __call__(self, offset: int) -> int:
        """Where what lay at an offset lies now."""
        place = bisect_right(self.offsets, offset)
        return offset + (self.shifts[place - 1] if place else 0)


def lacks_method(path: Path) -> bool:
    """Whether the first request record of a file has no method.

    Every file is written by one version, so that the first tells of all; reading stops there.
    Raises `OSError`.
    """
    for member in walk_members(path):
        if _IS_REQUEST.search(member.head.partition(_END)[0]):
            return _without_method(member.head) is not None
    return False


def mend_record(record: bytes) -> bytes | None:
    """An unpacked request record with its method, length and digests put right; None if it has one."""
    block = _without_method(record)
    if block is None:
        return None
    headers = record.partition(_END)[0]
    length = int(_LENGTH.findall(headers)[0][1])
    block, rest = _METHOD + block[:length], block[length:]
    payload = block.partition(_END)[2]

    def digest(found: re.Match[bytes]) -> bytes:
        of = payload if b"payload" in found[1].lower() else block
        return found[1] + b": sha1:" + base64.b32encode(hashlib.sha1(of).digest())  # noqa: S324

    headers = _DIGEST.sub(digest, headers)
    headers = _LENGTH.sub(rb"\1: %d" % len(block), headers)
    return headers + _END + block + rest


def copy_mended(path: Path, out: Path, name: str) -> Moves:
    """Copy a file of the archive with its requests mended; every other byte stays, damaged ones too.

    `out` is made new and synced by the caller; `name` is what its first record shall call it.
    Raises `OSError`.
    """
    offsets, changes = [], []
    with path.open("rb") as source, out.open("xb") as target:
        position = 0
        for start, end, new in _replacements(path, name):
            _copy(source, target, start - position)
            target.write(new)
            source.seek(end)
            position = end
            offsets.append(end)
            changes.append(len(new) - (end - start))
        _copy(source, target, -1)
    return Moves(tuple(offsets), tuple(accumulate(changes)))


def _replacements(path: Path, name: str) -> Iterator[tuple[int, int, bytes]]:
    for member in walk_members(path):
        headers, _, block = member.head.partition(_END)
        if _IS_REQUEST.search(headers):
            mended = mend_record(_unpack(path, member))
            if mended is not None:
                yield member.start, member.end, gzip.compress(mended, COMPRESSION, mtime=0)
        elif not member.start and _IS_WARCINFO.search(headers) and _SOFTWARE.search(block):
            yield 0, member.end, warcinfo_member(name)


def _without_method(record: bytes) -> bytes | None:
    """The block of a request record, with what follows it, where it begins with a bare address."""
    headers, end, block = record.partition(_END)
    is_one = end and _IS_REQUEST.search(headers) and _LENGTH.search(headers)
    return block if is_one and _WITHOUT_METHOD.match(block) else None


def _unpack(path: Path, member: Member) -> bytes:
    with path.open("rb") as file:
        file.seek(member.start)
        return zlib.decompress(file.read(member.end - member.start), 16 + zlib.MAX_WBITS)


def _copy(source: IO[bytes], target: IO[bytes], length: int) -> None:
    """Copy that many bytes, or all that are left for -1."""
    while length and (block := source.read(_ONE_BLOCK if length < 0 else min(length, _ONE_BLOCK))):
        target.write(block)
        length -= len(block) if length > 0 else 0
