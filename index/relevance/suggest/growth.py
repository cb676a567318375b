"""From a few articles to the profile of their story, with the help of a corpus: no query, no labels.

Pseudo-relevance feedback (Rocchio 1971): what is closest to the seeds joins them and changes what
counts as close, for a few rounds. A short seed is close to much by chance, most of all in a language
that few others speak. So it is not the closest articles that join first, but the ten of them that
are closest to each other as well: a story is told many times over, chance is not (after Lee, Croft
and Allan, "A cluster-based resampling method for pseudo-relevance feedback", SIGIR 2008).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from index.relevance.profile import FEWEST_OTHERS, Background, Features, Profile, learn_profile

_ROUNDS = 4
_FIRST = 10  # articles that the seeds call in before closeness decides
_CANDIDATES = 50  # the closest, among which the first are looked for
_JOINING = 0.5  # closeness, to the usual of the closest ten, at which an article joins
_MOST = 400
_SEED_WEIGHT = 5.0
_ABROAD = 1.15  # what a verdict would doubt in another language must join, to be found at all

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The profile of a story that a few articles belong to, and the places of those that joined them."""

    profile: Profile
    joined: Mapping[int, float]


def grow_profile(
    seeds: Sequence[Features], corpus: Sequence[Features], background: Background
) -> Profile | None:
    """The profile of the story that a few articles belong to; None where too little is known.

    `background` has counted the seeds and the corpus. The seeds keep most of the say.
    """
    grown = grow(seeds, corpus, background)
    return None if grown is None else grown.profile


def grow(
    seeds: Sequence[Features], corpus: Sequence[Features], background: Background
) -> Growth | None:
    """As `grow_profile`, with the places in the corpus of what joined, each with its weight of 0 to 1.

    A round after which the seeds are not among the closest any more is undone, and the last: a bigger
    story has taken the profile over.
    """
    weighted = [(seed, _SEED_WEIGHT) for seed in seeds]
    profile = learn_profile(weighted, background)
    if profile is None:
        return None
    if not corpus:
        return Growth(profile=profile, joined={})
    values, ranked = _rank(profile, corpus)
    candidates = [place for place in ranked[:_CANDIDATES] if values[place] > 0]
    room = _room(seeds, background)
    first = closest_together(corpus, values, candidates, background)
    grown = Growth(profile=profile, joined={})
    joined = _within(room, corpus, dict.fromkeys(first, 1.0))
    for _ in range(_ROUNDS + 1):
        members = [(corpus[place], weight) for place, weight in joined.items()]
        learned = learn_profile([*weighted, *members], background)
        if learned is None:
            break
        values, ranked = _rank(learned, corpus)
        if grown.joined and not _holds_seeds(learned, seeds, values, joined):
            break
        grown = Growth(profile=learned, joined=joined)
        joined = _within(room, corpus, _joining(values, ranked))
    return grown


def _holds_seeds(
    profile: Profile,
    seeds: Sequence[Features],
    values: Sequence[float],
    joined: Mapping[int, float],
) -> bool:
    """Whether the seeds are as close as the least of what joined them."""
    least = min((values[place] for place in joined), default=0.0)
    own = [profile.closeness(seed) for seed in seeds]
    return median(one.value for one in own) >= least


def _rank(profile: Profile, corpus: Sequence[Features]) -> tuple[list[float], list[int]]:
    """The closeness of each article, and their places, closest first."""
    found = [profile.closeness(features) for features in corpus]
    values = [
        0.0
        if close.abroad and not profile.tells_abroad(features)
        else close.value * (_ABROAD if close.abroad else 1.0)
        for close, features in zip(found, corpus, strict=True)
    ]
    return values, sorted(range(len(corpus)), key=lambda place: -values[place])


def _joining(values: Sequence[float], ranked: Sequence[int]) -> dict[int, float]:
    """The places of articles about as close as the closest ten, with weights: 1 for the usual of these."""
    usual = median(values[place] for place in ranked[:_FIRST])
    if usual <= 0:
        return {}
    return {
        place: min(1.0, values[place] / usual)
        for place in ranked[:_MOST]
        if values[place] >= _JOINING * usual
    }


def _room(seeds: Sequence[Features], background: Background) -> dict[str, int]:
    """How many articles of a language may join, so that enough others tell what is usual in it.

    Languages that have too few in any case are left out: nothing is lost there.
    """
    own = Counter(seed.language for seed in seeds)
    free = {
        language: number - own[language] - FEWEST_OTHERS
        for language, number in background.articles.items()
    }
    return {language: number for language, number in free.items() if number >= 0}


def _within(
    room: Mapping[str, int], corpus: Sequence[Features], joining: Mapping[int, float]
) -> dict[int, float]:
    """The first of those that join, as many of each language as it has room for."""
    taken: Counter[str] = Counter()
    kept = {}
    for place, weight in joining.items():
        language = corpus[place].language
        taken[language] += 1
        if taken[language] <= room.get(language, _MOST):
            kept[place] = weight
    return kept


def closest_together(
    corpus: Sequence[Features],
    values: Sequence[float],
    candidates: Sequence[int],
    background: Background,
) -> list[int]:
    """The candidate and the nine most like it that together are closest to the seeds, as places.

    `values` are the closenesses of the whole corpus, 0 and more; all candidates up to ten.
    """
    total = sum(background.articles.values())
    keys = sum(background.keys.values(), Counter())
    terms = [_vector(corpus[place].terms, background.terms, total) for place in candidates]
    spelt = [_vector(corpus[place].keys, keys, total) for place in candidates]

    def gather(one: int) -> tuple[float, list[int]]:
        alike = [
            max(_cosine(terms[one], words), _cosine(spelt[one], spellings))
            for words, spellings in zip(terms, spelt, strict=True)
        ]
        group = sorted(range(len(candidates)), key=lambda other: -alike[other])[:_FIRST]
        places = [candidates[other] for other in group]
        return sum(alike[other] * values[candidates[other]] for other in group), places

    groups = map(gather, range(len(candidates)))
    return max(groups, key=lambda found: found[0], default=(0.0, []))[1]


def _vector(terms: Mapping[str, str], holding: Mapping[str, int], total: int) -> Vector:
    """Terms weighed by inverse document frequency, of length 1."""
    weights = {term: math.log((total + 1) / (holding.get(term, 0) + 0.5)) for term in terms}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other[term] for term, weight in one.items() if term in other)
