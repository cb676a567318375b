"""Made-up queries that use all of the query language: what two engines must answer alike."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.errors import QuerySyntaxError, UsageError
from index.query import Node, parse

ZONES = ("title", "author", "quote", "speaker")
_DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Words of the corpus, names of persons in it, and filters that fit it."""

    words: Sequence[str]
    names: Sequence[str]
    filters: Sequence[str]


def make_query(rng: random.Random, material: Material, now: datetime) -> Node:
    """A query's tree; all kinds of leaves, near each other and within NOT, AND and OR."""
    while True:
        try:
            return parse(_query(rng, material, rng.randrange(_DEPTH + 1)), now=now)
        except (QuerySyntaxError, UsageError):
            continue


def _query(rng: random.Random, material: Material, depth: int) -> str:
    if not depth or rng.random() < 0.2:
        return _leaf(rng, material)
    one, other = (_query(rng, material, depth - 1) for _ in range(2))
    form = rng.choice(("({0} {1})", "({0} OR {1})", "(NOT {0})", "({0} -{1})", "near"))
    return _near(rng, material, depth) if form == "near" else form.format(one, other)


def _leaf(rng: random.Random, material: Material) -> str:
    match rng.randrange(10):
        case 0 | 1:
            return rng.choice(material.filters)
        case 2:
            return _near(rng, material, 1)
        case 3:
            zone = rng.choice(ZONES)
            words = material.names if zone in ("author", "speaker") else material.words
            return f"{zone}:({_word(rng, words)})"
        case 4:
            return _window(rng, material)
        case _:
            return _word(rng, material.words)


def _near(rng: random.Random, material: Material, depth: int) -> str:
    parts = []
    for _ in range(2):
        chance = rng.random()
        if chance < 0.15 and depth > 1:
            parts.append(f"({_near(rng, material, depth - 1)})")
        elif chance < 0.3:
            parts.append(f"({_word(rng, material.words)} OR {_word(rng, material.words)})")
        else:
            parts.append(_word(rng, material.words))
    text = f" {rng.choice(('NEAR', 'W'))}/{rng.choice((1, 1, 2, 3, 5, 9, 40))} ".join(parts)
    return f"{rng.choice(('title', 'quote'))}:({text})" if rng.random() < 0.15 else f"({text})"


def _window(rng: random.Random, material: Material) -> str:
    words = [rng.choice(material.words) for _ in range(rng.choice((2, 3, 3, 4, 5)))]
    return f'"{" ".join(words)}"~{rng.choice((2, 4, 7, 12))}'


def _word(rng: random.Random, words: Sequence[str]) -> str:
    word = rng.choice(words)
    match rng.randrange(9):
        case 0:
            return f"={word}"
        case 1:
            return f'"{word} {rng.choice(words)}"'
        case 2:
            return f"{word[: max(2, len(word) - 2)]}*"
        case 3:
            return f"*{word[-max(2, len(word) - 2) :]}"
        case 4:
            return f"{_misspelt(rng, word)}~"
        case 5:
            return f'"{word} {rng.choice(words)[:3]}*"'
        case 6 if len(word) > 1 and word[0] > "\u3000":
            return word[rng.randrange(len(word)) :]
        case _:
            return word


def _misspelt(rng: random.Random, word: str) -> str:
    place = rng.randrange(len(word))
    match rng.randrange(4):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + "x" + word[place:]
        case 2:
            return word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
        case _:
            return word
