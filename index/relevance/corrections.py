"""Labels that teach: one small logistic model over all the evidence for an article.

Before any label it says what the rules of `verdict` say. Each label moves it: a logistic regression
with a Gaussian prior on its weights (maximum a posteriori, by Newton's method; Genkin, Lewis and
Madigan, "Large-scale Bayesian logistic regression for text categorization", Technometrics 2007), whose
prior is the rules. Unlabelled articles take part with what the rules say and little weight, so that a
score stays a probability although people label what is doubtful. Two kinds of evidence come from the
labels themselves: words that set accepted from rejected articles apart, and the nearest of each.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

# What is known of the weights before any label: how much each kind of evidence adds to the log odds,
# and how far labels may be expected to move it (standard deviation).
_PRIOR: Mapping[str, tuple[float, float]] = {
    "rules": (1.0, 0.35),
    "bias": (0.0, 0.8),
    "headline": (0.0, 1.0),
    "lead_only": (0.0, 1.0),
    "unmet": (0.0, 1.0),
    "title": (0.0, 1.2),
    "close": (0.0, 1.0),
    "passing": (0.0, 0.8),
    "digest": (0.0, 0.8),
    "kin": (0.0, 0.8),
    "words": (1.5, 0.8),
    "accepted": (2.0, 1.0),
    "rejected": (-2.0, 1.0),
}
_FARTHEST = 4.0  # log odds beyond which the rules are no surer
_SMOOTHING = 1.0
COPY = 0.95
"""Likeness at which an example is the same text."""

_STEPS = 25
_SAME = 0.1  # difference of scores that is not worth a reason
_TRUST = 20.0  # labels that the articles without one weigh as much as


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """The evidence for one article, each of 0 to 1.3 but `rules`, a score of 0 to 1."""

    rules: float
    headline: float = 0.0
    lead_only: float = 0.0
    unmet: float = 0.0
    title: float = 0.0
    close: float = 0.0
    passing: float = 0.0
    digest: float = 0.0
    kin: float = 0.0


Terms = Mapping[int, float]
"""Terms by their hash (`index.relevance.hashes`), with a weight each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled article: its language, its terms with a weight each, and whether it was accepted."""

    language: str
    terms: Terms
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an article holds of the labelled ones: of words that set them apart, -1 to 1, and how much of

    the likest accepted and of the likest rejected one, 0 to 1.
    """

    words: float
    accepted: float
    rejected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What labels have taught: the weights of the evidence, of words, and the examples by word.

    `holding` has for each term the examples that hold it with the share of their weight that it is.
    """

    weights: Mapping[str, float]
    words: Mapping[int, float]
    holding: Mapping[int, Sequence[tuple[int, float]]]
    accepted: tuple[bool, ...]

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {
            "weights": dict(self.weights),
            "words": {str(term): weight for term, weight in self.words.items()},
            "holding": {str(term): held for term, held in self.holding.items()},
            "accepted": list(self.accepted),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; raises `KeyError` or `ValueError` on foreign data."""
        holding = {
            int(term): [(int(place), float(share)) for place, share in held]
            for term, held in data["holding"].items()
        }
        words = {int(term): float(weight) for term, weight in data["words"].items()}
        accepted = tuple(data["accepted"])
        return cls(weights=data["weights"], words=words, holding=holding, accepted=accepted)

    def score(self, signals: Signals, held: Held) -> float:
        """The probability that an article is on the story, of 0 to 1."""
        return _sigmoid(_dot(self.weights, row_of(signals, held)))

    def correct(self, signals: Signals, held: Held) -> tuple[float, tuple[str, ...]]:
        """The score by what labels have taught, and that in words where the rules say something else."""
        score = self.score(signals, held)
        if abs(score - signals.rules) < _SAME:
            return score, ()
        number = len(self.accepted)
        decisions = f"{number:,} decision{'' if number == 1 else 's'}"
        like = "accepted" if held.accepted >= held.rejected else "rejected"
        said = f"your {decisions}: {signals.rules:.2f} became {score:.2f}, most like one {like}"
        return score, (said,)

    def held(self, terms: Collection[int]) -> Held:
        """What an article with these terms holds of the examples."""
        shares = [0.0] * len(self.accepted)
        for term in terms:
            for place, share in self.holding.get(term, ()):
                shares[place] += share
        best = {True: 0.0, False: 0.0}
        for share, accepted in zip(shares, self.accepted, strict=True):
            best[accepted] = max(best[accepted], share)
        words = sum(self.words.get(term, 0.0) for term in terms)
        return Held(
            words=damped(words, len(terms)),
            accepted=min(1.0, best[True]),
            rejected=min(1.0, best[False]),
        )


def row_of(signals: Signals, held: Held) -> dict[str, float]:
    """The evidence as numbers for the model."""
    row = {name: float(getattr(signals, name)) for name in Signals.__slots__}
    row["rules"] = logit(signals.rules)
    return row | {
        "bias": 1.0,
        "words": held.words,
        "accepted": held.accepted,
        "rejected": held.rejected,
    }


def damped(words: float, terms: int) -> float:
    """The sum of what so many terms say, -1 to 1."""
    return math.tanh(words / math.sqrt(terms + 8))


def logit(score: float) -> float:
    """The log odds of a score of 0 to 1, at most 4 from even."""
    bounded = min(max(score, 0.001), 0.999)
    return max(-_FARTHEST, min(_FARTHEST, math.log(bounded / (1 - bounded))))


def teach(
    examples: Sequence[tuple[Example, Signals]],
    others: Sequence[tuple[Signals, Collection[int]]] = (),
    *,
    trust: float = _TRUST,
) -> Corrections | None:
    """What labels teach; None without any.

    `others` are articles without a label; together they weigh as much as `trust` labels that say what
    the rules say.
    """
    if not examples:
        return None
    from index.relevance.neighbours import (
        Neighbours,
        array_of,
    )  # numpy, which a single verdict does without

    labelled = [example for example, _ in examples]
    counts = _count(labelled)
    untaught = Corrections(
        weights={name: mean for name, (mean, _) in _PRIOR.items()},
        words=_words(counts),
        holding=_holding(labelled),
        accepted=tuple(example.accepted for example in labelled),
    )
    near = Neighbours(untaught)
    rows: list[Row] = []
    own = near.held([array_of(example.terms) for example in labelled], themselves=True)
    for (example, signals), held in zip(examples, own, strict=True):
        alone = replace(held, words=_words_without(example, counts))
        rows.append((row_of(signals, alone), float(example.accepted), 1.0))
    share = trust / len(others) if others else 0.0
    for (signals, _), held in zip(
        others, near.held([array_of(terms) for _, terms in others]), strict=True
    ):
        rows.append((row_of(signals, held), signals.rules, share))
    weights = {name: round(weight, 4) for name, weight in _fit(rows).items()}
    return replace(untaught, weights=weights)


def _holding(examples: Sequence[Example]) -> dict[int, list[tuple[int, float]]]:
    holding: dict[int, list[tuple[int, float]]] = {}
    for place, example in enumerate(examples):
        total = sum(weight for weight in example.terms.values()) or 1.0
        for term, weight in example.terms.items():
            holding.setdefault(term, []).append((place, round(weight / total, 4)))
    return dict(sorted(holding.items()))


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many examples of a language were accepted and how many not, and how many of each hold a term."""

    number: Counter[bool]
    held: Mapping[bool, Counter[int]]

    def odds(self, term: int, without: Example | None = None) -> float:
        """By how much a term speaks for the accepted: smoothed log odds, less where it is seldom."""
        held = {kind: self.held[kind][term] for kind in (True, False)}
        number = {kind: self.number[kind] for kind in (True, False)}
        if without is not None:
            held[without.accepted] -= 1
            number[without.accepted] -= 1
        return round(_odds(held[True], number[True], held[False], number[False]), 4)


def _count(examples: Sequence[Example]) -> dict[str, _Counts]:
    counts: dict[str, _Counts] = {}
    for example in examples:
        empty = _Counts(Counter(), {True: Counter(), False: Counter()})
        own = counts.setdefault(example.language, empty)
        own.number[example.accepted] += 1
        own.held[example.accepted].update(example.terms.keys())
    return counts


def _words(counts: Mapping[str, _Counts]) -> dict[int, float]:
    """What each term says, of languages in which some examples were accepted and some rejected.

    Elsewhere every word of the language would speak for one side.
    """
    return {
        term: own.odds(term)
        for _, own in sorted(counts.items())
        if own.number[True] and own.number[False]
        for term in sorted({*own.held[True], *own.held[False]})
    }


def _odds(accepted: int, of_accepted: int, rejected: int, of_rejected: int) -> float:
    share = (accepted + _SMOOTHING) / (of_accepted + 2 * _SMOOTHING)
    other = (rejected + _SMOOTHING) / (of_rejected + 2 * _SMOOTHING)
    seen = accepted + rejected
    return math.log(share / other) * seen / (seen + 2)


def _words_without(example: Example, counts: Mapping[str, _Counts]) -> float:
    """The `words` evidence of an example by what the others of its language teach."""
    own = counts[example.language]
    left = own.number[example.accepted] - 1
    if not left or not own.number[not example.accepted]:
        return 0.0
    total = sum(own.odds(term, example) for term in example.terms)
    return damped(total, len(example.terms))


Row = tuple[Mapping[str, float], float, float]


def _fit(rows: Sequence[Row]) -> dict[str, float]:
    """The likeliest weights given rows of (evidence, what is so, weight) and the prior."""
    import numpy

    names = list(_PRIOR)
    means = numpy.array([_PRIOR[name][0] for name in names])
    firmness = numpy.array([1 / _PRIOR[name][1] ** 2 for name in names])
    table = numpy.array([[row[name] for name in names] for row, _, _ in rows])
    truth = numpy.array([truth for _, truth, _ in rows])
    trust = numpy.array([weight for _, _, weight in rows])
    weights = means.copy()
    for _ in range(_STEPS):
        chance = 1 / (1 + numpy.exp(-numpy.clip(table @ weights, -30.0, 30.0)))
        slope = firmness * (means - weights) + (trust * (truth - chance)) @ table
        bend = trust * chance * (1 - chance)
        curve = numpy.diag(firmness) + (table * bend[:, None]).T @ table
        step = numpy.linalg.solve(curve, slope)
        weights += step
        if numpy.abs(step).max() < 1e-6:
            break
    return dict(zip(names, weights.tolist(), strict=True))


def _dot(weights: Mapping[str, float], row: Mapping[str, float]) -> float:
    return sum(weight * row[name] for name, weight in weights.items())


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
