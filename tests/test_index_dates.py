from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageError
from index.query.dates import parse_period, parse_since, parse_until, write_period

NOW = datetime(2023, 2, 8, 12, 30, 15, tzinfo=UTC)  # a Wednesday
PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        pytest.param("2023", "2023-01-01", "2024-01-01", id="year"),
        pytest.param("2023-02", "2023-02-01", "2023-03-01", id="month"),
        pytest.param("2023-12", "2023-12-01", "2024-01-01", id="december"),
        pytest.param("2023-02-04", "2023-02-04", "2023-02-05", id="day"),
        pytest.param("2023/2/4", "2023-02-04", "2023-02-05", id="slashes"),
        pytest.param("2023-W05", "2023-01-30", "2023-02-06", id="ISO week"),
        pytest.param("2023-02-04T10:15", "2023-02-04T10:15", "2023-02-04T10:16", id="minute"),
        pytest.param("2023-02-04 10:15:30z", "2023-02-04T10:15:30", "2023-02-04T10:15:31", id="Z"),
        pytest.param("2023-02-04T10:15+02:00", "2023-02-04T08:15", "2023-02-04T08:16", id="offset"),
        pytest.param("2023-02-01..2023-02-10", "2023-02-01", "2023-02-11", id="range"),
        pytest.param("2023-02..2023-03", "2023-02-01", "2023-04-01", id="range of months"),
        pytest.param("2023-02-01…2023-02-10", "2023-02-01", "2023-02-11", id="ellipsis"),
        pytest.param("2023-02-04..", "2023-02-04", "", id="open end"),
        pytest.param("..2023-02", "", "2023-03-01", id="open start"),
        pytest.param("7d..yesterday", "2023-02-01", "2023-02-08", id="relative range"),
        pytest.param(">2023-02-04", "2023-02-05", "", id="after"),
        pytest.param(">=2023-02-04", "2023-02-04", "", id="from"),
        pytest.param("<2023-02", "", "2023-02-01", id="before"),
        pytest.param("<= 2023-02", "", "2023-03-01", id="up to"),
        pytest.param("*", "", "", id="any date"),
        pytest.param("7d", "2023-02-01", "2023-02-09", id="7d"),
        pytest.param("2w", "2023-01-25", "2023-02-09", id="2w"),
        pytest.param("1mo", "2023-01-08", "2023-02-09", id="1mo"),
        pytest.param("1y", "2022-02-08", "2023-02-09", id="1y"),
        pytest.param("12h", "2023-02-08T00:30:15", "2023-02-08T12:30:16", id="12h"),
        pytest.param("30min", "2023-02-08T12:00:15", "2023-02-08T12:30:16", id="30min"),
        pytest.param("last 3 days", "2023-02-05", "2023-02-09", id="last 3 days"),
        pytest.param("3 days ago", "2023-02-05", "2023-02-06", id="3 days ago"),
        pytest.param("now", "2023-02-08T12:30:15", "2023-02-08T12:30:16", id="now"),
        pytest.param("today", "2023-02-08", "2023-02-09", id="today"),
        pytest.param("Yesterday", "2023-02-07", "2023-02-08", id="yesterday"),
        pytest.param("monday", "2023-02-06", "2023-02-07", id="weekday"),
        pytest.param("wed", "2023-02-08", "2023-02-09", id="the weekday of today"),
        pytest.param("last wednesday", "2023-02-01", "2023-02-02", id="last weekday"),
        pytest.param("last week", "2023-01-30", "2023-02-06", id="last week"),
        pytest.param("this  week", "2023-02-06", "2023-02-13", id="this week"),
        pytest.param("last month", "2023-01-01", "2023-02-01", id="last month"),
        pytest.param("this month", "2023-02-01", "2023-03-01", id="this month"),
        pytest.param("last year", "2022-01-01", "2023-01-01", id="last year"),
        pytest.param("january", "2023-01-01", "2023-02-01", id="month by name"),
        pytest.param("march", "2022-03-01", "2022-04-01", id="a month to come is last year's"),
        pytest.param("feb 2023", "2023-02-01", "2023-03-01", id="month and year"),
        pytest.param("4 February 2023", "2023-02-04", "2023-02-05", id="day first"),
        pytest.param("Feb 4, 2023", "2023-02-04", "2023-02-05", id="month first"),
        pytest.param("sept. 1st", "2022-09-01", "2022-09-02", id="ordinal"),
    ],
)
def test_a_period_reads_as(text: str, start: str, end: str) -> None:
    assert parse_period(text, now=NOW) == (at(start), at(end))


@pytest.mark.parametrize(
    "text",
    [
        *("", "..", "tomorrow", "2023-13", "2023-02-30", "02/04/2023", "3m", "99999y", "0004"),
        *("9999", "2023-02-10..2023-02-01", ">", "2023-02-04T25:00", "٢٠٢٣", "a..b", "2023-W60"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"no such date|ends before"):
        parse_period(text, now=NOW)


def test_days_begin_at_midnight_of_the_zone_and_follow_its_summer_time() -> None:
    start, end = parse_period("2023-03-26", zone=PARIS)
    assert (start, end) == (at("2023-03-25T23:00"), at("2023-03-26T22:00"))


def test_today_is_the_zones_own() -> None:
    late = datetime(2023, 2, 9, 2, 0, tzinfo=UTC)
    assert parse_period("today", now=late, zone=NEW_YORK)[0] == at("2023-02-08T05:00")


def test_the_last_day_of_a_short_month_stands_for_a_day_it_lacks() -> None:
    assert parse_since("1 month ago", now=datetime(2023, 3, 31, tzinfo=UTC)) == at("2023-02-28")


def test_since_is_the_earliest_and_until_the_latest_it_can_mean() -> None:
    assert parse_since("2023-02") == at("2023-02-01")
    assert parse_until("2023-02") == at("2023-03-01")


def test_since_takes_one_date_only() -> None:
    with pytest.raises(UsageError, match="no such date"):
        parse_since("2023-02-01..2023-02-10")


def test_the_clock_is_read_when_no_moment_is_given() -> None:
    start, end = parse_period("now")
    assert start is not None
    assert end is not None
    assert abs(start - datetime.now(UTC)) < timedelta(minutes=1)


moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
days = moments.map(lambda moment: moment.replace(hour=0, minute=0, second=0, microsecond=0))
bounds = st.none() | moments | days
zones = st.sampled_from([UTC, PARIS, NEW_YORK, ZoneInfo("Asia/Kathmandu")])


@given(bounds, bounds, zones)
def test_a_period_is_read_back_from_what_is_written(
    start: datetime | None, end: datetime | None, zone: ZoneInfo
) -> None:
    if start is not None and end is not None and start >= end:
        start, end = end, start + timedelta(microseconds=1)
    assert parse_period(write_period(start, end, zone), zone=zone) == (start, end)


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        start, end = parse_period(text, now=NOW)
    except UsageError:
        return
    assert start is None or end is None or start < end
