"""HTTP/1.1 as the sample outlets speak it: a request read, an answer written, nothing sent."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType

from crawler.demo.site import ServedAnswer

LEAST_COMPRESSED_BYTES = 512
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A parsed request head; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def conditional(self) -> bool:
        """Whether it asks for news only."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers

    @property
    def keeps_alive(self) -> bool:
        """Whether the client will ask again on this connection."""
        return self.headers.get("connection", "").lower() != "close"


def parse_request(head: bytes) -> Request:
    """Read a request head up to its empty line; raises `ValueError` when it is none."""
    lines = head.decode("latin-1").split("\r\n")
    method, target, version = lines[0].split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(version)
    fields = (line.partition(":") for line in lines[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    return Request(method=method, target=target, headers=MappingProxyType(headers))


def unchanged(answer: ServedAnswer, request: Request) -> bool:
    """Whether the client holds this answer already (RFC 9110, 13.1: the entity tag goes first)."""
    if answer.status != HTTPStatus.OK:
        return False
    if tags := request.headers.get("if-none-match"):
        return tags.strip() == "*" or answer.etag in (
            tag.strip().removeprefix("W/") for tag in tags.split(",")
        )
    since = _http_date(request.headers.get("if-modified-since", ""))
    return since is not None and answer.modified is not None and answer.modified <= since


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@lru_cache(maxsize=4_096)
def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def _coded(answer: ServedAnswer, request: Request) -> tuple[bytes, dict[str, str]]:
    """The body in the coding that the client takes, and the headers which say so."""
    textual = answer.media.startswith("text/") or "xml" in answer.media or "json" in answer.media
    if not textual or len(answer.body) < LEAST_COMPRESSED_BYTES:
        return answer.body, {}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return answer.body, {"Vary": "Accept-Encoding"}
    return _compressed(answer.body), {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"}


def _range(request: Request, length: int) -> tuple[int, int] | None:
    """The first and last byte of the one range that is asked for; None without one that can be given."""
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or int(match[1]) >= length:
        return None
    return int(match[1]), min(int(match[2] or length - 1), length - 1)


def compose(
    answer: ServedAnswer,
    request: Request,
    *,
    now: datetime,
    extra: tuple[tuple[str, str], ...] = (),
) -> tuple[int, bytes]:
    """The status and the bytes that go out, as RFC 9110 wants them."""
    status, body = answer.status, b""
    headers = {"Date": format_datetime(now, usegmt=True), **dict(extra), **dict(answer.headers)}
    if status == HTTPStatus.OK:
        headers["ETag"] = answer.etag
    if answer.modified is not None:
        headers["Last-Modified"] = format_datetime(answer.modified.astimezone(UTC), usegmt=True)
    if unchanged(answer, request):
        status = HTTPStatus.NOT_MODIFIED
    else:
        body, coding = _coded(answer, request)
        headers |= {"Content-Type": answer.media, "Content-Length": str(len(body)), **coding}
    headers["Connection"] = "keep-alive" if request.keeps_alive else "close"
    if status == HTTPStatus.OK and (span := _range(request, len(body))):
        status, part = HTTPStatus.PARTIAL_CONTENT, body[span[0] : span[1] + 1]
        told = f"bytes {span[0]}-{span[1]}/{len(body)}"
        headers |= {"Content-Range": told, "Content-Length": str(len(part))}
        body = part
    head = f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    sent = b"" if request.method == "HEAD" else body[: answer.cut]
    return int(status), head.encode("latin-1") + b"\r\n" + sent
