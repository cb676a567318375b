"""What ties an article to a story beside its words: quotations, links, the text of a family."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index.article import Article
from index.query.match import analyse
from index.relevance.profile import Features, Profile, Ties, hash_address, read_features
from index.relevance.verdict import judge
from index.text.quotations import quotations
from index.workspace.story import Story

STORY = Story(id="ferry", title="Ferry", match={"en": "ferry reef"})
QUOTE = "We heard a crack and then the lights went out for good"


def article(text: str, title: str = "A night at the lighthouse", **fields: object) -> Article:
    made = Article(
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        outlet="a.example",
        title=title,
        text=text,
        language="en",
        fetched=datetime(2024, 5, 12, tzinfo=UTC),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def profile_of(found: Article, closeness: float, ties: Ties) -> Profile:
    """A profile to which an article is so close."""
    features: Features = read_features(analyse(found))
    weights = dict.fromkeys(features.terms, 1.0)
    bare = Profile(articles=20, terms=weights, keys={}, usual={"en": 1.0, "": 1.0})
    usual = bare.closeness(features).value / closeness
    return replace(bare, usual={"en": usual, "": 1.0}, ties=ties)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"A passenger said: “{QUOTE}.”", id="curly"),
        pytest.param(f'"{QUOTE.upper()}", a passenger said.', id="straight, capitals"),
        pytest.param(f"Une passagère : « {QUOTE} ».", id="guillemets"),
        pytest.param(f"Sie sagte: „{QUOTE}“", id="low and high"),
    ],
)
def test_a_quotation_is_known_whatever_its_signs(text: str) -> None:
    (found,) = quotations(article(text))
    assert {found} == quotations(article(f"“{QUOTE}”"))


def test_titles_and_open_signs_are_no_quotations() -> None:
    assert not quotations(article('The film "Night Ferry" opens. An "open sign that\nnever ends'))


@pytest.mark.parametrize(
    ("closeness", "decision"), [(0.5, "on-story"), (0.2, "off-story")], ids=["close", "far"]
)
def test_a_shared_quotation_counts_for_what_is_close_already(
    closeness: float, decision: str
) -> None:
    found = article(f"A passenger said: “{QUOTE}.”")
    alone = judge(found, STORY, profile=profile_of(found, closeness, Ties()))
    tied = judge(found, STORY, profile=profile_of(found, closeness, Ties(quotes=quotations(found))))
    assert tied.decision == decision
    assert alone.decision in ("borderline", "off-story")
    told = "shares 1 quotation with on-story articles" in tied.reasons
    assert told is (decision == "on-story")


@pytest.mark.parametrize("name", ["addresses", "linked"])
def test_links_to_and_from_the_coverage_count(name: str) -> None:
    there = "https://b.example/ferry"
    found = article("Nothing but fog.", links=(there,))
    own = hash_address(found.canonical_url)
    ties = Ties(**{name: frozenset({hash_address(there), own})})
    profile = profile_of(found, 0.55, ties)
    tied = judge(found, STORY, names=[found.canonical_url], profile=profile)
    alone = judge(found, STORY, profile=replace(profile, ties=Ties()))
    assert tied.score > alone.score
    assert "1 link to or from on-story articles" in tied.reasons


def test_a_text_that_is_carried_by_coverage_counts() -> None:
    found = article("Nothing but fog.")
    verdict = judge(found, STORY, profile=profile_of(found, 0.5, Ties()), copies=2)
    assert verdict.decision == "on-story"
    assert "shares its text with 2 on-story articles" in verdict.reasons


def test_a_profile_comes_back_as_it_was() -> None:
    found = article("Nothing but fog.")
    ties = Ties(quotes=frozenset({3, 1}), addresses=frozenset({7}), linked=frozenset())
    profile = profile_of(found, 0.5, ties)
    assert Profile.from_dict(profile.to_dict()) == profile
