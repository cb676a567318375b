"""Labels that teach: one small logistic model over all the evidence for an article.

Before any label it says what the rules of `verdict` say. Each label moves it: a logistic regression
with a Gaussian prior on its weights (maximum a posteriori, by Newton's method; Genkin, Lewis and
Madigan, "Large-scale Bayesian logistic regression for text categorization", Technometrics 2007), whose
prior is the rules. Unlabelled articles stand in with what the rules say and little weight, so that a
score stays a probability although people label what is doubtful. Two kinds of evidence come from the
labels themselves: words that set accepted from rejected articles apart, and the nearest of each.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
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
_COPY = 0.95  # likeness at which an example is the same text
_STEPS = 25
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


Terms = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled article: its language, its terms with a weight each, and whether it was accepted."""

    language: str
    terms: Terms
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What labels have taught: the weights of the evidence, of words, and the examples by word.

    `holding` has for each term the examples that hold it with the share of their weight that it is.
    """

    weights: Mapping[str, float]
    words: Mapping[str, float]
    holding: Mapping[str, Sequence[tuple[int, float]]]
    accepted: tuple[bool, ...]

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        holding = {
            term: [(int(place), float(share)) for place, share in held]
            for term, held in data["holding"].items()
        }
        return cls(**{**data, "holding": holding, "accepted": tuple(data["accepted"])})

    def score(self, signals: Signals, terms: Iterable[str]) -> float:
        """The probability that an article is on the story, of 0 to 1."""
        return _sigmoid(_dot(self.weights, self.row(signals, terms)))

    def row(
        self, signals: Signals, terms: Iterable[str], *, without: int | None = None
    ) -> dict[str, float]:
        """The evidence as numbers for the model, `without` the example that the article is itself."""
        held = list(terms)
        accepted, rejected = self.nearest(held, without=without)
        row = {name: float(getattr(signals, name)) for name in Signals.__slots__}
        row["rules"] = logit(signals.rules)
        words = sum(self.words.get(term, 0.0) for term in held) / math.sqrt(len(held) + 8)
        return row | {
            "bias": 1.0,
            "words": math.tanh(words),
            "accepted": accepted,
            "rejected": rejected,
        }

    def nearest(self, terms: Iterable[str], *, without: int | None = None) -> tuple[float, float]:
        """How much of the likest accepted and of the likest rejected article is held, 0 to 1."""
        shares = [0.0] * len(self.accepted)
        for term in terms:
            for place, share in self.holding.get(term, ()):
                shares[place] += share
        best = {True: 0.0, False: 0.0}
        for place, (share, accepted) in enumerate(zip(shares, self.accepted, strict=True)):
            is_itself = without is not None and (place == without or share >= _COPY)
            if not is_itself and share > best[accepted]:
                best[accepted] = share
        return min(1.0, best[True]), min(1.0, best[False])


def logit(score: float) -> float:
    """The log odds of a score of 0 to 1, at most 4 from even."""
    bounded = min(max(score, 0.001), 0.999)
    return max(-_FARTHEST, min(_FARTHEST, math.log(bounded / (1 - bounded))))


def teach(
    examples: Sequence[tuple[Example, Signals]],
    others: Sequence[tuple[Signals, Iterable[str]]] = (),
    *,
    trust: float = _TRUST,
) -> Corrections | None:
    """What labels teach; None without any.

    `others` are articles without a label; together they weigh as much as `trust` labels that say what
    the rules say.
    """
    if not examples:
        return None
    labelled = [example for example, _ in examples]
    prior = {name: mean for name, (mean, _) in _PRIOR.items()}
    untaught = Corrections(
        weights=prior,
        words=_words(labelled),
        holding=_holding(labelled),
        accepted=tuple(example.accepted for example in labelled),
    )
    rows = []
    for place, (example, signals) in enumerate(examples):
        row = untaught.row(signals, example.terms, without=place)
        row["words"] = _words_without(labelled, place)
        rows.append((row, float(example.accepted), 1.0))
    share = trust / len(others) if others else 0.0
    for signals, terms in others:
        row = untaught.row(signals, terms)
        rows.append((row, signals.rules, share))
    weights = _fit(rows)
    return Corrections(
        weights={name: round(weight, 4) for name, weight in weights.items()},
        words=untaught.words,
        holding=untaught.holding,
        accepted=untaught.accepted,
    )


def _holding(examples: Sequence[Example]) -> dict[str, list[tuple[int, float]]]:
    holding: dict[str, list[tuple[int, float]]] = {}
    for place, example in enumerate(examples):
        total = sum(weight for weight in example.terms.values()) or 1.0
        for term, weight in example.terms.items():
            holding.setdefault(term, []).append((place, round(weight / total, 4)))
    return dict(sorted(holding.items()))


def _words(examples: Sequence[Example]) -> dict[str, float]:
    """By how much a term speaks for the accepted: smoothed log odds, less where it is seldom.

    Only of languages in which some were accepted and some rejected: elsewhere every word of the
    language would speak for one side.
    """
    found: dict[str, float] = {}
    for language in sorted({example.language for example in examples}):
        own = [example for example in examples if example.language == language]
        held = {True: Counter[str](), False: Counter[str]()}
        number = Counter(example.accepted for example in own)
        if not number[True] or not number[False]:
            continue
        for example in own:
            held[example.accepted].update(example.terms.keys())
        for term in sorted({*held[True], *held[False]}):
            odds = _odds(held[True][term], number[True], held[False][term], number[False])
            found[term] = round(odds, 4)
    return found


def _odds(accepted: int, of_accepted: int, rejected: int, of_rejected: int) -> float:
    share = (accepted + _SMOOTHING) / (of_accepted + 2 * _SMOOTHING)
    other = (rejected + _SMOOTHING) / (of_rejected + 2 * _SMOOTHING)
    seen = accepted + rejected
    return math.log(share / other) * seen / (seen + 2)


def _words_without(examples: Sequence[Example], place: int) -> float:
    """The `words` evidence of an example by what the others teach."""
    words = _words([*examples[:place], *examples[place + 1 :]])
    held = examples[place].terms
    total = sum(words.get(term, 0.0) for term in held)
    return math.tanh(total / math.sqrt(len(held) + 8))


Row = tuple[Mapping[str, float], float, float]


def _fit(rows: Sequence[Row]) -> dict[str, float]:
    """The likeliest weights given rows of (evidence, what is so, weight) and the prior."""
    names = list(_PRIOR)
    means = [_PRIOR[name][0] for name in names]
    firmness = [1 / _PRIOR[name][1] ** 2 for name in names]
    table = [([row[name] for name in names], truth, weight) for row, truth, weight in rows]
    weights = list(means)
    for _ in range(_STEPS):
        slope = [f * (m - w) for f, m, w in zip(firmness, means, weights, strict=True)]
        curve = [[0.0] * len(names) for _ in names]
        for place, firm in enumerate(firmness):
            curve[place][place] = firm
        for row, truth, weight in table:
            chance = _sigmoid(sum(w * x for w, x in zip(weights, row, strict=True)))
            pull, bend = weight * (truth - chance), weight * chance * (1 - chance)
            for one, x in enumerate(row):
                if x:
                    slope[one] += pull * x
                    for other, y in enumerate(row):
                        curve[one][other] += bend * x * y
        step = _solve(curve, slope)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return dict(zip(names, weights, strict=True))


def _solve(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
    """The solution of a system with a positive definite matrix, by Gauss's elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for place in range(size):
        for below in range(place + 1, size):
            factor = rows[below][place] / rows[place][place]
            for column in range(place, size + 1):
                rows[below][column] -= factor * rows[place][column]
    found = [0.0] * size
    for place in reversed(range(size)):
        known = sum(rows[place][column] * found[column] for column in range(place + 1, size))
        found[place] = (rows[place][size] - known) / rows[place][place]
    return found


def _dot(weights: Mapping[str, float], row: Mapping[str, float]) -> float:
    return sum(weight * row[name] for name, weight in weights.items())


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
