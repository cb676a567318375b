"""Hosts that fail rest, longer each time, and a later run remembers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.wire.backoff import FIRST_BACKOFF, MAX_FAILURES, Backoff
from index.store import StoreWriter

SITE = "a.example"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def rest_after(store: StoreWriter, runs: int) -> timedelta:
    for _ in range(runs):
        backoff = Backoff(store, datetime.now(UTC) + timedelta(days=2))
        backoff.failed(SITE, "http-503")
        backoff.close()
    return store.hosts.failing()[SITE].retry_at - datetime.now(UTC)


@pytest.mark.parametrize(("runs", "rest"), [(1, 1), (2, 2), (3, 4)], ids=["one", "two", "three"])
def test_each_failed_run_in_a_row_doubles_the_rest(
    store: StoreWriter, runs: int, rest: int
) -> None:
    assert rest_after(store, runs) / FIRST_BACKOFF == pytest.approx(rest, abs=0.1)


def test_a_resting_host_is_not_asked_by_the_next_run(store: StoreWriter) -> None:
    Backoff(store, datetime.now(UTC)).failed(SITE, "http-503")
    assert SITE in Backoff(store, datetime.now(UTC)).backing_off
    assert SITE not in Backoff(store, datetime.now(UTC) + 2 * FIRST_BACKOFF).backing_off


def test_a_run_goes_on_until_five_failures_in_a_row(store: StoreWriter) -> None:
    backoff = Backoff(store, datetime.now(UTC))
    for _ in range(MAX_FAILURES - 1):
        backoff.failed(SITE, "http-503")
    assert SITE not in backoff.backing_off
    backoff.failed(SITE, "http-503")
    assert SITE in backoff.backing_off


def test_a_host_that_asks_for_an_hour_is_left_at_once_and_remembered(store: StoreWriter) -> None:
    backoff = Backoff(store, datetime.now(UTC))
    backoff.failed(SITE, "http-429", 3600.0)
    assert SITE in backoff.backing_off
    assert SITE in Backoff(store, datetime.now(UTC) + timedelta(minutes=55)).backing_off


def test_nobody_rests_for_longer_than_a_day_whatever_was_asked(store: StoreWriter) -> None:
    now = datetime.now(UTC)
    Backoff(store, now).failed(SITE, "http-503", 10 * 365 * 86_400.0)
    assert SITE in Backoff(store, now + timedelta(hours=23)).backing_off
    assert SITE not in Backoff(store, now + timedelta(hours=25)).backing_off


def test_a_rest_that_a_clock_ahead_of_its_time_has_dated_is_none(store: StoreWriter) -> None:
    Backoff(store, datetime.now(UTC)).failed(SITE, "http-503")
    assert SITE not in Backoff(store, datetime.now(UTC) - timedelta(days=900)).backing_off


def test_an_answer_clears_the_memory(store: StoreWriter) -> None:
    backoff = Backoff(store, datetime.now(UTC))
    backoff.failed(SITE, "timeout")
    backoff.answered(SITE)
    assert store.hosts.failing() == {}


def test_when_nobody_answers_nobody_is_blamed(store: StoreWriter) -> None:
    backoff = Backoff(store, datetime.now(UTC))
    backoff.failed(SITE, "dns")
    backoff.failed("b.example", "refused")
    backoff.close()
    assert store.hosts.failing() == {}
