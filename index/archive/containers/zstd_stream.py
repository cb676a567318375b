"""Zstandard frames as plain bytes, with the dictionary that a `.warc.zst` may begin with."""

from __future__ import annotations

import re

from index.archive.containers.streams import Source, StreamDamage, read_past
from index.archive.zstandard import zstd

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"  # iipc.github.io/warc-specifications, "WARC-Zstandard"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")  # RFC 8878, 3.1.2
_CHUNK = 64 * 1024
_MOST_DICTIONARY = 64 * 1024 * 1024


class ZstdStream:
    """Zstandard frames one after the other, also those of a `.warc.zst` that begins with a dictionary."""

    is_packed = True

    def __init__(self, source: Source) -> None:
        self._source = source
        self._data = b""
        self._position = 0
        self._decoder: zstd.ZstdDecompressor | None = None
        self._dictionary: zstd.ZstdDict | None = None
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
        """Begin with the next frame; False at the end. Frames that hold no data are passed over."""
        while self._has(4) and _SKIPPABLE.match(self._data):
            self._skip_frame()
        self.place = self._position
        if not self._data:
            return False
        if not self._data.startswith(ZSTD_MAGIC):
            self._find_next()
            raise StreamDamage(self.place, "no zstd frame begins here")
        self._decoder = zstd.ZstdDecompressor(zstd_dict=self._dictionary)
        return True

    def _skip_frame(self) -> None:
        is_dictionary = not self._position and self._data.startswith(DICTIONARY_MAGIC)
        size = int.from_bytes(self._data[4:8], "little") if self._has(8) else 0
        wanted = 8 + size
        if is_dictionary and size <= _MOST_DICTIONARY and self._has(wanted):
            self._dictionary = _dictionary(self._data[8:wanted])
        while len(self._data) < wanted:
            wanted -= len(self._data)
            self._position += len(self._data)
            self._data = self._source.read(_CHUNK)
            if not self._data:
                return
        self._data, self._position = self._data[wanted:], self._position + wanted

    def _decode(self, size: int) -> bytes:
        decoder = self._decoder
        assert decoder is not None
        if decoder.needs_input and not self._data and not self._has(1):
            self._decoder = None
            raise StreamDamage(self.place, "the file is cut short")
        data, self._data = self._data, b""
        self._position += len(data)
        try:
            piece = decoder.decompress(data, size)
        except zstd.ZstdError as error:
            self._decoder = None
            self._data, self._position = data[1:], self._position - len(data) + 1
            self._find_next()
            raise StreamDamage(self.place, str(error)[:120]) from error
        if decoder.eof:
            self._data = decoder.unused_data
            self._position -= len(self._data)
            self._decoder = None
        return piece

    def _find_next(self) -> None:
        while (found := self._data.find(ZSTD_MAGIC)) < 0:
            passed = max(0, len(self._data) - 3)
            self._data, self._position = self._data[passed:], self._position + passed
            if not self._has(len(self._data) + 1):
                self._data = b""
                return
        self._data, self._position = self._data[found:], self._position + found

    def _has(self, size: int) -> bool:
        while len(self._data) < size:
            chunk = self._source.read(max(_CHUNK, size - len(self._data)))
            if not chunk:
                return False
            self._data += chunk
        return True


def _dictionary(content: bytes) -> zstd.ZstdDict | None:
    """A dictionary as it is in its frame, which may be packed itself; None for one that is broken."""
    try:
        if content.startswith(ZSTD_MAGIC):
            content = zstd.ZstdDecompressor().decompress(content, _MOST_DICTIONARY)
        return zstd.ZstdDict(content)
    except (zstd.ZstdError, ValueError):
        return None
