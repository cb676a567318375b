from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.study.collocates import find_collocates
from index.study.dispersion import Places, count_bins, spread_over
from index.study.grams import find_grams, frequent_grams
from index.study.keywords import find_keywords
from index.study.statistics import (
    bootstrap_share,
    deviation,
    holm,
    log_dice,
    log_likelihood,
    log_ratio,
    p_value,
    wilson,
)
from index.study.word_counts import Text, node_keys, tally, vocabulary
from index.text.sentences import split_sentences


def text(said: str, *, outlet: str = "a.example", language: str = "en", name: str = "a") -> Text:
    return Text(id=name, outlet=outlet, language=language, zones=("", said))


def test_the_measures_are_those_of_the_literature() -> None:
    # Rayson's calculator (ucrel.lancs.ac.uk/llwizard.html): 100 of 10,000 against 50 of 20,000
    assert log_likelihood(100, 10_000, 50, 20_000) == pytest.approx(69.49, abs=0.6)
    assert log_ratio(100, 10_000, 50, 20_000) == pytest.approx(2.0)
    assert log_ratio(4, 1000, 0, 1000) == pytest.approx(3.0)
    assert p_value(3.841459) == pytest.approx(0.05, abs=1e-6)
    assert log_dice(10, 10, 10) == 14
    assert deviation([10, 10], [5, 5]) == 0
    assert deviation([10, 10], [10, 0]) == 0.5
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    low, high = wilson(10, 100)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_interval_holds_the_share(count: int, more: int) -> None:
    low, high = wilson(count, count + more)
    share = count / (count + more) if count + more else 0.5
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_outlets_that_differ_make_an_interval_wide() -> None:
    alike = bootstrap_share([(10, 100)] * 8)
    apart = bootstrap_share([(80, 100), *[(0, 100)] * 7])
    assert alike == (0.1, 0.1)
    assert apart is not None
    assert apart.high - apart.low > 0.1
    assert bootstrap_share([(1, 2), (1, 2)]) is None


def test_a_keyword_is_in_several_articles_and_shown_as_it_is_written() -> None:
    own = [
        text("The Balloons drifted. Balloons came. Zeppelin " * 3, name=str(n)) for n in range(4)
    ]
    own.append(text("dirigible " * 60, name="long"))
    others = [text("Pies and sheep were there, the brass band played. " * 4) for _ in range(9)]
    found = find_keywords(tally(own), tally(others), alpha=0.01)
    assert [one.word for one in found.own][:2] == ["Balloons", "Zeppelin"]
    assert "dirigible" not in {one.word for one in found.own}
    assert found.own[0].articles == 4
    assert found.own[0].other_uses == 0
    assert all(one.ratio < 0 for one in found.others)


def test_texts_that_are_alike_have_no_keywords_and_nothing_has_none() -> None:
    same = tally([text("one two three") for _ in range(9)])
    assert find_keywords(same, same).own == ()
    assert find_keywords(same, tally([])).tested == 0


def test_all_forms_of_a_word_are_one_and_numbers_none() -> None:
    counted = tally([text("balloon balloons 2023 Balloons", outlet="b.example"), text("balloons")])
    assert counted.uses == {"en:balloon": 4}
    assert counted.outlets == {"en:balloon": 2}
    assert counted.written["en:balloon"] == ("balloons", 2)
    assert tally([text("spy balloons. Spy balloons")], ngram=2).uses == {"en:spi en:balloon": 2}


def test_runs_of_letters_stand_for_words_where_there_are_no_spaces() -> None:
    said = [
        "外交部发言人表示，该飞艇属民用性质。",
        "飞艇误入，外交部表示遗憾。",
        "民用飞艇，外交部说。",
    ] * 2
    grams = frequent_grams(said, least=4)
    assert {"外交部", "飞艇", "民用"} <= grams
    assert not {"外交", "交部"} & grams
    assert [gram for gram, _ in find_grams("外交部的F22飞艇", grams)] == ["外交部", "f22", "飞艇"]
    texts = [text(one, language="zh") for one in said]
    assert "飞艇" in tally(texts, grams=vocabulary(texts, least=4)).uses


def test_collocates_stand_near_and_in_the_same_sentence() -> None:
    texts = [
        text(
            f"The white balloon drifted on. Sheep {n} slept in a far away field by the river there"
        )
        for n in range(9)
    ]
    node = node_keys(["balloons"], "en")
    assert node is not None
    found = find_collocates(texts, node, left=1, right=1)
    assert {(one.word, one.left, one.right) for one in found.found} == {
        ("white", 9, 0), ("drifted", 0, 9),
    }  # fmt: skip
    assert (found.node, found.articles) == (9, 9)
    assert find_collocates(texts, node, left=0, right=1).found[0].word == "drifted"
    assert node_keys(["spy balloon"], "en") is None


def test_places_are_counted_from_the_beginning_to_the_end() -> None:
    assert count_bins([0.0, 0.49, 0.5, 1.0], 2) == [2, 2]
    one = Places(id="a", outlet="x", words=100, places=(0.1, 0.2))
    assert spread_over([one]) == 0
    empty = Places(id="b", outlet="x", words=100, places=())
    assert math.isclose(spread_over([one, empty]), 0.5)


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ("Gen. Pat Ryder spoke. He left.", ["Gen. Pat Ryder spoke.", "He left."]),
        ("The U.S. officials said no. “Why?” they asked.", None),
        ("It rose 3.5 percent! Really?", ["It rose 3.5 percent!", "Really?"]),
        ("他说：“不。”然后走了。", ["他说：“不。”", "然后走了。"]),
        ("Ligne une\nLigne deux", ["Ligne une", "Ligne deux"]),
        ("ما هذا؟ لا أعرف.", ["ما هذا؟", "لا أعرف."]),
        ("", []),
    ],
)
def test_sentences_end_at_signs_but_not_at_abbreviations(
    said: str, sentences: list[str] | None
) -> None:
    wanted = sentences or ["The U.S. officials said no.", "“Why?” they asked."]
    assert split_sentences(said) == (wanted if said else [])
