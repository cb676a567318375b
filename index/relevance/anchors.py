"""The words by which a story is known: what its seeds say, and hardly anything but the story does.

A word anchors a story if the articles that hold it are like the seeds in their other words too: of a
name in every headline (Bulley, MH370) all are, of "police" or "accused" few, of a word that the seeds
share by chance none. The words may be names or common nouns (monkeys, prepayment), in any language.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.relevance.anchored import Anchors
from index.relevance.profile import Background, Features
from index.relevance.transliteration import travelling_key

_TERMS = 60  # of the seeds, heaviest first, by which articles are compared with them
_TITLE = 2.0  # what a word of the headline counts
_KEY = 4  # letters of a spelling that travels: shorter ones are many words
_AGREED = 2 / 3  # of the seeds that must hold a word
_HEADED = 0.5  # of their headlines, where that leaves a good one
_ALIKE = 0.1  # of the weight of the seeds' words that an article shares beside the one in question
_HELD_BY = 0.2  # of the articles that hold a word, how many at least are like the seeds
_TOGETHER = (
    0.8  # of the articles that hold either of two terms, how many hold both if they are a phrase
)
_MOST, _LEAST = 4, 0.5  # anchors, and the share of the best that each needs
_LEAST_NAME = 0.25  # the same of a name that is not in the headlines
# What most articles that joined hold, and few others, is an anchor as well.
_FEWEST_MEMBERS, _USUAL, _OWN = 8, 0.4, 0.9
_USUAL_HEAD = 0.1  # the same of headlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The anchors of a story, and the places of the articles that they call in, each with its likeness."""

    anchors: Anchors = field(default_factory=Anchors)
    alike: Mapping[int, float] = field(default_factory=dict)


def find_anchors(
    seeds: Sequence[Features],
    corpus: Sequence[Features],
    background: Background,
    names: frozenset[str] = frozenset(),
) -> Called:
    """The anchors of a story's seeds in a corpus that `background` has counted.

    `names` are those of their terms that are names: where one is in most headlines, common words tell
    what kind of event it is, and not which.
    """
    terms: dict[str, frozenset[str]] = {}
    heads: dict[str, frozenset[str]] = {}
    alike: dict[int, float] = {}
    for language in sorted({seed.language for seed in seeds}):
        own = [seed for seed in seeds if seed.language == language]
        weights = _weigh(own, background)
        first, found, called = _of_language(language, own, weights, corpus, names)
        if found:
            terms[language], heads[language] = frozenset(found), frozenset(first)
            alike |= called
    keys = {
        key
        for language, words in heads.items()
        for seed in seeds
        if seed.language == language
        for term, word in seed.terms.items()
        if term in words and len(key := travelling_key(word)) >= _KEY
    }
    named = frozenset(language for language, words in heads.items() if words & names)
    anchors = Anchors(terms=terms, heads=heads, keys=frozenset(keys), named=named)
    return Called(anchors=anchors, alike=alike)


def _weigh(seeds: Sequence[Features], background: Background) -> dict[str, float]:
    """The heaviest terms of some seeds of a language, of 1 in all: rare, in the headline, in many seeds."""
    number = background.articles[seeds[0].language]
    weights: dict[str, float] = {}
    for seed in seeds:
        titled = seed.title.terms if seed.title else {}
        for term in seed.terms:
            rarity = math.log((number + 1) / (background.terms[term] + 0.5))
            weights[term] = weights.get(term, 0.0) + rarity * (_TITLE if term in titled else 1.0)
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_TERMS]
    total = sum(weight for _, weight in heaviest) or 1.0
    return {term: weight / total for term, weight in heaviest}


def widen(
    anchors: Anchors,
    members: Sequence[Features],
    background: Background,
    names: frozenset[str] = frozenset(),
) -> Anchors:
    """The anchors with what most articles of the story hold, and few others: a lake, beside its geese.

    `members` are articles that joined the seeds, all counted by `background`. A story with a name in its
    headlines needs no more, but for its headlines.
    """
    terms, heads = dict(anchors.terms), dict(anchors.heads)
    keys = set(anchors.keys)
    for language, known in anchors.terms.items():
        own = [features for features in members if features.language == language]
        if len(own) < _FEWEST_MEMBERS:
            continue
        titles = [features.title for features in own if features.title]
        if background.titles is not None:
            heads[language] |= _usual(titles, background.titles, _USUAL_HEAD)
        if names & anchors.heads[language]:
            continue
        found = _usual(own, background, _USUAL)
        terms[language] = known | found
        words = {word for one in own for term, word in one.terms.items() if term in found}
        keys |= {key for word in words if len(key := travelling_key(word)) >= _KEY}
    return replace(anchors, terms=terms, heads=heads, keys=frozenset(keys))


def _usual(members: Sequence[Features], background: Background, share: float) -> frozenset[str]:
    """The terms that such a share of some articles hold, and hardly any other."""
    held = Counter(term for features in members for term in features.terms)
    return frozenset(
        term
        for term, count in held.items()
        if count >= share * len(members) and count >= _OWN * background.terms[term]
    )


def _of_language(
    language: str,
    seeds: Sequence[Features],
    weights: Mapping[str, float],
    corpus: Sequence[Features],
    names: frozenset[str],
) -> tuple[list[str], list[str], dict[int, float]]:
    """The anchors of the seeds' headlines, all anchors, and the likeness of what these call in."""
    likeness = {
        place: sum(weights[term] for term in held)
        for place, features in enumerate(corpus)
        if features.language == language and (held := weights.keys() & features.terms.keys())
    }
    headed = Counter(term for seed in seeds if seed.title for term in seed.title.terms)
    scores: dict[str, float] = {}
    called: dict[str, dict[int, float]] = {}
    holders = {
        term: {place for place in likeness if term in corpus[place].terms}
        for term in _candidates(seeds, weights)
    }
    for term, places in holders.items():
        # "Tessel" in "Tessel Sound" is not borne out by "Sound".
        phrase = sum(weights[other] for other in holders if _is_phrase(places, holders[other]))
        beside = {place: likeness[place] - phrase for place in places}
        called[term] = {p: likeness[p] for p, like in beside.items() if like >= _ALIKE}
        share = len(called[term]) / max(1, len(places))
        if share >= _HELD_BY:
            rest = sum(beside[place] for place in called[term])
            scores[term] = share * rest / math.sqrt(len(places) + 1)
            scores[term] *= headed[term] + 1 if len(seeds) > 1 else 1
    inside = {term for term in scores if headed[term] >= _HEADED * len(seeds)}
    first = _best(scores, inside, _LEAST)
    if not first or max(scores.values()) * _LEAST > max(scores[term] for term in first):
        first = _best(scores, scores, _LEAST)
    if names & {*first}:
        first = [term for term in first if term in names]
    more = _best(scores, names & scores.keys(), _LEAST_NAME)
    found = list(dict.fromkeys([*first, *more]))
    alike = {place: like for term in found for place, like in called[term].items()}
    return first, found, alike


def _is_phrase(one: set[int], other: set[int]) -> bool:
    """Whether two terms nearly always stand together, or are the same."""
    return len(one & other) >= _TOGETHER * max(len(one), len(other))


def _best(scores: Mapping[str, float], among: Collection[str], least: float) -> list[str]:
    """The best of some terms, down to a share of the best of all of them."""
    ranked = sorted(among, key=lambda term: (-scores[term], term))[:_MOST]
    return [term for term in ranked if scores[term] >= least * scores[ranked[0]]]


def _candidates(seeds: Sequence[Features], weights: Mapping[str, float]) -> list[str]:
    """The terms that most of the seeds hold."""
    shared = Counter(term for seed in seeds for term in seed.terms)
    return sorted(term for term in weights if shared[term] >= _AGREED * len(seeds))
