"""Indexes of web archives, CDXJ and CDX: where in a file each record lies, and what it is of.

Read are lines as `org,example)/ 20230204120000 {"url": …, "offset": …, "length": …, "filename": …}`
(specs.webrecorder.net/cdxj), the same object alone on a line, as Common Crawl's index answers, and the
older ` CDX N b a m s k r M S V g` with a letter for each column (iipc.github.io/warc-specifications).
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from index.archive.containers.foreign_records import date_of
from index.errors import ArchiveError

SUFFIXES = (".cdxj", ".cdx", ".cdxj.gz", ".cdx.gz")
_ENDS = re.compile(r"\.w?arc(?:\.gz|\.zst)?$", re.IGNORECASE)
_HEADING = re.compile(r"^.CDX((?: \w)+)\s*$")
_END = 2**63  # no file is longer, and no system seeks further
_URL, _DATE, _OFFSET, _LENGTH, _FILE = "a", "b", "V", "S", "g"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedRecord:
    """A record as an index has it: its place in the file, its address, its time."""

    offset: int
    length: int
    url: str
    moment: datetime | None


def index_beside(path: Path) -> Path | None:
    """The index of an archive that is in its folder: `a.warc.gz.cdxj`, `a.cdxj` and the like."""
    for stem in (path.name, _ENDS.sub("", path.name)):
        for suffix in SUFFIXES:
            found = path.with_name(stem + suffix)
            if found.is_file():
                return found
    return None


def lines_of(file: IO[bytes]) -> Iterator[str]:
    """The lines of an index, packed by gzip or not; raises `ArchiveError` if it cannot be unpacked."""
    buffered = file if hasattr(file, "peek") else io.BufferedReader(file)  # type: ignore[type-var]
    is_packed = buffered.peek(2)[:2] == b"\x1f\x8b"
    opened: Any = gzip.GzipFile(fileobj=buffered) if is_packed else buffered
    try:
        for line in opened:
            yield line.decode("utf-8", "replace").rstrip("\r\n")
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveError(f"the index cannot be unpacked: {error}") from error


def records_of(lines: Iterable[str], file: str) -> Iterator[IndexedRecord]:
    """The records of a file, by its name, that an index lists; lines that say no place are left out."""
    name = file.rpartition("/")[2]
    columns: list[str] = []
    for line in lines:
        if heading := _HEADING.match(line):
            columns = heading[1].split()
        elif found := _of_columns(line, columns) if columns else _of_json(line):
            of_file, record = found
            if of_file in ("", name):
                yield record


def _of_json(line: str) -> tuple[str, IndexedRecord] | None:
    head, brace, rest = line.partition("{")
    if not brace:
        return None
    try:
        said = json.loads(brace + rest)
    except (ValueError, RecursionError):
        return None
    stamp = said.get("timestamp") or [*head.split(" "), "", ""][1]
    return _record(said.get("url"), stamp, said.get("offset"), said.get("length"), said)


def _of_columns(line: str, columns: list[str]) -> tuple[str, IndexedRecord] | None:
    said = dict(zip(columns, line.split(" "), strict=False))
    length = said.get(_LENGTH)
    return _record(
        said.get(_URL), said.get(_DATE), said.get(_OFFSET), length, {"filename": said.get(_FILE)}
    )


def _record(
    url: Any, stamp: Any, offset: Any, length: Any, said: dict[str, Any]
) -> tuple[str, IndexedRecord] | None:
    try:
        place, size = int(offset), int(length)
    except (TypeError, ValueError, OverflowError):
        return None
    if not isinstance(url, str) or place < 0 or size <= 0 or place + size >= _END:
        return None
    file = str(said.get("filename") or "").rpartition("/")[2]
    return file, IndexedRecord(
        offset=place, length=size, url=url, moment=date_of(str(stamp)) if stamp else None
    )
