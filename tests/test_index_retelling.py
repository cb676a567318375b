"""Verdicts brought up to date by what changed only: the same as judged all again, for less work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from index.article import Article, Decision, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.families.fingerprint import fingerprint
from index.query import parse
from index.query.match import analyse, matches
from index.relevance import Readers, judge, profiles_of, reevaluate
from index.relevance.closeness import Likeness
from index.relevance.measures import FAINT
from index.relevance.profile import read_features
from index.relevance.touching import find_touched
from index.relevance.training import label_step_of
from index.store import StoreWriter
from index.workspace.outlets import Outlets
from index.workspace.story import Story

DAY = datetime(2024, 5, 12, 8, tzinfo=UTC)
FERRY = Story(
    id="ferry", title="The ferry on the reef", match={"en": "ferry NEAR/8 (reef OR Skarnes)"}
)
STORIES = (
    FERRY,
    replace(FERRY, match={"en": "ferry NEAR/8 (reef OR Skarnes OR harbour)"}),
    replace(FERRY, match={"en": "ferry AND hull", "fr": "traversier"}),
    replace(FERRY, not_query="timetable"),
)
WHO = ("The captain", "A diver", "The keeper", "The owner", "An inspector", "The harbour master")
DID = ("saw the hull", "heard the horn", "left the lighthouse", "asked for a tug", "spoke of fog")
WHERE = ("on the reef at Skarnes", "off Skarnes", "in the harbour", "near the lighthouse")
NEWS = ("Council", "Minister", "School", "Museum", "Bank", "Farmers", "Mayor", "Court", "Choir")
DOES = ("opens", "closes", "debates", "sells", "moves", "paints", "counts")
WHAT = (
    "the library wing",
    "the winter budget",
    "a bus line",
    "the old market",
    "the ferry timetable",
)


def article(number: int) -> Article:
    """One in nine tells the story, one in nine is near it, the others are other news."""
    n = number // 9
    who, did, where = WHO[n % 6], DID[n % 5], WHERE[n % 4]
    other = f"{NEWS[number % 9]} {DOES[number % 7]} {WHAT[number % 5]}"
    title, text = {
        0: (f"Ferry: {who.lower()} {did}", f"{who} {did} {where}. The ferry struck a reef."),
        1: (f"{who} {did} {where}", f"{who} {did} and went {where}. Nobody knew of a ship."),
    }.get(number % 9, (other, f"{other}. Number {number} of the year, said the {NEWS[n % 9]}."))
    url = f"https://a.example/{number}"
    return Article(
        url=url,
        canonical_url=url,
        outlet="a.example",
        title=f"{title} ({number})",
        text=f"{text} Page {number}.",
        language="en",
        published=DAY + timedelta(hours=number % 50),
        fetched=DAY + timedelta(minutes=number),
    )


def add(store: StoreWriter, number: int) -> str:
    found = article(number)
    ref = ArchiveRef(file="a.warc.gz", offset=number, length=1, digest=f"sha256:{number}")
    capture = Capture(
        url=found.url, status=200, headers=(), body=b"", fetched=found.fetched,
        listing=Listing(channel="feed"), ref=ref,
    )  # fmt: skip
    place = store.captures.add(capture, outlet=found.outlet)
    recorded = store.articles.record(
        found, key=found.url, capture=place, verdicts=(), fingerprint=fingerprint(found)
    )
    store.captures.decide(place, "kept", recorded.id)
    return recorded.id


def bring_up(store: StoreWriter, story: Story = FERRY) -> int:
    """Bring the verdicts up to date; how many articles were judged for it."""
    return reevaluate(store, Readers.of([story], Outlets()), workers=1).judged


def verdicts(store: StoreWriter) -> Mapping[str, tuple[Verdict, ...]]:
    found = store.articles.get(store.articles.all_ids())
    return {name: one.verdicts for name, one in found.items()}


def kept(store: StoreWriter) -> object:
    """What is kept beside the verdicts."""
    ids = store.articles.all_ids()
    return store.evidence.compared(ids), store.evidence.drafts("ferry", ids)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 520 articles, of which the first 500 are learned from; judged, and closed."""
    path = tmp_path_factory.mktemp("judged") / "pressclip.db"
    with StoreWriter.open(path) as store:
        with store.transaction():
            for number in range(520):
                add(store, number)
        bring_up(store)
    return path


@pytest.fixture
def store(judged: Path, tmp_path: Path) -> Iterator[StoreWriter]:
    shutil.copy(judged, tmp_path / "pressclip.db")
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def test_after_a_label_nothing_else_is_judged_and_the_others_are_finished_again(
    store: StoreWriter,
) -> None:
    ids = {
        one.article.title: name
        for name, one in store.articles.get(store.articles.all_ids()).items()
    }
    before = verdicts(store)
    store.labels.put(ids[article(1).title], "ferry", "off-story", at=DAY)
    assert bring_up(store) == 1
    moved = {name for name, found in verdicts(store).items() if found != before[name]}
    assert len(moved) > 50


def test_only_what_is_decided_otherwise_is_a_change_of_the_article(store: StoreWriter) -> None:
    before = verdicts(store)
    first = min(name for name, found in before.items() if found[0].decision == "on-story")
    store.labels.put(first, "ferry", "off-story", at=DAY)
    since = store.revision()
    bring_up(store)
    after = verdicts(store)
    decided = {
        name
        for name in after
        if [v.decision for v in after[name]] != [v.decision for v in before[name]]
    }
    rescored = {name for name in after if after[name] != before[name]}
    changed = {
        name for name, one in store.articles.get(list(after)).items() if one.revision > since
    }
    assert changed <= decided
    assert len(decided) < len(rescored)


@pytest.mark.parametrize("story", STORIES[1:], ids=["wider", "another language", "not"])
def test_a_changed_query_has_only_what_it_may_concern_judged(
    store: StoreWriter, story: Story
) -> None:
    assert bring_up(store, story) < 400  # of 520: who are near it, and who hold a word of it


def test_what_many_articles_are_judged_by_at_once_is_what_each_is_judged_by_alone(
    store: StoreWriter,
) -> None:
    profile = profiles_of(store)["ferry"]
    found = store.articles.get(store.articles.all_ids())
    compared = store.evidence.compared(list(found))
    close, scores = Likeness(profile).judge([compared[name] for name in found])
    for one, value, score in zip(found.values(), close.tolist(), scores.tolist(), strict=True):
        assert value == pytest.approx(profile.closeness(read_features(analyse(one.article))).value)
        verdict = judge(one.article, FERRY, profile=profile)
        if value < FAINT and verdict.reasons == ("the query is not met",):
            assert verdict.score == round(score, 3)


@pytest.mark.parametrize(
    "query",
    [
        "ferry", "=Ferry", "horns", '"struck a reef"', "timetables OR tugs", "ferries NEAR/9 reefs",
        "title:museum", "NOT ferry", "ferr*", "lang:en AND museum", "(ferry AND hull) OR choir",
    ],
)  # fmt: skip
def test_no_article_that_meets_a_query_is_overlooked(store: StoreWriter, query: str) -> None:
    story = replace(FERRY, match={"en": query})
    touched = find_touched(store, story)
    found = store.articles.get(store.articles.all_ids())
    met = {name for name, one in found.items() if matches(parse(query), analyse(one.article))}
    assert met
    assert met <= touched


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["on-story", "off-story", "mention", "take back", "edit", "new"]),
        st.integers(0, 10_000),
    ),
    min_size=2,
    max_size=8,
)


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink one takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_what_is_brought_up_step_by_step_is_as_if_judged_all_again(
    judged: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    path = tmp_path_factory.mktemp("steps") / "pressclip.db"
    shutil.copy(judged, path)
    story, number = FERRY, 520
    with StoreWriter.open(path) as store:
        for place, (what, which) in enumerate(steps):
            ids = store.articles.all_ids()
            # Labels of what the story is about are as likely as of all the others together.
            near = [name for name, _ in sorted(store.evidence.drafts("ferry", ids).items())]
            name = (near if which % 2 and near else ids)[which // 2 % len(near or ids)]
            if what == "edit":
                story = STORIES[which % len(STORIES)]
            elif what == "new":
                number += 1
                add(store, number)
            elif what == "take back":
                store.labels.take_back(name, "ferry")
            else:
                decision: Decision = what  # type: ignore[assignment]
                store.labels.put(name, "ferry", decision, at=DAY + timedelta(minutes=place))
            bring_up(store, story)
        found, beside = verdicts(store), kept(store)
        store.evaluations.begin(["ferry"])
        assert bring_up(store, story) == len(found)
        assert verdicts(store) == found
        assert kept(store) == beside


@pytest.mark.parametrize(("number", "step"), [(0, 0), (9, 0), (10, 10), (19, 10), (45, 40)])
def test_labels_count_for_the_words_of_a_story_in_steps(number: int, step: int) -> None:
    assert label_step_of(number) == step
