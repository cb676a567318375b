from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.query import parse
from index.query.match import analyse, matches
from index.relevance.suggest import Rarity, propose
from index.relevance.suggest.terms import read_vocabulary
from index.relevance.suggest.translate import carry_names

ITEMS = Path(__file__).parent / "data" / "relevance" / "items.tsv"
FERRY = """A ferry with 212 people on board ran aground off Skarnes in fog on Friday night.

The coast guard said the ferry Aurora Bay had struck a reef. On Saturday the captain of Aurora Bay was
questioned in Skarnes. Passengers left the stranded ferry by lifeboat, and oil from the stranded ferry
reached the lighthouse of Skarnes."""


def article(
    text: str, *, title: str = "", lead: str = "", language: str = "en", day: str = "2024-05-11"
) -> Article:
    return Article(
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        outlet="a.example",
        title=title,
        description=lead,
        text=text,
        language=language,
        published=datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC) if day else None,
        fetched=datetime(2024, 7, 1, tzinfo=UTC),
    )


def items() -> list[tuple[str, str, Article]]:
    with ITEMS.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            (
                row["story"],
                row["label"],
                article(
                    "", title=row["title"], lead=row["lead"], language=row["lang"], day=row["day"]
                ),
            )
            for row in rows
        ]


def test_a_clipping_gives_topics_names_a_window_and_a_query() -> None:
    proposal = propose([article(FERRY, title="Ferry aground")])
    (proposed,) = proposal.queries
    assert proposal.title == "Ferry aground"
    assert str(proposal.window) == "2024-05-04..2024-06-08"
    assert next(iter(proposed.words.topics)) == "ferry"
    assert {"Skarnes", "Aurora Bay"} <= set(proposed.words.names)
    assert "Friday" not in proposed.words.names
    assert '"stranded ferry"' in proposed.query
    assert "NEAR/12 (Skarnes" in proposed.query


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("A ferry hit a reef. All are safe.", "A ferry hit a reef", id="a sentence"),
        pytest.param("渡轮触礁。全部获救。", "渡轮触礁", id="a script without spaces"),
        pytest.param("word " * 60, " ".join(["word"] * 20) + " …", id="a sentence without end"),
    ],
)
def test_a_text_without_a_headline_is_titled_by_its_opening(text: str, title: str) -> None:
    assert propose([article(text)]).title == title


def test_a_language_of_which_nothing_is_known_is_told() -> None:
    (bare,) = propose([article(FERRY)]).queries
    (known,) = propose([article(FERRY)], usual=lambda language: Rarity(ranks={"the": 1})).queries
    (chinese,) = propose([article("渡轮触礁，渡轮搁浅。", language="zh")]).queries
    assert (bare.unsure, known.unsure, chinese.unsure) == (True, False, False)


def test_the_proposed_query_finds_the_story_and_not_its_neighbours() -> None:
    (proposed,) = propose([article(FERRY)]).queries
    tree = parse(proposed.query)
    found = matches(tree, analyse(article("", title="Stranded ferry off Skarnes: oil ashore")))
    other = matches(tree, analyse(article("", title="New ferry timetable for the islands")))
    assert (found, other) == (True, False)


def test_a_script_without_spaces_is_asked_for_what_comes_again() -> None:
    text = "渡轮在斯卡恩斯附近触礁。海岸警卫队说，渡轮触礁时有大雾。船长回到斯卡恩斯接受询问。"
    (proposed,) = propose([article(text, title="渡轮触礁", language="zh")]).queries
    assert "渡轮" in proposed.query
    assert "斯卡恩斯" in proposed.words.topics
    assert matches(parse(proposed.query), analyse(article("渡轮触礁，斯卡恩斯", language="zh")))


def test_words_that_every_article_has_are_no_topics() -> None:
    text = "Officials said much. Officials said more. Officials said the mussels were saved."
    rare = Rarity(ranks={"officials": 3, "said": 4, "much": 5, "more": 6})
    assert "officials" not in read_vocabulary([article(text)], "en", rare).topics
    assert "mussels" in read_vocabulary([article(text)], "en", rare).topics


def test_forms_of_a_word_are_one_topic() -> None:
    words = read_vocabulary([article("The balloon rose. Two balloons fell. Balloons.")], "en")
    assert next(iter(words.topics)) in ("balloon", "balloons")
    assert len([word for word in words.topics if word.startswith("balloon")]) == 1


def test_german_nouns_are_topics_and_no_names() -> None:
    text = "Die Fähre lief auf ein Riff. Die Küstenwache holte die Leute von der Fähre im Nebel."
    words = read_vocabulary([article(text, language="de")], "de")
    assert next(iter(words.topics)) == "Fähre"
    assert not words.names


@pytest.mark.parametrize(
    ("names", "source", "target", "carried"),
    [
        (["China", "Blinken"], "en", "fr", ["Chine", "Blinken"]),
        (["China", "Blinken"], "en", "zh", ["中国"]),
        (["Latin America"], "en", "de", ["Lateinamerika"]),
        (["NATO"], "en", "fr", []),
        (["Алмазов"], "ru", "en", []),
    ],
)
def test_names_are_carried_over_where_they_can_be(
    names: list[str], source: str, target: str, carried: list[str]
) -> None:
    assert carry_names(names, source, target) == carried


def test_another_language_is_left_to_be_completed() -> None:
    proposal = propose([article(FERRY)], languages=["en", "fr", "zh"])
    assert [query.language for query in proposal.queries] == ["en", "fr", "zh"]
    french = proposal.queries[1]
    assert french.to_complete
    assert french.query.startswith("… NEAR/12 (")
    assert "Skarnes" in french.query


def test_a_corpus_tells_what_is_close_and_what_is_something_else() -> None:
    rows = items()
    seeds = [found for story, label, found in rows if (story, label) == ("ferry", "core")]
    english = [found for found in seeds if found.language == "en"]
    again = article("", title="A ferry timetable with more sailings")
    corpus = [*(found for _, _, found in rows if found not in english[:3]), again]
    proposal = propose(english[:3], corpus=corpus, languages=["fr"])
    assert proposal.close >= 5
    assert '"ferry timetable"' in proposal.not_query
    tree = parse(proposal.not_query)
    assert not any(matches(tree, analyse(found)) for found in seeds)


def test_a_corpus_of_other_stories_has_no_say() -> None:
    others = [found for story, _, found in items() if story != "ferry"]
    proposal = propose([article(FERRY)], corpus=others, languages=["fr", "es"])
    assert proposal.close == 0
    assert {query.origin for query in proposal.queries} == {"clippings", "carried"}


def test_clippings_without_a_date_leave_the_window_open() -> None:
    assert str(propose([article(FERRY, day="")]).window) == ""


@given(st.lists(st.text(max_size=200), min_size=1, max_size=3), st.sampled_from(["en", "de", "zh"]))
def test_any_text_gives_a_query_that_parses(texts: list[str], language: str) -> None:
    proposal = propose([article(text, title=text[:20], language=language) for text in texts])
    for proposed in proposal.queries:
        assert proposed.query == "…" or parse(proposed.query) is not None
