"""What a word of the query stands for in the cluster: tokens, roots by language, patterns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import assert_never

from index.opensearch.documents import cut
from index.query import Phrase, Typo, Wildcard, Word
from index.text.analysis import (
    Slot,
    stem_word,
    terms_of_pattern,
    terms_of_typo,
    terms_of_words,
)

Single = Word | Phrase | Wildcard | Typo
NAME_ZONES = ("author", "speaker")


@lru_cache(maxsize=1000)
def slots_of(leaf: Single) -> tuple[tuple[Slot, ...], int]:
    """The slots of a leaf, and how many positions a match covers."""
    match leaf:
        case Wildcard(pattern):
            terms = terms_of_pattern(pattern)
        case Typo(text):
            terms = terms_of_typo(text)
        case Word(text) | Phrase(text):
            terms = terms_of_words(text)
        case _:
            assert_never(leaf)
    slots = sorted(terms.slots, key=lambda slot: slot.offset)
    return tuple(Slot(slot.offset, slot.kind, cut(slot.text)) for slot in slots), terms.length


def roots_of(leaf: Single, languages: Sequence[str]) -> list[str]:
    """The roots by which a word's other forms are found, in each of the languages; none for a form."""
    if not isinstance(leaf, Word) or leaf.exact or leaf.zone in NAME_ZONES:
        return []
    if not terms_of_words(leaf.text).word:
        return []
    roots = (stem_word(leaf.text, language) for language in languages)
    return list(dict.fromkeys(cut(root) for root in roots if root))


def typo_pattern(word: str) -> str:
    """A regular expression (Lucene's) for the words at most one edit away; letters and digits only."""
    edits = [f"{word[:place]}.?{word[place + 1 :]}" for place in range(len(word))]
    edits += [f"{word[:place]}.{word[place:]}" for place in range(len(word) + 1)]
    edits += [
        f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}"
        for place in range(len(word) - 1)
    ]
    return "|".join(dict.fromkeys(edits))
