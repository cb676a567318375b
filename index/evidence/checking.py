"""Is a bundle of evidence what it was when it was made? Checked offline, from the bundle alone."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from index.archive.containers.wacz import UNREADABLE, climbs
from index.archive.warc import read_file
from index.article import isoformat
from index.capture import Capture
from index.errors import ArchiveError
from index.evidence.bundle import FORMAT, MANIFEST, RECORDS, ROOTS, SUMS, fingerprint_of, write_zip
from index.evidence.merkle import climb
from index.evidence.stamps import leaf_of
from index.evidence.timestamps import TimestampError, Token, read_roots, read_token

_MOST = 1 << 30  # bytes unpacked; a bundle holds one article
_BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle that was read: its manifest, the number that stands for it, and what is wrong with it."""

    manifest: Mapping[str, Any]
    fingerprint: str
    faults: tuple[str, ...]
    stamps: tuple[Stamped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A time stamp that holds: of which address, what it says, and whose certificates it leads to.

    `trust` is `given` (the roots that the caller trusts), `bundle` (those that the bundle has along)
    or empty: its signature was not checked, for want of a root.
    """

    url: str
    token: Token
    trust: Literal["given", "bundle", ""]


def check_bundle(path: Path, *, roots: bytes = b"") -> Bundle:
    """Read a bundle and check every byte of it.

    `roots` are certificates (PEM) of time authorities that the caller trusts. Its files against
    `SHA256SUMS`, its records against their digests and the manifest, its frame
    against what pressclip writes. Raises `ArchiveError` for what is not a bundle at all.
    """
    files = _read(path)
    try:
        manifest = json.loads(files[MANIFEST])
        known = manifest["format"] == FORMAT
    except _BROKEN as error:
        raise ArchiveError(f"{path}: no bundle of evidence: its manifest cannot be read") from error
    if not known:
        raise ArchiveError(f"{path}: a bundle of another format: {str(manifest['format'])[:40]}")
    if SUMS not in files:
        raise ArchiveError(f"{path}: no bundle of evidence: {SUMS} is not in it")
    faults = [*_check_sums(files)]
    faults += _check_records(files.get(RECORDS, b""), manifest)
    if not faults and not _is_as_written(path, files):
        faults.append(
            f"the zip is not as `prove` writes it, although its files are what its {SUMS} says"
        )
    stamps: list[Stamped] = []
    try:
        stamps += [_check_stamp(one, files, manifest, roots) for one in manifest.get("stamps", ())]
    except TimestampError as error:
        faults.append(str(error))
    except _BROKEN:
        faults.append(f"{MANIFEST}: its time stamps cannot be read")
    return Bundle(
        manifest=manifest,
        fingerprint=fingerprint_of(files),
        faults=tuple(faults),
        stamps=tuple(stamps),
    )


def _check_stamp(
    said: Mapping[str, Any], files: Mapping[str, bytes], manifest: Mapping[str, Any], roots: bytes
) -> Stamped:
    """A stamp of a record, from the record up to the authority's word; raises `TimestampError`."""
    record = manifest["records"][said["record"]]
    leaf = leaf_of(record["url"], record["fetched"], record["digest"])
    path = [bytes.fromhex(one) for one in said["path"]]
    try:
        root = climb(leaf, said["place"], said["size"], path)
    except ValueError as error:
        raise TimestampError(f"{said['token']}: its path leads nowhere: {error}") from error
    trusted = roots or files.get(ROOTS, b"")
    certificates = read_roots(trusted, "the roots") if trusted else []
    try:
        token = read_token(files[said["token"]], root, roots=certificates)
    except TimestampError as error:
        raise TimestampError(f"{said['token']}: {error}") from error
    return Stamped(
        url=record["url"],
        token=token,
        trust="given" if roots else "bundle" if trusted else "",
    )


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as bundle:
            entries = bundle.infolist()
            names = [one.filename for one in entries]
            if climbing := next((name for name in names if climbs(name)), None):
                told = f"{path}: {climbing[:80]!r} would leave its folder; nothing was read"
                raise ArchiveError(told, hint="do not unpack it: pressclip writes no such bundle")
            if len(set(names)) < len(names):
                raise ArchiveError(f"{path}: two files of one name; nothing was read")
            if sum(one.file_size for one in entries) > _MOST:
                raise ArchiveError(f"{path}: over 1 GiB unpacked; nothing was read")
            return {name: bundle.read(name) for name in names}
    except FileNotFoundError as error:
        raise ArchiveError(f"{path}: no such file") from error
    except UNREADABLE as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise ArchiveError(f"{path}: damaged, or no bundle: {reason}") from error


def _check_sums(files: Mapping[str, bytes]) -> Iterator[str]:
    lines = files[SUMS].decode("utf-8", "replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in sorted(files.keys() - sums.keys() - {SUMS}):
        yield f"{name}: not named in {SUMS}"
    for name, digest in sums.items():
        if name not in files:
            yield f"{name}: named in {SUMS}, and not there"
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"{name}: not what its SHA-256 says"


def _check_records(warc: bytes, manifest: Mapping[str, Any]) -> Iterator[str]:
    """That each response of the manifest lies where it says, whole, and that there is no other."""
    with tempfile.NamedTemporaryFile(suffix=".warc.gz") as file:
        file.write(warc)
        file.flush()
        items = list(read_file(Path(file.name), name=RECORDS))
    found = {}
    for item in items:
        if not isinstance(item, Capture):
            yield f"{RECORDS}, offset {item.offset:,}: {item.reason}"
        elif item.ref is not None:
            found[item.ref.offset] = (
                item.url, item.ref.length, item.ref.digest, item.status, isoformat(item.fetched)
            )  # fmt: skip
    try:
        told = {
            int(one["offset"]): (
                one["url"],
                one["length"],
                one["digest"],
                one["status"],
                one["fetched"],
            )
            for one in manifest["records"]
        }
    except _BROKEN:
        yield f"{MANIFEST}: its list of records cannot be read"
        return
    for offset in sorted(told.keys() | found.keys()):
        if told.get(offset) != found.get(offset):
            yield f"{RECORDS}, offset {offset:,}: not the response that {MANIFEST} names"


def _is_as_written(path: Path, files: Mapping[str, bytes]) -> bool:
    again = io.BytesIO()
    write_zip(again, files)
    return again.getvalue() == path.read_bytes()
