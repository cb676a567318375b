"""Where sentences begin and end, in every script: what words are counted within and edits aligned by.

A rule and no model: signs that end a sentence, but for abbreviations, initials and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLOSING = "\"'”’»›“)\\]）」』"
_END = re.compile(
    rf"[.!?…؟۔।։]+[{_CLOSING}]*(?=\s|$)"  # in scripts with spaces one must follow
    rf"|[。！？｡]+[{_CLOSING}]*"
    r"|\n+"
)
_ABBREVIATION = re.compile(
    r"(?i)(?:^|[\s(\"'“„«])(?:mrs?|ms|dr|prof|st|jr|sr|gen|col|lt|sgt|capt|cmdr|adm|maj|sen|rep|gov|rev|hon"
    r"|jan|feb|mar|apr|aug|sept?|oct|nov|dec|vs|etc|inc|ltd|corp|approx|fig|vol|e\.g|i\.e"
    r"|mm?e?|mgr|sra?|srta|dra|ee|d|z|b|bzw|ca|vgl|nr|usw|str|sig|dott|avv|on|г|гг|им|ул|тыс|млн|млрд|т|д)\.$"
)
_INITIALS = re.compile(r"(?:^|[\s(\"'“„«.])[^\W\d_]\.$")
_SMALL_NEXT = re.compile(r"\s+[^\W\d_]")


def find_sentences(text: str) -> Iterator[tuple[int, int]]:
    """The places of the sentences of a text, in order, without the white space around them."""
    start = 0
    for found in _END.finditer(text):
        if "\n" not in found[0] and _goes_on(text, found):
            continue
        yield from _stripped(text, start, found.end())
        start = found.end()
    yield from _stripped(text, start, len(text))


def split_sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in find_sentences(text)]


def _goes_on(text: str, found: re.Match[str]) -> bool:
    """Whether a sign that may end a sentence does not: an abbreviation, an initial, a small letter."""
    following = _SMALL_NEXT.match(text, found.end())
    if following and following[0][-1].islower():
        return True
    if found[0] != ".":
        return False
    before = text[max(found.end() - 12, 0) : found.end()]
    return bool(_ABBREVIATION.search(before) or _INITIALS.search(before))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if kept := piece.strip():
        begin = start + piece.index(kept[0])
        yield begin, begin + len(kept)
