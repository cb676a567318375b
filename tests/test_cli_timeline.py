from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.study.intervals import INTERVALS, Interval, group_days, interval_of
from search_cli.output.render import cells
from search_cli.output.terminal import Terminal
from search_cli.view.charting import (
    axis_lines,
    chart_lines,
    fitting,
    intervals_between,
    room_for_blocks,
    scale_line,
)
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
    line, *axis = chart_lines({"all": counts}, interval, SCREEN)
    assert all(cells(one) <= 80 for one in (line, *axis))
    assert len(axis) == (2 if set(days) - {""} else 0)
    assert f" {sum(days.values()):,}" in line


def test_blocks_show_the_counts_to_one_scale() -> None:
    rows = {"en": {"2023-02-01": 8, "2023-02-03": 1}, "fr": {"2023-02-02": 4, "": 2}}
    assert list(chart_lines(rows, "day", SCREEN)) == [
        "en  █·▁      9",
        "fr  ·▄·      6  2 undated",
        "    ╵",
        "    02-01",
    ]
    assert scale_line(rows, "day") == "█ = 8 articles, the peak: 2023-02-01"
    assert scale_line({"en": {"2023-01-30": 1}}, "week").endswith("the peak: week of 2023-01-30")


def test_dates_stand_under_the_blocks_they_belong_to() -> None:
    places = [f"2023-02-{day:02}" for day in range(1, 25)]
    ticks, labels = axis_lines(places, "day", 5)
    marked = [place for place, sign in enumerate(ticks) if sign == "╵"]
    assert [labels[place : place + 5] for place in marked] == ["02-01", "02-08", "02-15", "02-22"]
    assert marked == [5, 12, 19, 26]


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
    assert "No articles match." in said.err


def frame(corpus: Path, *lines: str) -> None:
    file = corpus / "stories" / "balloon.toml"
    file.write_text("\n".join([file.read_text("utf-8"), "[frames]", *lines, ""]), "utf-8")


def test_frames_are_counted_each_by_its_query(corpus: Path, pressclip: Command) -> None:
    frame(corpus, 'seen = { any = "balloon" }', 'other = { en = "nosuchword" }')
    asked = ("timeline", "story:balloon", "--by", "frame", "--interval", "year", "--json")
    rows = json.loads(pressclip(*asked).out)
    seen = int(pressclip("search", "story:balloon balloon", "--count").out)
    assert seen
    assert {row["value"] for row in rows} == {"seen"}
    assert sum(row["articles"] for row in rows) == seen


def test_shares_are_of_the_articles_of_an_interval(corpus: Path, pressclip: Command) -> None:
    frame(corpus, 'all = { any = "*" }')
    asked = ("timeline", "--story", "balloon", "*", "--by", "frame", "--share")
    rows = json.loads(pressclip(*asked, "--json").out)
    assert {row["share"] for row in rows} == {1.0}
    head, line = pressclip(*asked, "-f", "table").out.splitlines()[:2]
    assert "share by day" in head
    assert line.split()[-1] == "100%"


def test_shares_of_languages_add_up(corpus: Path, pressclip: Command) -> None:
    asked = ("timeline", "*", "--by", "lang", "--interval", "year", "--share", "--json")
    rows = [row for row in json.loads(pressclip(*asked).out) if row["interval"]]
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("*", "--by", "frame"), "--by frame needs one story", id="no story"),
        pytest.param(("story:balloon", "--by", "frame"), "has no [frames]", id="no frames"),
        pytest.param(("*", "--share"), "--share works only with --by", id="share of what"),
    ],
)
def test_a_timeline_by_frame_says_what_it_lacks(
    corpus: Path, pressclip: Command, words: tuple[str, ...], told: str
) -> None:
    said = pressclip("timeline", *words)
    assert said.status == 2
    assert told in said.err


def test_what_was_not_crawled_is_drawn_otherwise_and_said_in_json(
    watched: Path, pressclip: Command
) -> None:
    lines = pressclip("timeline", "*", "--by", "outlet", "-f", "table").out.splitlines()
    blocks = {line.split()[0]: line.split()[1] for line in lines[1:-4]}
    assert blocks["prairie-courier.example"][3:] == "░░·▂"  # 6 and 7 Feb: nobody; 8 Feb: nothing
    assert blocks["matin.example"][2:] == "░░░░░"
    assert blocks["all"][3:5] == "░░"
    assert blocks["all"][5] == "·"  # one of them was watched
    assert lines[-1] == "░ = not crawled: matin.example (5 days), prairie-courier.example (2 days)"
    courier = "prairie-courier.example"
    rows = json.loads(pressclip("timeline", "*", "--by", "outlet", "--json").out)
    said = {(row["value"], row["interval"]): (row["articles"], row["watched"]) for row in rows}
    assert said[courier, "2023-02-07"] == (0, False)
    assert said[courier, "2023-02-09"] == (1, True)
    assert (courier, "2023-02-08") not in said  # crawled, and nothing was published
    assert said["sabah.example", "2023-02-04"] == (1, None)  # never visited: nothing is known
