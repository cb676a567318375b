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
from index.store.backfill import ANSWERED, MISSING, WHOLE, Asked
from index.workspace.story import Story
from index.workspace.story_tree import queries_digest

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
    assert not spans_of_sources(
        store.backfill.asked("balloon", queries_digest(STORY)), STORY.window
    )
    assert ask_all(store, ALL) > 0


def test_what_was_asked_for_all_is_not_asked_again_for_some(store: StoreWriter) -> None:
    assert ask_all(store, ALL) > 0
    assert ask_all(store, ONE_OUTLET) == 0


def keys_left(store: StoreWriter, source: str, scope: Scope, keys: list[str]) -> list[str]:
    ledger = SourceLedger(store, source, scope)
    return [key for key in keys if not ledger.is_settled(key)]


def news_file(day: int) -> str:
    return f"crawl-data/CC-NEWS/2023/02/CC-NEWS-202302{day:02}060000-00001.warc.gz"


WIDER = replace(ALL, start=datetime(2023, 2, 3, tzinfo=UTC), end=datetime(2023, 2, 8, tzinfo=UTC))
MONTH = replace(ALL, start=datetime(2023, 2, 1, tzinfo=UTC), end=datetime(2023, 2, 20, tzinfo=UTC))
OTHER_QUERY = replace(ALL, story=replace(STORY, match={"en": "balloon OR airship"}))
ARTICLE, CRAWL = "en:2023 Chinese balloon incident", "CC-MAIN-2023-06 apnews.com"


@pytest.mark.parametrize(
    ("source", "keys", "asked_again"),
    [
        ("gdelt", ["20230204120000", "20230204120100"], ["20230204120000", "20230204120100"]),
        ("cc-news", [news_file(3), news_file(4)], [news_file(3)]),  # the rest was read whole
        ("wikipedia", [ARTICLE], [ARTICLE]),
        ("common-crawl", [CRAWL], [CRAWL]),
    ],
)
def test_what_a_wider_window_wants_of_an_answer_is_asked_for_again(
    store: StoreWriter, source: str, keys: list[str], asked_again: list[str]
) -> None:
    ledger = SourceLedger(store, source, ALL)
    for key in keys:
        ledger.note(Asked(source=source, key=key, outcome=ANSWERED))
    assert not keys_left(store, source, ALL, keys)
    assert keys_left(store, source, WIDER, keys) == asked_again
    for key in asked_again:
        SourceLedger(store, source, WIDER).note(Asked(source=source, key=key, outcome=ANSWERED))
    assert not keys_left(store, source, WIDER, keys)
    assert not keys_left(store, source, ALL, keys), "a narrower window has it all"


def test_files_from_the_middle_of_a_window_stay_read_when_it_grows(store: StoreWriter) -> None:
    ledger = SourceLedger(store, GDELT, MONTH)
    ledger.note(Asked(source=GDELT, key="20230210120000", outcome=ANSWERED))
    grown = replace(MONTH, end=datetime(2023, 3, 1, tzinfo=UTC))
    assert SourceLedger(store, GDELT, grown).is_settled("20230210120000")


def test_a_file_that_is_not_there_is_looked_for_once_whatever_is_wanted(store: StoreWriter) -> None:
    SourceLedger(store, GDELT, ALL).note(Asked(source=GDELT, key="20230204120900", outcome=MISSING))
    for scope in (WIDER, OTHER_QUERY, ENGLISH):
        assert SourceLedger(store, GDELT, scope).is_settled("20230204120900")


@pytest.mark.parametrize("source", ["gdelt", "wikipedia", "wayback", "sitemaps", "common-crawl"])
def test_answers_judged_by_other_queries_are_asked_for_again(
    store: StoreWriter, source: str
) -> None:
    SourceLedger(store, source, ALL).note(
        Asked(source=source, key="20230204120000", outcome=ANSWERED)
    )
    other = SourceLedger(store, source, OTHER_QUERY)
    assert (other.is_settled("20230204120000"), other.outdated()) == (False, 1)
    assert SourceLedger(store, source, ALL).outdated() == 0


def test_the_copies_of_a_page_are_the_same_for_every_query(store: StoreWriter) -> None:
    page = Asked(source="wayback-copies", key="http://a.example/1", outcome=ANSWERED)
    SourceLedger(store, "wayback-copies", ALL).note(page)
    assert SourceLedger(store, "wayback-copies", OTHER_QUERY).is_settled(page.key)


def test_a_search_in_all_languages_is_made_again_when_only_one_was_taken(
    store: StoreWriter,
) -> None:
    everything = replace(ALL, story=replace(STORY, match={"any": "balloon"}))
    english = replace(everything, languages=("en",))
    SourceLedger(store, "gdelt-doc", english).note(
        Asked(source="gdelt-doc", key="k", outcome=ANSWERED)
    )
    assert not SourceLedger(store, "gdelt-doc", everything).is_settled("k")
    assert SourceLedger(store, "gdelt-doc", english).is_settled("k")


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
    assert [row.key for row in store.backfill.settled("balloon", "wayback")] == [one.key]


def test_what_other_queries_led_to_waits_until_these_lead_to_it_too(store: StoreWriter) -> None:
    other = replace(ALL, story=replace(STORY, match={"en": "airship"}))
    rest = Asked(source="wayback", key="a.example 1", url="https://x.example/1", part="a.example")
    before, now = SourceLedger(store, "wayback", other), SourceLedger(store, "wayback", ALL)
    before.announce([rest])
    assert [ask.key for ask in before.planned()] == [rest.key]
    assert now.planned() == []
    before.note(replace(rest, outcome=ANSWERED))
    now.announce([rest])
    assert [ask.key for ask in now.planned()] == [rest.key]
    now.note(replace(rest, outcome=ANSWERED))
    now.announce([rest])
    assert now.planned() == []
