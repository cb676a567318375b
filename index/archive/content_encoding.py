"""Content codings undone: strictly for what comes over the wire, leniently for what others archived."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable, Iterator, Sequence

MAX_LAYERS = 2
_CHUNK = 65_536
_ZSTD_WINDOW = 23  # log2 of bytes: the most that RFC 9659 lets a server use

Unpack = Callable[[bytes], Iterator[bytes]]


class CodingError(ValueError):
    """A body that is cut, corrupt, not in the coding its headers name, or in one we cannot undo."""


class UnpackedTooLargeError(CodingError):
    """A body that is longer than the limit once unpacked."""


class CutShortError(CodingError):
    """A body that ends before its coding does."""


def codings_of(header: str) -> list[str]:
    """The codings of a Content-Encoding header in the order they were applied, in lower case."""
    names = (name.strip().lower() for name in header.split(","))
    return [name for name in names if name not in ("", "identity")]


def unpack(body: bytes, codings: Sequence[str], limit: int) -> bytes:
    """The body with its codings undone, checksums checked; never more than `limit` bytes are made.

    Raises `CodingError` and its child `UnpackedTooLargeError`.
    """
    unknown = [coding for coding in codings if coding not in _UNPACK]
    if unknown or len(codings) > MAX_LAYERS:
        raise CodingError(f"content coding {', '.join(codings)}"[:120])
    for coding in reversed(codings):
        body = b"".join(_pieces(body, coding, limit))
    return body


def gunzip(body: bytes, limit: int) -> bytes:
    """A file of gzip members unzipped, as far as it goes where it is cut short.

    Raises `CodingError` for a corrupt one, and its child `UnpackedTooLargeError`.
    """
    pieces: list[bytes] = []
    with contextlib.suppress(CutShortError):
        pieces.extend(_pieces(body, "gzip", limit))
    return b"".join(pieces)


def unpack_leniently(body: bytes, codings: Sequence[str], limit: int) -> bytes:
    """As much of a body as can be unpacked; the body itself where it is not in the coding at all.

    Other tools keep payloads unpacked below headers that still name a coding. At most one piece
    (64 KiB) more than `limit` bytes are made.
    """
    for coding in reversed(codings[-MAX_LAYERS:]):
        pieces: list[bytes] = []
        try:
            for piece in _pieces(body, coding, limit) if coding in _UNPACK_ARCHIVED else ():
                pieces.append(piece)
        except UnpackedTooLargeError:
            return b"".join(pieces)[:limit]
        except CodingError:
            pass
        body = b"".join(pieces) or body
    return body


def _pieces(body: bytes, coding: str, limit: int) -> Iterator[bytes]:
    size = 0
    try:
        for piece in _UNPACK_ARCHIVED[coding](body):
            yield piece
            size += len(piece)
            if size > limit:
                raise UnpackedTooLargeError(f"more than {limit:,} bytes unpacked")
    except EOFError as error:
        raise CutShortError(str(error)) from error
    except zlib.error as error:
        raise CodingError(str(error)[:120]) from error


def _gunzip(body: bytes) -> Iterator[bytes]:
    while body:
        stream = zlib.decompressobj(wbits=31)
        yield from _inflated(stream, body)
        rest = stream.unused_data
        body = rest if rest.startswith(b"\x1f\x8b") else b""  # padding is common, and harmless


def _inflate(body: bytes) -> Iterator[bytes]:
    # Some servers send deflate without the zlib frame that RFC 9110 asks for.
    is_framed = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    yield from _inflated(zlib.decompressobj(wbits=15 if is_framed else -15), body)


def _inflated(stream: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    """The pieces of a stream; its checksum is checked by zlib. Raises `EOFError` if it is cut."""
    while not stream.eof:
        piece = stream.decompress(body, _CHUNK)
        body = stream.unconsumed_tail
        if not piece and not body and not stream.eof:
            raise EOFError("the body is cut short")
        yield piece


def _unbrotli(body: bytes) -> Iterator[bytes]:
    import brotli

    stream = brotli.Decompressor()
    data = body
    while not stream.is_finished():
        try:
            piece = stream.process(data, output_buffer_limit=_CHUNK)
        except brotli.error as error:
            raise zlib.error(str(error)) from error
        if not piece and not data:
            raise EOFError("the body is cut short")
        yield piece
        data = b""


def _unzstd(body: bytes) -> Iterator[bytes]:
    from index.archive.zstandard import zstd

    options = {int(zstd.DecompressionParameter.window_log_max): _ZSTD_WINDOW}
    try:
        while body:
            stream = zstd.ZstdDecompressor(options=options)
            while not stream.eof:
                piece = stream.decompress(body, _CHUNK)
                body = b""
                if not piece and stream.needs_input and not stream.eof:
                    raise EOFError("the body is cut short")
                yield piece
            body = stream.unused_data
    except zstd.ZstdError as error:
        raise zlib.error(str(error)) from error


_UNPACK: dict[str, Unpack] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
}
# Nobody is asked for zstd over the wire; others have archived what came in it.
_UNPACK_ARCHIVED: dict[str, Unpack] = {**_UNPACK, "zstd": _unzstd}
