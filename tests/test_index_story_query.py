from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.errors import QuerySyntaxError
from index.query import parse
from index.query.match import analyse, matches
from index.workspace.story import Story
from index.workspace.story_tree import query_tree, story_tree


def story(not_query: str = "", **queries: str) -> Story:
    return Story(id="kite", title="Kite", match=queries, not_query=not_query)


@pytest.mark.parametrize(
    ("queries", "tree"),
    [
        pytest.param({"any": "*"}, "*", id="everything"),
        pytest.param({"any": "kite OR drone"}, "kite OR drone", id="any"),
        pytest.param(
            {"en": "kite", "fr": "cerf-volant OR drone"},
            "lang:en kite OR lang:fr (cerf-volant OR drone)"
            " OR -lang:en,fr (kite OR cerf-volant OR drone)",
            id="other languages are asked all",
        ),
        pytest.param(
            {"en": "kite wind", "any": "drone"},
            "lang:en kite wind OR drone OR lang:und kite wind",
            id="other languages are asked any",
        ),
    ],
)
def test_the_queries_of_a_story_are_one_tree(queries: dict[str, str], tree: str) -> None:
    assert story_tree(story(**queries)) == parse(tree)


def test_what_a_story_refuses_is_refused_in_every_language() -> None:
    found = story_tree(story(not_query='"kite surf"', any="kite drone"))
    assert str(found) == 'kite drone -"kite surf"'


@pytest.mark.parametrize(
    ("language", "tree"),
    [
        ("en", "drone OR kite"),
        ("fr", "drone OR volant"),
        ("pl", "drone"),
        ("", "drone OR kite OR volant"),
    ],
)
def test_an_article_is_asked_the_queries_of_its_language(language: str, tree: str) -> None:
    assert str(query_tree(story(en="kite", fr="volant", any="drone"), language)) == tree


def test_a_faulty_query_is_an_error() -> None:
    with pytest.raises(QuerySyntaxError):
        story_tree(story(en="kite OR"))


def article(text: str, language: str) -> Article:
    return Article(
        url="https://harbour-daily.example/1",
        canonical_url="https://harbour-daily.example/1",
        outlet="harbour-daily.example",
        title="",
        text=text,
        language=language,
        fetched=datetime(2023, 2, 4, tzinfo=UTC),
    )


WORDS = ["kite", "kites", "volant", "drone", "wind"]
words = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
queries = st.dictionaries(
    st.sampled_from(["en", "fr", "any"]),
    st.sampled_from([*WORDS, "kite wind", "a OR drone"]),
    min_size=1,
)


@given(queries, words, st.sampled_from(["en", "fr", "pl", ""]))
def test_searching_a_story_and_asking_an_article_agree(
    asked: dict[str, str], text: str, language: str
) -> None:
    one = analyse(article(text, language))
    assert matches(story_tree(story(**asked)), one) == matches(
        query_tree(story(**asked), language), one
    )
