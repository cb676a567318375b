"""What has been read of a stream and not yet been passed: looked into, kept, dropped."""

from __future__ import annotations

import re
from collections import deque

from index.archive.containers.streams import ByteStream, StreamDamage

_CHUNK = 64 * 1024


class Window:
    """A stretch of plain bytes up to the end of the stream, or to what cannot be unpacked.

    At the end of a stretch nothing more is read until `next_stretch` is called.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._data = bytearray()
        self._marks: deque[tuple[int, int]] = deque()  # (place among all bytes, offset in the file)
        self._dropped = 0
        self._is_over = False
        self._last = -1  # where the last piece came from
        self.damage: StreamDamage | None = None

    @property
    def offset(self) -> int:
        """Where in the file the first byte lies: itself, or the member that it is in."""
        while len(self._marks) > 1 and self._marks[1][0] <= self._dropped:
            self._marks.popleft()
        if not self._marks:
            return self._stream.place
        first, place = self._marks[0]
        return place if self._stream.is_packed else place + self._dropped - first

    @property
    def ends_in_damage(self) -> bool:
        """Whether the member that the last bytes came from is the one that is damaged."""
        return self.damage is not None and self.damage.offset == self._last

    def has(self, size: int) -> bool:
        """Whether that many bytes are there, read now if they are not."""
        while len(self._data) < size and not self._is_over:
            self._read()
        return len(self._data) >= size

    def head(self, size: int) -> bytes:
        """Look at the first bytes, at most that many; they stay in the window."""
        self.has(size)
        return bytes(self._data[:size])

    def look(self, start: int, size: int) -> bytes:
        """Look at up to that many bytes after the first `start`; they stay in the window."""
        self.has(start + size)
        return bytes(self._data[start : start + size])

    def take(self, size: int) -> bytes:
        """Take the first bytes, at most that many, out of the window."""
        taken = self.head(size)
        self._drop(len(taken))
        return taken

    def skip(self, size: int) -> bool:
        """Drop that many bytes, most of them unread; False if the stretch ends before."""
        held = min(size, len(self._data))
        self._drop(held)
        missing = size - held
        if not missing or self._is_over:
            return not missing
        try:
            passed = self._stream.skip(missing)
        except StreamDamage as damage:
            self._end(damage)
            return False
        self._marks.clear()
        self._dropped += passed
        self._is_over = passed < missing
        return passed == missing

    def drop_through(self, pattern: re.Pattern[bytes], overlap: int) -> bool:
        """Drop what is before the next match; False when there is none in the stretch.

        `overlap` is the most bytes that a match can have.
        """
        while True:
            found = pattern.search(self._data)
            if found and (found.end() < len(self._data) or self._is_over):
                self._drop(found.start())
                return True
            if self._is_over:
                self._drop(len(self._data))
                return False
            # The byte before stays: a match may ask for a line end there.
            self._drop(max(0, (found.start() if found else len(self._data) - overlap) - 1))
            self._read()

    def next_stretch(self) -> bool:
        """Drop what is left of this stretch and go on behind it; False at the end of the stream."""
        self._drop(len(self._data))
        had_damage, self.damage = self.damage is not None, None
        if self._is_over and not had_damage:
            return False
        self._is_over = False
        return self.has(1) or self.damage is not None

    def _read(self) -> None:
        try:
            piece = self._stream.read(_CHUNK)
        except StreamDamage as damage:
            self._end(damage)
            return
        if not piece:
            self._is_over = True
            return
        self._last = self._stream.place
        self._marks.append((self._dropped + len(self._data), self._last))
        self._data += piece

    def _end(self, damage: StreamDamage) -> None:
        self.damage = damage
        self._is_over = True

    def _drop(self, size: int) -> None:
        del self._data[:size]
        self._dropped += size
