"""The table of contents: which segments make up the index, and the revision of the store they hold.

Both are in one file that is replaced by a rename, so index and revision cannot disagree. It is
Whoosh's own table (`whoosh.index.TOC`) with a line of JSON behind it, where stock Whoosh reads no
more; and it is read without Whoosh, which a search so need not import.
"""

from __future__ import annotations

import json
import os
import pickle
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Self
from zlib import crc32

from index.fulltext.segments.columns import encode_varint

NAME = "MAIN"  # stock Whoosh opens an index of this name by default
_VERSION = -111
_HEAD = bytes((struct.calcsize("i"), struct.calcsize("q"), struct.calcsize("f"))) + struct.pack(
    "!ii", -12345, _VERSION
)
_RELEASE = bytes((3, 54, 0))
_DAMAGE = (
    OSError, EOFError, ValueError, TypeError, AttributeError, LookupError, MemoryError,
    struct.error, pickle.UnpicklingError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRecord:
    """A segment as the table names it.

    `checksum` is the CRC-32 of its file, `lengths` are the sums of its fields' lengths. `past`: it
    holds older versions of articles, which only a search in the past looks into.
    """

    key: str
    count: int
    checksum: int = 0
    deleted: frozenset[int] = frozenset()
    lengths: Mapping[str, int] = field(default_factory=dict)
    past: bool = False

    @classmethod
    def new(cls, count: int, lengths: Mapping[str, int]) -> Self:
        """A record with a key of its own."""
        from secrets import token_hex  # brings OpenSSL: to read needs no key

        return cls(key=token_hex(8), count=count, lengths=dict(lengths))

    @property
    def name(self) -> str:
        """What its files' names begin with."""
        return f"{NAME}_{self.key}"

    @property
    def file_name(self) -> str:
        """The one file in which they lie."""
        return f"{self.name}.seg"

    @property
    def live(self) -> int:
        """The documents that are not struck out."""
        return self.count - len(self.deleted)

    @property
    def waste(self) -> float:
        """The share of documents that are."""
        return len(self.deleted) / max(1, self.count)

    def is_intact(self, folder: Path) -> bool:
        """Whether its file is as it was written; reads all of it."""
        try:
            return read_checksum(folder / self.file_name) == self.checksum
        except OSError:
            return False

    def strike_out(self, documents: Iterable[int]) -> Self:
        """The record without those documents."""
        return replace(self, deleted=self.deleted.union(documents))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One generation of the index: its segments, and the store and revision it was made from."""

    records: tuple[SegmentRecord, ...] = ()
    revision: int = 0
    store: str = ""
    generation: int = 0

    @property
    def file_name(self) -> str:
        """The file of its table."""
        return f"_{NAME}_{self.generation}.toc"


class DamagedTocError(Exception):
    """The table of contents is missing or cannot be read."""


def read_state(folder: Path) -> State:
    """The newest generation in the folder; raises `DamagedTocError`."""
    try:
        names = (path.name for path in folder.iterdir())
        generation = max(filter(None, map(_generation_of, names)), default=0)
        if not generation:
            raise DamagedTocError("its table of contents is missing")
        return _parse((folder / State(generation=generation).file_name).read_bytes(), generation)
    except _DAMAGE as error:
        raise DamagedTocError(f"{type(error).__name__}: {error}") from error


def write_state(folder: Path, state: State, schema: Any) -> None:
    """Make the state the newest generation, on the disk before this returns; raises `OSError`.

    `schema` is the one stock Whoosh finds in the table. Whoosh itself never calls fsync: a power cut
    could leave an empty table under the newest name.
    """
    path = folder / state.file_name
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(_format(state, schema))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    sync_folder(folder)


def remove_leftovers(folder: Path, state: State) -> None:
    """Delete what the state does not use: older generations, and drafts of writers that died.

    A reader that has such a file open keeps it; one that is about to open it reads the new table.
    """
    wanted = {state.file_name, *(record.file_name for record in state.records)}
    for entry in folder.iterdir():
        if entry.name not in wanted and entry.is_file():
            with suppress(OSError):
                entry.unlink()


def read_checksum(path: Path) -> int:
    """The CRC-32 of a file; raises `OSError`."""
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            checksum = crc32(chunk, checksum)
    return checksum


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _generation_of(name: str) -> int | None:
    number = name.removeprefix(f"_{NAME}_").removesuffix(".toc")
    return int(number) if number.isdecimal() and name == f"_{NAME}_{number}.toc" else None


def _format(state: State, schema: Any) -> bytes:
    from whoosh.codec.whoosh3 import W3Codec, W3Segment

    codec: Any = W3Codec
    segment: Any = W3Segment
    segments = []
    for record in state.records:
        deleted = set(record.deleted) or None
        item = segment(codec(), NAME, record.count, segid=record.key, deleted=deleted)
        item._fieldlengths, item.compound = dict(record.lengths), True
        segments.append(item)
    mark = json.dumps(
        {
            "revision": state.revision,
            "store": state.store,
            "checksums": {record.key: record.checksum for record in state.records},
            "past": [record.key for record in state.records if record.past],
        }
    )
    pickled = pickle.dumps(schema, 2)
    return b"".join(
        (
            _HEAD,
            _RELEASE,
            encode_varint(len(pickled)),
            pickled,
            struct.pack("!ii", state.generation, 0),
            pickle.dumps(segments, 4),
            mark.encode(),
        )
    )


def _parse(data: bytes, generation: int) -> State:
    file = BytesIO(data)
    if file.read(len(_HEAD)) != _HEAD:
        raise ValueError("no table of contents")
    file.seek(len(_RELEASE), os.SEEK_CUR)
    file.seek(_read_varint(file), os.SEEK_CUR)  # the schema, which only stock Whoosh needs
    if struct.unpack("!ii", file.read(8)) != (generation, 0):
        raise ValueError("the table is of another generation")
    segments = _SegmentUnpickler(file).load()
    mark = json.loads(file.read())
    past = frozenset(mark["past"])
    records = tuple(
        item.to_record(mark["checksums"][item.segid], past=item.segid in past) for item in segments
    )
    return State(
        records=records, revision=mark["revision"], store=mark["store"], generation=generation
    )


class _PickledSegment:
    """What stands in for a `W3Segment`."""

    segid: str
    _doccount: int
    _deleted: set[int] | None
    _fieldlengths: dict[str, int]

    def to_record(self, checksum: int, *, past: bool) -> SegmentRecord:
        return SegmentRecord(
            key=self.segid,
            count=self._doccount,
            checksum=checksum,
            deleted=frozenset(self._deleted or ()),
            lengths=dict(self._fieldlengths),
            past=past,
        )


class _PickledCodec:
    """What stands in for a `W3Codec`."""


class _SegmentUnpickler(pickle.Unpickler):
    """Reads the list of segments and nothing else: a table from elsewhere cannot run code."""

    def find_class(self, module: str, name: str) -> Any:
        known = {"W3Segment": _PickledSegment, "W3Codec": _PickledCodec}
        if module == "whoosh.codec.whoosh3" and name in known:
            return known[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place in an index")


def _read_varint(file: BytesIO) -> int:
    number = shift = 0
    while True:
        byte = file.read(1)[0]
        number |= (byte & 127) << shift
        if byte < 128:
            return number
        shift += 7
