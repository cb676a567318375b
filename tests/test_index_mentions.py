"""What only mentions a story is in the corpus, and in no count that did not ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from index.article import Article, Decision, Verdict
from index.corpus import Corpus
from index.coverage.census import take_census
from index.fulltext.indexer import update_index
from index.fulltext.searcher import SearchIndex
from index.store import Store, StoreWriter
from tests.conftest import add_article

NOON = datetime(2024, 5, 12, 12, tzinfo=UTC)
ARTICLES: dict[str, dict[str, Decision]] = {
    "on both": {"ferry": "on-story", "port": "borderline"},
    "on one": {"ferry": "on-story", "port": "mention"},
    "passing": {"ferry": "mention"},
    "passing twice": {"ferry": "mention", "port": "mention"},
    "off": {"ferry": "off-story"},
}


def fill(store: StoreWriter) -> None:
    for number, (title, decisions) in enumerate(ARTICLES.items()):
        url = f"https://prairie-courier.example/{number}"
        article = Article(
            url=url,
            canonical_url=url,
            outlet="prairie-courier.example",
            title=title.capitalize(),
            text=f"Report number {number} of the made-up ferry, a different one each time.",
            fetched=NOON,
            published=NOON,
            language="en",
        )
        verdicts = [
            Verdict(story=story, decision=decision, score=0.5)
            for story, decision in decisions.items()
        ]
        add_article(store, article, *verdicts)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("mentions")
    with StoreWriter.open(folder / "pressclip.db") as store:
        fill(store)
        update_index(store, folder / "index")
    store_read = Store.open(folder / "pressclip.db")
    with Corpus(store_read, SearchIndex.open(folder / "index")) as opened:
        yield opened


def titles(corpus: Corpus, query: str, *, mentions: bool = False) -> set[str]:
    found = corpus.search(query, limit=None, fold=False, mentions=mentions)
    return {hit.stored.article.title.lower() for hit in found}


@pytest.mark.parametrize(
    ("query", "mentions", "found"),
    [
        pytest.param("*", False, {"on both", "on one"}, id="all"),
        pytest.param("*", True, {"on both", "on one", "passing", "passing twice"}, id="switch"),
        pytest.param("is:mention", False, {"passing", "passing twice"}, id="asked for"),
        pytest.param("ferry", False, {"on both", "on one"}, id="words"),
        pytest.param("story:ferry", False, {"on both", "on one"}, id="a story"),
        pytest.param("story:port", False, {"on both"}, id="mentions this story, is on another"),
        pytest.param(
            "story:port", True, {"on both", "on one", "passing twice"}, id="story, switch"
        ),
        pytest.param("story:port is:mention", False, {"passing twice"}, id="story, asked for"),
    ],
)
def test_what_only_mentions_its_story_is_left_out_unless_asked_for(
    corpus: Corpus, query: str, mentions: bool, found: set[str]
) -> None:
    assert titles(corpus, query, mentions=mentions) == found


def test_an_article_asked_for_by_its_id_is_found(corpus: Corpus) -> None:
    mention = next(iter(corpus.search("is:mention"))).id
    assert len(corpus.search(f"id:{mention}")) == 1


def test_the_query_is_told_as_it_was_asked_and_what_was_left_out_is_counted(
    corpus: Corpus,
) -> None:
    tree = corpus.understand("ferry")
    assert corpus.echo(tree) == "ferry"
    assert corpus.hidden_mentions(tree) == 2
    assert corpus.hidden_mentions(corpus.understand("ferry", mentions=True)) == 0


def test_nothing_but_mentions_is_explained(corpus: Corpus) -> None:
    tree = corpus.understand('"Passing twice"')
    assert corpus.match(tree).total == 0
    assert corpus.explain_nothing(tree).mentions == 1


def test_a_story_facet_counts_coverage(corpus: Corpus) -> None:
    assert corpus.facets("*", "story") == {"story": {"ferry": 2, "port": 1}}


def test_counts_and_census_keep_mentions_apart(corpus: Corpus) -> None:
    counts = corpus.store.counts.corpus()
    assert (counts["articles"], counts["mentions"], len(corpus.store.articles.kept_ids())) == (
        2,
        2,
        4,
    )
    census = take_census(corpus.store.path, now=NOON)
    assert (census.articles, census.mentions) == (2, 2)
    ferry = census.stories["ferry"]
    assert (ferry.articles, ferry.mentions, ferry.off_story) == (2, 2, 1)
