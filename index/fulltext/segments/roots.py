"""Which forms of words have which root: one sorted line a root, looked up where it is.

A posting list is kept of each form only; a word of a query is looked up as all forms of its root. It
is a file of ours beside Whoosh's in the segment, and stock Whoosh does not look at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from index.fulltext.segments.byte_ranges import ByteRange, first_not_below, line_at


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

    def __init__(self, lines: ByteRange) -> None:
        self._lines = lines

    def forms_of(self, root: str) -> list[str]:
        """The forms of a root, but for the one that is written like it."""
        key = root.encode() + b"\t"
        line = line_at(self._lines, first_not_below(self._lines, key))
        return line[len(key) :].decode().split(" ") if line.startswith(key) else []

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every form with its root."""
        for line in self._lines.read_all().decode().splitlines():
            root, _, forms = line.partition("\t")
            for form in forms.split(" "):
                yield form, root
