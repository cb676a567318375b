"""Utterances that other languages print in translation: the same speaker, the same meaning, the same numbers.

Likeness is that of the sentence encoder of the extra `semantic`; without it nothing is linked. It is a
guess, and told as one: two statements of one person may be alike and not the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.meaning.encoder import LANGUAGES, is_installed, load_encoder
from index.meaning.packing import cosine
from index.relevance.transliteration import travelling_key
from index.text.analysis import primary_language
from index.text.shingles import count_words, normal_tokens

if TYPE_CHECKING:
    from index.study.quotes import Saying, Utterance

ALIKE = 0.7
"""The cosine from which on two utterances of one speaker are one in translation (see bench.gates.quotes)."""

FEWEST_WORDS = 4
MOST = 5000  # utterances that are compared
_NUMBER = re.compile(r"\d+")

Encode = Callable[[Sequence[str]], Sequence[bytes]]


def mark_translations(utterances: Sequence[Utterance]) -> list[Utterance]:
    """The utterances in their order, each with the first printings of its translations."""
    by_speaker: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(utterances[:MOST]):
        key = speaker_key(one.speaker)
        if key and _language(one) in LANGUAGES and _is_long(one.text):
            by_speaker[key].append(place)
    shared = [
        places
        for places in by_speaker.values()
        if len({_language(utterances[place]) for place in places}) > 1
    ]
    if not shared or not is_installed():
        return list(utterances)
    pairs = find_pairs(utterances, shared, load_encoder().encode)
    return [
        replace(one, translations=tuple(utterances[other].first for other in pairs[place]))
        if place in pairs
        else one
        for place, one in enumerate(utterances)
    ]


def find_pairs(
    utterances: Sequence[Utterance], groups: Iterable[Sequence[int]], encode: Encode
) -> dict[int, list[int]]:
    """By place of an utterance its translations: of each other language the one most alike."""
    found: dict[int, list[int]] = {}
    for places in groups:
        vectors = dict(
            zip(places, encode([utterances[place].text for place in places]), strict=True)
        )
        for place in places:
            best: dict[str, tuple[float, int]] = {}
            for other in places:
                language = _language(utterances[other])
                if language == _language(utterances[place]):
                    continue
                near = likeness(
                    (utterances[place].text, vectors[place]),
                    (utterances[other].text, vectors[other]),
                )
                if near > best.get(language, (0.0, 0))[0]:
                    best[language] = near, other
            if best:
                found[place] = [other for _, other in sorted(best.values(), reverse=True)]
    return found


def likeness(one: tuple[str, bytes], other: tuple[str, bytes]) -> float:
    """How near two texts with their vectors are in meaning; 0 for what says something else.

    That is below `ALIKE`, or where their numbers differ.
    """
    near = cosine(one[1], other[1])
    return near if near >= ALIKE and numbers_in(one[0]) == numbers_in(other[0]) else 0.0


def speaker_key(speaker: str) -> str:
    """What a speaker's family name is known by in other languages; empty if it is not known so."""
    tokens = normal_tokens(speaker)
    return travelling_key(tokens[-1]) if tokens else ""


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text in digits."""
    return frozenset(_NUMBER.findall(text))


def _language(one: Utterance) -> str:
    first: Saying = one.first
    return primary_language(first.language)


def _is_long(text: str) -> bool:
    return count_words(normal_tokens(text)) >= FEWEST_WORDS
