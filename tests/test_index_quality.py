"""Precision and recall from a stratified sample: the sample, the figures, their intervals."""

from __future__ import annotations

import random

import pytest

from index.article import Decision
from index.relevance.quality import STRATA, Stratum, draw_sample, estimate, stratum_of

VERDICTS: list[tuple[str, Decision, float]] = [
    *((f"on{n}", "on-story", 0.9) for n in range(200)),
    *((f"maybe{n}", "on-story", 0.6) for n in range(50)),
    *((f"border{n}", "borderline", 0.4) for n in range(30)),
    *((f"hardly{n}", "off-story", 0.1) for n in range(100)),
    *((f"off{n}", "off-story", 0.0) for n in range(1000)),
]


def test_every_stratum_is_asked_about_and_the_sample_is_always_the_same() -> None:
    sample = draw_sample(VERDICTS, "ferry", 40)
    assert 40 <= len(sample) <= 45
    assert {*sample.values()} == {*STRATA}
    assert draw_sample(VERDICTS[::-1], "ferry", 40) == sample
    assert draw_sample(VERDICTS, "dam", 40) != sample


def test_what_a_stratum_lacks_is_asked_of_others() -> None:
    few = [one for one in VERDICTS if not one[0].startswith(("border", "maybe"))]
    assert len(draw_sample(few, "ferry", 40)) >= 40
    assert len(draw_sample(VERDICTS[:3], "ferry", 40)) == 3


@pytest.mark.parametrize(
    ("decision", "score", "name"),
    [
        ("on-story", 0.8, "surely on-story"),
        ("on-story", 0.5, "on-story"),
        ("borderline", 0.3, "borderline"),
        ("mention", 0.2, "hardly"),
        ("off-story", 0.0, "off-story"),
        ("outside-window", 0.9, "off-story"),
    ],
)
def test_strata_are_by_verdict(decision: Decision, score: float, name: str) -> None:
    assert stratum_of(decision, score) == name


def test_figures_are_weighed_by_the_size_of_the_strata() -> None:
    found = estimate(
        {
            "surely on-story": Stratum(size=100, judged=20, right=20),
            "on-story": Stratum(size=100, judged=20, right=10),
            "off-story": Stratum(size=1000, judged=1000, right=50),
        }
    )
    assert found.precision.value == pytest.approx(0.745, abs=0.02)
    assert found.recall.value == pytest.approx(149 / 199, abs=0.02)
    assert found.precision.low < found.precision.value < found.precision.high


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    chance, held = random.Random(3), 0
    for trial in range(100):
        truth = {"surely on-story": (200, 0.95), "on-story": (80, 0.6), "hardly": (300, 0.05)}
        right = {
            name: sum(chance.random() < share for _ in range(size))
            for name, (size, share) in truth.items()
        }
        strata = {}
        for name, (size, _) in truth.items():
            told = chance.sample([1] * right[name] + [0] * (size - right[name]), 15)
            strata[name] = Stratum(size=size, judged=15, right=sum(told))
        found = estimate(strata, seed=trial)
        is_so = (right["surely on-story"] + right["on-story"]) / 280
        held += found.precision.low <= is_so <= found.precision.high
    assert held >= 90
