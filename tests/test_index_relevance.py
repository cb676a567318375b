from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Aside, TextZone, Verdict
from index.query.match import analyse, matches
from index.relevance.profile import Profile, learn_from
from index.relevance.verdict import judge, judge_analysed
from index.workspace.story import Story, Window
from index.workspace.story_tree import story_tree

PADDING = "The council met again and spoke of roads and schools for most of the evening. " * 30


def story(**changes: Any) -> Story:
    fields: dict[str, Any] = {
        "id": "ferry",
        "title": "The ferry that ran aground at Skarnes",
        "window": Window(date(2024, 5, 1), date(2024, 6, 30)),
        "match": {
            "en": '"ferry grounding" OR ferry NEAR/8 (Skarnes OR reef)',
            "fr": "ferry Skarnes",
            "zh": "渡轮 搁浅",
        },
        "not_query": '"ferry festival"',
        "min_words": 20,
    }
    return Story(**(fields | changes))


def article(title: str = "", text: str = PADDING, **changes: Any) -> Article:
    fields: dict[str, Any] = {
        "url": "https://www.harbour-daily.example/a/1",
        "canonical_url": "https://harbour-daily.example/a/1",
        "outlet": "harbour-daily.example",
        "title": title,
        "text": text,
        "language": "en",
        "published": datetime(2024, 5, 12, 8, tzinfo=UTC),
        "fetched": datetime(2024, 5, 12, 9, tzinfo=UTC),
    }
    return Article(**(fields | changes))


def reasons(verdict: Verdict) -> str:
    return "; ".join(verdict.reasons)


def test_a_headline_that_meets_the_query_is_coverage_and_says_where() -> None:
    text = "The ferry struck a reef near Skarnes. " + PADDING
    verdict = judge(article("Ferry hits reef at Skarnes", text), story())
    assert verdict.decision == "on-story"
    assert "title: ferry NEAR/8 reef, ferry NEAR/8 Skarnes" in verdict.reasons
    assert "text: ferry NEAR/8 reef, ferry NEAR/8 Skarnes" in verdict.reasons
    assert "published in the window" in verdict.reasons


def test_a_lead_alone_is_borderline() -> None:
    verdict = judge(article("Rescue at sea", description="A ferry hit a reef."), story())
    assert verdict.decision == "borderline"


def test_one_passing_sentence_deep_in_the_text_is_a_mention() -> None:
    verdict = judge(article("Budget passed", PADDING + "A ferry hit a reef. " + PADDING), story())
    assert verdict.decision == "mention"
    assert verdict.kept


def test_one_hit_in_the_first_paragraph_only_is_borderline() -> None:
    verdict = judge(article("Budget passed", "A ferry hit a reef. " + PADDING), story())
    assert verdict.decision == "borderline"


def test_a_text_that_speaks_of_it_throughout_is_coverage() -> None:
    text = ("Nobody aboard the ferry saw the reef. " + PADDING[:200]) * 4
    assert judge(article("A quiet night", text), story()).decision == "on-story"


def test_the_score_grows_with_the_place_of_the_hit() -> None:
    hit = "A ferry hit a reef. "
    deep = judge(article("x", PADDING + hit), story()).score
    early = judge(article("x", hit + PADDING), story()).score
    lead = judge(article("x", description=hit), story()).score
    title = judge(article(hit), story()).score
    assert 0 < deep < early < lead < title <= 1


def test_what_does_not_meet_the_query_is_off_story_and_says_what_was_near() -> None:
    verdict = judge(article("Ferry prices rise"), story(match={"en": "ferry Skarnes"}))
    assert (verdict.decision, verdict.kept) == ("off-story", False)
    assert verdict.reasons == ("the query is not met", "only title: ferry")


def test_the_not_query_refuses() -> None:
    verdict = judge(article("Ferry festival at Skarnes"), story())
    assert verdict.decision == "off-story"
    assert verdict.reasons[0] == "the not query is met"


@pytest.mark.parametrize(
    ("published", "decision", "reason"),
    [
        pytest.param(
            datetime(2024, 4, 30, 23, tzinfo=UTC), "outside-window", "2024-04-30", id="early"
        ),
        pytest.param(
            datetime(2024, 7, 1, tzinfo=UTC), "outside-window", "outside 2024-05-01", id="late"
        ),
        pytest.param(
            datetime(2024, 6, 30, 23, tzinfo=UTC), "on-story", "in the window", id="last day"
        ),
        pytest.param(None, "on-story", "no publication date", id="undated"),
    ],
)
def test_the_window_is_of_publication(
    published: datetime | None, decision: str, reason: str
) -> None:
    verdict = judge(article("Ferry hits reef", published=published), story())
    assert verdict.decision == decision
    assert reason in reasons(verdict)


def test_a_story_without_a_window_does_not_ask_for_the_date() -> None:
    verdict = judge(article("Ferry hits reef", published=None), story(window=Window()))
    assert verdict.reasons == ("title: ferry NEAR/8 reef",)


@pytest.mark.parametrize(
    ("language", "title", "doubt"),
    [
        pytest.param("fr", "Le ferry de Skarnes", "", id="its own query"),
        pytest.param("", "Ferry hits reef", "language unknown", id="unknown"),
        pytest.param("nb", "Ferry ved Skarnes", "no query for nb", id="without a query"),
        pytest.param("zh", "渡轮在礁石搁浅", "", id="Chinese"),
    ],
)
def test_an_article_is_asked_in_its_language(language: str, title: str, doubt: str) -> None:
    verdict = judge(article(title, language=language), story())
    assert verdict.decision == "on-story"
    assert doubt in reasons(verdict)


def test_each_language_has_its_own_query() -> None:
    assert judge(article("Ferry hits reef", language="fr"), story()).decision == "off-story"


def test_a_text_below_the_least_length_is_off_story_unless_it_is_paywalled() -> None:
    short = article("Ferry hits reef", "Watch the film of it.")
    assert judge(short, story()).reasons[0] == "too short: 5 of 20 words"
    walled = article("Ferry hits reef", "Subscribe to read.", paywalled=True)
    assert judge(walled, story()).decision == "on-story"


@pytest.mark.parametrize(
    "name",
    ["https://harbour-daily.example/a/1", "http://www.harbour-daily.example/a/1/#top", "k7q2d"],
)
def test_hand_decisions_win_both_ways(name: str) -> None:
    kept = judge(article("Budget"), story(keep_always=(name,)), names=["k7q2d"])
    assert (kept.decision, kept.score) == ("on-story", 1.0)
    dropped = judge(article("Ferry hits reef"), story(keep_never=(name,)), names=["k7q2d"])
    assert (dropped.decision, dropped.reasons) == ("off-story", ("never kept: you decided",))


def test_a_general_corpus_keeps_everything_of_its_window() -> None:
    everything = story(match={"any": "*"}, not_query="", min_words=0)
    verdict = judge(article("Budget", ""), everything)
    assert (verdict.decision, verdict.score) == ("on-story", 1.0)
    assert verdict.reasons[0] == "the story keeps every article"
    old = article("Budget", published=datetime(2020, 1, 1, tzinfo=UTC))
    assert judge(old, everything).decision == "outside-window"


def test_filters_of_a_query_count_as_met() -> None:
    local = story(match={"any": "outlet:harbour-daily.example -section:sport"})
    assert judge(article("Budget"), local).decision == "on-story"
    assert judge(article("Budget", section="Sport"), local).decision == "off-story"


def test_many_terms_are_summed_up() -> None:
    wide = story(match={"any": " OR ".join(f"term{n}" for n in range(9))})
    verdict = judge(article(" ".join(f"term{n}" for n in range(9))), wide)
    assert verdict.reasons[0].endswith("term5, 3 more")


def test_the_analysis_of_an_article_serves_several_stories() -> None:
    analysed = analyse(article("Ferry hits reef"))
    other = story(id="budget", match={"en": "council"})
    assert [judge_analysed(analysed, one).story for one in (story(), other)] == ["ferry", "budget"]


words = st.lists(
    st.sampled_from(["ferry", "ferries", "reef", "Skarnes", "festival", "搁浅", "渡轮", "x"]),
    max_size=6,
).map(" ".join)


@given(words, words, words, st.sampled_from(["en", "fr", "zh", "nb", ""]))
def test_a_verdict_keeps_what_a_search_for_the_story_finds(
    title: str, lead: str, text: str, language: str
) -> None:
    one = article(title, text, description=lead, language=language)
    open_story = story(window=Window(), min_words=0)
    assert judge(one, open_story).kept == matches(story_tree(open_story), analyse(one))


COVERAGE = [
    "Ferry hits reef off Skarnes in fog",
    "Captain of grounded ferry questioned in Skarnes",
    "Oil from the ferry reaches the Skarnes lighthouse",
    "Divers seal hull of ferry on the reef at Skarnes",
    "Tugs free ferry from reef near the lighthouse",
    "Ferry pilot blamed for reef accident in fog at Skarnes",
    "Skarnes ferry passengers recall reef and fog",
    "Lighthouse dark when ferry struck reef, say fishermen of Skarnes",
]
OTHER_NEWS = [
    f"{who} {does} the budget" for who in "abcdef" for does in ("opens", "debates", "cuts", "signs")
]


@pytest.fixture
def profile() -> Profile:
    corpus = [(article(title, ""), 0.9) for title in COVERAGE]
    learned = learn_from([*corpus, *((article(title, ""), 0.0) for title in OTHER_NEWS)])
    assert learned is not None
    return learned


def test_coverage_without_the_obvious_word_is_found_by_its_closeness(profile: Profile) -> None:
    one = article("Fog, a dark lighthouse and a reef: the fishermen of Skarnes", "")
    assert judge(one, story()).decision == "off-story"
    verdict = judge(one, story(), profile=profile)
    assert verdict.decision == "on-story"
    assert verdict.reasons[:1] == ("the query is not met",)
    assert verdict.reasons[1].startswith("close to 8 on-story articles: ")
    assert "skarnes" in verdict.reasons[1]


def test_closeness_does_not_open_the_window_or_lift_a_refusal(profile: Profile) -> None:
    title = "Fog, a dark lighthouse and a reef: the fishermen of Skarnes"
    late = article(title, "", published=datetime(2025, 1, 1, tzinfo=UTC))
    assert judge(late, story(), profile=profile).decision == "outside-window"
    refused = article("Ferry festival at Skarnes reef", "")
    assert judge(refused, story(), profile=profile).decision == "off-story"


def test_what_is_far_stays_off_story(profile: Profile) -> None:
    verdict = judge(article("School opens a library", ""), story(), profile=profile)
    assert (verdict.decision, verdict.score) == ("off-story", 0.0)


def test_another_language_is_found_by_words_that_travel(profile: Profile) -> None:
    one = article("Skarnes: ferry op het rif", "", language="nl")
    plain = story(match={"en": story().match["en"], "any": "kayak"})
    assert judge(one, plain).decision == "off-story"
    assert judge(one, plain, profile=profile).kept


def test_a_short_headline_is_not_doubted_for_being_short(profile: Profile) -> None:
    wide = story(match={"en": "reef OR captain"})
    short = article("Reef closed again", "")
    assert judge(short, wide, profile=profile).decision == "on-story"
    assert "unlike" not in " ".join(judge(short, wide, profile=profile).reasons)
    unlike = article(
        "Captain of the cup team opens school library in winter for bank club court", ""
    )
    assert judge(unlike, wide, profile=profile).decision == "borderline"


def test_a_hit_that_is_like_no_other_article_is_doubted(profile: Profile) -> None:
    wide = story(match={"en": "ferry OR kayak"})
    one = article("Kayak club opens")
    assert judge(one, wide).decision == "on-story"
    doubted = judge(one, wide, profile=profile)
    assert doubted.decision == "borderline"
    assert "unlike the 8 on-story articles" in doubted.reasons


def test_a_hit_that_is_like_the_others_says_so(profile: Profile) -> None:
    verdict = judge(article("Ferry hits reef at Skarnes in fog"), story(), profile=profile)
    assert verdict.decision == "on-story"
    assert "close to 8 on-story articles: ferry" in reasons(verdict)


def test_a_profile_of_few_articles_is_not_trusted(profile: Profile) -> None:
    one = article("Fog, a dark lighthouse and a reef: the fishermen of Skarnes", "")
    assert judge(one, story(), profile=replace(profile, articles=7)).decision == "off-story"


@pytest.mark.parametrize("zone", ["caption", "credit"])
def test_a_hit_in_a_caption_or_credit_only_is_no_coverage_and_is_told(zone: Any) -> None:
    caption = "The ferry on the reef at Skarnes."
    text = f"{PADDING}\n{caption}"
    zones = (TextZone(kind=zone, start=len(PADDING) + 1, end=len(text)),)
    verdict = judge(article("Budget passed", text, zones=zones), story())
    assert verdict.decision == "off-story"
    assert "met only in a caption or credit" in verdict.reasons
    beside = (Aside(kind=zone, text=caption),)
    assert judge(article("Budget passed", asides=beside), story()).decision == "off-story"


def test_an_off_story_verdict_says_what_it_did_not_know() -> None:
    verdict = judge(article("Council meets", language="", published=None), story())
    assert verdict.decision == "off-story"
    assert "language unknown: asked every query of the story" in verdict.reasons
    assert "no publication date: judged by its text" in verdict.reasons
