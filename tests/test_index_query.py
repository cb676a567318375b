from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.errors import QuerySyntaxError, UsageError
from index.query import (
    FIELDS,
    FLAGS,
    MAX_CHARACTERS,
    And,
    Everything,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Typo,
    Wildcard,
    Word,
    expand_collections,
    parse,
    parts_of,
    rewrite,
    unparse,
    walk,
)

NOW = datetime(2023, 2, 8, 12, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def day(number: int) -> datetime:
    return datetime(2023, 2, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param("balloon", Word("balloon"), id="word"),
        pytest.param("balloon montana", And((Word("balloon"), Word("montana"))), id="implied and"),
        pytest.param("a and b AND c", And((Word("a"), Word("b"), Word("c"))), id="and"),
        pytest.param("a or b | c", Or((Word("a"), Word("b"), Word("c"))), id="or"),
        pytest.param(
            "a b OR c", Or((And((Word("a"), Word("b"))), Word("c"))), id="and binds more than or"
        ),
        pytest.param("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c"))), id="brackets"),
        pytest.param("a (b c)", And((Word("a"), Word("b"), Word("c"))), id="and within and"),
        pytest.param("-festival", Not(Word("festival")), id="a lone minus"),
        pytest.param("spy -jet", And((Word("spy"), Not(Word("jet")))), id="minus"),
        pytest.param("not a b", And((Not(Word("a")), Word("b"))), id="not"),
        pytest.param(
            "a AND NOT (b c)", And((Word("a"), Not(And((Word("b"), Word("c")))))), id="not"
        ),
        pytest.param('"spy  balloon"', Phrase("spy balloon"), id="phrase"),
        pytest.param("“spy balloon”", Phrase("spy balloon"), id="curly quotes"),
        pytest.param("«ballon espion»", Phrase("ballon espion"), id="guillemets"),
        pytest.param('"or"', Phrase("or"), id="an operator in quotes is a word"),
        pytest.param(
            '"a b c"~5', Near((Word("a"), Word("b"), Word("c")), 5), id="words near each other"
        ),
        pytest.param("a NEAR/8 b", Near((Word("a"), Word("b")), 8), id="near"),
        pytest.param("a w/3 b", Near((Word("a"), Word("b")), 3, ordered=True), id="in order"),
        pytest.param(
            "a near/3 b W/2 c",
            Near((Near((Word("a"), Word("b")), 3), Word("c")), 2, ordered=True),
            id="near from the left",
        ),
        pytest.param("near here", And((Word("near"), Word("here"))), id="near is also a word"),
        pytest.param(
            'ballo* NEAR/12 (Chin* OR "the Pentagon" OR baloon~)',
            Near(
                (
                    Wildcard("ballo*"),
                    Or((Wildcard("Chin*"), Phrase("the Pentagon"), Typo("baloon"))),
                ),
                12,
            ),
            id="brackets, phrases and wildcards in near",
        ),
        pytest.param(
            "-a NEAR/3 b", Not(Near((Word("a"), Word("b")), 3)), id="near binds more than not"
        ),
        pytest.param(
            "ballo* *loon ba*on",
            And((Wildcard("ballo*"), Wildcard("*loon"), Wildcard("ba*on"))),
            id="wildcards",
        ),
        pytest.param(
            '"spy ball*"',
            Near((Word("spy", exact=True), Wildcard("ball*")), 1, ordered=True),
            id="a wildcard in a phrase",
        ),
        pytest.param(
            "气球* *飞艇*", And((Word("气球"), Word("飞艇"))), id="stars at runs without spaces"
        ),
        pytest.param("=Balloons", Word("Balloons", exact=True), id="exact"),
        pytest.param("title:balloon", Word("balloon", "title"), id="title"),
        pytest.param(
            "TITLE:=Balloon", Word("Balloon", "title", exact=True), id="exact in the title"
        ),
        pytest.param('author:"Lara Jakes"', Phrase("Lara Jakes", "author"), id="author"),
        pytest.param(
            "title:a,b",
            Or((Word("a", "title"), Word("b", "title"))),
            id="any of these in the title",
        ),
        pytest.param(
            "title:(a OR b) c",
            And((Or((Word("a", "title"), Word("b", "title"))), Word("c"))),
            id="a field for brackets",
        ),
        pytest.param(
            "title：（balloon）　x",
            And((Word("balloon", "title"), Word("x"))),
            id="full width signs",
        ),
        pytest.param(
            "outlet:apnews.com,bbc.com",
            Filter("outlet", ("apnews.com", "bbc.com")),
            id="a comma list",
        ),
        pytest.param(
            'section:"World news",politics',
            Filter("section", ("World news", "politics")),
            id="quoted values",
        ),
        pytest.param("-lang:pt-BR", Not(Filter("lang", ("pt-BR",))), id="not a language"),
        pytest.param("is:reprint,edited", Filter("is", ("reprint", "edited")), id="is"),
        pytest.param("date:2023-02-04", Period("date", day(4), day(5)), id="one day"),
        pytest.param("date:>2023-02-04", Period("date", day(5), None), id="after a day"),
        pytest.param("seen:today", Period("seen", day(8), day(9)), id="seen today"),
        pytest.param(
            'date:"last week"',
            Period("date", datetime(2023, 1, 30, tzinfo=UTC), day(6)),
            id="last week",
        ),
        pytest.param("*", Everything(), id="everything"),
        pytest.param(
            "12:30 U.S. F-22",
            And((Word("12:30"), Word("U.S."), Word("F-22"))),
            id="signs within words",
        ),
        pytest.param(
            "Pentagon: balloon – what",
            And((Word("Pentagon:"), Word("balloon"), Word("what"))),
            id="a pasted headline",
        ),
        pytest.param("外交部：民用", Word("外交部:民用"), id="a colon after another script"),
    ],
)
def test_a_query_reads_as(text: str, tree: Node) -> None:
    assert parse(text, now=NOW) == tree


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        pytest.param("balloon outlt:bbc.com", 8, "no such field: outlt:", "outlet:", id="field"),
        pytest.param("site:bbc.com", 0, "no such field", "outlet:", id="a field of other tools"),
        pytest.param("https://a.example/b", 0, "no such field", "pressclip why", id="an address"),
        pytest.param("size:3", 0, "no such field", "quotes", id="a field like no other"),
        pytest.param("title: balloon", 0, "has no value", "title:balloon", id="a space after it"),
        pytest.param("", 0, "no word", "*", id="empty"),
        pytest.param(" – !! ", 6, "no word", "*", id="only signs"),
        pytest.param("balloon OR", 8, "nothing after OR", "help", id="open or"),
        pytest.param("or balloon", 0, "nothing before or", '"or"', id="or first"),
        pytest.param("a NEAR/3", 2, "nothing after NEAR/3", "help", id="open near"),
        pytest.param("a AND OR b", 6, "nothing before OR", '"OR"', id="two operators"),
        pytest.param('a "b c', 2, "never closed", '"', id="open quote"),
        pytest.param('title:"b c', 6, "never closed", '"', id="open quote in a field"),
        pytest.param("(a (b)", 0, "never closed", ")", id="open bracket"),
        pytest.param("a) b", 1, "without an opening", ")", id="stray bracket"),
        pytest.param("a ()", 3, "nothing between", "()", id="empty brackets"),
        pytest.param("b*", 0, "two letters", "ballo*", id="short prefix"),
        pytest.param("*ballo*", 0, "two letters", "ballo*", id="stars at both ends"),
        pytest.param("气*球", 0, "wildcard inside", "W/5", id="star in a run without spaces"),
        pytest.param("wom?n", 0, "question mark", "wom*n", id="question mark"),
        pytest.param("ab~", 0, "three letters", "baloon~", id="short typo"),
        pytest.param("气球~", 0, "no meaning", "~", id="typo in a run without spaces"),
        pytest.param("ba*on~", 0, "in one word", "one", id="wildcard and typo"),
        pytest.param("=ballo*", 0, "with a wildcard", "=", id="exact and wildcard"),
        pytest.param('"a"~3', 0, "two words", "word~", id="one word near itself"),
        pytest.param('"a * b"', 0, "stands alone", "W/2", id="star in quotes"),
        pytest.param("a NEAR/0 b", 2, "distance", "1 to 100", id="distance 0"),
        pytest.param("a NEAR/101 b", 2, "distance", "1 to 100", id="distance 101"),
        pytest.param("a NEAR/3 (b c)", 9, "cannot take", "(a OR b)", id="and in near"),
        pytest.param("a NEAR/3 (b OR -c)", 9, "cannot take", "(a OR b)", id="not in near"),
        pytest.param("lang:en NEAR/3 b", 0, "cannot take", "(a OR b)", id="filter in near"),
        pytest.param("lang:english", 5, "language code", "lang:fr", id="language name"),
        pytest.param("is:orignal", 3, "no such property", "is:original", id="is"),
        pytest.param("is:zzzz", 3, "no such property", "reprint", id="is like no other"),
        pytest.param('id:""', 3, "empty value", "fields", id="empty value"),
        pytest.param("outlet:a, b", 8, "after a space", "comma", id="space in a list"),
        pytest.param("date:tomorow", 5, "no such date", "2023-02-04", id="date"),
        pytest.param("date:2023-02-10..2023-02-01", 5, "ends before", "2023", id="period"),
        pytest.param("query:mornin", 6, "no saved query", "query:morning", id="saved query"),
        pytest.param("query:zzz", 6, "no saved query", "workspace.toml", id="no saved query"),
        pytest.param("query:loop", 8, "contains itself", "help", id="saved query in itself"),
        pytest.param(
            "query:broken", 2, "in the saved query broken", "quotes", id="broken saved query"
        ),
        pytest.param("(" * 21 + "a" + ")" * 21, 20, "deeper than 20", "brackets", id="depth"),
        pytest.param("-" * 21 + "a", 20, "deeper than 20", "brackets", id="nots"),
        pytest.param("ab " * 65, 0, "more than 64", "two queries", id="terms"),
        pytest.param("a" * 1001, 1000, "1,001 characters", "query:NAME", id="length"),
    ],
)
def test_a_fault_is_shown_with_its_place_and_a_hint(
    text: str, column: int, message: str, hint: str
) -> None:
    saved = {"morning": "a", "loop": "b query:loop", "broken": "a size:3"}
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text, now=NOW, saved=saved)
    error = caught.value
    assert (error.column, message in str(error), hint in error.hint) == (column, True, True)


def test_a_saved_query_stands_in_brackets_of_its_own() -> None:
    tree = parse("query:spy montana", saved={"spy": "query:other OR plane", "other": "balloon"})
    assert str(tree) == "(balloon OR plane) montana"


def test_saved_queries_count_as_brackets() -> None:
    saved = {f"q{n}": f"query:q{n + 1}" for n in range(30)}
    with pytest.raises(QuerySyntaxError, match="deeper than 20"):
        parse("query:q0", saved=saved)


def test_a_flat_chain_of_near_is_read_at_any_length() -> None:
    tree = parse(" NEAR/3 ".join(["ab"] * 64))
    assert sum(isinstance(node, Near) for node in walk(tree)) == 63
    assert parse(str(tree)) == tree


def test_controls_and_halves_of_surrogate_pairs_count_as_spaces() -> None:
    assert parse("a\x00b\ud800c") == And((Word("a"), Word("b"), Word("c")))


def test_days_are_whole_days_of_the_zone() -> None:
    tree = parse("date:2023-02-04", zone=PARIS)
    assert tree == Period("date", day(4) - timedelta(hours=1), day(5) - timedelta(hours=1))
    assert unparse(tree, zone=PARIS) == "date:2023-02-04"
    assert str(tree) == "date:2023-02-03T23:00:00Z..2023-02-04T22:59:59Z"


def test_collections_become_their_outlets() -> None:
    tree = parse("a -outlet:@china,bbc.com id:@china")
    found = expand_collections(tree, {"china": ("scmp.com", "bbc.com")})
    assert str(found) == "a -outlet:scmp.com,bbc.com id:@china"


def test_an_unknown_collection_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        expand_collections(parse("outlet:@chna"), {"china": ("scmp.com",)})
    assert "@china" in caught.value.hint


def test_a_tree_can_be_rewritten_part_by_part() -> None:
    tree = parse('a (b OR -c) "d e"~3')
    renamed = rewrite(
        tree, lambda node: Word(node.text.upper()) if isinstance(node, Word) else node
    )
    assert str(renamed) == "A (B OR -C) D NEAR/3 E"


LETTERS = string.ascii_letters + "éßЖ中あ한١"
words = st.text(LETTERS, min_size=2, max_size=6).filter(
    lambda word: word.casefold() not in ("and", "or", "not")
)
ascii_words = st.text(string.ascii_lowercase, min_size=4, max_size=8).map(lambda word: word + "q")
texts = st.lists(words, min_size=1, max_size=3).map(" ".join)
zones: st.SearchStrategy[Any] = st.sampled_from(["any", "title", "author"])
moments = st.datetimes(
    datetime(2001, 1, 1),
    datetime(2030, 1, 1),
    timezones=st.just(UTC),
)
single = (
    st.builds(Word, words, zones, st.booleans())
    | st.builds(Wildcard, ascii_words.map(lambda word: word + "*"), zones)
    | st.builds(Typo, ascii_words, zones)
)
leaves = single | st.builds(Phrase, texts, zones)
filters = (
    st.builds(Filter, st.sampled_from(["outlet", "id", "section"]), st.tuples(texts, words))
    | st.builds(Filter, st.just("is"), st.lists(st.sampled_from(FLAGS), min_size=1).map(tuple))
    | st.builds(
        lambda start, length: Period("date", start, start + length),
        moments,
        st.timedeltas(timedelta(seconds=1), timedelta(days=400)),
    )
    | st.builds(Period, st.just("seen"), moments, st.none())
    | st.just(Everything())
)


def positional(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.tuples(parts, parts)
    return st.builds(Near, pairs, st.integers(1, 100), st.booleans()) | pairs.map(flat_or)


def flat_or(parts: tuple[Node, ...]) -> Node:
    return Or(tuple(p for part in parts for p in (part.parts if isinstance(part, Or) else (part,))))


def flat_and(parts: tuple[Node, ...]) -> Node:
    return And(
        tuple(p for part in parts for p in (part.parts if isinstance(part, And) else (part,)))
    )


windows = st.builds(
    lambda zone, words, distance: Near(tuple(Word(word, zone) for word in words), distance),
    zones,
    st.lists(words, min_size=3, max_size=4),
    st.integers(1, 100),
)
near_trees = st.recursive(leaves | windows, positional, max_leaves=6)
trees = st.recursive(
    near_trees | filters,
    lambda parts: (
        st.tuples(parts, parts).map(flat_or)
        | st.tuples(parts, parts).map(flat_and)
        | parts.map(Not)
    ),
    max_leaves=8,
)


@given(trees)
def test_a_tree_is_read_back_from_its_own_text(tree: Node) -> None:
    text = str(tree)
    assume(len(text) <= MAX_CHARACTERS)
    assert parse(text) == tree


SIGNS = (
    *('"', "(", ")", "-", "~", "~3", "*", "=", ":", ",", "NEAR/3", "W/2", "or", "not", "..", ">"),
    *("“", "」", "（", "：", "?", "/", "'s", "\x00", "\ud800", " "),
)
NAMES = (
    *("a", "spy", "ba*", "title:", "date:", "7d", "2023-02", "lang:", "fr", "is:", "气球", "é"),
    *("U.S.", "query:", "q"),
)
pieces = st.sampled_from([*SIGNS, *NAMES])


@given(st.text(max_size=60) | st.lists(pieces, max_size=25).map("".join))
def test_any_text_is_read_or_refused_and_what_is_read_can_be_written(text: str) -> None:
    try:
        tree = parse(text, now=NOW, saved={"q": "x OR y"})
    except QuerySyntaxError as error:
        fault = error
        tree = None
    if tree is None:
        assert 0 <= fault.column <= len(fault.query)
    elif len(str(tree)) <= MAX_CHARACTERS:
        assert parse(str(tree), now=NOW) == tree


def test_the_parts_of_a_tree_are_walked_parents_first() -> None:
    tree = parse("a -(b NEAR/2 c)")
    assert [type(node) for node in walk(tree)] == [And, Word, Not, Near, Word, Word]
    assert parts_of(Everything()) == ()


def examples() -> list[str]:
    page = (Path(__file__).parent.parent / "docs" / "query.md").read_text(encoding="utf-8")
    page = re.sub(r"^```console\n.*?^```\n", "", page, flags=re.DOTALL | re.MULTILINE)
    blocks = re.findall(r"^```\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("line", examples())
def test_every_example_of_the_documentation_is_read(line: str) -> None:
    *queries, last = re.split(r"\s{3,}", line)
    for query in queries if queries else [last]:
        parse(query, now=NOW, saved={"morning": "a"})


def test_every_field_and_property_is_documented() -> None:
    shown = "\n".join(examples())
    assert all(f"{name}:" in shown for name in FIELDS)
    assert all(f"is:{name}" in shown for name in FLAGS)
