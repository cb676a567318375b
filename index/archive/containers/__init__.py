"""Other people's archives read as captures: WARC, ARC and WACZ however packed, pages that browsers saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO

from index.archive.containers.foreign_records import CaptureReader, Digests, Item
from index.archive.containers.gzip_stream import GZIP_MAGIC, GzipStream
from index.archive.containers.streams import ByteStream, Peeked, PlainStream, Source, StreamDamage
from index.archive.containers.values import (
    ZSTD_BLOCK,
    Passed,
    Place,
    Revisit,
    Wanted,
    everything,
)
from index.archive.containers.warc_records import Record, Torn, warc_records
from index.archive.containers.window import Window
from index.archive.warc.reader import MAX_BODY, Damage
from index.errors import ArchiveError

__all__ = [
    "Digests",
    "Item",
    "Passed",
    "Place",
    "Revisit",
    "Wanted",
    "is_container",
    "read_container",
    "read_stream",
    "records_in",
]

_LOOK = 4096
_MAX_LAYERS = 3
_ZSTD = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
_ZIP = b"PK\x03\x04"
_WARC_NAME = re.compile(r"\.warc(\.gz|\.zst)?(\.open)?$", re.IGNORECASE)
_ARC_NAME = re.compile(r"\.arc(\.gz)?$", re.IGNORECASE)
_ROOM = 1024 * 1024  # of a block beside its body: headers and chunks


def read_container(
    path: Path,
    *,
    wanted: Wanted = everything,
    digests: Digests | None = None,
    place: Place | None = None,
    index: Iterable[str] | None = None,
) -> Iterator[Item]:
    """Every capture of a file, whatever it is, with its damage and what was passed over and why.

    `wanted` is asked of each address and time, and says why a record is passed over unread; `digests`
    remembers the payloads seen, so that a revisit finds its page in another file; `place` tells how far
    the file is read. `index` are the lines of an index, by which what is not wanted is jumped over, not
    unpacked. Raises `ArchiveError` when the file cannot be opened.
    """
    try:
        file = path.open("rb")
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}") from error
    with file:
        try:
            yield from read_stream(
                file, path.name, wanted=wanted, digests=digests, place=place, written=written,
                index=index,
            )  # fmt: skip
        except OSError as error:
            yield Damage(file=path.name, offset=0, reason=error.strerror or str(error))


def read_stream(
    file: IO[bytes],
    name: str,
    *,
    wanted: Wanted = everything,
    digests: Digests | None = None,
    place: Place | None = None,
    written: datetime | None = None,
    index: Iterable[str] | None = None,
) -> Iterator[Item]:
    """As `read_container`, of an open file; only a WACZ, and one with an index, has to seek.

    `written` is the time of a saved page that does not tell its own; now, where it is not given.
    """
    seen: Digests = {} if digests is None else digests
    if index is not None and wanted is not everything and hasattr(file, "seek"):
        start = file.tell()
        beginning = _beginning(file)
        if _holds_records(beginning, name):
            from index.archive.containers.indexed import read_indexed

            yield from read_indexed(
                file, name, index, wanted=wanted, digests=seen, place=place or Place(),
                held=beginning,
            )  # fmt: skip
            return
        file.seek(start)
    reader = CaptureReader(name, most=MAX_BODY, wanted=wanted, digests=seen, place=place or Place())
    stream, head = _unpacked(file)
    if head.startswith(_ZIP):
        from index.archive.containers.wacz import read_wacz

        if not hasattr(file, "seek"):
            yield Damage(file=name, offset=0, reason="a WACZ is read from the disk: download it")
            return
        file.seek(0)
        inner = partial(read_stream, wanted=wanted, digests=seen, written=written)
        yield from read_wacz(file, name, inner, by_index=wanted is not everything)
    elif _is_warc(head, name) or _is_arc(head, name):
        yield from reader.items(_records(stream, head, name, reader.wants))
    else:
        yield _saved_page(stream, head, name, written or datetime.now(UTC))


def records_in(
    file: Source, name: str, *, wants: Callable[[Mapping[str, str]], bool]
) -> Iterator[Record | Torn]:
    """The records of a WARC or ARC file, however packed, from where it is."""
    stream, head = _unpacked(file)
    return _records(stream, head, name, wants)


def _records(
    stream: ByteStream, head: bytes, name: str, wants: Callable[[Mapping[str, str]], bool]
) -> Iterator[Record | Torn]:
    if _is_warc(head, name):
        return warc_records(Window(stream), most=MAX_BODY + _ROOM, wants=wants)
    from index.archive.containers.arc_records import arc_records

    return arc_records(Window(stream), most=MAX_BODY + _ROOM, wants=wants)


def _beginning(file: Source) -> bytes:
    """So much of a file as tells what it is: for zstd, which gives nothing before, a whole block."""
    head, size = b"", _LOOK
    while len(head) < size and (piece := file.read(size - len(head))):
        head += piece
        if head.startswith(_ZSTD):
            size = ZSTD_BLOCK
    return head


def _holds_records(beginning: bytes, name: str) -> bool:
    """Whether a file that begins so is a WARC or ARC, in which an index names places."""
    if beginning.startswith(_ZSTD[1]):  # a dictionary, which only archives begin with
        return True
    _, head = _unpacked(BytesIO(beginning))
    return not head.startswith(_ZIP) and (_is_warc(head, name) or _is_arc(head, name))


def is_container(head: bytes) -> bool:
    """Whether a file that begins so is an archive or says itself that a browser saved it.

    Any other page of HTML is none.
    """
    from index.archive.containers.saved_pages import kind_of_saved, says_its_address

    packed = (GZIP_MAGIC, *_ZSTD, _ZIP)
    return (
        head.startswith(packed)
        or _is_warc(head, "")
        or _is_arc(head, "")
        or kind_of_saved(head) == "mhtml"
        or says_its_address(head)
    )


def _is_warc(head: bytes, name: str) -> bool:
    """Whether it is to be read as WARC; a file of that name may be damaged at its very beginning."""
    return head.lstrip()[:5].upper() == b"WARC/" or bool(_WARC_NAME.search(name))


def _is_arc(head: bytes, name: str) -> bool:
    return head.lstrip().startswith(b"filedesc://") or bool(_ARC_NAME.search(name))


def _saved_page(stream: ByteStream, head: bytes, name: str, written: datetime) -> Item:
    from index.archive.containers.saved_pages import MAX_SAVED, kind_of_saved, read_saved_page

    kind = kind_of_saved(head)
    if not kind:
        reason = "neither a web archive nor a saved page" if head else "the file is empty"
        return Damage(file=name, offset=0, reason=reason)
    pieces: list[bytes] = []
    try:
        while sum(map(len, pieces)) <= MAX_SAVED and (piece := stream.read(1 << 20)):
            pieces.append(piece)
    except StreamDamage as damage:
        return Damage(file=name, offset=damage.offset, reason=damage.reason)
    data = b"".join(pieces)
    if len(data) > MAX_SAVED:
        return Damage(file=name, offset=0, reason=f"over {MAX_SAVED // 2**20} MiB, no page of news")
    found = read_saved_page(data, kind, name, written)
    return Damage(file=name, offset=0, reason=found) if isinstance(found, str) else found


def _unpacked(file: Source) -> tuple[Peeked, bytes]:
    """The plain bytes of a file, and how they begin."""
    stream = Peeked(PlainStream(file))
    head = stream.peek(_LOOK)
    for _ in range(_MAX_LAYERS):
        layer: ByteStream
        if head.startswith(GZIP_MAGIC):
            layer = GzipStream(stream)
        elif head.startswith(_ZSTD):
            from index.archive.containers.zstd_stream import ZstdStream

            layer = ZstdStream(stream)
        else:
            break
        stream = Peeked(layer)
        head = stream.peek(_LOOK)
    return stream, head
