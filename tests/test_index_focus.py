"""Focus against mention: background clauses, digests, long pages by passage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.article import Article, Verdict
from index.query import parse
from index.query.match import analyse
from index.relevance import judge
from index.relevance.focus import is_digest, without_background
from index.relevance.occurrences import find_places
from index.workspace.story import Story

STORY = Story(id="ferry", title="Ferry", match={"any": "ferry NEAR/8 (reef OR Skarnes)"})
FILLER = "The council met again and spoke of roads and schools for most of the evening. "


def article(title: str, lead: str = "", text: str = "", language: str = "en") -> Article:
    return Article(
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        outlet="a.example",
        title=title,
        description=lead,
        text=text,
        language=language,
        fetched=datetime(2024, 5, 12, tzinfo=UTC),
    )


def verdict(title: str, lead: str = "", text: str = "") -> Verdict:
    return judge(article(title, lead, text), STORY)


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("en", "Islanders vote, days after the ferry hit a reef, on a bridge", "on a bridge"),
        ("en", "Ministers meet amid anger over the ferry on the reef", "Ministers meet"),
        ("fr", "Le port rouvre, trois jours après le naufrage du ferry", "Le port rouvre"),
        ("de", "Der Hafen öffnet wieder, zwei Wochen nach dem Unglück", "Der Hafen öffnet wieder"),
        ("es", "El puerto reabre tres días después del accidente", "El puerto reabre"),
        ("pt", "O porto reabre dois dias depois do acidente", "O porto reabre"),
        ("it", "Il porto riapre due giorni dopo l'incidente", "Il porto riapre"),
        ("nl", "De haven opent twee dagen na het ongeluk", "De haven opent"),
        ("pl", "Port znów otwarty, trzy dni po wypadku promu", "Port znów otwarty"),
        ("ru", "Порт открыт, несмотря на шторм, на фоне аварии парома", "Порт открыт"),
        ("uk", "Порт відкрито на тлі аварії порома", "Порт відкрито"),
        ("zh", "渡轮触礁一周后，港口重新开放", "港口重新开放"),
        ("ja", "フェリー座礁を受け、港が再開した", "港が再開した"),
        ("ar", "أعيد فتح الميناء في ظل حادث العبارة", "أعيد فتح الميناء"),
    ],
)
def test_a_background_clause_is_blanked_and_the_rest_stays(
    language: str, text: str, left: str
) -> None:
    bare = without_background(text, language)
    assert len(bare) == len(text)
    assert left in bare
    assert len(bare.split()) < len(text.split()) or bare.strip("， ,、") == left


def test_what_stands_in_no_such_clause_is_left_alone() -> None:
    text = "A ferry hit a reef after it lost its way in fog"
    assert without_background(text, "en") == text
    assert without_background(text, "xx") == text


def test_a_lead_that_only_recalls_the_story_is_a_mention() -> None:
    recalls = verdict("Islands want a bridge", "Talks begin days after a ferry hit the reef.")
    tells = verdict("Night at sea", "A ferry hit the reef.")
    assert (recalls.decision, tells.decision) == ("mention", "borderline")
    assert "the lead only recalls it" in recalls.reasons


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Your Friday Briefing: a ferry on the Skarnes reef", ""),
        ("Newsletter: the week at sea", "Also, a ferry on the Skarnes reef."),
        ("Wochenrückblick: Ferry am Reef", ""),
        ("一周要闻：渡轮", ""),
        ("Wednesday", "Rates rise • A ferry on the reef • Snow in May • Cup final tonight"),
    ],
)
def test_pages_of_many_topics_are_known(title: str, lead: str) -> None:
    assert is_digest(title, lead)


def test_a_digest_is_borderline_at_best() -> None:
    assert verdict("Morning briefing: ferry hits reef off Skarnes").decision == "borderline"
    assert not is_digest("Ferry captain files brief report on reef", "He also said it was dark.")


def test_once_it_is_named_the_ferry_alone_counts_for_density() -> None:
    tree = parse("ferry NEAR/8 (reef OR Skarnes)")
    told = "A ferry hit a reef. " + "The ferry lay there, and the ferry would not move. " * 6
    once = "A ferry hit a reef. " + FILLER * 6
    assert find_places(tree, analyse(article("x", text=told))).text == 1.0
    assert find_places(tree, analyse(article("x", text=once))).text < 0.9


def test_a_long_page_is_judged_by_its_passages() -> None:
    section = "The ferry lies on the reef. The ferry leaks. Tugs pull the ferry. " * 8
    much = FILLER * 20 + section * 2 + FILLER * 10
    little = FILLER * 60 + section + FILLER * 60
    tree = parse("ferry NEAR/8 (reef OR Skarnes)")
    assert find_places(tree, analyse(article("x", text=much))).passage > 0.25
    assert 0 < find_places(tree, analyse(article("x", text=little))).passage < 0.15
    assert verdict("Today's events", "", much).score > verdict("Today's events", "", little).score
