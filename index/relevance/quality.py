"""How good the verdicts of a story are: precision and recall from a stratified sample that a person judges.

Articles without a label are put into strata by what the verdict says, off-story ones too; some of each
are judged. A stratum's share of coverage has a Beta distribution with Jeffreys' prior (Brown, Cai and
DasGupta, "Interval estimation for a binomial proportion", Statistical Science 2001); precision and
recall are sums over strata by their sizes, and their intervals are the middle 95 % of 4,000 draws.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median

from index.article import Decision

# The least score of each stratum, and how many of ten questions are about it.
STRATA: Mapping[str, tuple[float, int]] = {
    "surely on-story": (0.8, 2),
    "on-story": (0.5, 3),
    "borderline": (0.3, 2),
    "hardly": (0.05, 2),
    "off-story": (0.0, 1),
}
_ON = ("surely on-story", "on-story")
_DRAWS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """How many articles a stratum has, how many of them were judged, and how many were on the story."""

    size: int
    judged: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of 0 to 1, and the interval that holds it with 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Precision and recall of what is on-story."""

    precision: Rate
    recall: Rate


def stratum_of(decision: Decision, score: float) -> str:
    """The stratum of a verdict; what is outside the window is asked about as off-story."""
    if decision == "outside-window":
        return "off-story"
    return next(name for name, (least, _) in STRATA.items() if score >= least)


def draw_sample(
    verdicts: Sequence[tuple[str, Decision, float]], story: str, number: int
) -> dict[str, str]:
    """About so many articles to judge, with the stratum of each: by a hash, so always the same ones.

    What one stratum has too few of is asked of the others.
    """
    by_stratum: dict[str, list[str]] = {name: [] for name in STRATA}
    for article, decision, score in verdicts:
        by_stratum[stratum_of(decision, score)].append(article)
    for names in by_stratum.values():
        names.sort(key=lambda name: sha256(f"{story} {name}".encode()).digest())
    share = sum(parts for _, parts in STRATA.values())
    wanted = {name: -(-number * parts // share) for name, (_, parts) in STRATA.items()}
    chosen = {name: by_stratum[name][: wanted[name]] for name in STRATA}
    missing = number - sum(map(len, chosen.values()))
    for name in STRATA:
        more = by_stratum[name][wanted[name] :][: max(0, missing)]
        chosen[name] += more
        missing -= len(more)
    return {article: name for name, articles in chosen.items() for article in articles}


def estimate(strata: Mapping[str, Stratum], seed: int = 0) -> Quality:
    """Precision and recall by the judged articles of each stratum; wide where few were judged."""
    chance = random.Random(seed)
    draws = [_draw(strata, chance) for _ in range(_DRAWS)]
    return Quality(
        precision=_rate([precision for precision, _ in draws]),
        recall=_rate([recall for _, recall in draws]),
    )


def _draw(strata: Mapping[str, Stratum], chance: random.Random) -> tuple[float, float]:
    about = {
        name: one.right
        + (one.size - one.judged)
        * chance.betavariate(one.right + 0.5, one.judged - one.right + 0.5)
        for name, one in strata.items()
    }
    found = sum(about[name] for name in _ON if name in about)
    shown = sum(strata[name].size for name in _ON if name in strata)
    total = sum(about.values())
    return (found / shown if shown else 0.0, found / total if total else 0.0)


def _rate(draws: Sequence[float]) -> Rate:
    ordered = sorted(draws)
    cut = len(ordered) // 40
    return Rate(value=median(ordered), low=ordered[cut], high=ordered[-cut - 1])
