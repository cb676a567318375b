"""Quotation marks in the ways of many languages: where a quotation begins and ends.

A quotation over several paragraphs opens again at each of them and closes once (CMOS 13.30; Duden K 10).
A dash at the beginning of a paragraph opens dialogue in French, Spanish, Portuguese and Russian.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 4_000
"""Characters; a mark that is not closed within them was none."""

_CLOSING = {
    "“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", '"': '"', "‘": "’", "‹": "›", "《": "",
}  # fmt: skip
_OPENING = re.compile('[“„«「『"‘»]')
_REVERSED = frozenset({"de", "da", "no", "nb"})  # »so« is written there
_DASHED = frozenset({"fr", "es", "pt", "ru"})
_DASH = re.compile(r"(?m)^[—–]\s*(\S[^\n]*)$")
_INNER_DASH = re.compile(r"\s*[,.!?]?\s*[—–]\s*")


class Span(NamedTuple):
    """The inside of a quotation, in characters of the text; its marks are around it."""

    start: int
    end: int
    outer_start: int
    outer_end: int


def find_spans(text: str, language: str = "") -> list[Span]:
    """The quotations of a text in order, none within another."""
    found = list(_marked(text, language))
    if language in _DASHED:
        taken = [(span.outer_start, span.outer_end) for span in found]
        found += [
            span
            for span in _dialogue(text)
            if not any(span.start < end and start < span.end for start, end in taken)
        ]
    return sorted(found)


def _marked(text: str, language: str) -> Iterator[Span]:
    place = 0
    while opening := _OPENING.search(text, place):
        start = opening.end()
        place = start
        if not _may_open(text, opening, language):
            continue
        closings = "«" if opening[0] == "»" else _CLOSING[opening[0]]
        end = _close(text, start, opening[0], closings)
        if end is None:
            continue
        if text[start:end].strip():
            yield Span(start, end, opening.start(), end + 1)
        place = end + 1


def _may_open(text: str, opening: re.Match[str], language: str) -> bool:
    before = text[opening.start() - 1 : opening.start()] if opening.start() else ""
    if opening[0] == "»":
        return language in _REVERSED and not before.isalnum()
    if opening[0] in "‘'\"":
        return not before.isalnum()
    return True


def _close(text: str, start: int, opening: str, closings: str) -> int | None:
    """The place of the closing mark; None if there is none in reach."""
    depth = 0
    for place in range(start, min(start + LONGEST, len(text))):
        sign = text[place]
        if sign == "\n":
            following = text[place:].lstrip()[:1] if place + 1 < len(text) else ""
            if following != opening or opening == '"':
                return None
        elif sign in closings and not _is_apostrophe(text, place, sign):
            if not depth:
                return place
            depth -= 1
        elif sign == opening and opening not in '"“' and not _opens_paragraph(text, place):
            depth += 1
    return None


def _opens_paragraph(text: str, place: int) -> bool:
    return text[:place].rstrip(" \t").endswith("\n")


def _is_apostrophe(text: str, place: int, sign: str) -> bool:
    return sign == "’" and text[place + 1 : place + 2].isalnum()


def _dialogue(text: str) -> Iterator[Span]:
    for line in _DASH.finditer(text):
        start = line.start(1)
        dash = _INNER_DASH.search(text, start, line.end(1))
        end = dash.start() if dash else line.end(1)
        yield Span(start, end, line.start(), end)
