"""Which records can meet a story's queries at all: a few letters that one of them must hold.

A list of the world's news has hundreds of records for one of a story. Judging each costs a thousand
times what this costs, and this lets none pass by that the queries would take but for irregular forms
(`mice` for `mouse`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.query import And, Near, Node, Or, Phrase, Typo, Wildcard, Word
from index.text.analysis import primary_language, stem_word, stemmed_languages
from index.text.analysis.letters import fold_letters
from index.workspace.story import ANY, Story
from index.workspace.story_tree import query_tree

LEAST = 2  # letters of a needle; one of a paired script says as much as four others
_WORDS = re.compile(r"\w+")

Sieve = Callable[[str], bool]


Needles = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Option:
    """Runs of letters of which a text must hold one; `is_name` where the query writes them large."""

    needles: Needles
    is_name: bool = False


def needles_of(node: Node, languages: tuple[str, ...]) -> Needles | None:
    """Folded runs of letters of which every text that meets a query holds one; None for no such set.

    `languages` are those by whose rules words may be inflected. Where one of several words must stand,
    the one that the query uses most is taken, so that few different ones are looked for; then a name,
    then the longest.
    """
    used = Counter(_written(node, languages))
    found = _option(node, languages, used)
    return found.needles if found else None


def _option(node: Node, languages: tuple[str, ...], used: Mapping[str, int]) -> _Option | None:
    match node:
        case Word(text, _, exact):
            return _of_word(text, languages, exact=exact)
        case Phrase(text):
            words = (_of_word(word, languages, exact=False) for word in _WORDS.findall(text))
            return _best(words, used)
        case Wildcard(pattern):
            longest = max(pattern.split("*"), key=len)
            return _usable([_folded(longest)], is_name=longest[:1].isupper())
        case Typo(text):
            half = len(_folded(text)) // 2  # one slip spares one of the halves
            return _usable([_folded(text)[:half], _folded(text)[half:]])
        case Near(parts) | And(parts):
            return _best((_option(part, languages, used) for part in parts), used)
        case Or(parts):
            options = [_option(part, languages, used) for part in parts]
            if not all(options):
                return None
            told = [one for one in options if one is not None]
            return _Option(
                frozenset().union(*(one.needles for one in told)),
                all(one.is_name for one in told),
            )
        case _:
            return None


def sieves_of(story: Story, more: Iterable[str] = ()) -> dict[str, Sieve]:
    """For each language with a query whether a text may meet it; under "" whether it may meet any.

    All may where no such letters can be told. `more` are words beside the queries' own that let a text
    through as one of any language.
    """
    named = [code for code in story.match if code != ANY]
    languages = tuple(named) or tuple(sorted(stemmed_languages()))
    sets = {code: needles_of(query_tree(story, code), (code,)) for code in named}
    if ANY in story.match or not named:
        sets[ANY] = needles_of(query_tree(story, ANY), languages)
    sieves = {code: _sieve(needles) for code, needles in sets.items()}
    known = [needles for needles in sets.values() if needles is not None]
    whole = (
        frozenset().union(*known, map(_folded, more)) - {""} if len(known) == len(sets) else None
    )
    return {**sieves, "": _sieve(whole)}


def _sieve(needles: Needles | None) -> Sieve:
    if needles is None:
        return _all_pass
    enough = _without_longer(needles)
    plain = tuple(one for one in enough if one.isascii())

    def passes(text: str) -> bool:
        folded = _folded(text)
        # Faster than one pattern of alternatives: each is a search of bytes.
        for one in plain if folded.isascii() else enough:  # noqa: SIM110 - the innermost loop
            if one in folded:
                return True
        return False

    return passes


def _without_longer(needles: Needles) -> tuple[str, ...]:
    """The needles that no other is a part of, in order."""
    return tuple(
        sorted(one for one in needles if not any(other in one for other in needles - {one}))
    )


def _all_pass(_: str) -> bool:
    return True


def _written(node: Node, languages: tuple[str, ...]) -> Iterator[str]:
    """The needles of every word of a query, as often as it is written."""
    match node:
        case Word(text) | Phrase(text):
            for word in _WORDS.findall(text):
                option = _of_word(word, languages, exact=False)
                yield from option.needles if option else ()
        case Wildcard(pattern):
            yield _folded(max(pattern.split("*"), key=len))
        case And(parts) | Or(parts) | Near(parts):
            for part in parts:
                yield from _written(part, languages)
        case _:
            return


def _of_word(text: str, languages: Iterable[str], *, exact: bool) -> _Option | None:
    """What every form of a word holds: as far as the word and its stems agree, less one letter."""
    words = [folded for word in _WORDS.findall(text) if (folded := _folded(word))]
    if not words:
        return None
    word, is_name = max(words, key=len), text[:1].isupper()
    if exact or len(words) > 1 or not word.isalpha():
        return _usable([word], is_name=is_name)
    stems = {_stem(text, code) for code in languages} - {""}
    shared = {stem if stem in word else _shared(word, stem) for stem in stems}
    common = min((one for one in shared if len(one) > LEAST), key=len, default=word)
    return _usable([common[:-1] if shared and len(common) > 4 else common], is_name=is_name)


def _stem(word: str, language: str) -> str:
    return stem_word(word, primary_language(language)).partition(":")[2]


def _shared(word: str, other: str) -> str:
    length = next(
        (place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    return word[:length]


def _usable(needles: list[str], *, is_name: bool = False) -> _Option | None:
    return (
        None if any(len(one) < LEAST for one in needles) else _Option(frozenset(needles), is_name)
    )


def _best(options: Iterable[_Option | None], used: Mapping[str, int]) -> _Option | None:
    """Of several that must all be met, the one to look for."""

    def worth(one: _Option) -> tuple[int, bool, int]:
        return (
            min(used.get(each, 0) for each in one.needles),
            one.is_name,
            min(map(len, one.needles)),
        )

    return max((one for one in options if one), key=worth, default=None)


@lru_cache(maxsize=4)  # one text is asked for every language in a row
def _folded(text: str) -> str:
    """The text with its letters as `fold` makes them; what is not a letter stays where it is ASCII."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text)
    # Letters fold one by one, so a run may be replaced wherever it stands, in longer ones too.
    for run in set(_FOREIGN.findall(folded)):
        folded = folded.replace(run, _fold_run(run))
    return folded.lower()


_FOREIGN = re.compile(r"[^\x00-\x7f]+")  # a word of another script, or a letter with its accent


@lru_cache(maxsize=20_000)
def _fold_run(run: str) -> str:
    return fold_letters(run.casefold())
