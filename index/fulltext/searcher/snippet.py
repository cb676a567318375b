"""One or two sentences around a match, with the match marked; no character is ever cut."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import combining

from index.query.spans import Span
from index.text.analysis import holds_paired_script, read_tokens

LENGTH = 240
"""The letters of a snippet, about; a whole second sentence is added while it fits."""

_WINDOW = 30  # words in which as many terms as possible are wanted
_LEAD_IN = 80  # letters before the match in a sentence that is too long, and at most a third
_ELLIPSIS = "…"

# A sentence ends with its mark and what closes it; in the scripts of East Asia without a space.
_SENTENCE_END = re.compile(r"(?:[.!?…؟۔।]+[\"'”’»)\]]*(?=\s)|[。！？｡]+[”’」』）]*|\n)\s*")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?"
    r"|Oct|Nov|Dec|No|vs|Sr|Sra|Mme|Hr|Fr|Prof)$"
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of an article's text on one line, and the places in it that matched."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def make_snippet(
    text: str, terms: Sequence[Sequence[Span]], language: str, *, length: int = LENGTH
) -> Snippet:
    """The sentence with the densest match; `terms` are the positions at which each term is.

    Without any the text's beginning. Positions are those of `index.text.analysis`.
    """
    spans = sorted({span for found in terms for span in found})
    if not spans:
        return _cut(text, (0, 0), [], length)
    first = _densest(terms, spans)
    near = spans[bisect_left(spans, (first, 0)) : bisect_right(spans, (first + length, 0))]
    places = _places(text, near, language)
    return _cut(text, places[0], places, length) if places else _cut(text, (0, 0), [], length)


def _densest(terms: Sequence[Sequence[Span]], spans: Sequence[Span]) -> int:
    """The start of the match after which most of the terms follow soon."""
    starts = [[start for start, _ in sorted(found)] for found in terms if found]

    def followers(start: int) -> int:
        end = start + _WINDOW
        return sum(bisect_left(found, start) < bisect_left(found, end) for found in starts)

    return max((start for start, _ in spans), key=lambda start: (followers(start), -start))


def _places(text: str, spans: Sequence[Span], language: str) -> list[tuple[int, int]]:
    """Where the spans are in the text, in letters; the text is read no further than need be."""
    last = max(end for _, end in spans)
    starts: list[int] = []
    ends: list[int] = []
    for token in read_tokens(text, language):
        starts.append(token.start)
        ends.append(token.end)
        if len(starts) > last:
            break
    return [(starts[first], ends[end]) for first, end in spans if end < len(starts)]


def _cut(text: str, match: tuple[int, int], places: Sequence[Span], length: int) -> Snippet:
    start, end = _sentences(text, match, length)
    before, after = "", ""
    if end - start > length:
        start, end, before, after = _shorten(text, start, end, match, length)
    marks = [
        (max(left, start) - start + len(before), right - start + len(before))
        for left, right in places
        if left >= start and right <= end
    ]
    shown = "".join(" " if letter.isspace() else letter for letter in text[start:end])
    return Snippet(before + shown + after, tuple(_merged(marks)))


def _sentences(text: str, match: tuple[int, int], length: int) -> tuple[int, int]:
    """The bounds of the sentence around the match, and of the next if both fit."""
    start, end = 0, 0
    for stop in (*_sentence_ends(text), len(text)):
        if stop <= match[0]:
            start = stop
        elif stop >= match[1]:
            bound = _trimmed(text, stop)
            if end and bound - start > length:
                break
            if end:
                return start, bound
            end = bound
    return start, end


def _sentence_ends(text: str) -> Iterator[int]:
    """Where each sentence ends, the space after it included."""
    for found in _SENTENCE_END.finditer(text):
        abbreviated = found[0].startswith(".") and (
            text[found.end() : found.end() + 1].islower()
            or _ABBREVIATION.search(text, max(0, found.start() - 8), found.start())
        )
        if not abbreviated:
            yield found.end()


def _shorten(
    text: str, start: int, end: int, match: tuple[int, int], length: int
) -> tuple[int, int, str, str]:
    """A stretch of about that length around the match, from the edge of a word to one."""
    before = max(0, min(_LEAD_IN, (length - match[1] + match[0]) // 3))
    left = max(start, min(match[0] - before, end - length))
    if left > start:
        left = _edge_after(text, left, match[0])
    right = min(end, max(left + length, match[1]))
    if right < end:
        right = _edge_before(text, right, match[1])
    return left, right, _ELLIPSIS if left > start else "", _ELLIPSIS if right < end else ""


def _edge_after(text: str, place: int, latest: int) -> int:
    """The next beginning of a word; scripts without spaces are cut before a whole letter."""
    while place < latest and not text[place - 1].isspace() and _joins(text, place):
        place += 1
    return place


def _edge_before(text: str, place: int, earliest: int) -> int:
    """The last end of a word before; a single word that is too long is cut between two letters."""
    edge = place
    while edge > earliest and not text[edge].isspace() and _joins(text, edge):
        edge -= 1
    if edge == 0:
        edge = place
        while combining(text[edge]):
            edge -= 1
    return _trimmed(text, edge)


def _joins(text: str, place: int) -> bool:
    """Whether a cut before this letter would part a word, or a letter from its marks."""
    return not holds_paired_script(text[place])


def _trimmed(text: str, end: int) -> int:
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


def _merged(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marks that overlap or touch, joined: the pairs of a Chinese word are one mark."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
