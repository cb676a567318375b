"""Seeds: a story judged by its clippings, with what is like them and against what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.article import Article
from index.errors import Fault
from index.query.match import analyse
from index.relevance.profile import Features, read_features
from index.relevance.seeds import features_of_seed, learn_with_seeds
from index.relevance.suggest import propose
from index.relevance.verdict import judge
from index.workspace.outlets import Outlets
from index.workspace.story import Seed, Story, Window, load_story

SEED = Seed(
    language="en",
    title="Ferry runs aground off Skarnes",
    words=("Skarnes", "reef", "ferry", "Aurora Bay", "captain", "lighthouse", "fog"),
)
COVERAGE = [
    f"{who} {what}"
    for who in ("Skarnes ferry:", "Aurora Bay on the reef:")
    for what in (
        "lighthouse was dark in the fog",
        "captain heard the horn too late",
        "hull torn open off Skarnes",
        "divers look at the reef and the ferry",
        "lighthouse keeper saw the ferry in fog",
    )
]
OTHERS = [
    f"{who} {does} {what}"
    for who in ("Council", "Minister", "School", "Museum", "Bank")
    for does in ("opens", "closes", "debates")
    for what in ("the new library wing", "the budget in winter")
]


def article(title: str, language: str = "en") -> Article:
    return Article(
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        outlet="a.example",
        title=title,
        text="",
        language=language,
        published=datetime(2024, 5, 12, tzinfo=UTC),
        fetched=datetime(2024, 5, 12, tzinfo=UTC),
    )


def features(titles: list[str]) -> list[Features]:
    return [read_features(analyse(article(title))) for title in titles]


def test_what_is_like_the_seed_is_on_the_story_without_a_query() -> None:
    story = Story(id="ferry", title="Ferry", match={"en": "nothingsuch"}, seeds=(SEED,))
    profile = learn_with_seeds(story.seeds, features(COVERAGE + OTHERS), {})
    found = [judge(article(title), story, profile=profile).decision for title in COVERAGE]
    assert found.count("on-story") >= 8
    others = [judge(article(title), story, profile=profile).decision for title in OTHERS]
    assert {*others} == {"off-story"}


def test_what_a_label_took_off_the_story_does_not_join() -> None:
    corpus = features(COVERAGE + OTHERS)
    free = learn_with_seeds((SEED,), corpus, {})
    held = learn_with_seeds((SEED,), corpus, {}, frozenset(range(5)))
    assert free is not None
    assert held is not None
    assert held.articles < free.articles


def test_seeds_that_call_in_another_story_than_the_queries_lose_their_say() -> None:
    budget = [f"Budget row: the winter debate, day {n}" for n in range(12)]
    corpus = features(budget + COVERAGE + OTHERS)
    profile = learn_with_seeds((SEED,), corpus, dict.fromkeys(range(12), 0.9))
    assert profile is not None
    assert profile.articles == 13


def test_a_seed_is_read_from_the_file_and_its_faults_are_told(tmp_path: Path) -> None:
    path = tmp_path / "ferry.toml"
    seed = "[[seed]]\nlang = 'en'\ntitle = 'A'\nwords = 'reef, Aurora Bay,'\n"
    text = f"title = 'Ferry'\n[match]\nen = 'ferry'\n{seed}"
    path.write_text(text)
    faults: list[Fault] = []
    story = load_story(path, faults, Outlets())
    assert not faults
    assert story is not None
    assert story.seeds == (Seed(language="en", title="A", words=("reef", "Aurora Bay")),)
    path.write_text(text + "[[seed]]\nlang = 'xx'\n")
    load_story(path, faults, Outlets())
    assert len(faults) == 2


def test_a_proposal_keeps_the_clipping_as_a_seed() -> None:
    clipping = Article(
        url="", canonical_url="", outlet="", language="en",
        title="Pervez Tallow: dancer dies aged 88",
        text="Pervez Tallow danced for sixty years. Tallow leaves a school in Marnhem. Many wept for Tallow.",
        fetched=datetime(2024, 5, 12, tzinfo=UTC),
        published=datetime(2024, 5, 12, tzinfo=UTC),
    )  # fmt: skip
    found = propose([clipping])
    (seed,) = found.seeds
    assert (seed.language, seed.title) == ("en", "Pervez Tallow: dancer dies aged 88")
    assert "Marnhem" in seed.words
    assert found.queries[0].query.startswith('"Pervez Tallow" OR Tallow NEAR/12')
    assert found.window == Window(date(2024, 5, 5), date(2024, 6, 9))


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_a_seed_in_a_script_without_spaces_has_terms(language: str) -> None:
    title = "渡轮在礁石搁浅" if language == "zh" else "フェリーが座礁した"
    seed = propose([article(title * 2, language)]).seeds[0]
    assert len(features_of_seed(seed).terms) > 5
