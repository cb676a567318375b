from __future__ import annotations

from datetime import UTC, datetime, timedelta

from index.study.flow import Taken, Way, count_ways

START = datetime(2023, 2, 4, 12, tzinfo=UTC)


def taken(family: str, carrier: str, hours: float, origin: str = "wire") -> Taken:
    at = START + timedelta(hours=hours)
    return Taken(family=family, origin=origin, carrier=carrier, at=at, hours=hours)


def test_ways_count_texts_once_with_the_median_and_the_least_of_hours() -> None:
    found = count_ways(
        [taken("a", "x", 1), taken("a", "x", 9), taken("b", "x", 3), taken("c", "x", 8),
         taken("a", "y", 2), taken("d", "wire", 5)]
    )  # fmt: skip
    assert found == [
        Way(origin="wire", carrier="x", texts=3, median=3, fastest=1),
        Way(origin="wire", carrier="y", texts=1, median=2, fastest=2),
    ]
