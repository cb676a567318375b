"""Counts by day as counts by week, month or year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

Interval = Literal["day", "week", "month", "year"]
INTERVALS: tuple[Interval, ...] = ("day", "week", "month", "year")
UNDATED = ""  # the interval of what has no date

Counts = Mapping[str, int]


def interval_of(day: str, interval: Interval) -> str:
    """The first day of the interval in which a day is, as ISO 8601; weeks begin on Monday."""
    if day == UNDATED or interval == "day":
        return day
    moment = date.fromisoformat(day)
    if interval == "week":
        return (moment - timedelta(days=moment.weekday())).isoformat()
    return moment.replace(day=1, month=moment.month if interval == "month" else 1).isoformat()


def group_days(days: Counts, interval: Interval) -> dict[str, int]:
    """Counts by day → counts by interval, in order; the sum stays the same."""
    counted: Counter[str] = Counter()
    for day, count in days.items():
        counted[interval_of(day, interval)] += count
    return dict(sorted(counted.items()))
