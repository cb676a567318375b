"""A bundle of evidence: one zip with WARC records, texts, a manifest and the digest of every file.

Its bytes follow from what is in it (stored, sorted, all of one date), so that any changed byte shows.
`SHA256SUMS` is what `sha256sum -c` reads; its own digest stands for the whole bundle.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import IO, Any

from index.archive import Archive
from index.archive.warc import warcinfo_member
from index.article import isoformat
from index.evidence.stamps import Stamp, leaf_of, stamped
from index.evidence.surroundings import Record
from index.store.standings import Version

FORMAT = "pressclip-evidence-1"
MANIFEST, SUMS, RECORDS = "manifest.json", "SHA256SUMS", "records.warc.gz"
ROOTS = "stamps/roots.pem"
_DATE = (1980, 1, 1, 0, 0, 0)


def bundle_files(
    archive: Archive,
    records: Sequence[Record],
    versions: Sequence[Version],
    about: Mapping[str, Any],
    *,
    chosen: int,
    created: datetime,
    stamps: Iterable[Stamp] = (),
    roots: bytes = b"",
) -> dict[str, bytes]:
    """The files of a bundle but for the page and the sums; `chosen` is the version proved, from 1.

    `about` is what the manifest says of the article; `stamps` are the workspace's, and `roots` the
    certificates (PEM) that they lead to. Raises `ArchiveError` for a record that is not what its
    digest says.
    """
    warc, places = _copy_records(archive, records)
    leaves = [leaf_of(one["url"], one["fetched"], one["digest"]) for one in places]
    stamps_said, tokens = stamped(stamps, enumerate(leaves))
    files = {**tokens, RECORDS: warc, "article.txt": _text_of(versions[chosen - 1])}
    for version in versions:
        files[f"versions/{version.number}.txt"] = _text_of(version)
    for older, newer in pairwise(versions):
        files[f"versions/{older.number}-{newer.number}.diff"] = _diff(older, newer)
    if roots and tokens:
        files[ROOTS] = roots
    manifest = {
        "format": FORMAT,
        "created": isoformat(created),
        **about,
        "version": chosen,
        "versions": [{"number": one.number, "seen": isoformat(one.seen)} for one in versions],
        "records": places,
        "stamps": stamps_said,
    }
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"
    return files


def with_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files and `SHA256SUMS` of them."""
    lines = [
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    ]
    return {**files, SUMS: "".join(lines).encode("utf-8")}


def write_zip(file: IO[bytes], files: Mapping[str, bytes]) -> None:
    """The files as a zip whose every byte follows from their names and contents."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3  # the mode below is Unix's, on every machine
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, files[name])


def fingerprint_of(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of `SHA256SUMS`, in hexadecimal: the one number that stands for a bundle."""
    return hashlib.sha256(files[SUMS]).hexdigest()


def _copy_records(
    archive: Archive, records: Iterable[Record]
) -> tuple[bytes, list[dict[str, Any]]]:
    warc = bytearray(warcinfo_member(RECORDS))
    places = []
    for one in records:
        places.append({
            "role": one.role,
            "url": one.capture.url,
            "status": one.capture.status,
            "fetched": isoformat(one.capture.fetched),
            "found_by": one.capture.listing.channel,
            "withheld": one.capture.withheld,
            "offset": len(warc),
            "length": one.ref.length,
            "digest": one.ref.digest,
            "archive": {"file": one.ref.file, "offset": one.ref.offset},
        })  # fmt: skip
        warc += archive.members(one.ref)
    return bytes(warc), places


def _text_of(version: Version) -> bytes:
    return f"{version.article.title}\n\n{version.article.text}\n".encode()


def _diff(older: Version, newer: Version) -> bytes:
    before, after = (_text_of(one).decode("utf-8").splitlines() for one in (older, newer))
    lines = difflib.unified_diff(
        before,
        after,
        fromfile=f"versions/{older.number}.txt",
        tofile=f"versions/{newer.number}.txt",
        fromfiledate=isoformat(older.seen) or "",
        tofiledate=isoformat(newer.seen) or "",
        lineterm="",
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
