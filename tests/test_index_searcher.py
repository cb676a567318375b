from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir
from whoosh.query.compound import And as WhooshAnd
from whoosh.query.compound import Or as WhooshOr
from whoosh.query.positional import Phrase as WhooshPhrase
from whoosh.query.terms import Term
from whoosh.scoring import BM25F

from index.article import Article, Verdict
from index.errors import IndexUnusable, UsageError
from index.fulltext.documents import to_document
from index.fulltext.schema import FORMAT, LAYOUT, build_schema
from index.fulltext.searcher import SORTS, Matches, SearchIndex, count_values, suggest_words
from index.fulltext.searcher.rank import K1, B
from index.fulltext.searcher.snippet import make_snippet
from index.fulltext.segments.folders import current_folder, draft_folder, publish
from index.fulltext.segments.toc import State, write_state
from index.fulltext.segments.writer import SegmentWriter
from index.query import And, Node, Or, Phrase, Typo, Word, parse
from index.query.match import analyse, facts_of, matches, spans_of
from index.store import StoredArticle

NOW = datetime(2023, 2, 12, tzinfo=UTC)
WORDS = {
    "en": "US us Who WHO balloon balloons spy shot down Montana F-22 the of ran U.S. airship's résumé resume",
    "fr": "ballon ballons espion l’armée chinois abattu employé employe",
    "es": "globo globos espía Peña comían comian",
    "zh": "气球 间谍气球 美国 中国气球飞艇",
    "ja": "偵察気球 が 撃墜",
    "": "foo bars",
}
QUERIES = (
    """
balloon|balloons|=balloons|spy balloon|spy OR airship|-balloon|balloon -spy|*
"shot down"|"balloon the"|spy-balloon|F-22|F22|U.S.|l'armée|armee|peña|=pena|ran
employé|employe|=employe|résumé|resume|comían|comian|title:employé|employe NEAR/2 ballon|"employé ballon"
ballo*|*oon|ba*ns|baloon~|balon~|spyy~|"spy ball*"|pqeuin~|obfo~|glboo~
spy NEAR/2 balloon|shot W/1 down|"spy balloon montana"~4|(spy OR "shot down") NEAR/3 (balloon OR ballo*)
title:balloon|title:"spy balloon"|title:ballo*|title:ran OR author:peña|title:baloon~
author:jakes|author:"Lara Jakes"|author:"Jakes José"|author:jak*|author:王
lang:fr|lang:und|ballons lang:fr|outlet:a.example,b.example ballon|section:world|story:balloon
quote:balloon|quote:"spy balloon"|quote:ballo*|quote:(balloon NEAR/3 spy)|quote:spy NEAR/4 balloon
-quote:balloon|speaker:reyes|speaker:"Ann Reyes"|speaker:rey* balloon|speaker:reyes OR author:jakes
quote:气球|quote:=US|speaker:jakes -author:jakes|quote:ballons~
=US|=us|us|title:=US|=U.S.|=who|=WHO NEAR/2 us|author:=US|kind:opinion|agency:afp balloon
is:original|is:reprint -is:edited|is:undated|is:mention|is:paywalled|id:aabb2|group:aabb2
date:2023-02-03|date:2023-02-03..2023-02-05|seen:2023-02-12|date:3d|date:..2023-02-02
气球|间谍气球|气|球美|飞艇|偵察気球|气球 NEAR/3 美国
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def quoting(text: str, rng: random.Random) -> str:
    """The text with a part of it in quotation marks, now and then with somebody who said it."""
    words = text.split()
    start, end = sorted(rng.choices(range(len(words) + 1), k=2))
    said = " ".join(words[start:end])
    if not said or rng.random() < 0.5:
        return text
    speaker = rng.choice(["", " said Ann Reyes", " said Lara Jakes"])
    return " ".join([*words[:start], f"“{said},”{speaker}.", *words[end:]])


def make_stored(rng: random.Random, number: int) -> StoredArticle:
    language = rng.choice(list(WORDS))
    words = WORDS[language].split()

    def draw(most: int) -> str:
        return " ".join(rng.choices(words, k=rng.randrange(most)))

    published = NOW - timedelta(seconds=rng.random() * 86400 * 10)
    article = Article(
        url=f"https://a.example/{number}",
        canonical_url="",
        outlet=rng.choice(["a.example", "b.example", "c.example"]),
        title=draw(7),
        description=draw(9),
        text=quoting(draw(40), rng),
        fetched=NOW,
        authors=tuple(rng.sample(["Lara Jakes", "José Peña", "王小明"], rng.randrange(3))),
        published=None if rng.random() < 0.2 else published,
        language=f"{language}-XX" if language and rng.random() < 0.2 else language,
        section=rng.choice(["", "World", "world", "News"]),
        paywalled=rng.random() < 0.2,
    )
    decision: Any = rng.choice(["on-story", "mention", "off-story"])
    identity = f"aa{number:03}".translate(str.maketrans("0189", "bcde"))
    return StoredArticle(
        id=identity,
        revision=number,
        article=article,
        family="aabb2" if rng.random() < 0.2 else identity,
        verdicts=(Verdict(story="balloon", decision=decision, score=0.5),),
        kept=True,
        first_seen=NOW + timedelta(hours=rng.random() * 48),
        versions=rng.choice([1, 1, 2]),
        archive=None,
        aliases=(),
    )


def write_index(index_dir: Path, *parts: Sequence[StoredArticle]) -> SearchIndex:
    """An index with a segment for each part; of an article that comes again the last form counts."""
    draft = draft_folder(index_dir, FORMAT)
    draft.mkdir(parents=True)
    records = []
    for place, part in enumerate(parts):
        writer = SegmentWriter(LAYOUT)
        for stored in part:
            writer.add(to_document(stored))
        later = {stored.id for other in parts[place + 1 :] for stored in other}
        gone = [number for number, stored in enumerate(part) if stored.id in later]
        records.append(writer.write(draft).strike_out(gone))
    write_state(draft, State(records=tuple(records), generation=1), build_schema())
    publish(draft, index_dir, FORMAT)
    return SearchIndex.open(index_dir)


@dataclass(frozen=True, slots=True)
class Library:
    """An index and the very articles it holds."""

    index: SearchIndex
    folder: Path
    articles: Sequence[StoredArticle]

    def ids(self, query: str) -> set[str]:
        """What the matcher says of each article alone."""
        tree = parse(query, now=NOW)
        return {stored.id for stored in self.articles if matches_alone(tree, stored)}

    def search(self, query: str) -> Matches:
        return self.index.search(parse(query, now=NOW))


def matches_alone(tree: Node, stored: StoredArticle) -> bool:
    flags = ["original" if stored.family == stored.id else "reprint"]
    flags += ["edited"] if stored.versions > 1 else []
    flags += [verdict.decision for verdict in stored.verdicts]
    more = {"id": [stored.id], "group": [stored.family], "story": stored.stories, "is": flags}
    facts = facts_of(stored.article, seen=stored.first_seen, more=more)
    return matches(tree, analyse(stored.article), facts=facts)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    rng = random.Random(3)
    old = [make_stored(rng, number) for number in range(120)]
    changed = [make_stored(rng, number) for number in range(0, 90, 3)]
    new = [make_stored(rng, number) for number in range(120, 220)]
    folder = tmp_path_factory.mktemp("library") / "index"
    index = write_index(folder, old, changed, new)
    articles = {stored.id: stored for stored in (*old, *changed, *new)}
    return Library(index, folder, list(articles.values()))


@pytest.mark.parametrize("query", QUERIES)
def test_the_index_finds_what_the_matcher_finds(library: Library, query: str) -> None:
    found = library.search(query)
    ids = list(found.ids())
    assert set(ids) == library.ids(query)
    assert len(ids) == found.total


tokens = st.sampled_from(
    [
        "balloon",
        "spy",
        "ballons",
        "pena",
        "气球",
        "the",
        "ballo*",
        "*oon",
        "balon~",
        "美",
        "=ballons",
        '"spy balloon"',
        '"the balloon"',
        '"the ballo*"',
        "(spy OR ballons)",
        '(美 OR "spy balloon")',
    ]
)
leaves = st.one_of(
    tokens, tokens.map("title:({})".format), st.sampled_from(["lang:fr", "is:original"])
)
queries = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("({0[0]} OR {0[1]})".format),
        st.tuples(inner, inner).map("({0[0]} {0[1]})".format),
        inner.map("(NOT {})".format),
        st.tuples(tokens, tokens, st.integers(1, 9)).map("({0[0]} NEAR/{0[2]} {0[1]})".format),
        st.tuples(tokens, tokens, st.integers(1, 9)).map("({0[0]} W/{0[2]} {0[1]})".format),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=60)
@given(query=queries)
def test_any_query_finds_what_the_matcher_finds(library: Library, query: str) -> None:
    assert set(library.search(query).ids()) == library.ids(query)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("fold", [True, False], ids=["folded", "all"])
def test_every_order_lists_every_hit_once(library: Library, sort: Any, fold: bool) -> None:
    found = library.search("balloon OR ballon")
    listed = found.top(sort=sort, fold=fold)
    assert len({hit.id for hit in listed}) == len(listed) == (found.texts if fold else found.total)
    assert [hit.id for hit in found.top(7, sort=sort, fold=fold)] == [hit.id for hit in listed[:7]]


def test_a_folded_hit_says_how_many_reprints_match(library: Library) -> None:
    found = library.search("balloon")
    family = {stored.id for stored in library.articles if stored.family == "aabb2"}
    hits = [hit for hit in found.top() if hit.id in family]
    assert [hit.reprints for hit in hits] == [len(family & library.ids("balloon")) - 1]


def test_newest_first_takes_the_first_sight_of_what_has_no_date(library: Library) -> None:
    dates = {
        stored.id: stored.article.published or stored.first_seen for stored in library.articles
    }
    listed = [dates[hit.id] for hit in library.search("*").top(sort="newest", fold=False)]
    assert listed == sorted(listed, reverse=True)
    assert dates[library.search("*").top(1, sort="oldest")[0].id] == min(listed)


def test_facets_add_up_to_the_hits(library: Library) -> None:
    found = library.search("balloon OR ballon")
    for facet in ("outlet", "lang", "day"):
        assert count_values(found, facet).total() == found.total
    flags = count_values(found, "is")
    assert flags["original"] + flags["reprint"] == found.total


@pytest.mark.parametrize(
    ("facet", "query"),
    [
        pytest.param("outlet", "outlet", id="outlet"),
        pytest.param("lang", "lang", id="language"),
        pytest.param("is", "is", id="flag"),
        pytest.param("day", "date", id="day"),
    ],
)
def test_a_facet_counts_what_its_filter_finds(library: Library, facet: str, query: str) -> None:
    for value, count in count_values(library.search("*"), facet).items():
        if value:
            assert library.search(f"{query}:{value}").total == count


def test_a_day_is_one_of_the_zone(library: Library) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    days = Counter(
        stored.article.published.astimezone(zone).date().isoformat()
        if stored.article.published
        else ""
        for stored in library.articles
    )
    assert count_values(library.search("*"), "day", zone=zone) == days


def test_authors_count_one_by_one(library: Library) -> None:
    counted = Counter(author for stored in library.articles for author in stored.article.authors)
    assert count_values(library.search("*"), "author") == counted


def english(number: int, text: str) -> StoredArticle:
    stored = make_stored(random.Random(number), number)
    article = replace(stored.article, title="", description="", text=text, language="")
    return replace(stored, article=article, family=stored.id)


texts = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=1, max_size=30).map(" ".join)


@settings(deadline=None, max_examples=25)
@given(st.lists(texts, min_size=1, max_size=20))
def test_scores_and_phrases_equal_those_of_stock_whoosh(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("scores") / "index"
    articles = [english(number, text) for number, text in enumerate(drawn)]
    index = write_index(folder, articles)
    a, b = Word("a", exact=True), Word("b", exact=True)
    term_a, term_b = Term("text", "a"), Term("text", "b")
    pairs: list[tuple[Node, Any]] = [
        (a, term_a),
        (And((a, b)), WhooshAnd([term_a, term_b])),
        (Or((a, b)), WhooshOr([term_a, term_b])),
        (Phrase("a b"), WhooshPhrase("text", ["a", "b"])),
    ]
    current = current_folder(folder, FORMAT)
    with open_dir(str(current)).searcher(weighting=BM25F(B=B, K1=K1)) as searcher:
        for tree, query in pairs:
            stock = {hit.docnum: hit.score for hit in searcher.search(query, limit=None)}
            ours = {hit.document: hit.score for hit in index.search(tree).top(fold=False)}
            assert ours.keys() == stock.keys()
            if not isinstance(tree, Phrase):  # Whoosh scores a phrase by its words' single places
                assert ours == pytest.approx(stock, rel=1e-5)


def test_a_word_of_the_headline_ranks_an_article_first(tmp_path: Path) -> None:
    plain = english(1, "spy " * 3 + "balloon " + "and more words of the county " * 9)
    headed = english(2, "and more words of the county " * 9)
    headed = replace(headed, article=replace(headed.article, title="The balloon"))
    index = write_index(tmp_path, [plain, headed])
    assert [hit.document for hit in index.search(Word("balloon")).top()] == [1, 0]


def test_score_parts_add_up_to_the_score(library: Library) -> None:
    found = library.search('spy balloon OR "shot down"')
    for hit in found.top(5):
        assert sum(part for _, _, part in found.score_parts(hit)) == pytest.approx(hit.score)


def test_a_wildcard_that_stands_for_too_many_words_is_refused(tmp_path: Path) -> None:
    text = " ".join(f"ab{number}" for number in range(1100))
    index = write_index(tmp_path, [english(1, text)])
    with pytest.raises(UsageError, match="more than 1,000 words"):
        index.search(parse("ab*"))
    assert index.search(parse("ab10*")).total == 1


def test_a_search_ends_with_a_message_when_time_is_over(library: Library) -> None:
    with pytest.raises(UsageError, match="took more than 0 seconds") as caught:
        library.index.search(parse('"spy balloon"'), seconds=0)
    assert "narrower" in caught.value.hint


def test_what_was_found_is_read_to_its_end_at_the_readers_pace(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def marks(found: Matches) -> list[Any]:
        return [found.marks(hit) for hit in found.top(50)]

    whole = marks(library.search('"spy balloon"'))
    found = library.search('"spy balloon"')
    monkeypatch.setattr("index.fulltext.searcher.limits.thread_time", lambda: 1e9)
    assert whole
    assert marks(found) == whole


def test_words_of_the_corpus_are_suggested(library: Library) -> None:
    suggested = dict(suggest_words(library.index.views, "Baloon"))
    assert suggested["balloon"] == library.search("=balloon").total
    assert suggest_words(library.index.views, "ba") == []
    assert suggest_words(library.index.views, "spy-balloon") == []


@pytest.mark.parametrize("word", ["balloon", "气球", "espía", "ballons"])
@given(where=st.integers(0, 6), letter=st.sampled_from("xé气"), way=st.sampled_from(range(4)))
def test_a_typo_is_found_wherever_it_is(
    library: Library, word: str, where: int, letter: str, way: int
) -> None:
    place = where % len(word)
    wrong = (
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[: place - 1] + word[place : place + 1] + word[place - 1 : place] + word[place + 1 :],
    )[way]
    tree = Typo(wrong)
    wanted = {stored.id for stored in library.articles if wrong and matches_alone(tree, stored)}
    assert set(library.index.search(tree).ids()) == wanted


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        pytest.param("", "no search index", "pressclip index", id="none"),
        pytest.param("v0-000001", "older format", "pressclip index", id="older"),
        pytest.param("v99-000001", "newer pressclip", "upgrade", id="newer"),
    ],
)
def test_an_index_that_cannot_be_used_says_what_to_do(
    tmp_path: Path, name: str, message: str, hint: str
) -> None:
    (tmp_path / name).mkdir(exist_ok=True)
    with pytest.raises(IndexUnusable, match=message) as caught:
        SearchIndex.open(tmp_path)
    assert hint in caught.value.hint


def test_a_damaged_index_answers_or_says_so(tmp_path: Path) -> None:
    rng = random.Random(8)
    write_index(tmp_path, [make_stored(rng, number) for number in range(40)])
    (path,) = tmp_path.rglob("*.seg")
    sound = path.read_bytes()
    refused = 0
    for _ in range(150):
        torn = bytearray(sound)
        for place in rng.choices(range(len(torn)), k=4):
            torn[place] = rng.randrange(256)
        path.write_bytes(torn)
        try:
            found = SearchIndex.open(tmp_path).search(parse('"spy balloon" OR ba* OR title:ran'))
        except IndexUnusable:
            refused += 1
        else:
            assert found.total <= 40
    assert refused
    path.write_bytes(sound)
    assert SearchIndex.open(tmp_path).damaged_files() == []


ENGLISH = (
    "Officials said they were tracking it. The spy balloon drifted over Montana. It was shot down later."
    " Nothing else happened in the U.S. that day.\nMr. Smith saw a second one."
)
CHINESE = "外交部发言人表示，该飞艇属于民用性质，用于气象科研。受西风带影响，该飞艇偏离航线。"


@pytest.mark.parametrize(
    ("text", "query", "language", "length", "shown"),
    [
        pytest.param(
            ENGLISH, "montana spy", "en", 240,
            "The [spy] balloon drifted over [Montana]. It was shot down later.", id="two sentences",
        ),
        pytest.param(
            ENGLISH, '"shot down"', "en", 70,
            "It was [shot down] later. Nothing else happened in the U.S. that day.", id="abbreviation",
        ),
        pytest.param(ENGLISH, "smith", "en", 240, "Mr. [Smith] saw a second one.", id="last line"),
        pytest.param(ENGLISH, "zebra", "en", 40, "Officials said they were tracking it.", id="no match"),
        pytest.param(ENGLISH, "montana", "en", 24, "…drifted over [Montana].", id="short"),
        pytest.param(
            CHINESE, "飞艇", "zh", 30, "外交部发言人表示，该[飞艇]属于民用性质，用于气象科研。", id="Chinese"
        ),
        pytest.param(CHINESE, "民用性质", "zh", 12, "…属于[民用性质]，用于气象科…", id="Chinese, short"),
        pytest.param("", "x", "en", 240, "", id="empty"),
    ],
)  # fmt: skip
def test_a_snippet_shows_the_match_in_its_sentence(
    text: str, query: str, language: str, length: int, shown: str
) -> None:
    assert shown_snippet(text, query, language, length) == shown


@given(
    st.text("balloon spy 气球 ไทยที่ é.。\n", max_size=200),
    st.sampled_from(["balloon", "气球", "ไทย", "spy"]),
    st.integers(5, 80),
)
def test_a_snippet_is_a_piece_of_the_text(text: str, query: str, length: int) -> None:
    shown = shown_snippet(text, query, "en", length).replace("[", "").replace("]", "").strip("…")
    assert shown in " ".join(text.splitlines()) or shown in text.replace("\n", " ")
    assert len(shown) <= length + len(query)


def shown_snippet(text: str, query: str, language: str, length: int) -> str:
    article = Article(
        url="", canonical_url="", outlet="", title="", text=text, fetched=NOW, language=language
    )
    tree = parse(query)
    terms = tree.parts if isinstance(tree, And) else (tree,)
    spans = [spans_of(term, "text", analyse(article)) for term in terms]
    snippet = make_snippet(text, spans, language, length=length)
    shown = snippet.text
    for start, end in reversed(snippet.marks):
        shown = f"{shown[:start]}[{shown[start:end]}]{shown[end:]}"
    return shown
