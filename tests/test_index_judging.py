"""Verdicts settled over a store: learned, judged again after edits, the same in any order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.families.fingerprint import fingerprint
from index.relevance import (
    Readers,
    borderline,
    effect_of,
    is_current,
    judge,
    profiles_of,
    reevaluate,
)
from index.relevance.training import frame_of, step_of
from index.store import StoreWriter
from index.workspace.outlets import Outlet, Outlets
from index.workspace.story import OutletChoice, Story, Window

DAY = datetime(2024, 5, 12, 8, tzinfo=UTC)
FERRY = Story(
    id="ferry",
    title="The ferry on the Skarnes reef",
    window=Window(date(2024, 5, 1), date(2024, 6, 30)),
    match={"en": "ferry NEAR/8 (reef OR Skarnes)"},
)
OUTLETS = Outlets(
    by_id={name: Outlet(id=name) for name in ("a.example", "b.example")},
    collections={"firsts": ("a.example",)},
)
READERS = Readers.of([FERRY], OUTLETS)
COVERAGE = [
    f"{who} {what}"
    for who in ("Ferry on the reef at Skarnes:", "Reef ferry off Skarnes:")
    for what in (
        "lighthouse keeper saw the hull in the fog",
        "captain heard the lighthouse horn too late",
        "hull torn open, the lighthouse in sight",
        "divers from the lighthouse island look at the hull",
        "fog hid the lighthouse from the captain",
    )
]
CLOSE = "At Skarnes the lighthouse keeper and the captain saw fog, reef and hull"
OTHERS = [
    f"{who} {does} {what}"
    for who in ("Council", "Minister", "School", "Museum", "Bank", "Farmers")
    for does in ("opens", "closes", "debates")
    for what in ("the new library wing", "the budget in winter")
]


def article(title: str, number: int, **fields: object) -> Article:
    url = f"https://a.example/{number}"
    made = Article(
        url=url,
        canonical_url=url,
        outlet="a.example",
        title=title,
        text=f"Report {number}. {title}.",
        language="en",
        published=DAY,
        fetched=DAY + timedelta(minutes=number),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def add(store: StoreWriter, found: Article, channel: str = "feed") -> str:
    ends = store.captures.ends()
    ref = ArchiveRef(
        file="a.warc.gz", offset=ends.get("a.warc.gz", 0), length=1, digest=f"sha256:{found.url}"
    )
    capture = Capture(
        url=found.url, status=200, headers=(), body=b"", fetched=found.fetched,
        listing=Listing(channel=channel), ref=ref,
    )  # fmt: skip
    number = store.captures.add(capture, outlet=found.outlet)
    recorded = store.articles.record(
        found,
        key=found.canonical_url,
        capture=number,
        verdicts=[judge(found, FERRY)],
        fingerprint=fingerprint(found),
    )
    store.captures.decide(number, "kept", recorded.id)
    return recorded.id


def corpus() -> list[Article]:
    titles = [*COVERAGE, CLOSE, *OTHERS]
    return [article(title, number) for number, title in enumerate(titles)]


def fill(store: StoreWriter, articles: Sequence[Article]) -> dict[str, str]:
    return {found.title: add(store, found) for found in articles}


def verdicts(store: StoreWriter) -> dict[str, tuple[Verdict, ...]]:
    return {
        name: found.verdicts for name, found in store.articles.get(store.articles.all_ids()).items()
    }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def test_what_is_close_to_the_coverage_is_found_and_the_reason_says_so(store: StoreWriter) -> None:
    close = fill(store, corpus())[CLOSE]
    settled = reevaluate(store, READERS)
    (verdict,) = store.articles.get([close])[close].verdicts
    assert verdict.decision == "on-story"
    assert verdict.reasons[1].startswith("close to 10 on-story articles: ")
    assert "lighthouse" in verdict.reasons[1]
    assert settled.entered == (close,)
    assert settled.learned == ("ferry",)


def test_settled_verdicts_are_left_alone(store: StoreWriter) -> None:
    fill(store, corpus())
    reevaluate(store, READERS)
    before = store.revision()
    assert reevaluate(store, READERS).judged == 0
    assert store.revision() == before
    assert is_current(store, READERS)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(articles=st.permutations(corpus()), stops=st.sets(st.integers(0, len(corpus())), max_size=3))
def test_verdicts_do_not_depend_on_the_order_of_arrival(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], stops: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    with StoreWriter.open(folder / "at-once.db") as one, StoreWriter.open(folder / "b.db") as other:
        fill(one, corpus())
        reevaluate(one, READERS)
        for number, found in enumerate(articles):
            add(other, found)
            if number in stops:
                reevaluate(other, READERS)
        reevaluate(other, READERS)
        assert verdicts(one) == verdicts(other)


def test_a_changed_story_judges_what_was_off_story(store: StoreWriter) -> None:
    council = fill(store, corpus())["Council opens the new library wing"]
    reevaluate(store, READERS)
    wider = Readers.of([replace(FERRY, match={"en": "library"})], OUTLETS)
    assert not is_current(store, wider)
    settled = reevaluate(store, wider)
    assert settled.edited == ("ferry",)
    assert (
        store.articles.get([council])[council].verdicts[0].reasons[0].startswith("title: library")
    )


def test_a_new_title_of_a_story_judges_nothing(store: StoreWriter) -> None:
    fill(store, corpus())
    reevaluate(store, READERS)
    assert reevaluate(store, Readers.of([replace(FERRY, title="Ferry")], OUTLETS)).judged == 0


def test_an_edited_article_is_judged_again(store: StoreWriter) -> None:
    ids = fill(store, corpus())
    reevaluate(store, READERS)
    council = ids["Council opens the new library wing"]
    number = len(COVERAGE) + 1
    later = article("Ferry on the reef", number, fetched=DAY + timedelta(days=1))
    assert add(store, later) == council
    reevaluate(store, READERS)
    assert store.articles.get([council])[council].verdicts[0].decision == "on-story"


def test_labels_teach_what_the_query_does_not_say(store: StoreWriter) -> None:
    ids = fill(store, corpus())
    reevaluate(store, READERS)
    before = profiles_of(store)["ferry"]
    for title in OTHERS[:3]:
        store.labels.put(ids[title], "ferry", "on-story", at=DAY)
    reevaluate(store, READERS)
    after = profiles_of(store)["ferry"]
    assert (before.articles, after.articles) == (10, 13)
    assert max(after.terms) != max(before.terms) or after.terms != before.terms


def test_a_label_against_a_story_takes_its_article_out_of_what_is_learned(
    store: StoreWriter,
) -> None:
    ids = fill(store, corpus())
    store.labels.put(ids[COVERAGE[0]], "ferry", "off-story", at=DAY)
    reevaluate(store, READERS)
    assert profiles_of(store)["ferry"].articles == 9


def test_a_deleted_story_keeps_nothing(store: StoreWriter) -> None:
    fill(store, corpus())
    reevaluate(store, READERS)
    settled = reevaluate(
        store, Readers.of([replace(FERRY, id="dam", match={"en": "dam"})], OUTLETS)
    )
    assert store.articles.kept_ids() == []
    assert len(settled.left) == 11


def test_a_story_added_later_judges_the_archive(store: StoreWriter) -> None:
    ids = fill(store, corpus())
    both = Readers.of([FERRY, replace(FERRY, id="town", match={"en": "council"})], OUTLETS)
    reevaluate(store, READERS)
    reevaluate(store, both)
    council = ids["Council opens the new library wing"]
    assert store.articles.get([council])[council].stories == ("town",)


def test_an_article_can_belong_to_two_stories(store: StoreWriter) -> None:
    ids = fill(store, corpus())
    both = Readers.of([FERRY, replace(FERRY, id="reef", match={"en": "reef"})], OUTLETS)
    reevaluate(store, both)
    assert store.articles.get([ids[COVERAGE[0]]])[ids[COVERAGE[0]]].stories == ("ferry", "reef")


def test_a_story_that_drops_an_outlet_says_nothing_more_of_it(store: StoreWriter) -> None:
    fill(store, corpus())
    reevaluate(store, READERS)
    drops = replace(FERRY, outlets=OutletChoice(drop=("a.example",)))
    reevaluate(store, Readers.of([drops], OUTLETS))
    assert set(verdicts(store).values()) == {()}


def test_a_page_that_was_named_is_judged_whatever_its_outlet(store: StoreWriter) -> None:
    named = add(store, article(COVERAGE[0], 1), channel="urls")
    drops = replace(FERRY, outlets=OutletChoice(drop=("a.example",)))
    reevaluate(store, Readers.of([drops], OUTLETS))
    assert store.articles.get([named])[named].kept


def test_the_effect_of_an_edit_is_told_and_nothing_is_written(store: StoreWriter) -> None:
    ids = fill(store, corpus())
    reevaluate(store, READERS)
    before, revision = verdicts(store), store.revision()
    narrow = replace(FERRY, match={"en": "ferry NEAR/8 (reef OR Skarnes) AND divers OR museum"})
    effect = effect_of(store, FERRY, narrow, OUTLETS)
    assert ids["Museum opens the new library wing"] in effect.added
    assert (verdicts(store), store.revision()) == (before, revision)
    assert effect_of(store, FERRY, FERRY, OUTLETS) == replace(effect, added=(), removed=())


def test_a_new_story_adds_all_that_it_would_keep(store: StoreWriter) -> None:
    ids = fill(store, corpus())
    new = Story(id="bank", title="Bank", match={"en": "bank"})
    assert set(effect_of(store, None, new, OUTLETS).added) == {
        ids[title] for title in OTHERS if title.startswith("Bank")
    }


def test_the_borderline_is_nearest_first_and_without_labels(store: StoreWriter) -> None:
    ids = fill(store, corpus())
    reevaluate(store, READERS)
    found = borderline(store, "ferry", 3)
    scores = [score for _, score in found.above]
    assert scores == sorted(scores)
    assert all(score >= 0.5 for score in scores)
    assert all(score < 0.5 for _, score in found.below)
    nearest = found.above[0][0]
    store.labels.put(nearest, "ferry", "on-story", at=DAY)
    assert nearest not in dict(borderline(store, "ferry", 100).above)
    assert ids


def test_many_articles_are_judged_by_several_processes_alike(tmp_path: Path) -> None:
    articles = corpus() + [article(f"Bus {n} is late", 100 + n) for n in range(1000)]
    found = []
    for workers in (1, 2):
        with StoreWriter.open(tmp_path / f"{workers}.db") as store:
            with store.transaction():
                fill(store, articles)
            reevaluate(store, READERS, workers=workers)
            found.append(verdicts(store))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("number", "step"), [(1, 1), (500, 500), (501, 500), (599, 500), (600, 600), (719, 600)]
)
def test_large_archives_are_learned_from_in_steps(number: int, step: int) -> None:
    assert step_of(number) == step


def test_between_two_steps_nothing_is_learned_anew(tmp_path: Path) -> None:
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        with store.transaction():
            fill(store, corpus() + [article(f"Bus {n} is late", 100 + n) for n in range(500)])
        first = frame_of(store, FERRY, "digest")
        add(store, article("Another bus is late", 2000))
        second = frame_of(store, FERRY, "digest")
        store.labels.put(store.articles.all_ids()[0], "ferry", "on-story", at=DAY)
        third = frame_of(store, FERRY, "digest")
    assert first == second
    assert third != second
