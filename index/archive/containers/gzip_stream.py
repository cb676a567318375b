"""Gzip members as plain bytes, wherever they are cut: one a record, several in one, all in one."""

from __future__ import annotations

import re
import zlib

from index.archive.containers.streams import Source, StreamDamage, read_past

GZIP_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 32 * 1024  # what is left of one is copied for each member that ends in it
_LOOK = 4096  # packed bytes that tell whether a member begins a record
_HELD = 32 * 1024 * 1024  # of a member that may be damaged, to look for the next one in it
_PADDING = b"\0\r\n \t"
_BEGINS_RECORD = re.compile(rb"\s*(WARC/|https?://|filedesc://|\x1f\x8b\x08)")


class GzipStream:
    """Gzip members one after the other, wherever they are cut; on from the next after damage."""

    is_packed = True

    def __init__(self, source: Source) -> None:
        self._source = source
        self._data = b""
        self._position = 0  # of `_data` in the source
        self._decoder: zlib._Decompress | None = None
        self._held = bytearray()
        self.place = 0

    def read(self, size: int, /) -> bytes:
        """Read up to that many bytes; empty at the end. After `StreamDamage` is raised, reading can go on."""
        while self._decoder is not None or self._begin():
            if piece := self._decode(size):
                return piece
        return b""

    def skip(self, size: int, /) -> int:
        """Pass over bytes, as many as there are; how many these were."""
        return read_past(self, size)

    def _begin(self) -> bool:
        """Begin with the next member; False at the end. Zeros and line ends between two are padding."""
        while True:
            kept = self._data.lstrip(_PADDING)
            self._position += len(self._data) - len(kept)
            self._data = kept
            if len(self._data) >= len(GZIP_MAGIC) or not self._fill():
                break
        if not self._data:
            return False
        self.place = self._position
        if not self._data.startswith(GZIP_MAGIC):
            self._find_next()
            raise StreamDamage(self.place, "no gzip member begins here")
        self._decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._held.clear()
        return True

    def _decode(self, size: int) -> bytes:
        decoder = self._decoder
        assert decoder is not None
        if not self._data and not self._fill():
            self._decoder = None
            raise StreamDamage(self.place, "the file is cut short")
        data = self._data
        try:
            piece = decoder.decompress(data, size)
        except zlib.error as error:
            self._decoder = None
            if len(self._held) < _HELD:
                self._position -= len(self._held)
                self._data = bytes(self._held) + data
            self._pass(1)
            self._find_next()
            raise StreamDamage(self.place, str(error)) from error
        self._data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
        used = len(data) - len(self._data)
        self._position += used
        if len(self._held) < _HELD:
            self._held += data[:used]
        if decoder.eof:
            self._decoder = None
        return piece

    def _find_next(self) -> None:
        """Go on to the next member that begins a record, or to the end."""
        at = 0
        while True:
            at = self._data.find(GZIP_MAGIC, at)
            if at >= 0 and (len(self._data) >= at + _LOOK or not self._fill()):
                if _begins_record(self._data[at : at + _LOOK]):
                    self._pass(at)
                    return
                at += 1
            elif at < 0:
                self._pass(max(0, len(self._data) - len(GZIP_MAGIC) + 1))
                at = 0
                if not self._fill():
                    self._pass(len(self._data))
                    return

    def _pass(self, size: int) -> None:
        self._data = self._data[size:]
        self._position += size

    def _fill(self) -> bool:
        chunk = self._source.read(_CHUNK)
        self._data += chunk
        return bool(chunk)


def _begins_record(packed: bytes) -> bool:
    try:
        head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, 16)
    except zlib.error:
        return False
    return bool(_BEGINS_RECORD.match(head))
