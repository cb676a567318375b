"""The words of the corpus: those that a pattern, a beginning or a typo stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.analysis import Slot
from index.match import is_typo
from index.segments.terms import Terms

_VALUE_START = b"[\x00\x01]"  # what stands behind a key in the dictionary's file
_CONTROL = 32  # no letter has a byte below it, and the byte before a key's text is one


def expand(terms: Terms, field: str, slot: Slot) -> list[str]:
    """The tokens of a field that fit the slot."""
    match slot.kind:
        case "token":
            return [slot.text] if terms.get(field, slot.text) else []
        case "starts":
            return list(_beginning(terms, field, slot.text))
        case "pattern":
            return _fitting(terms, field, slot.text)
        case "typo":
            return _near(terms, field, slot.text)


def _fitting(terms: Terms, field: str, pattern: str) -> list[str]:
    pieces = pattern.split("*")
    fits = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL).fullmatch
    if pieces[0]:
        return [text for text in _beginning(terms, field, pieces[0]) if fits(text)]
    return [text for text in _ending(terms, field, pieces[-1]) if fits(text)]


def _near(terms: Terms, field: str, word: str) -> list[str]:
    """One edit spares the first or the second half of a word, but for a swap of the middle letters."""
    half = len(word) // 2
    found = {*_beginning(terms, field, word[:half]), *_ending(terms, field, word[half:])}
    swapped = word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :] if half else word
    if terms.get(field, swapped):
        found.add(swapped)
    return sorted(text for text in found if is_typo(word, text))


def _beginning(terms: Terms, field: str, prefix: str) -> Iterator[str]:
    return (text for text, _ in terms.starting(field, prefix) if _is_token(text))


def _ending(terms: Terms, field: str, suffix: str) -> Iterator[str]:
    """The tokens with that end, found in the file's bytes without decoding the others."""
    region = terms.region(field)
    for found in re.finditer(re.escape(suffix.encode()) + _VALUE_START, region):
        start = found.start()
        while start and region[start - 1] >= _CONTROL:
            start -= 1
        text = str(region[start : found.end() - 1], "utf-8", "replace")
        # What looks like a key may be part of a number beside one.
        if _is_token(text) and terms.get(field, text):
            yield text


def _is_token(text: str) -> bool:
    """Whether a term is a form, and not the mark of an odd one."""
    return ":" not in text
