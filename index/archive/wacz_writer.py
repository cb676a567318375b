"""Writing a WACZ: archived pages with their index, their texts and a digest of every file.

One zip that opens in ReplayWeb.page and pywb (specs.webrecorder.net/wacz/1.1.1). Records are copied as
they are in the archive; `containers/wacz.py` reads such files.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from index.archive import MAX_FILE, Archive
from index.archive.cdxj import SortedLines, index_line, packed_index
from index.archive.warc import warcinfo_member
from index.article import isoformat
from index.capture import ArchiveRef

VERSION = "1.1.1"
_ZIP64 = 1 << 31  # bytes from which on a file in a zip needs longer fields
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """An article's page: where its records lie, the page's own first, and what the list of pages says."""

    id: str
    title: str
    text: str
    refs: Sequence[ArchiveRef]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    path: str
    size: int
    digest: str


class _Hashing:
    """A file of the zip that is being written, and what has gone into it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self.size += len(data)

    def close(self) -> None:
        self._out.close()

    def told(self, path: str) -> _Written:
        return _Written(path=path, size=self.size, digest=f"sha256:{self._digest.hexdigest()}")


def write_wacz(
    path: Path,
    archive: Archive,
    pages: Iterable[ArchivedPage],
    *,
    title: str,
    software: str,
    most: int = MAX_FILE,
) -> int:
    """Write the pages into a new zip; return how many there are. Raises `ArchiveError` and `OSError`.

    A record that several pages rest on is in it once; a WARC file of more than `most` bytes is
    followed by another. The list of pages and the index wait in files beside it, as their place is behind
    the records; what stays in memory is where each record lay.
    """
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    count = 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as wacz,
        TemporaryFile(dir=path.parent) as listed,
        SortedLines(path.parent) as lines,
    ):
        listed.write(_json_line(head))
        records = _Records(wacz, archive, most, lines)
        for page in pages:
            for ref in page.refs:
                records.add(ref)
            listed.write(_listed(archive, page))
            count += 1
        records.close()
        written = [*records.written, *_write_index(wacz, lines)]
        size = listed.tell()
        listed.seek(0)
        pieces = iter(lambda: listed.read(_PIECE), b"")
        written.append(_write_file(wacz, "pages/pages.jsonl", pieces, size=size))
        _write_datapackage(wacz, written, title=title, software=software)
    return count


class _Records:
    """The WARC files of a zip, one after the other, and the index of what is in them."""

    def __init__(
        self, wacz: zipfile.ZipFile, archive: Archive, most: int, lines: SortedLines
    ) -> None:
        self._lines = lines
        self.written: list[_Written] = []
        self._wacz = wacz
        self._archive = archive
        self._most = most
        self._held: set[tuple[str, int]] = set()
        self._file: _Hashing | None = None

    def add(self, ref: ArchiveRef) -> None:
        """Copy a response's record and those beside it, once."""
        if (ref.file, ref.offset) in self._held:
            return
        self._held.add((ref.file, ref.offset))
        if self._file is not None and self._file.size >= self._most:
            self.close()
        name = f"pages-{len(self.written) + 1:03d}.warc.gz"
        if self._file is None:
            self._file = _Hashing(self._wacz.open(_entry(f"archive/{name}", packed=True), "w"))
            self._file.write(warcinfo_member(name))
        self._lines.add(index_line(self._archive.read(ref), file=name, offset=self._file.size))
        self._file.write(self._archive.members(ref))

    def close(self) -> None:
        """Finish the file that is being written."""
        if self._file is not None:
            self._file.close()
            name = f"pages-{len(self.written) + 1:03d}.warc.gz"
            self.written.append(self._file.told(f"archive/{name}"))
            self._file = None


def _listed(archive: Archive, page: ArchivedPage) -> bytes:
    """A page as a line of `pages.jsonl`: the address and the time of the capture, not of the article."""
    capture = archive.read(page.refs[0])
    line = {"id": page.id, "url": capture.url, "ts": isoformat(capture.fetched)}
    return _json_line({**line, "title": page.title, "text": page.text})


def _write_index(wacz: zipfile.ZipFile, lines: Iterable[str]) -> Iterator[_Written]:
    secondary: list[bytes] = []

    def blocks() -> Iterator[bytes]:
        for data, line in packed_index(lines, name="index.cdx.gz"):
            secondary.append(line.encode("utf-8"))
            yield data

    yield _write_file(wacz, "indexes/index.cdx.gz", blocks(), packed=True)
    yield _write_file(wacz, "indexes/index.idx", secondary)


def _write_datapackage(
    wacz: zipfile.ZipFile, written: Sequence[_Written], *, title: str, software: str
) -> None:
    package = {
        "profile": "data-package",
        "title": title,
        "created": isoformat(datetime.now(UTC).replace(microsecond=0)),
        "wacz_version": VERSION,
        "software": software,
        "resources": [
            {
                "name": one.path.rpartition("/")[2],
                "path": one.path,
                "hash": one.digest,
                "bytes": one.size,
            }
            for one in written
        ],
    }
    data = json.dumps(package, ensure_ascii=False, indent=2).encode("utf-8")
    told = _write_file(wacz, "datapackage.json", [data])
    digest = {"path": told.path, "hash": told.digest}
    _write_file(wacz, "datapackage-digest.json", [json.dumps(digest, indent=2).encode("utf-8")])


def _write_file(
    wacz: zipfile.ZipFile,
    path: str,
    pieces: Iterable[bytes],
    *,
    packed: bool = False,
    size: int = 0,
) -> _Written:
    # Only where it has to be: ReplayWeb.page looks for a small file without the longer fields.
    with wacz.open(_entry(path, packed=packed), "w", force_zip64=size >= _ZIP64) as out:
        file = _Hashing(out)
        for piece in pieces:
            file.write(piece)
    return file.told(path)


def _entry(path: str, *, packed: bool) -> zipfile.ZipInfo:
    """What is packed already is stored as it is: readers jump to a record by its offset in the zip."""
    entry = zipfile.ZipInfo(path, datetime.now(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _json_line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8") + b"\n"
