from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.relevance.transliteration import travelling_key


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["balloon", "balon", "ballon", "balonu", "баллон"], id="a loan word"),
        pytest.param(["pentagon", "pentagone", "пентагон", "pentagonu"], id="a name"),
        pytest.param(["chinese", "chinesisch", "chinesa"], id="a people"),
        pytest.param(["turkey", "turcji", "turcja", "turquie", "turkei"], id="endings of vowels"),
        pytest.param(["syria", "syrii", "syrie", "сирия", "συρια"], id="three alphabets"),
        pytest.param(["iran", "iranu", "irane", "иран"], id="a short name"),
        pytest.param(["peshawar", "peszawarze", "пешавар"], id="sh, sz and ш"),
        pytest.param(["kharkov", "charkow"], id="kh and ch"),
        pytest.param(["thailand", "tailandia", "таиланд"], id="th and т"),
        pytest.param(["musharraf", "muszarraf", "muscharraf", "мушарраф"], id="sch and sz"),
    ],
)
def test_words_that_travel_have_one_spelling(words: list[str]) -> None:
    assert len({travelling_key(word) for word in words}) == 1
    assert travelling_key(words[0])


def test_words_that_are_only_alike_have_two() -> None:
    assert travelling_key("ferry") != travelling_key("fahre")


def test_a_number_of_two_digits_and_more_is_its_own_spelling() -> None:
    assert travelling_key("212") == "212"
    assert travelling_key("7") == ""


@pytest.mark.parametrize("word", ["spy", "飞艇", "toe", "aaaa", ""])
def test_a_word_that_says_too_little_has_none(word: str) -> None:
    assert travelling_key(word) == ""


@given(st.text(max_size=12))
def test_a_spelling_is_short_and_the_same_for_what_it_spells(word: str) -> None:
    key = travelling_key(word.casefold())
    assert key == "" or key.isdigit() or 3 <= len(key) <= 5
