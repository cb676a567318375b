"""How many articles there were, by channels that could each show some times only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from crawler.planning.accounted import accounted, is_joined
from index.capture import Listing
from index.coverage.windows import Seen, cut_segments, estimate_watched, recall_of
from index.store import Candidate, ListPage, Span, StoreWriter

START = datetime(2023, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return START + hours * HOUR


def span(first: float, last: float) -> Span:
    return Span(at(first), at(last))


def hourly(first: int, last: int, *channels: str) -> list[Seen]:
    """One article in each hour."""
    return [Seen(at=at(hour + 0.5), channels=frozenset(channels)) for hour in range(first, last)]


def test_time_is_cut_where_other_channels_account_for_it() -> None:
    segments = cut_segments(
        {"feed": [span(8, 10), span(0, 4), span(2, 5)], "sitemap": [span(3, 6)]}
    )
    assert [(one.span, sorted(one.watching)) for one in segments] == [
        (span(0, 3), ["feed"]),
        (span(3, 5), ["feed", "sitemap"]),
        (span(5, 6), ["sitemap"]),
        (span(6, 8), []),
        (span(8, 10), ["feed"]),
    ]


def test_what_one_channel_alone_could_show_is_no_sign_that_the_other_is_poor() -> None:
    seen = [*hourly(0, 90, "sitemap"), *hourly(90, 100, "feed", "sitemap")]
    found = estimate_watched(seen, {"feed": [span(90, 100)], "sitemap": [span(0, 100)]})
    assert found.estimate is not None
    assert found.estimate.total == pytest.approx(100)
    assert found.estimate.low == 100
    assert 100 < found.estimate.high <= 140


def test_what_was_published_while_nobody_looked_is_counted_by_the_pace_around() -> None:
    looked = {"feed": [span(0, 40), span(60, 100)], "sitemap": [span(0, 40), span(60, 100)]}
    seen = [*hourly(0, 40, "feed", "sitemap"), *hourly(60, 100, "feed", "sitemap")]
    found = estimate_watched(seen, looked)
    assert found.estimate is not None
    assert found.estimate.total == pytest.approx(100, abs=0.5)
    assert found.estimate.low <= 100 <= found.estimate.high
    assert found.share == pytest.approx(0.8, abs=0.01)


def test_two_channels_that_watch_all_the_time_are_lincoln_and_petersen_s() -> None:
    chance = Random(5)
    named = [
        frozenset(
            name for name, share in (("feed", 0.6), ("sitemap", 0.7)) if chance.random() < share
        )
        for _ in range(1000)
    ]
    seen = [Seen(at=at(hour + 0.5), channels=by) for hour, by in enumerate(named) if by]
    found = estimate_watched(seen, {"feed": [span(0, 1000)], "sitemap": [span(0, 1000)]}).estimate
    feed, sitemap = (sum(name in by for by in named) for name in ("feed", "sitemap"))
    both = sum(len(by) == 2 for by in named)
    assert found is not None
    assert found.total == pytest.approx(feed * sitemap / both, rel=0.002)
    assert found.low <= 1000 <= found.high


@pytest.mark.parametrize(
    ("windows", "why"),
    [
        ({}, "found by no list"),
        ({"feed": [span(0, 50)]}, "found by one channel only"),
        (
            {"feed": [span(0, 20)], "sitemap": [span(20, 50)]},
            "its channels share no time that both account for",
        ),
    ],
    ids=["no window", "one channel", "apart"],
)
def test_without_time_in_common_there_is_no_number(
    windows: dict[str, list[Span]], why: str
) -> None:
    found = estimate_watched(hourly(0, 50, "feed", "sitemap"), windows)
    assert (found.estimate, found.why_not, found.held) == (None, why, 50)


def test_a_section_without_dates_reaches_back_by_what_it_named() -> None:
    """Ten of each day are on the section at its visit, twenty-four on the sitemap."""
    seen = [
        one
        for day in range(4)
        for one in (
            *hourly(24 * day, 24 * day + 14, "sitemap"),
            *hourly(24 * day + 14, 24 * day + 24, "sitemap", "section"),
        )
    ]
    visits = [span(24 * day, 24 * day) for day in range(1, 5)]
    found = recall_of(seen, {"sitemap": [span(0, 96)], "section": visits}).estimate
    assert found is not None
    assert found.method == "overlap within windows"
    assert found.total == pytest.approx(96)


def test_without_windows_the_whole_overlap_is_taken() -> None:
    found = recall_of(hourly(0, 20, "feed", "search") + hourly(20, 30, "feed"), {}).estimate
    assert found is not None
    assert found.method == "Chapman"


# What a visit accounts for


@pytest.mark.parametrize(
    ("hours", "archive", "expected"),
    [
        pytest.param(range(1, 9), False, span(1, 12), id="few items"),
        pytest.param([-500, *range(1, 10)], False, span(1, 12), id="an old one among ten"),
        pytest.param(range(1, 9), True, span(1, 8), id="an archive ends with its newest"),
        pytest.param([13, 14], False, span(12, 12), id="only of the future"),
        pytest.param([], False, span(12, 12), id="no dates"),
    ],
)
def test_a_visit_accounts_for_the_times_of_its_items(
    hours: list[int], archive: bool, expected: Span
) -> None:
    assert accounted([at(hour) for hour in hours], at(12), archive=archive) == expected


@pytest.mark.parametrize(
    ("newest", "joined"),
    [(span(0, 10), True), (span(0, 9), False), (None, False)],
    ids=["reaches it", "cut off", "first visit"],
)
def test_a_list_that_does_not_reach_its_last_visit_was_cut_off(
    newest: Span | None, joined: bool
) -> None:
    assert is_joined(span(10, 12), newest) is joined


def test_the_store_has_the_windows_of_lists_with_items(tmp_path: Path) -> None:
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        for url, channel, items in (("f", "feed", 9), ("s", "sitemap", 9), ("index", "sitemap", 0)):
            store.lists.remember(ListPage(url=url, outlet="a", channel=channel, items=items))
            store.lists.watch(url, "a", span(0, 4), joined=False)
        store.lists.watch("f", "a", span(6, 9), joined=False)
        assert store.lists.newest("f") == span(6, 9)
        assert store.lists.newest("none") is None
        assert store.lists.windows() == {
            "a": {"feed": [span(0, 4), span(6, 9)], "sitemap": [span(0, 4)]}
        }


def test_the_frontier_tells_whether_a_channel_has_named_something_before(tmp_path: Path) -> None:
    one = Candidate(
        url="https://a/1",
        key="a/1",
        outlet="a",
        site="a",
        score=1.0,
        listing=Listing(channel="feed"),
    )
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        store.frontier.add([one])
        assert store.frontier.has_named("feed", ["a/2", "a/1"])
        assert not store.frontier.has_named("section", ["a/1"])
        assert not store.frontier.has_named("feed", ["a/2"])
