"""Which records can meet a story's queries at all: a few letters that one of them must hold.

A list of the world's news has hundreds of records for one of a story. Judging each costs a thousand
times what this costs, and this lets none pass by that the queries would take but for irregular forms
(`mice` for `mouse`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from index.query import And, Near, Node, Or, Phrase, Typo, Wildcard, Word
from index.text.analysis import fold, primary_language, stem_word, stemmed_languages
from index.workspace.story import ANY, Story
from index.workspace.story_tree import query_tree

LEAST = 2  # letters of a needle; one of a paired script says as much as four others
_WORDS = re.compile(r"\w+")

Sieve = Callable[[str], bool]


@lru_cache(maxsize=64)
def needles_of(node: Node, languages: tuple[str, ...]) -> frozenset[str] | None:
    """Folded runs of letters of which every text that meets a query holds one; None for no such set.

    `languages` are those by whose rules words may be inflected.
    """
    match node:
        case Word(text, _, exact):
            return _of_word(text, languages, exact=exact)
        case Phrase(text):
            return _longest(_of_word(word, languages, exact=True) for word in _WORDS.findall(text))
        case Wildcard(pattern):
            return _usable([max(map(_folded, pattern.split("*")), key=len)])
        case Typo(text):
            half = len(_folded(text)) // 2  # one slip spares one of the halves
            return _usable([_folded(text)[:half], _folded(text)[half:]])
        case Near(parts) | And(parts):
            return _longest(needles_of(part, languages) for part in parts)
        case Or(parts):
            sets = [needles_of(part, languages) for part in parts]
            return None if None in sets else frozenset().union(*filter(None, sets))
        case _:
            return None


def sieve_of(story: Story, more: Iterable[str] = ()) -> Sieve:
    """Whether a text may meet a query of the story, whatever its language; all may where none can tell.

    `more` are words beside the queries' own that let a text through.
    """
    languages = tuple(code for code in story.match if code != ANY) or tuple(
        sorted(stemmed_languages())
    )
    needles = needles_of(query_tree(story, ""), languages)
    if needles is None:
        return _all_pass
    wanted = sorted({*needles, *map(_folded, more)} - {""})
    found = re.compile("|".join(map(re.escape, wanted))).search
    return lambda text: found(_folded(text)) is not None


def _all_pass(_: str) -> bool:
    return True


def _of_word(text: str, languages: Iterable[str], *, exact: bool) -> frozenset[str] | None:
    """What every form of a word holds: as far as the word and its stems agree, less one letter."""
    words = [folded for word in _WORDS.findall(text) if (folded := _folded(word))]
    if not words:
        return None
    word = max(words, key=len)
    if exact or len(words) > 1 or not word.isalpha():
        return _usable([word])
    stems = {_stem(text, code) for code in languages} - {""}
    shared = {stem if stem in word else _shared(word, stem) for stem in stems}
    common = min((one for one in shared if len(one) > LEAST), key=len, default=word)
    return _usable([common[:-1] if shared and len(common) > 4 else common])


def _stem(word: str, language: str) -> str:
    return stem_word(word, primary_language(language)).partition(":")[2]


def _shared(word: str, other: str) -> str:
    length = next(
        (place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    return word[:length]


def _usable(needles: list[str]) -> frozenset[str] | None:
    return None if any(len(one) < LEAST for one in needles) else frozenset(needles)


def _longest(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """Of several sets that must all be met, the one that fewest texts meet by chance."""
    usable = [one for one in sets if one]
    return max(usable, key=lambda one: (min(map(len, one)), -len(one)), default=None)


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else fold(text)
