"""Which of what sources name is fetched: judged by title, description or slug, before any request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.backfill import Lead, Scope
from crawler.backfill.judging import HEAD_WORD, Judge, candidates_of
from crawler.backfill.prefilter import sieves_of
from crawler.lists import Found
from index.article import Article
from index.query.match import analyse
from index.relevance import judge, score_by_queries
from index.workspace.story import Story

START, END = datetime(2023, 2, 1, tzinfo=UTC), datetime(2023, 2, 15, tzinfo=UTC)
STORY = Story(
    id="balloon",
    title="Balloon",
    match={
        "en": '"spy balloon" OR balloon NEAR/12 (China OR Pentagon)',
        "fr": '"ballon espion" OR ballon* NEAR/12 Chine',
        "zh": "间谍气球 OR 无人飞艇",
        "ar": '"منطاد صيني" OR المنطاد NEAR/12 الصين',
    },
    not_query='"balloon festival"',
)


def lead(
    title: str, summary: str = "", *, url: str = "https://a.example/n/1", **fields: Any
) -> Lead:
    language = fields.pop("language", "en")
    return Lead(found=Found(url=url, title=title, summary=summary, **fields), language=language)


def promise(one: Lead) -> float:
    return Judge.of(STORY).promise(one)


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Spy balloon over Montana", "en"),
        ("China calls balloons harmless", "en"),
        ("Un ballon espion au-dessus du Montana", "fr"),
        ("Les ballons venus de Chine", "fr"),
        ("美国击落中国间谍气球", "zh"),
        ("واشنطن تسقط المنطاد القادم من الصين", "ar"),
        ("Un ballon espion", "en"),  # the source is wrong about the language
    ],
)
def test_a_title_that_meets_the_query_of_its_language_is_wanted(title: str, language: str) -> None:
    assert promise(lead(title, language=language)) > HEAD_WORD


def test_the_description_counts_too() -> None:
    assert promise(lead("What we know", "The balloon that China sent was tracked.")) > HEAD_WORD


def test_a_headline_with_the_head_word_alone_waits_behind_the_others() -> None:
    assert promise(lead("Balloon brought down off Carolina")) == HEAD_WORD


@pytest.mark.parametrize("title", ["Oscars: the winners", "Balloon festival in China opens", ""])
def test_what_has_nothing_of_the_story_is_not_wanted(title: str) -> None:
    assert promise(lead(title)) == 0.0


def test_without_a_title_the_address_is_judged() -> None:
    assert promise(lead("", url="https://a.example/2023/02/spy-balloon-over-montana")) > HEAD_WORD


@pytest.mark.parametrize(
    "text", ["Balloons", "ballooning", "BALLOON", "les ballons", "间谍气球来了"]
)
def test_the_sieve_lets_every_form_of_a_query_word_pass(text: str) -> None:
    assert sieves_of(STORY)[""](text)


@pytest.mark.parametrize(
    "text",
    [
        "“Balloons” de l’été",
        "ｂａｌｌｏｏｎ",
        "bal\u00adloon – seen",
        "МЕТЕО: Ba\u0301lloon",
        "昨日“间谍气球”来了",
        "إنه الـمنطاد",
    ],
)
def test_signs_accents_and_widths_hide_no_word_from_the_sieve(text: str) -> None:
    assert sieves_of(STORY)[""](text)


def test_the_sieve_stops_accented_texts_without_a_word_of_the_queries() -> None:
    assert not sieves_of(STORY)[""]("Święto: “naïve” été – 新春佳节 Праздник")


@pytest.mark.parametrize(
    "title",
    [
        "Spy balloon over Montana",
        "Balloon festival: spy balloon shown",
        "Oscars",
        "Pentagon: balloon was Chinese",
    ],
)
def test_the_short_way_to_a_score_tells_what_the_whole_verdict_does(title: str) -> None:
    article = Article(
        url="https://a.example/1", canonical_url="https://a.example/1", outlet="a.example",
        title=title, text="Officials said little.", language="en", fetched=START,
    )  # fmt: skip
    verdict, score = judge(article, STORY), score_by_queries(analyse(article), STORY)
    assert score == (None if "the not query is met" in verdict.reasons else verdict.score)


def test_the_sieve_of_a_query_that_anything_may_meet_lets_all_pass() -> None:
    story = Story(id="all", title="All", match={"any": "*"})
    assert sieves_of(story)[""]("anything")


@pytest.mark.parametrize(
    ("fields", "bounds"),
    [
        ({"published_at": datetime(2023, 3, 1, tzinfo=UTC)}, {}),
        ({"url": "https://a.example/2021/05/06/spy-balloon"}, {}),
        ({"url": "https://a.example/"}, {}),
        ({}, {"hosts": ("b.example",)}),
        ({}, {"languages": ("fr",)}),
    ],
    ids=["dated outside", "address dated outside", "front page", "other outlet", "other language"],
)
def test_what_is_out_of_scope_is_no_candidate(
    fields: dict[str, Any], bounds: dict[str, Any]
) -> None:
    scope = Scope(story=STORY, start=START, end=END, **bounds)
    leads = [lead("Spy balloon over Montana", **fields)]
    assert list(candidates_of(leads, scope, Judge.of(STORY), "gdelt", str)) == []


def test_a_copy_in_the_wayback_machine_is_a_candidate_for_the_page_itself() -> None:
    scope = Scope(story=STORY, start=START, end=END)
    one = lead("Spy balloon", url="https://web.archive.org/web/20230205000000/https://a.example/x")
    [(candidate, named)] = candidates_of([one], scope, Judge.of(STORY), "gdelt", str)
    assert (candidate.url, candidate.key) == ("https://a.example/x", "https://a.example/x")
    assert named.copy is not None
    assert "20230205000000id_/" in named.copy.address


def test_a_candidate_carries_what_its_source_said() -> None:
    scope = Scope(story=STORY, start=START, end=END)
    one = lead("Spy balloon", "It was seen.", url="https://amp.a.example/x/amp?utm_source=g",
               published="2023-02-04", published_at=datetime(2023, 2, 4, tzinfo=UTC))  # fmt: skip
    [(candidate, _)] = candidates_of([one], scope, Judge.of(STORY), "gdelt", lambda _: "a.example")
    assert candidate.key == "https://a.example/x"
    assert (candidate.listing.channel, candidate.listing.title) == ("gdelt", "Spy balloon")
    assert (candidate.listing.summary, candidate.listing.published) == (
        "It was seen.",
        "2023-02-04",
    )
