"""The recall of a story from independent sources: samples, days in common, capture and recapture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.article import Verdict
from index.capture import Listing
from index.coverage.source_recall import (
    common_days,
    days_of_minutes,
    days_of_spans,
    samples_of,
    take_story_recall,
)
from index.store import Candidate, StoreWriter
from index.store.backfill import ANSWERED, WHOLE, Asked
from index.workspace.story import Window
from tests.conftest import ARTICLES, add_article

WINDOW = Window(date(2023, 2, 1), date(2023, 2, 28))
KEPT = Verdict(story="balloon", decision="on-story", score=0.9)


def quarters(*days: str) -> Iterator[str]:
    for day in days:
        for number in range(96):
            yield f"{day}{number // 4:02}{number % 4 * 15:02}"


def test_sources_that_lean_on_each_other_are_one_sample() -> None:
    assert samples_of(["gdelt", "gdelt-doc"]) == {"gdelt"}
    assert samples_of(["feed", "sitemap", "section"]) == {"outlets' own lists"}
    assert samples_of(["gdelt", "wikipedia", "link", "history"]) == {"gdelt", "wikipedia"}


def test_a_day_counts_when_it_and_the_next_were_asked_for_whole() -> None:
    keys = [*quarters("20230204", "20230205", "20230206"), *list(quarters("20230207"))[:90]]
    assert days_of_minutes(keys, WINDOW) == {date(2023, 2, 4), date(2023, 2, 5)}


def test_a_request_for_a_span_covers_its_days() -> None:
    found = days_of_spans(["20230204000000-20230206000000 0a1b2c", "odd key"], WINDOW)
    assert found == {date(2023, 2, 4), date(2023, 2, 5)}


def test_only_days_that_all_were_asked_about_are_in_common() -> None:
    first, second = date(2023, 2, 4), date(2023, 2, 5)
    assert common_days({"a": {first, second}, "b": {second}, "c": set()}) == {second}
    assert common_days({}) == frozenset()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def add(store: StoreWriter, number: int, day: int, *channels: str) -> None:
    """An article of a day in February, named by these sources."""
    url = f"https://outlet-{number % 3}.example/{number}"
    article = replace(
        ARTICLES[0],
        url=url,
        canonical_url=url,
        outlet=f"outlet-{number % 3}.example",
        title=f"Article {number}",
        published=datetime(2023, 2, day, 12, tzinfo=UTC),
    )
    for channel in channels:
        candidate = Candidate(
            url=url, key=url, outlet=article.outlet, site=article.outlet, score=9.0,
            listing=Listing(channel=channel),
        )  # fmt: skip
        store.frontier.add([candidate])
    add_article(store, article, KEPT)


def test_articles_and_outlets_are_estimated_on_the_days_in_common(store: StoreWriter) -> None:
    for key in quarters("20230204", "20230205"):
        store.backfill.note("balloon", Asked(source="gdelt", key=key, outcome=WHOLE))
    for number in range(12):
        named = (
            ("gdelt", "wikipedia") if number < 4 else ("gdelt",) if number < 9 else ("wikipedia",)
        )
        add(store, number, 4, *named)
    add(store, 50, 20, "wikipedia")  # of a day that GDELT was not asked about
    found = take_story_recall(store, "balloon", WINDOW)
    assert found.days == (date(2023, 2, 4), date(2023, 2, 4))
    assert found.articles.held == 12
    assert found.articles.estimate is not None
    assert found.articles.estimate.low <= 15 <= found.articles.estimate.high
    assert found.outlets.held == 3


def test_one_source_alone_tells_no_recall(store: StoreWriter) -> None:
    store.backfill.note(
        "balloon",
        Asked(source="gdelt-doc", key="20230204000000-20230205000000 x", outcome=ANSWERED),
    )
    add(store, 1, 4, "gdelt-doc")
    assert take_story_recall(store, "balloon", WINDOW).articles.estimate is None
