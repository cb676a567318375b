"""What was asked of sources of past coverage, and the copies that are known, kept in the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.store import StoreWriter
from index.store.backfill import ANSWERED, MISSING, WHOLE, Asked, KnownCopy, SourceState

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def asked(key: str, outcome: str = ANSWERED, **counts: Any) -> Asked:
    return Asked(source="gdelt", key=key, url=f"http://g.example/{key}", outcome=outcome, **counts)


def test_what_was_answered_for_a_story_is_settled_for_it_alone(store: StoreWriter) -> None:
    store.backfill.note("balloon", asked("1"))
    store.backfill.note("balloon", asked("2", MISSING))
    store.backfill.note("balloon", asked("3", "http-503"))
    settled = [key for key in "123" if store.backfill.is_settled("balloon", "gdelt", key)]
    assert settled == ["1", "2"]
    assert not store.backfill.is_settled("wildfire", "gdelt", "1")


def test_what_failed_or_was_only_named_is_asked_by_the_next_run(store: StoreWriter) -> None:
    store.backfill.announce("balloon", [asked("1"), asked("2")])
    store.backfill.note("balloon", asked("2"))
    store.backfill.note("balloon", asked("3", "html"))
    assert [one.key for one in store.backfill.planned("balloon", "gdelt", "")] == ["1", "3"]


def test_naming_a_request_again_does_not_make_it_open_again(store: StoreWriter) -> None:
    store.backfill.note("balloon", asked("1"))
    store.backfill.announce("balloon", [asked("1")])
    assert store.backfill.is_settled("balloon", "gdelt", "1")


def test_requests_are_counted_by_source_and_outcome(store: StoreWriter) -> None:
    for one in (
        asked("1", records=800, candidates=3, wanted=2),
        asked("2", MISSING),
        asked("3", "http-503"),
        asked("4", WHOLE),
    ):
        store.backfill.note("balloon", one)
    [count] = store.backfill.counts("balloon")
    assert (count.asked, count.answered, count.missing, count.refused) == (3, 1, 1, 1)
    assert (count.records, count.candidates, count.wanted) == (800, 3, 2)


def test_a_source_can_be_asked_all_again(store: StoreWriter) -> None:
    store.backfill.note("balloon", asked("1"))
    store.backfill.forget("balloon", ["gdelt"])
    assert not store.backfill.is_settled("balloon", "gdelt", "1")


def test_a_paused_source_is_remembered(store: StoreWriter) -> None:
    state = SourceState(source="gdelt-doc", asked=NOON, paused_until=NOON, outcome="http-429")
    store.backfill.remember(state)
    assert store.backfill.sources() == {"gdelt-doc": state}


def test_a_copy_is_known_once_with_what_its_page_came_to(store: StoreWriter) -> None:
    copy = KnownCopy(
        key="https://a.example/x", url="http://a.example/x", address="https://w.example/1",
        captured=NOON, archive="wayback", digest="D",
    )  # fmt: skip
    store.backfill.add_copies([copy, copy])
    store.backfill.note_copy(copy, "bot-wall")
    [known] = store.backfill.copies(copy.key)
    assert (known.address, known.captured, known.outcome) == (copy.address, NOON, "bot-wall")
