from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_cli.charting import (
    INTERVALS,
    Interval,
    chart_lines,
    fitting,
    group_days,
    interval_of,
    intervals_between,
    room_for_blocks,
)
from search_cli.render import cells
from search_cli.terminal import Terminal
from tests.conftest import Said

Command = Callable[..., Said]
DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31)).map(date.isoformat)
SCREEN = Terminal(screen=True, colored=False, width=80)


@pytest.mark.parametrize(
    ("day", "interval", "first"),
    [
        ("2023-02-04", "day", "2023-02-04"),
        ("2023-02-05", "week", "2023-01-30"),
        ("2023-02-06", "week", "2023-02-06"),
        ("2023-12-31", "month", "2023-12-01"),
        ("2023-12-31", "year", "2023-01-01"),
        ("", "week", ""),
    ],
)
def test_a_day_lies_in_an_interval(day: str, interval: Interval, first: str) -> None:
    assert interval_of(day, interval) == first


@given(DAYS, st.integers(0, 900), st.sampled_from(INTERVALS))
def test_intervals_follow_each_other_without_a_gap(
    day: str, length: int, interval: Interval
) -> None:
    last = (date.fromisoformat(day) + timedelta(days=length)).isoformat()
    ends = interval_of(day, interval), interval_of(last, interval)
    found = intervals_between(*ends, interval)
    assert (found[0], found[-1]) == ends
    assert found == sorted(set(found))
    days = ((date.fromisoformat(day) + timedelta(days=n)).isoformat() for n in range(length + 1))
    assert {interval_of(one, interval) for one in days} == set(found)


@given(
    st.dictionaries(DAYS | st.just(""), st.integers(1, 99), min_size=1), st.sampled_from(INTERVALS)
)
def test_nothing_is_lost_between_days_and_a_chart(days: dict[str, int], wanted: Interval) -> None:
    interval = fitting(list(days), wanted, room_for_blocks(["all"], SCREEN))
    counts = group_days(days, interval)
    assert sum(counts.values()) == sum(days.values())
    (line,) = chart_lines({"all": counts}, interval, SCREEN)
    assert cells(line) <= 80
    assert f" {sum(days.values()):,}" in line


def test_blocks_show_the_counts_to_one_scale() -> None:
    rows = {"en": {"2023-02-01": 8, "2023-02-03": 1}, "fr": {"2023-02-02": 4, "": 2}}
    assert list(chart_lines(rows, "day", SCREEN)) == [
        "en  █·▁      9",
        "fr  ·▄·      6  2 undated",
    ]


@pytest.mark.parametrize("group", [None, "outlet", "lang", "country"])
@pytest.mark.parametrize("interval", INTERVALS)
def test_a_timeline_counts_what_a_search_counts(
    corpus: Path, pressclip: Command, group: str | None, interval: str
) -> None:
    by = ["--by", group] if group else []
    rows = json.loads(pressclip("timeline", "*", *by, "--interval", interval, "--json").out)
    assert sum(row["articles"] for row in rows) == 6
    if group == "country":
        assert {row["value"] for row in rows} == {"us", "fr", "unknown"}


def test_a_chart_tells_its_interval_and_its_ends(corpus: Path, pressclip: Command) -> None:
    lines = pressclip("timeline", "*", "--by", "lang", "-f", "table").out.splitlines()
    assert lines[0].endswith(" · Europe/Paris · by day, 2023-02-03 to 2023-02-04")
    assert lines[1:3] == ["all  ▂█      6  1 undated", "en   ·▆      3"]


def test_a_timeline_of_nothing_is_exit_code_1(corpus: Path, pressclip: Command) -> None:
    said = pressclip("timeline", "nosuchword", "--json")
    assert (said.status, said.out) == (1, "[]\n")
    assert "No article has this." in said.err
