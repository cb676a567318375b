"""A story's seeds: what its clippings say, by which it is judged from the first article on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from index.article import Article
from index.query.match import analyse
from index.relevance.profile import Background, Features, Profile, learn_profile, read_features
from index.relevance.suggest.growth import grow
from index.relevance.suggest.terms import passing_words
from index.text.analysis import fold
from index.workspace.story import Seed

_WEIGHT = 3.0  # of a seed beside what the queries find, 1 and less
_JOINED = 0.6  # of what is like the seeds
_ENOUGH = 8  # articles that the queries find from which seeds must agree with them
_SHARED = 2  # telling words that two seeds of a story have in common at least
_AGREEING = 0.3  # of those, how many must be like the seeds


def features_of_seed(seed: Seed) -> Features:
    """What a seed is compared by, as of an article with its headline and its words for a text."""
    article = Article(
        url="",
        canonical_url="",
        outlet="",
        title=seed.title,
        text=", ".join(seed.words),
        language=seed.language,
        fetched=datetime(2000, 1, 1, tzinfo=UTC),
    )
    return read_features(analyse(article))


def names_of(seeds: Sequence[Seed], features: Sequence[Features]) -> frozenset[str]:
    """The terms of seeds that are names: what their words have with a capital."""
    capitals: set[str] = set()
    small: set[str] = set()
    for seed in seeds:
        for part in (part for word in seed.words for part in word.split()):
            (capitals if part[:1].isupper() else small).add(fold(part))
    named = capitals - small
    return frozenset(
        term for own in features for term, token in own.terms.items() if token in named
    )


def odd_seeds(seeds: Sequence[Seed]) -> tuple[int, ...]:
    """The places of seeds that share no two telling words with any other of their language.

    Such a seed tells another story, or has been given by mistake. Of a single seed nothing is known.
    """
    features = [features_of_seed(seed) for seed in seeds]
    odd = []
    for place, own in enumerate(features):
        others = [
            other
            for n, other in enumerate(features)
            if n != place and other.language == own.language
        ]
        if others and not any(_agree(own, other) for other in others):
            odd.append(place)
    return tuple(odd)


def _agree(one: Features, other: Features) -> bool:
    passing = passing_words(one.language)
    shared = one.terms.keys() & other.terms.keys()
    return sum(one.terms[term] not in passing for term in shared) >= _SHARED


def learn_with_seeds(
    seeds: Sequence[Seed],
    corpus: Sequence[Features],
    sure: Mapping[int, float],
    refused: frozenset[int] = frozenset(),
) -> Profile | None:
    """The profile of a story with seeds: of these, of what is surely on it, and of what is like them.

    `sure` has the places in the corpus of what queries and labels put on the story, with a weight each,
    `refused` of what a label has taken off it. What the seeds call in counts only where it agrees
    with what the queries found.
    """
    own = [features_of_seed(seed) for seed in seeds]
    background = Background()
    for features in (*own, *corpus):
        background.add(features)
    open_places = [place for place in range(len(corpus)) if place not in refused]
    grown = grow(own, [corpus[place] for place in open_places], background, names_of(seeds, own))
    if grown is None:
        return None
    joined = {open_places[place]: weight for place, weight in grown.joined.items()}
    if len(sure) >= _ENOUGH and len(joined.keys() & sure.keys()) < _AGREEING * len(sure):
        joined = {}
    weights = {place: _JOINED * weight for place, weight in joined.items()} | dict(sure)
    learned = [(seed, _WEIGHT) for seed in own]
    learned += [(corpus[place], weight) for place, weight in sorted(weights.items())]
    profile = learn_profile(learned, background)
    return None if profile is None else replace(profile, anchors=grown.anchors)
