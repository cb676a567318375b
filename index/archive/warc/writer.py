"""Making WARC/1.1 records, each a gzip member of its own (ISO 28500:2017)."""

from __future__ import annotations

import gzip
import http.client
import io
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from index.archive.warc.reader import WITHHELD, WITHHELD_DIGEST, payload_digest
from index.article import isoformat
from index.capture import Capture

COMPRESSION = 6  # warcio's own 9 costs 1.8 times the CPU for 1 % less space


def members_of(capture: Capture, wire: bytes | None) -> tuple[bytes, bytes]:
    """The gzip members of a response, and of the records that are beside it.

    `wire` is the payload as it came, or None for the decoded body.
    """
    date = isoformat(capture.fetched) or ""
    identity = f"<urn:uuid:{uuid.uuid4()}>"
    came = capture.body if wire is None else wire
    payload = b"" if capture.withheld else came
    response = _member(
        "resource" if capture.is_resource else "response",
        capture.url,
        date,
        payload,
        None
        if capture.is_resource
        else _response(capture, len(payload), coded=wire is not None and not capture.withheld),
        identity=identity,
        ip=capture.ip,
        media=capture.header("Content-Type"),
    )
    request = b""
    if capture.request_headers:
        request = _member(
            "request", capture.url, date, b"", _request(capture), concurrent_to=identity
        )
    said = asdict(capture.listing)
    if capture.withheld:
        said |= {WITHHELD: capture.withheld, WITHHELD_DIGEST: payload_digest(came)}
    metadata = _member("metadata", capture.url, date, _fields(said), None, concurrent_to=identity)
    return response, request + metadata


def _response(capture: Capture, length: int, *, coded: bool) -> StatusAndHeaders:
    reason = http.client.responses.get(capture.status, "-")
    headers = [(_archived_name(name, coded=coded), value) for name, value in capture.headers]
    headers.append(("Content-Length", str(length)))
    return StatusAndHeaders(f"{capture.status:03d} {reason}", headers, protocol="HTTP/1.1")


def _archived_name(name: str, *, coded: bool) -> str:
    """Headers that no longer tell the truth of the stored payload keep theirs under another name."""
    gone = {"transfer-encoding", "content-length"} | (set() if coded else {"content-encoding"})
    return "X-Archive-Orig-" + name if name.lower() in gone else name


def _request(capture: Capture) -> StatusAndHeaders:
    path = capture.url.split("/", 3)[3] if capture.url.count("/") > 2 else ""
    # With `is_http_request` warcio takes the method from this line, and ignores `protocol`.
    return StatusAndHeaders(
        f"GET /{path} HTTP/1.1", list(capture.request_headers), is_http_request=True
    )


def _member(
    kind: str,
    url: str,
    date: str,
    payload: bytes,
    http_headers: StatusAndHeaders | None,
    *,
    identity: str = "",
    concurrent_to: str = "",
    ip: str = "",
    media: str = "",
) -> bytes:
    plain = io.BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="WARC/1.1")
    headers = {"WARC-Date": date, "WARC-Record-ID": identity or f"<urn:uuid:{uuid.uuid4()}>"}
    if concurrent_to:
        headers["WARC-Concurrent-To"] = concurrent_to
    if ip:
        headers["WARC-IP-Address"] = ip
    if kind in ("response", "resource"):
        headers["WARC-Payload-Digest"] = payload_digest(payload)
    writer.write_record(
        writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            http_headers=http_headers,
            warc_content_type="" if http_headers else media or "application/warc-fields",
            warc_headers_dict=headers,
        )
    )
    return gzip.compress(plain.getvalue(), COMPRESSION, mtime=0)


def warcinfo_member(filename: str) -> bytes:
    """The record that a file begins with: what wrote it, and its own name."""
    plain = io.BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="WARC/1.1")
    info = {"software": "pressclip", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(filename, info))
    return gzip.compress(plain.getvalue(), COMPRESSION, mtime=0)


def _fields(said: Mapping[str, str]) -> bytes:
    """`application/warc-fields`, one line a field; percent-escaped, since values are foreign text."""
    lines = [f"{name}: {quote(value, safe=' :/?&=,;+#@')}" for name, value in said.items() if value]
    return "".join(line + "\r\n" for line in lines).encode("ascii")
