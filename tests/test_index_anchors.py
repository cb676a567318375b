"""Anchors: the words by which a story is known, and what they say for and against an article."""

from __future__ import annotations

from dataclasses import replace

from index.article import Verdict
from index.query.match import analyse
from index.relevance.anchored import Anchors
from index.relevance.anchors import find_anchors, widen
from index.relevance.profile import Background, Features, Profile, read_features
from index.relevance.seeds import features_of_seed, learn_with_seeds, names_of
from index.relevance.transliteration import travelling_key
from index.relevance.verdict import judge
from index.workspace.story import Seed, Story
from tests.test_index_seeds import OTHERS, article

SEEDS = tuple(
    Seed(language="en", title=title, words=("Ilsa Marr", "missing", "dancer", *words))
    for title, words in (
        ("Dancer Ilsa Marr missing since Friday", ("rehearsal", "police", "harbour")),
        ("Divers look for missing Marr", ("harbour", "divers", "coat")),
        ("Police find coat of Ilsa Marr", ("police", "coat", "lighthouse")),
    )
)
COVERAGE = [
    f"{who} {what}"
    for who in ("Ilsa Marr:", "Missing dancer Marr:")
    for what in ("coat found at the lighthouse", "divers in the harbour", "police ask for help",
                 "search since Friday", "rehearsal ended early")
]  # fmt: skip
SECOND = ["Missing dancer Orlo: divers in the harbour", "Dancer Orlo missing: police ask for help"]


def corpus(*more: str) -> list[Features]:
    return [read_features(analyse(article(title))) for title in (*COVERAGE, *OTHERS, *more)]


def anchors_of(seeds: tuple[Seed, ...], items: list[Features]) -> Anchors:
    own = [features_of_seed(seed) for seed in seeds]
    background = Background()
    for features in (*own, *items):
        background.add(features)
    return find_anchors(own, items, background, names_of(seeds, own)).anchors


def learned() -> Profile:
    profile = learn_with_seeds(SEEDS, corpus(*SECOND), {})
    assert profile is not None
    return profile


def verdict(title: str, lead: str = "") -> Verdict:
    story = Story(id="marr", title="Marr", match={"en": "nothingsuch"}, seeds=SEEDS)
    return judge(replace(article(title), description=lead), story, profile=learned())


def test_the_name_in_most_headlines_anchors_a_story_and_no_word_for_its_kind() -> None:
    heads = anchors_of(SEEDS, corpus(*SECOND)).heads["en"]
    assert {"en:marr"} <= heads
    assert not heads & {"en:miss", "en:dancer", "en:polic"}


def test_a_second_event_of_the_kind_has_no_anchor_and_is_not_taken_for_the_story() -> None:
    assert verdict(SECOND[0]).decision != "on-story"
    assert verdict(SECOND[0].replace("Orlo", "Marr")).decision == "on-story"


def test_a_headline_with_the_anchor_is_on_the_story_by_little_more() -> None:
    assert verdict("Marr: the harbour after the search").decision == "on-story"


def test_a_lead_that_names_the_story_under_another_headline_is_borderline_at_best() -> None:
    found = verdict("Council debates the budget", "Also, divers look for the dancer Ilsa Marr.")
    assert found.decision != "on-story"


def test_what_most_articles_that_joined_hold_and_no_other_widens_the_anchors() -> None:
    items = corpus()
    background = Background()
    for features in items:
        background.add(features)
    known = Anchors(terms={"en": frozenset({"en:coat"})}, heads={"en": frozenset({"en:coat"})})
    wide = widen(known, items[: len(COVERAGE)], background)
    assert "en:marr" in wide.terms["en"]
    assert widen(known, items[:3], background) == known


def test_anchors_are_kept_with_the_profile() -> None:
    profile = learned()
    assert profile.anchors
    assert Profile.from_dict(profile.to_dict()).anchors == profile.anchors


def test_an_anchor_is_known_in_another_language_by_its_spelling() -> None:
    known = Anchors(keys=frozenset({travelling_key("peshawar")}))
    abroad = [
        read_features(analyse(article(title, "pl"))) for title in ("W Peszawarze", "W Marrze")
    ]
    assert [known.headed(one) for one in abroad] == [True, False]
    assert [known.held(one) for one in abroad] == [True, None]
