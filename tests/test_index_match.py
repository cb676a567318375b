from __future__ import annotations

from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.query import And, Near, Node, Not, Or, Phrase, Typo, Wildcard, Word, parse
from index.query.match import (
    Evidence,
    Facts,
    analyse,
    evidence,
    facts_of,
    is_typo,
    matches,
    spans_of,
)
from index.text.analysis import (
    Terms,
    analyse_text,
    stem_word,
    terms_of_pattern,
    terms_of_typo,
    terms_of_words,
)

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)


def article(
    text: str = "",
    *,
    title: str = "",
    lead: str = "",
    authors: tuple[str, ...] = (),
    language: str = "en",
    published: datetime | None = NOON,
    section: str = "",
    paywalled: bool = False,
) -> Article:
    return Article(
        url="https://harbour-daily.example/1",
        canonical_url="https://harbour-daily.example/1",
        outlet="harbour-daily.example",
        title=title,
        text=text,
        description=lead,
        authors=authors,
        language=language,
        published=published,
        section=section,
        paywalled=paywalled,
        fetched=NOON,
    )


def found(query: str, *, now: datetime = NOON, **fields: object) -> bool:
    return matches(parse(query, now=now), analyse(article(**fields)))  # type: ignore[arg-type]


TEXT = "Officials tracked two large balloons over the prairie. A spy-balloon was shot down at sea."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("balloon", True, id="an inflected form"),
        pytest.param("=balloons =balloon", True, id="exact forms"),
        pytest.param("=official", False, id="an exact form that is not there"),
        pytest.param('"large balloons"', True, id="phrase"),
        pytest.param('"large balloon"', False, id="a phrase takes words as they are"),
        pytest.param('"spy balloon"', True, id="a hyphen is a space"),
        pytest.param("spy-balloon", True, id="a hyphened word is a phrase"),
        pytest.param("tracked NEAR/3 balloon", True, id="near"),
        pytest.param("balloon NEAR/3 tracked", True, id="near in any order"),
        pytest.param("balloon W/3 tracked", False, id="in order"),
        pytest.param("shot W/1 down W/2 sea", True, id="one after the other"),
        pytest.param('"prairie large two"~5', True, id="words in a window"),
        pytest.param('"prairie tracked"~4', False, id="words too far for it"),
        pytest.param("(prairie OR steppe) NEAR/3 ball*", True, id="or within near"),
        pytest.param('(prairie OR "shot down") NEAR/3 "at sea"', True, id="phrases within near"),
        pytest.param("prair* *cials ba*ns", True, id="wildcards"),
        pytest.param("ba*x", False, id="a wildcard that fits nothing"),
        pytest.param("prarie~ seaa~ offcials~", True, id="typos"),
        pytest.param("priarie~", True, id="two letters swapped"),
        pytest.param("praire~ -sae", True, id="not"),
        pytest.param("balloon -prairie", False, id="and not"),
        pytest.param("zeppelin OR balloon", True, id="or"),
        pytest.param("title:balloon", False, id="another zone"),
        pytest.param("*", True, id="everything"),
        pytest.param("outlet:harbour-daily.example", True, id="outlet"),
        pytest.param("outlet:HARBOUR-daily.example,x", True, id="outlet in any case"),
        pytest.param("lang:en-GB", True, id="language"),
        pytest.param("country:us", False, id="a fact that is not known"),
        pytest.param("date:2023-02-04 -date:>2023-02-04", True, id="date"),
        pytest.param("seen:*", False, id="a date that is not known"),
        pytest.param("is:undated", False, id="dated"),
    ],
)
def test_a_query_on_an_article(query: str, expected: bool) -> None:
    assert found(query, text=TEXT) is expected


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("飞艇", "发言人表示，该飞艇来自中国", "zh", id="within a longer run"),
        pytest.param("飞", "该飞艇来自中国", "zh", id="one letter"),
        pytest.param("国", "该飞艇来自中国", "zh", id="the last letter"),
        pytest.param('"来自 中国"', "该飞艇来自中国", "zh", id="a phrase with a space"),
        pytest.param("飞艇 NEAR/6 中国", "该飞艇来自中国", "zh", id="near"),
        pytest.param("기구", "정찰기구가", "ko", id="before a particle"),
        pytest.param("pekin", "À Pékin, hier", "fr", id="without accents"),
        pytest.param("espion", "l’espion", "fr", id="after an elision"),
        pytest.param("F22 US", "The U.S. sent an F-22.", "en", id="spellings"),
        pytest.param("аэростат", "полёт аэростата", "ru", id="a case ending"),
        pytest.param("امريكا", "أمريكا", "ar", id="Arabic letters"),
    ],
)
def test_every_language_is_searched_in_its_own_way(query: str, text: str, language: str) -> None:
    assert found(query, text=text, language=language)


def test_a_bare_word_looks_into_title_lead_and_text_but_not_at_the_author() -> None:
    assert found("balloon", title="Balloon")
    assert found("balloon", lead="Balloon")
    assert not found("balloon", authors=("Ann Balloon",))
    assert found('author:"Ann Balloon"', authors=("Bo Li", "Ann Balloon"))


def test_the_parts_of_and_may_stand_apart_but_those_of_near_and_a_phrase_may_not() -> None:
    assert found("spy balloon", title="Spy", text="balloon")
    assert not found("spy NEAR/9 balloon", title="Spy", text="balloon")
    assert not found('"spy balloon"', title="Spy", text="balloon")


def test_a_near_with_a_title_word_stands_in_the_title() -> None:
    assert found("title:spy NEAR/3 balloon", title="A spy balloon")
    assert not found("title:spy NEAR/3 balloon", title="A spy", text="spy balloon")


def test_names_are_not_stemmed() -> None:
    assert not found("author:banks", authors=("Iain Bank",))


def test_an_article_of_unknown_language_is_searched_by_exact_forms() -> None:
    assert not found("balloon", text="balloons", language="")
    assert found("balloon lang:und", text="balloon", language="")


def test_undated_and_paywalled_are_facts_of_the_article_itself() -> None:
    assert found("is:undated is:paywalled", published=None, paywalled=True)
    assert not found("date:*", published=None)


def test_facts_from_elsewhere_join_those_of_the_article() -> None:
    one = article(section="World")
    facts = facts_of(
        one, seen=NOON, more={"country": ["us"], "is": ["edited"], "story": ["balloon"]}
    )
    query = parse("country:us is:edited story:balloon seen:2023-02-04 section:world")
    assert matches(query, analyse(one), facts=facts)
    assert not matches(query, analyse(one), facts=Facts())


def test_evidence_names_terms_by_zone_and_the_choice_within_near() -> None:
    tree = parse('"spy balloon" OR ball* NEAR/4 (prairie OR steppe OR tracked) -jet')
    told = evidence(tree, analyse(article(TEXT, title="A spy balloon")))
    assert told == [
        Evidence(zone="title", term='"spy balloon"', count=1, first=(1, 2)),
        Evidence(zone="text", term="ball* NEAR/4 tracked", count=1, first=(1, 4)),
        Evidence(zone="text", term="ball* NEAR/4 prairie", count=2, first=(4, 7)),
        Evidence(zone="text", term='"spy balloon"', count=1, first=(9, 10)),
    ]


def test_words_of_scripts_without_spaces_count_by_halves() -> None:
    assert analyse(article("该飞艇来自中国 F-22")).zones["text"].words == 5


# A slow reference: every position tried, one at a time, by the letter of `index.query`.


def stands(slot_kind: str, slot_text: str, token: str) -> bool:
    if slot_kind == "starts":
        return token.startswith(slot_text)
    if slot_kind == "pattern":
        return fnmatchcase(token, slot_text)
    if slot_kind == "typo":
        return edits(slot_text, token) <= 1
    return token == slot_text


def edits(one: str, other: str) -> int:
    """Optimal string alignment distance (Damerau 1964, Levenshtein 1966)."""
    rows = [[max(i, j) for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, j in product(range(1, len(one) + 1), range(1, len(other) + 1)):
        cost = one[i - 1] != other[j - 1]
        best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 1] + other[j - 2]:
            best = min(best, rows[i - 2][j - 2] + 1)
        rows[i][j] = best
    return rows[-1][-1]


def brute_terms(terms: Terms, tokens: list[str]) -> set[tuple[int, int]]:
    return {
        (place, place + terms.length - 1)
        for place in range(len(tokens))
        if all(
            place + slot.offset < len(tokens)
            and stands(slot.kind, slot.text, tokens[place + slot.offset])
            for slot in terms.slots
        )
    }


def brute_spans(node: Node, text: str, language: str) -> set[tuple[int, int]]:
    analysis = analyse_text(text, language)
    match node:
        case Word(word, exact=exact):
            terms = terms_of_words(word)
            spans = brute_terms(terms, analysis.tokens)
            stem = stem_word(word, language)
            if not exact and stem:
                spans |= {(at, at) for at, own in enumerate(analysis.stems) if own == stem}
            return spans
        case Phrase(words):
            return brute_terms(terms_of_words(words), analysis.tokens)
        case Wildcard(pattern):
            return brute_terms(terms_of_pattern(pattern), analysis.tokens)
        case Typo(word):
            return brute_terms(terms_of_typo(word), analysis.tokens)
        case Or(parts):
            return {span for part in parts for span in brute_spans(part, text, language)}
        case Near((left, right), distance, ordered):
            pairs = product(brute_spans(left, text, language), brute_spans(right, text, language))
            return {
                (min(a[0], b[0]), max(a[1], b[1]))
                for a, b in pairs
                if (a[1] < b[0] <= a[1] + distance)
                or (
                    not ordered
                    and max(a[0], b[0]) - min(a[1], b[1]) <= distance
                    and not {*a} & {*b}
                )
            }
        case _:
            raise AssertionError(node)


def brute(node: Node, one: Article) -> bool:
    match node:
        case And(parts):
            return all(brute(part, one) for part in parts)
        case Not(part):
            return not brute(part, one)
        case Or(parts):
            return any(brute(part, one) for part in parts)
        case _:
            zones = (one.title, one.description, one.text)
            return any(brute_spans(node, zone, one.language) for zone in zones)


VOCABULARY = [
    "spy",
    "spies",
    "balloon",
    "balloons",
    "baloon",
    "down",
    "飞艇来",
    "飞艇",
    "艇",
    "F-22",
]
prose = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
leaf = (
    st.builds(Word, st.sampled_from(VOCABULARY), exact=st.booleans())
    | st.builds(Phrase, st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(" ".join))
    | st.builds(Wildcard, st.sampled_from(["ball*", "*oon", "sp*s", "f2*"]))
    | st.builds(Typo, st.sampled_from(["baloon", "blaloon", "donw", "spx"]))
)
near = st.recursive(
    leaf,
    lambda part: (
        st.builds(Near, st.tuples(part, part), st.integers(1, 4), st.booleans())
        | st.tuples(part, part).map(Or)
    ),
    max_leaves=4,
)
queries = st.recursive(
    near,
    lambda part: st.tuples(part, part).map(Or) | st.tuples(part, part).map(And) | part.map(Not),
    max_leaves=4,
)


@given(queries, prose, prose, prose, st.sampled_from(["en", "", "zh"]))
def test_the_matcher_agrees_with_every_position_tried(
    tree: Node, title: str, lead: str, text: str, language: str
) -> None:
    one = article(text, title=title, lead=lead, language=language)
    assert matches(tree, analyse(one)) == brute(tree, one)


@given(near, prose)
def test_the_places_found_are_those_of_every_position_tried(tree: Node, text: str) -> None:
    assert spans_of(tree, "text", analyse(article(text))) == sorted(brute_spans(tree, text, "en"))


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_a_typo_is_one_edit(one: str, other: str) -> None:
    assert is_typo(one, other) == (edits(one, other) <= 1)
