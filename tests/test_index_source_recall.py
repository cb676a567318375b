"""The recall of a story from independent sources: samples, days in common, capture and recapture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.article import Verdict
from index.capture import Listing
from index.coverage.outlet_health import look_at_outlets
from index.coverage.source_recall import (
    samples_of,
    take_story_recall,
)
from index.coverage.source_spans import days_of_minutes, spans_of_sources
from index.store import Candidate, StoreWriter
from index.store.backfill import ANSWERED, WHOLE, Asked
from index.workspace.outlets import Outlets
from index.workspace.story import Story, Window
from index.workspace.story_tree import queries_digest
from tests.conftest import ARTICLES, add_article

WINDOW = Window(date(2023, 2, 1), date(2023, 2, 28))
STORY = Story(id="balloon", title="Balloon", match={"en": "balloon"}, window=WINDOW)
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


def test_a_day_counts_only_where_its_own_articles_were_taken() -> None:
    taken = " in:2023-02-04..2023-02-05"  # of files that hold a day beyond the window at either end
    keys = [
        f"{key}{taken if key[:8] in ('20230204', '20230206') else ''}"
        for key in [*quarters("20230204", "20230205", "20230206"), *quarters("20230207")]
    ]
    assert days_of_minutes(keys, WINDOW) == {date(2023, 2, 4), date(2023, 2, 5)}


def asked(
    source: str, key: str, outcome: str = ANSWERED, records: int = 9, part: str = ""
) -> Asked:
    return Asked(source=source, key=key, outcome=outcome, records=records, part=part)


def days_shown(*requests: Asked, outlet: str = "a.example") -> set[int]:
    """The days of February at whose noon one source, by these requests, could show an outlet's article."""
    shown = spans_of_sources(requests, WINDOW)
    noons = {day: datetime(2023, 2, day, 12, tzinfo=UTC) for day in range(1, 29)}
    return {day for day, at in noons.items() if any(s.holds(at, outlet) for s in shown.values())}


CRAWLED = "crawl-data/CC-NEWS/2023/02/CC-NEWS-202302{:02}060000-00001.warc.gz"
ALL = set(range(1, 29))


@pytest.mark.parametrize(
    ("requests", "days"),
    [
        pytest.param(
            [asked("gdelt-doc", "20230204000000-20230206000000 q")], {4, 5}, id="a search"
        ),
        pytest.param(
            [
                asked("gdelt-doc", "20230204000000-20230206000000 q"),
                asked("gdelt-doc", "20230205000000-20230208000000 r"),
            ],
            {5},
            id="two queries: what both were asked about",
        ),
        pytest.param(
            [
                asked("gdelt-doc", "20230204000000-20230206000000 q", records=250),
                asked("gdelt-doc", "20230204000000-20230205000000 q"),
                asked("gdelt-doc", "20230205000000-20230206000000 q", outcome=""),
            ],
            {4},
            id="a full answer stands for nothing, its halves do",
        ),
        pytest.param(
            [asked("cc-news", CRAWLED.format(day), outcome=done) for day, done in
             [(4, ANSWERED), (5, ANSWERED), (6, ANSWERED), (7, "http-503"), (8, "")]],
            {4, 5},
            id="files that were read, less a day",
        ),
        pytest.param([asked("wikipedia", "en|Event")], ALL, id="an encyclopedia: any day"),
        pytest.param([asked("wikipedia", "search", records=0)], set(), id="that found nothing"),
        pytest.param(
            [asked("mediacloud", "en 2023-02-04..2023-02-05")], {4, 5}, id="a window"
        ),
        pytest.param(
            [
                asked("mediacloud", "en 2023-02-04..2023-02-05"),
                asked("mediacloud", "en 2023-02-04..2023-02-05 token", outcome=""),
            ],
            set(),
            id="a window with pages left",
        ),
        pytest.param(
            [asked("wayback", "a.example 20230204-20230207")], {4, 5}, id="an outlet's captures"
        ),
        pytest.param(
            [
                asked("wayback", "a.example 20230204-20230207"),
                asked("wayback", "a.example 20230204-20230207 resume", outcome=""),
            ],
            set(),
            id="captures with a rest",
        ),
        pytest.param([asked("wayback", "b.example 20230204-20230207")], set(), id="of another"),
        pytest.param(
            [asked("common-crawl", "CC-MAIN-2023-06 a.example")], set(range(1, 20)), id="a crawl"
        ),
        pytest.param(
            [asked("sitemaps", "https://a.example/s.xml 2023-02-01..2023-02-03", part="a.example")],
            {1, 2, 3},
            id="sitemaps",
        ),
        pytest.param([asked("wayback", "odd key"), asked("cc-news", "odd")], set(), id="odd keys"),
    ],
)  # fmt: skip
def test_a_source_could_show_what_it_was_asked_for(requests: list[Asked], days: set[int]) -> None:
    assert days_shown(*requests) == days


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


def test_what_only_one_could_have_shown_says_nothing_of_the_other(store: StoreWriter) -> None:
    for key in quarters("20230204", "20230205"):
        store.backfill.note("balloon", Asked(source="gdelt", key=key, outcome=WHOLE))
    store.backfill.note("balloon", asked("wikipedia", "en|Event"))
    for number in range(12):
        named = (
            ("gdelt", "wikipedia") if number < 4 else ("gdelt",) if number < 9 else ("wikipedia",)
        )
        add(store, number, 4, *named)
    add(store, 50, 20, "wikipedia")  # of a day that GDELT was not asked about
    found = take_story_recall(store, STORY)
    assert found.days == (date(2023, 2, 4), date(2023, 2, 20))
    assert found.articles.held == 13
    assert found.articles.estimate is not None
    assert found.articles.estimate.low <= 15 <= found.articles.estimate.high
    assert found.outlets.held == 3


def test_what_was_asked_by_queries_that_the_story_has_no_more_does_not_count(
    store: StoreWriter,
) -> None:
    now = queries_digest(STORY)
    before = queries_digest(replace(STORY, match={"en": "airship"}))
    whole = "20230201000000-20230301000000"
    for key, queries in (
        (f"{whole} balloon", now),
        ("20230204000000-20230205000000 airship", before),
    ):
        one = Asked(source="gdelt-doc", key=key, outcome=ANSWERED, queries=queries)
        store.backfill.note("balloon", one)
    shown = spans_of_sources(store.backfill.asked("balloon", now), WINDOW)
    [span] = shown["gdelt"].all
    assert (span.began.day, span.ended.month) == (1, 3)


def test_one_source_alone_tells_no_recall(store: StoreWriter) -> None:
    store.backfill.note(
        "balloon",
        Asked(source="gdelt-doc", key="20230204000000-20230205000000 x", outcome=ANSWERED),
    )
    add(store, 1, 4, "gdelt-doc")
    assert take_story_recall(store, STORY).articles.estimate is None


def test_two_lists_of_one_service_tell_no_recall_of_an_outlet(store: StoreWriter) -> None:
    add(store, 1, 4, "gdelt", "gdelt-doc")
    add(store, 4, 4, "gdelt-doc")
    now = datetime(2023, 3, 1, tzinfo=UTC)
    [health] = look_at_outlets(store, Outlets(), now=now)
    assert (health.recall.held, health.recall.estimate) == (2, None)
    assert health.recall.channels == {"gdelt": 2}
