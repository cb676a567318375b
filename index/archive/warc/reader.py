"""Reading our own WARC files: every response as a capture with its place, and the damage between them."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import zlib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from index.archive.content_encoding import codings_of, unpack_leniently
from index.archive.warc.members import next_member
from index.capture import ArchiveRef, Capture, Listing
from index.errors import ArchiveError

MAX_BODY = 10 * 1024 * 1024
# What warcio raises for records that are not as they should be; a length may be beyond all numbers.
_UNREADABLE = (
    ArchiveLoadFailed, zlib.error, EOFError, ValueError, OSError, AttributeError, OverflowError,
)  # fmt: skip
WITHHELD = "withheld"  # fields of our metadata records: the wish by which no payload was kept,
WITHHELD_DIGEST = "withheld-digest"  # and the digest of the payload that came


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A record that could not be read: its file, its offset and why."""

    file: str
    offset: int
    reason: str


def payload_digest(body: bytes) -> str:
    """`sha256:` and base32 of the payload, as a WARC-Payload-Digest."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode("ascii")


def read_file(
    path: Path, *, name: str, start: int = 0, max_body: int = MAX_BODY
) -> Iterator[Capture | Damage]:
    """Every HTTP response of a file of ours from a byte offset on, and the damage between them.

    `name` is the file's in the references that the captures carry. Files of others are read by
    `index.archive.containers`. Raises `ArchiveError` when the file cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}") from error
    with file:
        size = path.stat().st_size
        offset: int | None = start
        while offset is not None and offset < size:
            file.seek(offset)
            damage = yield from _read_run(file, offset, path, name, max_body)
            if damage is None:
                return
            yield damage
            offset = next_member(file, damage.offset + 1)


def read_first(data: bytes, *, path: Path, name: str, offset: int) -> Capture | Damage | None:
    """The response with which a part of a file begins, and what is beside it in that part.

    `offset` is where the part is in the file, which `path` and `name` name.
    """
    try:
        found = next(_read_run(io.BytesIO(data), 0, path, name, MAX_BODY))
    except StopIteration as end:
        damage: Damage | None = end.value
        return None if damage is None else replace(damage, offset=offset)
    return replace(found, ref=replace(found.ref, offset=offset)) if found.ref else found


def _read_run(
    file: IO[bytes], start: int, path: Path, name: str, max_body: int
) -> Generator[Capture, None, Damage | None]:
    """Yield captures until the end or the first damage, which is returned."""
    records = ArchiveIterator(file, check_digests=True)
    offset = start
    pending: Capture | None = None
    identity = ""
    try:
        while (record := _next_record(records)) is not None:
            if (
                pending is not None
                and record.rec_headers.get_header("WARC-Concurrent-To") == identity
            ):
                pending = _with_companion(pending, record)
            elif record.rec_type in ("response", "resource"):
                if pending is not None:
                    yield pending
                pending = _capture(record, path, max_body)
                identity = record.rec_headers.get_header("WARC-Record-ID") or "none"
            with _quiet():
                records.read_to_end()
            offset, length = records.member_info
            if getattr(record.raw_stream, "limit", 0):
                return Damage(file=str(path), offset=offset, reason="the record is cut short")
            if record.digest_checker.passed is False:
                reason = "the payload is not what its digest says"
                return Damage(file=str(path), offset=offset, reason=reason)
            if pending is not None and record.rec_type in ("response", "resource"):
                pending = _with_ref(pending, record, name, offset, length)
            offset += length
    except _UNREADABLE as error:
        if pending is not None:
            yield pending
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        return Damage(file=str(path), offset=offset, reason=reason)
    if pending is not None:
        yield pending
    return None


def _with_companion(capture: Capture, record: Any) -> Capture:
    """The capture with what its request or metadata record says."""
    if record.rec_type == "request":
        return replace(capture, request_headers=_header_pairs(record))
    if record.rec_type == "metadata":
        return with_metadata(capture, _warc_fields(record))
    return capture


def with_metadata(capture: Capture, said: Mapping[str, str]) -> Capture:
    """The capture with what our own metadata record says; one of others changes nothing."""
    if "channel" not in said:
        return capture
    names = {item.name for item in fields(Listing)}
    listing = Listing(**{name: value for name, value in said.items() if name in names})
    ref = capture.ref
    if ref is not None and WITHHELD_DIGEST in said:
        ref = replace(ref, digest=said[WITHHELD_DIGEST])
    return replace(capture, listing=listing, ref=ref, withheld=said.get(WITHHELD, ""))


def _next_record(records: Any) -> Any:
    with _quiet():
        return next(records, None)


def _quiet() -> contextlib.redirect_stderr[io.StringIO]:
    # warcio writes its findings to stderr; ours are yielded as values.
    return contextlib.redirect_stderr(io.StringIO())


def _capture(record: Any, path: Path, max_body: int) -> Capture | None:
    """A response or resource record of http(s) as a capture; None for any other record."""
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource") or not url.startswith(
        ("http://", "https://")
    ):
        return None
    status = 200
    headers: tuple[tuple[str, str], ...] = ()
    if record.rec_type == "resource":
        headers = (("Content-Type", record.content_type or ""),)
    elif record.http_headers is None:
        return None
    else:
        code = record.http_headers.get_statuscode() or ""
        status = int(code) if code.isdigit() else 0
        headers = _header_pairs(record)
    with _quiet():
        body = _payload(record, max_body)
    return Capture(
        url=url.strip("<> "),
        status=status,
        headers=headers,
        body=body,
        fetched=_date(record),
        listing=Listing(channel="warc", source=path.name),
        is_resource=record.rec_type == "resource",
        ip=record.rec_headers.get_header("WARC-IP-Address") or "",
    )


def _payload(record: Any, max_body: int) -> bytes:
    """The payload without transfer and content codings, at most one byte more than `max_body`."""
    headers = record.http_headers
    stream = record.raw_stream
    if headers is None:
        return bytes(stream.read(max_body + 1))
    if (headers.get_header("transfer-encoding") or "").lower() == "chunked":
        stream = ChunkedDataReader(stream, decomp_type=None)
    body = bytes(stream.read(max_body + 1))
    # Not by warcio: it stops in the middle of Brotli, of several members and of two codings.
    codings = codings_of(headers.get_header("content-encoding") or "")
    return unpack_leniently(body, codings, max_body + 1)


def _date(record: Any) -> datetime:
    """The record's date; now, for a foreign record that has none that can be read."""
    try:
        moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        return datetime.now(UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _header_pairs(record: Any) -> tuple[tuple[str, str], ...]:
    if record.http_headers is None:
        return ()
    return tuple((str(name), str(value)) for name, value in record.http_headers.headers)


def _with_ref(capture: Capture, record: Any, name: str, offset: int, length: int) -> Capture:
    digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    return replace(capture, ref=ArchiveRef(file=name, offset=offset, length=length, digest=digest))


def _warc_fields(record: Any) -> dict[str, str]:
    """The fields of a metadata record, unescaped."""
    lines = record.content_stream().read(64 * 1024).decode("ascii", "replace").splitlines()
    pairs = dict(line.split(": ", 1) for line in lines if ": " in line)
    return {name: unquote(value) for name, value in pairs.items()}
