"""Telling words: how surely a word tells the story, in a headline and anywhere.

A word that the story's articles use tells it if the other articles that hold it are like the story in
their other words too: of those with "MH370" in the headline nearly all are, of those with "plane" few.
It is measured on the whole corpus, so a word of which the queries know nothing is told from one that
the story shares with much else.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from index.relevance.profile import Features, Profile

_MOST = 60  # of a language, heaviest first
_FEWEST = 2  # articles that hold a word
_LIKE = 0.2  # closeness by its other words from which an article is like the story

# Log odds that an article without a hit is on the story: a logistic regression over headlines and leads of
# made-up and real stories, each proposed from its clippings (the halves that may be looked at).
_BIAS, _CLOSE, _TITLE, _TOLD, _HELD = -3.5, 2.5, 2.6, 2.6, 2.0
_DIGEST, _ELSEWHERE = -3.2, -2.5
_MOST_CLOSE = 1.3
_LEAST_CLOSE = 0.05
DAMPING = 8
"""Terms that even the shortest article counts as having."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How surely words tell a story, 0 to 1: `titles` in a headline, `texts` anywhere."""

    titles: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.texts)

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {
            "titles": dict(sorted(self.titles.items())),
            "texts": dict(sorted(self.texts.items())),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(titles=data["titles"], texts=data["texts"])

    def likely(
        self,
        features: Features,
        *,
        close: float,
        title: float,
        is_digest: bool = False,
        is_elsewhere: bool = False,
    ) -> float:
        """The probability that a headline and a lead without a hit are on the story, by their closeness.

        `is_elsewhere`: they hold none of the names by which the story is known, as another event of its kind.
        """
        told = _most(self.titles, features.title.terms if features.title else ())
        held = _most(self.texts, features.terms)
        odds = _BIAS + _CLOSE * math.log(min(close, _MOST_CLOSE) + _LEAST_CLOSE)
        odds += _TITLE * min(title, _MOST_CLOSE) + _TOLD * told + _HELD * held
        odds += _DIGEST * is_digest + _ELSEWHERE * is_elsewhere
        return 1 / (1 + math.exp(-odds))


def learn_telling(profile: Profile, corpus: Sequence[Features]) -> Telling:
    """How surely the profile's words tell its story in a corpus, in the languages that it knows."""
    titles: dict[str, float] = {}
    texts: dict[str, float] = {}
    for language, usual in sorted(profile.usual.items()):
        if not language or usual <= 0:
            continue
        own = [features for features in corpus if features.language == language]
        ranked = sorted(profile.terms, key=lambda term: (-profile.terms[term], term))
        spoken = {term for features in own for term in features.terms}
        words = {term: profile.terms[term] for term in [t for t in ranked if t in spoken][:_MOST]}
        heavy = [_weight_over(profile, features, usual) for features in own]
        headed = [features.title.terms if features.title else {} for features in own]
        titles |= _shares(words, headed, heavy)
        texts |= _shares(words, [features.terms for features in own], heavy)
    return Telling(titles=titles, texts=texts)


def _weight_over(profile: Profile, features: Features, usual: float) -> float:
    """How much more an article's words weigh than what makes it like the story."""
    weight = sum(profile.terms.get(term, 0.0) for term in features.terms)
    return weight - _LIKE * usual * length_of(features.terms)


def _shares(
    words: Mapping[str, float], held: Sequence[Mapping[str, str]], heavy: Sequence[float]
) -> dict[str, float]:
    """For each word the share of those that hold it and are like the story without it; one more is not."""
    holding, alike = Counter[str](), Counter[str]()
    for terms, over in zip(held, heavy, strict=True):
        for term in words.keys() & terms.keys():
            holding[term] += 1
            alike[term] += over >= words[term]
    return {
        term: round(alike[term] / (number + 1), 4)
        for term, number in sorted(holding.items())
        if number >= _FEWEST
    }


def length_of(terms: Mapping[str, str]) -> float:
    """What the weight of an article's terms is divided by: the root of their number, damped."""
    return math.sqrt(len(terms) + DAMPING)


def _most(shares: Mapping[str, float], terms: Iterable[str]) -> float:
    return max((shares.get(term, 0.0) for term in terms), default=0.0)
