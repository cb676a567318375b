"""Hypothesis as a fuzzer with a count: so many inputs, what became of them, the slowest, the least bad."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

FINE = ("read", "refused")


class Found(Exception):
    """An input that did what none should do."""


@dataclass(slots=True)
class Tally:
    """What became of the inputs: outcomes, the most seconds of CPU, the least bad input if there is one."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    bad: object = None


def drive(
    inputs: st.SearchStrategy[object],
    outcome_of: Callable[[object], str],
    *,
    number: int,
    start: int,
    limit: float,
) -> Tally:
    """Try `number` inputs, chosen from the seed `start` on; stops at the first bad one, and lessens it.

    Bad is what has an outcome that is not one of `FINE`, or takes over `limit` seconds of CPU.
    """
    tally = Tally()

    @seed(start)
    @settings(
        max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink), verbosity=Verbosity.quiet, print_blob=False,
    )  # fmt: skip
    @given(inputs)
    def try_one(data: object) -> None:
        outcome, took = _timed(outcome_of, data)
        if took > limit:  # or the collector of garbage had its turn
            took = min(took, _timed(outcome_of, data)[1])
        tally.slowest = max(tally.slowest, took)
        tally.counts[outcome] += 1
        if outcome not in FINE or took > limit:
            tally.bad = data
            raise Found(outcome)

    with suppress(Found, Flaky):  # flaky: bad once, and not again when it was to be lessened
        try_one()
    return tally


def _timed(outcome_of: Callable[[object], str], data: object) -> tuple[str, float]:
    started = time.process_time()
    outcome = outcome_of(data)
    return outcome, time.process_time() - started
