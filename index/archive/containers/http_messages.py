"""HTTP responses as they are in archives: head and body taken apart, codings undone as far as they go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.archive.content_encoding import codings_of, unpack_leniently

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_MAX_HEAD = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A response: its status, its headers as they came, its body without codings."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def read_message(block: bytes, most: int) -> Message | None:
    """The response of a record's block, at most one byte more than `most` of its body; None for none."""
    status = _STATUS.match(block)
    if status is None:
        return None
    end = _HEAD_END.search(block, 0, _MAX_HEAD)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block[:_MAX_HEAD], b"")
    headers = _headers(head)
    return Message(status=int(status[1]), headers=headers, body=_decode(body, headers, most))


def dechunk(body: bytes) -> bytes:
    """A body without its chunks; as it is where it has none, and as far as they go where they break."""
    pieces: list[bytes] = []
    position = 0
    while found := _CHUNK_SIZE.match(body, position):
        start = found.end()
        size = int(found[1], 16)
        pieces.append(body[start : start + size])
        position = start + size
        if not size or position >= len(body):
            break
        position += 2 if body.startswith(b"\r\n", position) else body.startswith(b"\n", position)
    return b"".join(pieces) if pieces else body


def _decode(body: bytes, headers: tuple[tuple[str, str], ...], most: int) -> bytes:
    """Transfer codings undone, then content codings; many tools undo one and keep its header."""
    transfer = codings_of(_joined(headers, "transfer-encoding"))
    if "chunked" in transfer:
        body = dechunk(body)
    packed = [*codings_of(_joined(headers, "content-encoding"))]
    packed += [coding for coding in transfer if coding != "chunked"]
    return unpack_leniently(body, packed, most + 1)[: most + 1]


def _joined(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return ",".join(value for key, value in headers if key.lower() == name)


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for line in head.split(b"\n")[1:]:
        text = _text(line).rstrip("\r")
        name, colon, value = text.partition(":")
        if text[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {text.strip()}")
        elif colon and name.strip():
            found.append((name.strip(), value.strip()))
    return tuple(found)


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")
