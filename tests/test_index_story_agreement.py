"""A story's query asked of the index and of one article in memory: the same articles, always."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Aside, TextZone, Verdict
from index.errors import Fault
from index.fulltext.indexer import update_index
from index.fulltext.searcher import SearchIndex
from index.query.match import AnalysedArticle, analyse, matches
from index.store import StoreWriter
from index.workspace.outlets import Outlets, load_outlets
from index.workspace.story import ANY, Story, groups_of, load_story
from index.workspace.story_tree import story_tree
from tests.conftest import NOON, add_article

WORDS = {
    "en": ["ferry", "ferries", "reef", "lighthouse", "Skarnes", "stranded", "spy-boat", "U.S."],
    "fr": ["ferry", "récif", "échoué", "phare", "Skarnes", "l’équipage"],
    "de": ["Fähre", "Fähren", "Riff", "Leuchtturm", "Skarnes"],
    "zh": ["渡轮", "触礁", "灯塔", "斯卡内斯"],
    "": ["ferry", "паром", "риф", "منارة"],
}
OUTLETS_FILE = """
[collections]
north = ["a.example", "b.example"]

[[outlet]]
id = "a.example"
country = "no"
[[outlet]]
id = "b.example"
country = "fr"
[[outlet]]
id = "c.example"
"""


@dataclass(frozen=True)
class Desk:
    outlets: Outlets
    articles: dict[str, AnalysedArticle]
    index: SearchIndex


def made_articles() -> Iterator[Article]:
    """Seventy articles that differ in all that a query can ask for."""
    number = 0
    for language, words in WORDS.items():
        for turn in range(14):
            picked = [words[(turn * step + step) % len(words)] for step in (1, 2, 3, 5)]
            glue = "" if language == "zh" else " "
            text = f"{glue.join(picked)}. {glue.join(reversed(words))}\nPhoto: {words[turn % len(words)]}"
            caption = TextZone(kind="caption", start=text.index("\n") + 1, end=len(text))
            url = f"https://{'abc'[turn % 3]}.example/{language or 'und'}/{turn}"
            yield Article(
                url=url,
                canonical_url=url,
                outlet=f"{'abc'[turn % 3]}.example",
                title=glue.join(picked[:2]),
                description=picked[-1] if turn % 2 else "",
                text=text if turn % 5 else "",
                authors=("Ada Maker",) if turn % 4 else (),
                section="World" if turn % 3 else "",
                language=language,
                paywalled=turn % 4 == 0,
                published=None if turn % 6 == 0 else NOON + timedelta(days=turn),
                fetched=NOON,
                zones=(caption,) if turn % 5 and turn % 2 else (),
                asides=(Aside(kind="caption", text="ferry"),),
            )
            number += 1


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("agreement")
    (folder / "outlets.toml").write_text(OUTLETS_FILE)
    faults: list[Fault] = []
    outlets = load_outlets(folder / "outlets.toml", faults)
    assert not faults
    kept = Verdict(story="kept", decision="on-story", score=1.0)
    with StoreWriter.open(folder / "pressclip.db") as store:
        with store.transaction():
            found = {add_article(store, one, kept): analyse(one) for one in made_articles()}
        update_index(store, folder / "index")
    return Desk(outlets, found, SearchIndex.open(folder / "index"))


def leaves(words: Sequence[str]) -> st.SearchStrategy[str]:
    word = st.sampled_from(words)
    return st.one_of(
        word,
        st.builds("={}".format, word),
        st.builds("{}~".format, st.sampled_from(["ferri", "reaf", "Skarnse"])),
        st.builds("{}*".format, st.sampled_from(["ferr", "light", "Fähr", "éch", "пар"])),
        st.builds('"{} {}"'.format, word, word),
        st.builds('"{} {}"~{}'.format, word, word, st.integers(1, 6)),
        st.builds("{} NEAR/{} ({} OR {})".format, word, st.integers(1, 8), word, word),
        st.builds("{} W/{} {}".format, word, st.integers(1, 4), word),
        st.builds("title:{}".format, word),
        st.sampled_from(
            [
                "author:Maker", "outlet:a.example", "outlet:@north", "country:no", "country:fr",
                "country:jp", "lang:fr", "-lang:en", "section:World", "is:paywalled", "is:undated",
                "date:2023-02-09..", "date:2023-02", "*",
            ]
        ),
    )  # fmt: skip


def queries(words: Sequence[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaves(words),
        lambda inner: st.one_of(
            st.builds("({} AND {})".format, inner, inner),
            st.builds("({} OR {})".format, inner, inner),
            st.builds("({} AND NOT {})".format, inner, inner),
        ),
        max_leaves=4,
    )


ALL_WORDS = sorted({word for words in WORDS.values() for word in words})
stories = st.tuples(
    st.dictionaries(st.sampled_from(["en", "fr", "de", "zh", ANY]), queries(ALL_WORDS), min_size=1),
    st.one_of(st.just(""), queries(ALL_WORDS)),
)


@settings(max_examples=150, deadline=None)
@given(asked=stories)
def test_search_and_the_matcher_agree_on_every_article(
    desk: Desk, asked: tuple[dict[str, str], str]
) -> None:
    match, not_query = asked
    story = Story(
        id="s", title="S", match=match, not_query=not_query, groups=groups_of(desk.outlets)
    )
    tree = story_tree(story)
    in_memory = {name for name, one in desk.articles.items() if matches(tree, one)}
    assert set(desk.index.search(tree).ids()) == in_memory


def test_a_collection_in_a_query_stands_for_its_outlets(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "north.toml"
    file.write_text("[match]\nany = '''ferry outlet:@north'''\nnot = '''country:fr'''\n")
    faults: list[Fault] = []
    story = load_story(file, faults, desk.outlets)
    assert story is not None
    assert not faults
    tree = story_tree(story)
    assert str(tree) == "ferry outlet:a.example,b.example -outlet:b.example"
    outlets = {one.article.outlet for one in desk.articles.values() if matches(tree, one)}
    assert outlets == {"a.example"}


@pytest.mark.parametrize(
    ("query", "told", "column"),
    [
        pytest.param("ferry OR OR reef", "", 10, id="syntax"),
        pytest.param(
            "ferry story:other", "story: says nothing of an article by itself", 7, id="story"
        ),
        pytest.param("ferry is:reprint", "is:reprint says nothing", 7, id="flag"),
        pytest.param("seen:2024-05", "seen: says nothing", 1, id="seen"),
        pytest.param("ferry date:7d", "date: moves with the calendar", 7, id="relative date"),
    ],
)
def test_a_fault_in_one_language_names_file_key_and_column(
    tmp_path: Path, query: str, told: str, column: int
) -> None:
    file = tmp_path / "ferry.toml"
    file.write_text(f"[match]\nen = 'ferry'\nfr = '''{query}'''\n")
    faults: list[Fault] = []
    load_story(file, faults, Outlets())
    (fault,) = faults
    assert (fault.file, fault.key, fault.excerpt) == ("stories/ferry.toml", "match.fr", query)
    assert told in fault.message
    assert (fault.column or 0) + 1 == column


def test_dates_of_the_calendar_are_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "ferry.toml"
    file.write_text("[match]\nen = '''ferry date:2024-05'''\n")
    faults: list[Fault] = []
    load_story(file, faults, Outlets())
    assert faults == []
