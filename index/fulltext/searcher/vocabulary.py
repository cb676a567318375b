"""The words of the corpus: those that a pattern, a beginning or a typo stands for."""

from __future__ import annotations

import re

from index.fulltext.searcher.view import SegmentView
from index.fulltext.segments.wordlist import Words
from index.query.match import is_typo
from index.text.analysis import Slot


def expand(view: SegmentView, field: str, slot: Slot) -> list[str]:
    """The tokens of a field that fit the slot."""
    if slot.kind == "token":
        return [slot.text] if view.term(field, slot.text) else []
    words = view.segment.words("text" if field == "title" else field)
    found = _fitting(words, slot)
    if field == "title":  # whose words are among those of the text
        return [word for word in found if view.term(field, word)]
    return found


def _fitting(words: Words, slot: Slot) -> list[str]:
    match slot.kind:
        case "typo":
            return _near(words, slot.text)
        case "pattern":
            pieces = slot.text.split("*")
            fits = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL).fullmatch
            near = words.starting(pieces[0]) if pieces[0] else words.ending(pieces[-1])
            return list(filter(fits, near))
        case _:
            return words.starting(slot.text)


def _near(words: Words, word: str) -> list[str]:
    """One edit spares the first or the second half of a word, but for a swap of the middle letters."""
    half = len(word) // 2
    swapped = word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :] if half else word
    near = [*words.starting(word[:half]), *words.ending(word[half:]), *words.starting(swapped)]
    least, most = len(word) - 1, len(word) + 1
    return sorted({other for other in near if least <= len(other) <= most and is_typo(word, other)})
