"""Hosts that fail rest, longer each time, and a later run remembers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.wire.backoff import FIRST_REST, MAX_FAILURES, Patience
from index.store import StoreWriter

SITE = "a.example"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def rest_after(store: StoreWriter, runs: int) -> timedelta:
    for _ in range(runs):
        patience = Patience(store, datetime.now(UTC) + timedelta(days=2))
        patience.failed(SITE, "http-503")
        patience.close()
    return store.hosts.failing()[SITE].retry_at - datetime.now(UTC)


@pytest.mark.parametrize(("runs", "rest"), [(1, 1), (2, 2), (3, 4)], ids=["one", "two", "three"])
def test_each_failed_run_in_a_row_doubles_the_rest(
    store: StoreWriter, runs: int, rest: int
) -> None:
    assert rest_after(store, runs) / FIRST_REST == pytest.approx(rest, abs=0.1)


def test_a_resting_host_is_not_asked_by_the_next_run(store: StoreWriter) -> None:
    Patience(store, datetime.now(UTC)).failed(SITE, "http-503")
    assert SITE in Patience(store, datetime.now(UTC)).resting
    assert SITE not in Patience(store, datetime.now(UTC) + 2 * FIRST_REST).resting


def test_a_run_goes_on_until_five_failures_in_a_row(store: StoreWriter) -> None:
    patience = Patience(store, datetime.now(UTC))
    for _ in range(MAX_FAILURES - 1):
        patience.failed(SITE, "http-503")
    assert SITE not in patience.resting
    patience.failed(SITE, "http-503")
    assert SITE in patience.resting


def test_a_host_that_asks_for_an_hour_is_left_at_once_and_remembered(store: StoreWriter) -> None:
    patience = Patience(store, datetime.now(UTC))
    patience.failed(SITE, "http-429", 3600.0)
    assert SITE in patience.resting
    assert SITE in Patience(store, datetime.now(UTC) + timedelta(minutes=55)).resting


def test_nobody_rests_for_longer_than_a_day_whatever_was_asked(store: StoreWriter) -> None:
    now = datetime.now(UTC)
    Patience(store, now).failed(SITE, "http-503", 10 * 365 * 86_400.0)
    assert SITE in Patience(store, now + timedelta(hours=23)).resting
    assert SITE not in Patience(store, now + timedelta(hours=25)).resting


def test_a_rest_that_a_clock_ahead_of_its_time_has_dated_is_none(store: StoreWriter) -> None:
    Patience(store, datetime.now(UTC)).failed(SITE, "http-503")
    assert SITE not in Patience(store, datetime.now(UTC) - timedelta(days=900)).resting


def test_an_answer_clears_the_memory(store: StoreWriter) -> None:
    patience = Patience(store, datetime.now(UTC))
    patience.failed(SITE, "timeout")
    patience.answered(SITE)
    assert store.hosts.failing() == {}


def test_when_nobody_answers_nobody_is_blamed(store: StoreWriter) -> None:
    patience = Patience(store, datetime.now(UTC))
    patience.failed(SITE, "dns")
    patience.failed("b.example", "refused")
    patience.close()
    assert store.hosts.failing() == {}
