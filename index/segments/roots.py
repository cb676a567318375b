"""Which forms of words have which root: one sorted line a root, searched in the map.

A posting list is kept of each form only; a word of a query is looked up as all forms of its root. It
is a file of ours beside Whoosh's in the segment, and stock Whoosh does not look at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from mmap import mmap


def encode_roots(roots: Iterable[Mapping[str, str]]) -> bytes:
    """The file, `root<TAB>form form …` by root, of the roots by form of several languages."""
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for roots_of_language in roots:
        for form, root in roots_of_language.items():
            forms[root].append(form)
    lines = (f"{root}\t{' '.join(sorted(forms[root]))}\n" for root in sorted(forms))
    return "".join(lines).encode()


class Roots:
    """The file of an open segment."""

    def __init__(self, data: mmap, start: int, end: int) -> None:
        self._data = data
        self._start = start
        self._end = end

    def forms_of(self, root: str) -> list[str]:
        """The forms of a root, but for the one that is written like it."""
        key = root.encode() + b"\t"
        low, high = self._start, self._end
        while low < high:
            line = self._data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._data.find(b"\n", line, self._end)
            if self._data[line : line + len(key)] == key:
                return self._data[line + len(key) : end].decode().split(" ")
            if self._data[line : end + 1] < key:
                low = end + 1
            else:
                high = line
        return []

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every form with its root."""
        for line in self._data[self._start : self._end].decode().splitlines():
            root, _, forms = line.partition("\t")
            for form in forms.split(" "):
                yield form, root
