"""The ledger of a source: what was asked for some outlets or languages alone is not asked for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.backfill import Scope
from crawler.backfill.gal import SOURCE as GDELT
from crawler.backfill.ledger import SourceLedger
from crawler.planning.source_queues import queue_of
from index.coverage.source_spans import spans_of_sources
from index.store import StoreWriter
from index.store.backfill import ANSWERED, WHOLE, Asked
from index.workspace.story import Story

START, END = datetime(2023, 2, 4, tzinfo=UTC), datetime(2023, 2, 5, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORY = Story(id="balloon", title="Balloon", match={"en": "balloon"})
ALL = Scope(story=STORY, start=START, end=END)
ONE_OUTLET = replace(ALL, hosts=("apnews.com",))
ENGLISH = replace(ALL, languages=("en",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def ask_all(store: StoreWriter, scope: Scope) -> int:
    """Ask for every file of a list that has one a quarter; how many requests that took."""
    queue, ledger, number = queue_of(GDELT, scope, store, NOW), SourceLedger(store, GDELT, scope), 0
    while ask := queue.next():
        number += 1
        ledger.note(Asked(source=GDELT, key=ask.key, outcome=ANSWERED))
        if whole := queue.answered(ask, found=ask.key[11:12] == "1"):
            ledger.note(Asked(source=GDELT, key=whole, outcome=WHOLE))
    return number


@pytest.mark.parametrize("bound", [ONE_OUTLET, ENGLISH], ids=["an outlet", "a language"])
def test_what_was_asked_for_some_alone_is_asked_again_for_all(
    store: StoreWriter, bound: Scope
) -> None:
    assert ask_all(store, bound) > 0
    assert ask_all(store, bound) == 0
    assert not spans_of_sources(store.backfill.asked("balloon"), STORY.window)
    assert ask_all(store, ALL) > 0


def test_what_was_asked_for_all_is_not_asked_again_for_some(store: StoreWriter) -> None:
    assert ask_all(store, ALL) > 0
    assert ask_all(store, ONE_OUTLET) == 0


def test_files_that_a_month_led_to_wait_for_the_scope_that_they_were_found_for(
    store: StoreWriter,
) -> None:
    file = Asked(source="cc-news", key="a.warc.gz", url="https://x.example/a.warc.gz", part="a")
    SourceLedger(store, "cc-news", ONE_OUTLET).announce([file])
    assert not SourceLedger(store, "cc-news", ALL).planned()
    [ask] = SourceLedger(store, "cc-news", ONE_OUTLET).planned()
    assert (ask.key, ask.url) == (file.key, file.url)


def test_keys_that_tell_their_outlets_themselves_stay_as_they_are(store: StoreWriter) -> None:
    one = Asked(source="wayback", key="apnews.com 20230204-20230205", outcome=ANSWERED)
    SourceLedger(store, "wayback", ONE_OUTLET).note(one)
    assert [key for key, _ in store.backfill.settled("balloon", "wayback")] == [one.key]
