"""A story's seeds: what its clippings say, by which it is judged from the first article on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from index.article import Article
from index.query.match import analyse
from index.relevance.profile import Background, Features, Profile, learn_profile, read_features
from index.relevance.suggest.growth import grow
from index.relevance.suggest.terms import passing_words
from index.relevance.telling import Telling, learn_telling
from index.text.analysis import fold
from index.workspace.story import Seed

_WEIGHT = 3.0  # of a seed beside what the queries find, 1 and less
_JOINED = 0.6  # of what is like the seeds
_ENOUGH = 8  # articles that the queries find from which seeds must agree with them
_NUMBER = re.compile(r"\b(?!19\d\d\b|20\d\d\b)\d{3,}\b")  # but for years
_SHARED = 2  # telling words that two seeds of a story have in common at least
_HEADED, _TELLING = 2 / 3, 0.6  # of headlines that hold a word, and how surely it tells the story
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
    """The terms of seeds that are names: what has a capital, and numbers in two headlines."""
    held = Counter(number for seed in seeds for number in {*_NUMBER.findall(seed.title)})
    numbers = {number for number, times in held.items() if times > 1}
    capitals: set[str] = set()
    small: set[str] = set()
    for seed in seeds:
        for part in (part for word in seed.words for part in word.split()):
            (capitals if part[:1].isupper() or part in numbers else small).add(fold(part))
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
    names = names_of(seeds, own)
    grown = grow(own, [corpus[place] for place in open_places], background, names)
    if grown is None:
        return None
    joined = {open_places[place]: weight for place, weight in grown.joined.items()}
    if len(sure) >= _ENOUGH and len(joined.keys() & sure.keys()) < _AGREEING * len(sure):
        joined = {}
    weights = {place: _JOINED * weight for place, weight in joined.items()} | dict(sure)
    profile = _learn(own, corpus, weights, background)
    if profile is None:
        return None
    open_ones = [corpus[place] for place in open_places]
    telling = learn_telling(profile, open_ones)
    heads = _heads(own, telling)
    # Beside a name, common words tell what kind of event it is, and not which.
    anchors = grown.anchors
    more = {
        language: words & names if language in anchors.named else words
        for language, words in heads.items()
    }
    anchors = anchors.joined_by(more)
    return replace(profile, anchors=anchors, telling=telling)


def _heads(seeds: Sequence[Features], telling: Telling) -> dict[str, frozenset[str]]:
    """The words that most headlines of the seeds hold and that tell the story, by language: a buoy, too."""
    found: dict[str, frozenset[str]] = {}
    for language in {seed.language for seed in seeds}:
        titles = [one.title for one in seeds if one.language == language and one.title]
        held = Counter(term for title in titles for term in title.terms)
        found[language] = frozenset(
            term
            for term, number in held.items()
            if number > 1
            and number >= _HEADED * len(titles)
            and telling.titles.get(term, 0.0) >= _TELLING
        )
    return found


def _learn(
    own: Sequence[Features],
    corpus: Sequence[Features],
    weights: Mapping[int, float],
    background: Background,
) -> Profile | None:
    learned = [(seed, _WEIGHT) for seed in own]
    learned += [(corpus[place], weight) for place, weight in sorted(weights.items())]
    return learn_profile(learned, background)
