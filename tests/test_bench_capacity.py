"""The capacity plan: computed from rates, uneven outlets in the product's own buckets."""

from __future__ import annotations

import pytest

from bench.capacity import Rates, plan, plan_lines, yields

RATES = Rates(
    read=0.1, write=0.02, index=0.01, merge=0.03, archive=50_000.0, database=20_000.0,
    search_index=5_000.0, memory=2e9,
)  # fmt: skip


def test_a_plan_is_what_the_rates_come_to() -> None:
    found = plan(RATES, 73_000_000, 1000, cores=4)
    assert found.day == pytest.approx(100_000)
    assert found.crawl_cores == pytest.approx(100_000 * 0.11 / 43_200)
    assert found.merge_hours == pytest.approx(100_000 * 0.03 / 3600)
    assert (found.buckets, found.machines) == (10, 1)
    assert found.hub_disk == pytest.approx(73e6 * 25_000)
    assert found.bucket_disk == pytest.approx(73e6 * 75_000 / 10)
    assert 1 < found.busiest < 3


def test_more_articles_need_no_less_of_anything() -> None:
    small, large = (plan(RATES, number, 500, cores=4) for number in (10**6, 10**8))
    assert large.machines >= small.machines
    assert large.largest > small.largest
    assert plan_lines([small, large], 4)[0] == "| articles held | 1,000,000 | 100,000,000 |"


def test_outlets_are_uneven_and_add_up() -> None:
    found = yields(5000, 137_000)
    assert sum(found) == pytest.approx(137_000)
    assert found[0] > 400 * found[-1]
