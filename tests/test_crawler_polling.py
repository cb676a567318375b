"""How often lists and articles are looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.ingest.rechecks import next_recheck
from crawler.planning.intervals import (
    LONGEST,
    SHORTEST,
    failed,
    interval_of,
    is_child_due,
    is_due,
    is_open,
    visited,
)
from index.store import ListPage
from index.workspace.story import Schedule

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = ListPage(url="https://a.example/rss", outlet="a.example", channel="feed")
LADDER = (HOUR, 6 * HOUR, DAY, 7 * DAY)


@pytest.mark.parametrize(
    ("gap", "pace"),
    [(timedelta(minutes=1), SHORTEST), (2 * HOUR, 2 * HOUR), (9 * DAY, LONGEST)],
    ids=["busy", "usual", "quiet"],
)
def test_a_new_list_is_paced_by_its_own_dates_within_bounds(
    gap: timedelta, pace: timedelta
) -> None:
    page = visited(PAGE, new=20, dated=[NOON - gap * n for n in range(1, 21)], now=NOON)
    assert page.pace == pytest.approx(pace.total_seconds(), rel=0.01)
    assert page.next_due == NOON + timedelta(seconds=page.pace)


def test_a_list_that_asks_for_a_pause_gets_it() -> None:
    busy = [NOON - timedelta(minutes=n) for n in range(20)]
    page = visited(replace(PAGE, ttl=7200), new=20, dated=busy, now=NOON)
    assert page.pace == 7200


def test_a_list_without_news_is_visited_less_and_less() -> None:
    page = visited(PAGE, new=24, dated=[NOON - HOUR * n for n in range(24)], now=NOON)
    paces = [page.pace]
    for number in range(1, 5):
        page = visited(page, new=0, dated=(), now=NOON + number * 12 * HOUR)
        paces.append(page.pace)
    assert paces == sorted(paces)
    assert paces[0] < paces[-1]
    assert page.usual == pytest.approx(25, abs=2)


def test_a_failing_list_doubles_its_distance_up_to_a_day() -> None:
    page, distances = PAGE, []
    for _ in range(12):
        page = failed(page, outcome="http-500", now=NOON)
        distances.append(timedelta(seconds=page.pace))
    assert distances[:3] == [SHORTEST, 2 * SHORTEST, 4 * SHORTEST]
    assert distances[-1] == LONGEST


def test_a_list_is_not_due_sooner_than_the_story_asks() -> None:
    page = replace(PAGE, fetched=NOON, pace=600, next_due=NOON + SHORTEST)
    assert not is_due(page, HOUR, NOON + timedelta(minutes=30))
    assert is_due(page, HOUR, NOON + timedelta(minutes=55))
    assert is_due(None, HOUR, NOON)


def test_a_visit_in_the_future_holds_up_nothing() -> None:
    page = replace(PAGE, fetched=NOON + 900 * DAY, pace=600, next_due=NOON + 901 * DAY)
    child = replace(page, channel="sitemap", modified=NOON - DAY)
    assert is_due(page, HOUR, NOON)
    assert is_child_due(child, NOON)


@pytest.mark.parametrize(
    ("channel", "modified", "fetched", "due"),
    [
        ("sitemap", None, None, True),
        ("sitemap", NOON + HOUR, NOON, True),
        ("sitemap", NOON - 3 * DAY, NOON, False),
        ("section", None, NOON, False),
        ("section", None, None, True),
    ],
    ids=["never-had", "changed-since", "unchanged", "later-page", "later-page-never-had"],
)
def test_a_list_below_another_is_opened_when_it_can_have_news(
    channel: str, modified: datetime | None, fetched: datetime | None, due: bool
) -> None:
    page = replace(PAGE, channel=channel, modified=modified, fetched=fetched)
    assert is_child_due(page, NOON + 2 * HOUR) is due


def test_a_story_has_a_busy_and_a_quiet_phase() -> None:
    plan = Schedule(every=HOUR, until=date(2023, 2, 20), then=DAY)
    assert interval_of(plan, date(2023, 2, 20)) == HOUR
    assert interval_of(plan, date(2023, 2, 21)) == DAY


def test_a_story_of_the_night_rests_by_day() -> None:
    plan = Schedule(at_night_only=True)
    assert [is_open(plan, NOON.replace(hour=hour)) for hour in (3, 6, 21, 22)] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("age", "due"),
    [(timedelta(0), HOUR), (HOUR, 6 * HOUR), (8 * HOUR, DAY), (8 * DAY, None)],
    ids=["new", "first", "late", "settled"],
)
def test_an_article_climbs_the_ladder(age: timedelta, due: timedelta | None) -> None:
    found = next_recheck(LADDER, first_seen=NOON, published=NOON - HOUR, now=NOON + age)
    assert found == (None if due is None else NOON + due)


def test_an_article_of_years_ago_is_settled_at_first_sight() -> None:
    assert next_recheck(LADDER, first_seen=NOON, published=NOON - 400 * DAY, now=NOON) is None


def test_a_lastmod_that_tells_nothing_leaves_a_sitemap_to_its_own_pace() -> None:
    child = ListPage(url="https://a.example/s-1.xml", outlet="a.example", channel="sitemap")
    page = visited(child, new=0, dated=[], now=NOON)  # quiet: worth a visit a day
    page = replace(page, modified=NOON + HOUR)
    assert is_child_due(page, NOON + 2 * HOUR)
    assert not is_child_due(page, NOON + 2 * HOUR, tells=False)
    assert is_child_due(page, NOON + 2 * DAY, tells=False)
