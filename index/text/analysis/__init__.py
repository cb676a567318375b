"""Text → tokens, one way for the index, for queries, for matching and for highlights.

Every token takes one position, counted from 0 in its zone. Two streams run side by side:

`tokens`  exact folded forms: NFKC, case folded, accents of Latin and Greek stripped, Arabic
          spelling and ё evened, possessive ’s and elided articles (l’, d’, qu’, dell’…) cut.
          `U.S.` is `us`, `F-22` is `f22`, `spy-balloon` is `spy` and `balloon`.
`stems`   `language:stem`, the Snowball stem of the same word by the article's language;
          empty if there is no stemmer. A stem never meets one of another language.

Scripts written without spaces, and Hangul with its particles, are cut into overlapping pairs: each
letter starts a token with the letter after it, the last one stands alone. A run of n letters so
takes n positions, and any part of it is found as neighbouring tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import add
from typing import Literal, NamedTuple

from index.text.analysis.letters import fold, is_capitals
from index.text.analysis.stemming import CACHED_WORDS, STEMMERS, Stems, stems_of
from index.text.analysis.words import (
    find_units,
    find_words,
    holds_paired_script,
    is_run,
    split_paired,
    split_spaced,
    split_units,
    split_words,
)

__all__ = [
    "Analysis",
    "Slot",
    "Terms",
    "Token",
    "analyse_text",
    "fold",
    "holds_paired_script",
    "is_capitals",
    "pair_run",
    "primary_language",
    "read_tokens",
    "stem_word",
    "stemmed_languages",
    "terms_of_pattern",
    "terms_of_typo",
    "terms_of_words",
    "token_starts",
]

SlotKind = Literal["token", "starts", "pattern", "typo"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One zone of one article: `tokens[p]` and `stems[p]` are what is at position p.

    `written[p]` is the word as the article has it; of a run cut into pairs it is the pair.
    """

    tokens: list[str]
    stems: list[str]
    written: list[str]


class Token(NamedTuple):
    """The text's piece at one position: `text[start:end]` is what it was read from."""

    text: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Slot:
    """What has to stand `offset` positions after the first: a token, or any token that

    `starts` with the text, fits the `pattern` (`*` is any run of letters), or is one `typo` away.
    """

    offset: int
    kind: SlotKind
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Words of a query as the index knows them; a match covers `length` positions."""

    slots: tuple[Slot, ...]
    length: int

    @property
    def word(self) -> str:
        """The exact token if this is one whole word, which may have stems; else empty."""
        single = len(self.slots) == 1 == self.length and self.slots[0].kind == "token"
        return self.slots[0].text if single else ""


def analyse_text(text: str, language: str) -> Analysis:
    """The tokens and stems of one zone of an article in `language` (ISO 639-1, may be empty)."""
    stems = stems_of(primary_language(language))
    if holds_paired_script(text):
        return _analyse_paired(split_paired(text), stems)
    raw = split_spaced(text)
    tokens = list(map(_FOLDED.__getitem__, raw))
    found = list(map(stems.__getitem__, raw)) if stems is not None else [""] * len(raw)
    return Analysis(tokens, found, raw)


def pair_run(run: str) -> list[str]:
    """The tokens of a run of letters that are cut into pairs."""
    return _pairs(_units(run))


def read_tokens(text: str, language: str = "") -> Iterator[Token]:
    """The tokens of `analyse_text` with their places in the text, for highlights and context."""
    stems = stems_of(primary_language(language))
    for raw, start in find_words(text):
        if is_run(raw):
            yield from _read_units(raw, start)
        else:
            stem = "" if stems is None else stems[raw]
            yield Token(_FOLDED[raw], stem, start, start + len(raw))


def token_starts(text: str) -> list[int]:
    """Where in the text the piece at each position begins, as `read_tokens` has them."""
    starts: list[int] = []
    for raw, start in find_words(text):
        if is_run(raw):
            starts += [start + place.start() for place in find_units(raw)]
        else:
            starts.append(start)
    return starts


def terms_of_words(text: str) -> Terms:
    """The slots of a word or a phrase; no slot at all where there is no letter or digit."""
    slots: list[Slot] = []
    position = 0
    for raw in split_words(text):
        if is_run(raw):
            units = _units(raw)
            slots += _unit_slots(units, position)
            position += len(units)
        else:
            slots.append(Slot(position, "token", _FOLDED[raw]))
            position += 1
    return Terms(tuple(slots), position)


def terms_of_pattern(pattern: str) -> Terms:
    """The slots of a word with `*` in it (`spy-ball*` is `spy`, then `ball*`)."""
    first, *rest = (_pieces(piece) for piece in pattern.split("*"))
    words = list(first)
    for piece in rest:
        words[-1] += "*" + piece[0]
        words += piece[1:]
    slots = (
        Slot(place, "pattern" if "*" in word else "token", word) for place, word in enumerate(words)
    )
    return Terms(tuple(slots), len(words))


def terms_of_typo(text: str) -> Terms:
    """The slots of a word with at most one letter wrong, missing, added or swapped."""
    terms = terms_of_words(text)
    slots = (
        Slot(slot.offset, "typo" if len(slot.text) > 2 else slot.kind, slot.text)
        for slot in terms.slots
    )
    return Terms(tuple(slots), terms.length)


def stem_word(word: str, language: str) -> str:
    """`language:stem` of a word as typed; empty without a stemmer or where it is not one word."""
    raw = split_words(word)
    stems = stems_of(primary_language(language))
    if stems is None or len(raw) != 1 or is_run(raw[0]):
        return ""
    return stems[raw[0]]


def primary_language(tag: str) -> str:
    """`pt` of `pt-BR`, in small letters."""
    return tag.replace("_", "-").partition("-")[0].lower()


def stemmed_languages() -> frozenset[str]:
    """The languages that have a stemmer (ISO 639-1)."""
    return frozenset(STEMMERS)


class _Folded(dict[str, str]):
    """Word as written → exact token, filled as words are met, emptied when too large."""

    def __missing__(self, raw: str) -> str:
        if len(self) >= CACHED_WORDS:
            self.clear()
        self[raw] = folded = fold(raw)
        return folded


_FOLDED = _Folded()


def _analyse_paired(raw: list[str], stems: Stems | None) -> Analysis:
    tokens: list[str] = []
    stemmed: list[str] = []
    written: list[str] = []
    for word in raw:
        if is_run(word):
            pairs = pair_run(word)
            tokens += pairs
            stemmed += [""] * len(pairs)
            written += pairs
        else:
            tokens.append(_FOLDED[word])
            stemmed.append(stems[word] if stems is not None else "")
            written.append(word)
    return Analysis(tokens, stemmed, written)


def _units(run: str) -> list[str]:
    """The letters of a run, each with its signs, folded."""
    return list(map(_FOLDED.__getitem__, split_units(run)))


def _pairs(units: list[str]) -> list[str]:
    return [*map(add, units, units[1:]), units[-1]]


def _unit_slots(units: list[str], position: int) -> Iterator[Slot]:
    if len(units) == 1:
        yield Slot(position, "starts", units[0])
    for place, (first, second) in enumerate(pairwise(units), start=position):
        yield Slot(place, "token", first + second)


def _read_units(run: str, start: int) -> Iterator[Token]:
    places = list(find_units(run))
    pairs = _pairs([_FOLDED[place[0]] for place in places])
    for pair, place in zip(pairs, places, strict=True):
        yield Token(pair, "", start + place.start(), start + place.end())


def _pieces(piece: str) -> list[str]:
    return list(map(_FOLDED.__getitem__, split_words(piece))) or [""]
