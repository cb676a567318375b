"""Turning points of a story: the days on which coverage burst out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log

RATIO = 2.0  # how much busier than usual a burst is
EFFORT = 1.0  # what it costs to enter one: more finds fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A row of days, by their places in the counts, both counted, and how many articles they have."""

    first: int
    last: int
    count: int


def find_bursts(counts: Sequence[int]) -> list[Burst]:
    """The bursts among counts of equal intervals, in order; none of fewer than three intervals.

    Kleinberg's automaton of two states (2002) with Poisson counts: the usual rate is the mean, that
    of a burst `RATIO` times as much; entering a burst costs `EFFORT` × ln n, leaving it nothing.
    """
    if len(counts) < 3 or not any(counts):
        return []
    usual = sum(counts) / len(counts)
    enter = EFFORT * log(len(counts))
    costs = [0.0, enter]
    came: list[tuple[int, int]] = []
    for count in counts:
        calm, busy = _cost(count, usual), _cost(count, usual * RATIO)
        into_calm = 0 if costs[0] <= costs[1] else 1
        into_busy = 1 if costs[1] <= costs[0] + enter else 0
        came.append((into_calm, into_busy))
        costs = [
            costs[into_calm] + calm,
            (costs[1] if into_busy else costs[0] + enter) + busy,
        ]
    states = []
    state = 0 if costs[0] <= costs[1] else 1
    for choice in reversed(came):
        states.append(state)
        state = choice[state]
    return _runs(states[::-1], counts)


def _cost(count: int, rate: float) -> float:
    """The negative logarithm of a Poisson chance."""
    return rate - count * log(rate) + lgamma(count + 1)


def _runs(states: Sequence[int], counts: Sequence[int]) -> list[Burst]:
    found: list[Burst] = []
    first = None
    for place, state in enumerate([*states, 0]):
        if state and first is None:
            first = place
        elif not state and first is not None:
            found.append(Burst(first=first, last=place - 1, count=sum(counts[first:place])))
            first = None
    return found
