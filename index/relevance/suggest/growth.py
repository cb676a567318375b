"""From a few articles to the profile of their story, with the help of a corpus: no query, no labels.

Pseudo-relevance feedback (Rocchio 1971): what is closest to the seeds joins them and changes what
counts as close, for a few rounds. A short seed is close to much by chance, and a bigger story nearby
takes over what grows from it. Three things hold the seeds on top. First come the articles that hold an
anchor of the seeds (`anchors`) and are like them beside it, best by closeness and by likeness together
(reciprocal rank fusion; Cormack, Clarke and Büttcher, SIGIR 2009). What has none never joins by itself.
And a round is undone where a seed, left out of what was learned, would not have joined.

Where the seeds have no anchor in the corpus, most of all in a language that few others speak, the ten
join first that are closest to each other as well: a story is told many times over, chance is not (after
Lee, Croft and Allan, "A cluster-based resampling method for pseudo-relevance feedback", SIGIR 2008).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from index.relevance.anchored import Anchors
from index.relevance.anchors import Called, find_anchors, widen
from index.relevance.profile import (
    FEWEST_OTHERS,
    Background,
    Features,
    Profile,
    learn_profile,
)

_ROUNDS = 4
_FIRST = 10  # articles that the seeds call in before closeness decides
_CANDIDATES = 50  # the closest, among which the first are looked for
_JOINING = 0.5  # closeness, to the usual of the closest ten, at which an article joins
_ANCHORED = 0.35  # the same with an anchor
_UNKNOWN = 1.0  # the same where an article's language does not tell whether it holds an anchor
_MOST = 400
_SEED_WEIGHT = 5.0
_ABROAD = 1.15  # what a verdict would doubt in another language must join, to be found at all
_AGREEING = 3  # seeds from which nothing joins where they do not agree on what does
_FUSED = 60  # of reciprocal rank fusion

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The profile that a few articles grew to, the places of those that joined them, and the anchors."""

    profile: Profile
    joined: Mapping[int, float]
    anchors: Anchors = field(default_factory=Anchors)


def grow_profile(
    seeds: Sequence[Features], corpus: Sequence[Features], background: Background
) -> Profile | None:
    """The profile of the story that a few articles belong to; None where too little is known.

    `background` has counted the seeds and the corpus. The seeds keep most of the say.
    """
    grown = grow(seeds, corpus, background)
    return None if grown is None else grown.profile


def grow(
    seeds: Sequence[Features],
    corpus: Sequence[Features],
    background: Background,
    names: frozenset[str] = frozenset(),
) -> Growth | None:
    """As `grow_profile`, with the places in the corpus of what joined, each with its weight of 0 to 1.

    `names` are the terms of the seeds that are names.
    """
    weighted = [(seed, _SEED_WEIGHT) for seed in seeds]
    profile = learn_profile(weighted, background)
    if profile is None:
        return None
    if not corpus:
        return Growth(profile=profile, joined={})
    values, ranked = _rank(profile, corpus)
    called = find_anchors(seeds, corpus, background, names)
    grown = None
    if called.alike:
        grown = _rounds(seeds, corpus, background, _first(called, ranked), called.anchors, names)
    if grown is None and len(seeds) < _AGREEING:
        candidates = [place for place in ranked[:_CANDIDATES] if values[place] > 0]
        closest = closest_together(corpus, values, candidates, background)
        first = dict.fromkeys(closest, 1.0)
        grown = _rounds(seeds, corpus, background, first, Anchors(), names)
    return grown or Growth(profile=profile, joined={})


def _rounds(
    seeds: Sequence[Features],
    corpus: Sequence[Features],
    background: Background,
    first: Mapping[int, float],
    known: Anchors,
    names: frozenset[str],
) -> Growth | None:
    """What grows from the first that join; None if the seeds are lost in the first round."""
    weighted = [(seed, _SEED_WEIGHT) for seed in seeds]
    room = _room(seeds, background)
    joined = _within(room, corpus, first)
    grown = None
    for _ in range(_ROUNDS + 1):
        members = [(corpus[place], weight) for place, weight in joined.items()]
        learned = learn_profile([*weighted, *members], background)
        if learned is None or not _holds_seeds(seeds, members, background):
            break
        anchors = widen(known, [corpus[place] for place in joined], background, names)
        grown = Growth(profile=learned, joined=joined, anchors=anchors)
        values, ranked = _rank(learned, corpus)
        joined = _within(room, corpus, _joining(values, ranked, corpus, anchors))
    return grown


def _first(called: Called, ranked: Sequence[int]) -> dict[int, float]:
    """What the seeds call in by their anchors: the best by closeness and by likeness together."""
    close = {place: rank for rank, place in enumerate(ranked)}
    alike = sorted(called.alike, key=lambda place: (-called.alike[place], place))
    fused = {
        place: 1 / (_FUSED + close[place]) + 1 / (_FUSED + rank) for rank, place in enumerate(alike)
    }
    best = sorted(fused, key=lambda place: (-fused[place], place))[:_FIRST]
    most = max(called.alike[place] for place in best)
    return {place: called.alike[place] / most for place in best}


def _holds_seeds(
    seeds: Sequence[Features], members: Sequence[tuple[Features, float]], background: Background
) -> bool:
    """Whether most seeds would have joined what was learned without them."""
    if not members:
        return True
    kept = 0
    for left_out in range(len(seeds)):
        others = [(seed, _SEED_WEIGHT) for n, seed in enumerate(seeds) if n != left_out]
        learned = learn_profile([*others, *members], background)
        if learned is None:
            return False
        usual = median(learned.closeness(features).value for features, _ in members)
        kept += learned.closeness(seeds[left_out]).value >= _JOINING * usual
    return 2 * kept >= len(seeds)


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


def _joining(
    values: Sequence[float],
    ranked: Sequence[int],
    corpus: Sequence[Features],
    anchors: Anchors,
) -> dict[int, float]:
    """The places of articles about as close as the closest ten, with weights: 1 for the usual of these.

    The closest ten are those that hold an anchor, where the story has anchors.
    """
    needed: dict[bool | None, float] = {None: _JOINING}
    if anchors:
        needed = {True: _ANCHORED, False: math.inf, None: _UNKNOWN}
    held = {place: anchors.held(corpus[place]) for place in ranked[: 2 * _MOST]}
    closest = [values[place] for place in held if held[place] is not False][:_FIRST]
    usual = median(closest) if closest else 0.0
    if usual <= 0:
        return {}
    joining = [place for place in held if values[place] >= needed[held[place]] * usual]
    return {place: min(1.0, values[place] / usual) for place in joining[:_MOST]}


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
