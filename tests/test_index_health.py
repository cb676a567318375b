"""The numbers about an outlet's coverage."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from index.coverage.estimates import (
    ailment,
    change_points,
    chao,
    chapman,
    estimate_recall,
    gaps,
    weakness,
)
from index.store import ListPage, Span

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = frozenset({"feed"})
BOTH = frozenset({"feed", "sitemap"})


def test_chapman_is_the_textbook_formula() -> None:
    found = chapman(200, 150, 60)
    assert found.total == pytest.approx(201 * 151 / 61 - 1)
    assert found.low < found.total < found.high
    assert found.low >= 200 + 150 - 60


@pytest.mark.parametrize(
    ("first", "second", "both", "high"), [(100, 100, 100, 104), (10, 100, 10, 135), (1, 1, 1, 20)]
)
def test_a_sample_that_shows_nothing_unseen_is_no_census(
    first: int, second: int, both: int, high: int
) -> None:
    found = chapman(first, second, both)
    assert (found.low, found.high) == (found.total, high)
    assert chao({2: 5, 3: 5}, 3).high > 10


def test_chao_without_doubletons_is_defined() -> None:
    assert chao({1: 10}, 3).total == pytest.approx(10 + 2 / 3 * 10 * 9 / 2)
    assert chao({2: 5, 3: 5}, 3).total == 10


CHANCES = {
    "two channels": (0.6, 0.5),
    "two poor channels": (0.3, 0.25),
    "three channels": (0.5, 0.4, 0.3),
    "four channels": (0.5, 0.4, 0.3, 0.2),
}


@pytest.mark.parametrize("name", CHANCES)
def test_the_interval_covers_a_simulated_population(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chances, size, rounds = CHANCES[name], 400, 300
    random, covered, totals = Random(11), 0, []
    channels = ["feed", "sitemap", "section", "search"]
    for _ in range(rounds):
        population = (
            frozenset(
                channel
                for channel, chance in zip(channels, chances, strict=False)
                if random.random() < chance
            )
            for _ in range(size)
        )
        found = estimate_recall([seen for seen in population if seen]).estimate
        assert found is not None
        totals.append(found.total)
        covered += found.low <= size <= found.high
    mean = sum(totals) / rounds
    with capsys.disabled():
        sys.stdout.write(
            f"\n  {name}: 95 % intervals cover {covered / rounds:.1%}, mean {mean:.0f} of {size}"
        )
    if len(chances) == 2:  # Chapman's estimator has next to no bias, and its interval its level
        assert covered >= 0.92 * rounds
        assert abs(mean - size) < 0.03 * size
    else:  # Chao's is a lower bound: never far above, and what is unlike makes it lower
        assert 0.9 * size < mean < 1.05 * size
        assert covered >= 0.85 * rounds


@pytest.mark.parametrize(
    ("sightings", "why"),
    [
        ([], "found by no list"),
        ([FEED, FEED], "found by one channel only"),
        ([FEED, frozenset({"sitemap"})], "its channels share no article"),
    ],
    ids=["none", "one", "apart"],
)
def test_too_few_channels_give_no_number(sightings: list[frozenset[str]], why: str) -> None:
    recall = estimate_recall(sightings)
    assert (recall.estimate, recall.share, recall.why_not) == (None, None, why)


def test_three_channels_are_estimated_by_the_lower_bound() -> None:
    sightings = [BOTH] * 6 + [FEED] * 4 + [frozenset({"section"})] * 4
    recall = estimate_recall(sightings)
    assert recall.estimate is not None
    assert recall.estimate.method == "Chao's lower bound"
    assert recall.estimate.total == pytest.approx(14 + 2 / 3 * 8 * 7 / (2 * 7))


@pytest.mark.parametrize(
    ("days", "expect", "weak"),
    [
        ([20] * 10 + [1, 0, 2], None, True),
        ([20] * 10 + [9, 9, 9], None, False),
        ([1, 1, 1], 20.0, True),
        ([0, 0, 0], None, False),
    ],
    ids=["fell", "lower", "expected", "no-history"],
)
def test_a_yield_under_a_quarter_is_weak(days: list[int], expect: float | None, weak: bool) -> None:
    assert bool(weakness(days, expect)) is weak


def test_the_day_a_level_changes_is_found_and_noise_is_not() -> None:
    assert change_points([20, 22, 19, 21, 20, 2, 1, 3, 2, 1]) == [5]
    random = Random(3)
    assert change_points([random.randint(8, 12) for _ in range(60)]) == []


SOUND = ListPage(
    url="https://a.example/rss",
    outlet="a.example",
    channel="feed",
    fetched=NOON,
    changed=NOON,
    usual=8.0,
)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, ""),
        ({"failures": 3, "outcome": "http-410"}, "gone"),
        ({"failures": 1, "outcome": "http-403"}, "blocked"),
        ({"failures": 1, "outcome": "list-not-a-feed"}, "something else"),
        ({"failures": 1, "outcome": "http-500"}, "fails"),
        ({"changed": NOON - 4 * DAY}, "stale"),
        ({"changed": NOON - 4 * DAY, "usual": 0.5}, ""),
    ],
    ids=["sound", "gone", "blocked", "wall", "failing", "stale", "slow"],
)
def test_an_ailing_list_is_named(changes: dict[str, object], word: str) -> None:
    said = ailment(replace(SOUND, **changes), NOON)  # type: ignore[arg-type]
    assert word in said
    assert bool(said) is bool(word)


def test_gaps_are_what_no_visit_accounts_for() -> None:
    spans = [Span(NOON, NOON + DAY), Span(NOON + 3 * DAY, NOON + 4 * DAY)]
    assert gaps(spans, NOON - DAY, NOON + 5 * DAY) == [
        Span(NOON - DAY, NOON),
        Span(NOON + DAY, NOON + 3 * DAY),
        Span(NOON + 4 * DAY, NOON + 5 * DAY),
    ]
