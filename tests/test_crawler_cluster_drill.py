"""The short form of `python -m bench.drills.cluster`: a worker killed in its crawl, and PostgreSQL too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.drills.cluster import DELAY, Shape, drill, gaps_of
from crawler.demo.server import Visit


def visit(host: str, started: float, ended: float) -> Visit:
    return Visit(
        host=host, target="/", method="GET", status=200, conditional=False, agent="", size=1,
        started=started, ended=ended,
    )  # fmt: skip


def test_the_drill_sees_two_crawls_of_one_host() -> None:
    one = [visit("a.example", 0, 0.1), visit("a.example", 0.6, 0.7), visit("b.example", 0.2, 0.3)]
    two = [*one, visit("a.example", 0.05, 0.2)]
    assert gaps_of(one) == {"a.example": pytest.approx(0.6), "b.example": DELAY}
    assert gaps_of(two)["a.example"] < 0


# About 20 seconds: two real crawls, undisturbed and disturbed, with a real delay and a real lease.
def test_a_killed_worker_and_a_killed_database_lose_nothing(tmp_path: Path) -> None:
    shape = Shape(buckets=2, outlets=1, articles=3, strikes=("kill", "database"), lease=6.0)
    try:
        result = drill(shape, tmp_path)
    except LookupError as error:
        pytest.skip(str(error))
    assert result.faults == []
    assert result.strikes == {"kill": 1, "database": 1}
    assert result.articles > 0
