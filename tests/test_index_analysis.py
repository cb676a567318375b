from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.analysis import (
    Slot,
    analyse_text,
    fold,
    holds_paired_script,
    primary_language,
    read_tokens,
    stem_word,
    stemmed_languages,
    terms_of_pattern,
    terms_of_typo,
    terms_of_words,
)
from index.text.analysis.plurals import singular

LANGUAGES = ("", "en", "fr", "ru", "ar", "zh", "th", "hi")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("The Spy-Balloon", "the spy balloon", id="case and hyphen"),
        pytest.param("F-22 F22 f‐22", "f22 f22 f22", id="a name with a number"),
        pytest.param("MiG-29 COVID-19 A-10C", "mig29 covid19 a10c", id="longer names"),
        pytest.param("mid-2023 2023-02-04", "mid 2023 2023 02 04", id="years and dates"),
        pytest.param("18-year-old", "18 year old", id="number first"),
        pytest.param("U.S. US U.S.A. e.g. J.D.", "us us usa eg jd", id="dotted letters"),
        pytest.param("end.Next 3.5 a.example", "end next 3 5 a example", id="other dots"),
        pytest.param("Pentagon’s Xi's boys'", "pentagon xi boys", id="possessive"),
        pytest.param("l’espion d'Or qu'il dell'arte", "espion or il arte", id="elision"),
        pytest.param("don't O’Brien jusqu'à", "dont obrien a", id="other apostrophes"),
        pytest.param(
            "Pékin ÉTÉ naïve Łódź smørbrød", "pekin ete naive lodz smorbrod", id="accents"
        ),
        pytest.param("Straße œuvre ﬁn ＵＳ", "strasse oeuvre fin us", id="compatibility"),
        pytest.param(
            "e\u0301te\u0301 soft\u00adly zero\u200bwidth", "ete softly zerowidth", id="marks"
        ),
        pytest.param("Αθήνα ΟΔΟΣ", "αθηνα οδοσ", id="Greek"),
        pytest.param("ёлка Йод", "елка йод", id="Russian"),
        pytest.param("المُنطاد أمريكا", "المنطاد امريكا", id="Arabic"),
        pytest.param("भारतीय गुब्बारा", "भारतीय गुब्बारा", id="Hindi"),
        pytest.param("𑄌𑄋𑄴𑄟𑄳𑄦", "𑄌𑄋𑄴𑄟𑄳𑄦", id="Chakma, beyond the first plane"),
        pytest.param("飞艇来自", "飞艇 艇来 来自 自", id="Chinese"),
        pytest.param("F-22战机", "f22 战机 机", id="two scripts"),
        pytest.param("中国F-22战机的U.S.", "中国 国 f22 战机 机的 的 us", id="scripts that touch"),
        pytest.param("한국의", "한국 국의 의", id="Korean"),
        pytest.param("ｶﾞｽ", "ガス ス", id="half-width kana"),
        pytest.param("บอลลูน", "บอ อล ลลู ลูน น", id="Thai"),
        pytest.param("球", "球", id="one letter"),
        pytest.param("– … «»!", "", id="signs"),
    ],
)
def test_a_text_becomes_tokens(text: str, tokens: str) -> None:
    assert analyse_text(text, "").tokens == tokens.split()


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("en", "balloons", "balloon", id="English"),
        pytest.param("en", "F-22s", "F-22", id="a name with a number"),
        pytest.param("fr", "espionné", "espionner", id="French"),
        pytest.param("fr", "dossier", "dossiers", id="French -er"),
        pytest.param("fr", "l’Étranger", "étrangers", id="French -er, folded"),
        pytest.param("it", "lago", "laghi", id="Italian -go"),
        pytest.param("it", "banca", "banche", id="Italian -ca"),
        pytest.param("es", "portavoz", "portavoces", id="Spanish -z"),
        pytest.param("es", "ciudad", "ciudades", id="Spanish -dad"),
        pytest.param("pt", "balão", "balões", id="Portuguese -ão"),
        pytest.param("pt", "tribunal", "tribunais", id="Portuguese -al"),
        pytest.param("pt", "míssil", "mísseis", id="Portuguese -il"),
        pytest.param("pt", "possível", "possíveis", id="Portuguese -vel"),
        pytest.param("pt", "homem", "homens", id="Portuguese -m"),
        pytest.param("de", "Ballone", "Ballons", id="German"),
        pytest.param("es", "l'espías", "espías", id="after an elision"),
        pytest.param("ru", "аэростатом", "аэростата", id="Russian"),
        pytest.param("pt-BR", "balões", "balões", id="with a region"),
        pytest.param("ar", "المنطاد", "منطاد", id="Arabic"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    stem = stem_word(one, language)
    assert stem == stem_word(other, language)
    assert stem.startswith(f"{primary_language(language)}:")


@pytest.mark.parametrize("word", ["vers", "mais", "país", "pais", "ns", "dois"])
@pytest.mark.parametrize("language", ["fr", "pt"])
def test_what_only_ends_like_a_plural_stays(word: str, language: str) -> None:
    assert singular(word, language) == word


@pytest.mark.parametrize(
    ("word", "language"),
    [("balloon", ""), ("balloon", "xx"), ("spy-balloon", "en"), ("气球", "en"), ("–", "en")],
)
def test_what_is_no_single_word_of_a_known_language_has_no_stem(word: str, language: str) -> None:
    assert stem_word(word, language) == ""


def test_stems_of_two_languages_never_meet() -> None:
    assert stem_word("nation", "en") != stem_word("nation", "fr")


@pytest.mark.parametrize("language", sorted(stemmed_languages()))
def test_every_stemmer_named_is_there(language: str) -> None:
    assert analyse_text("Balloon", language).stems[0].startswith(f"{language}:")


def test_a_phrase_is_slots_at_offsets() -> None:
    terms = terms_of_words("spy-balloon 无人飞艇 球")
    assert terms.length == 7
    assert terms.slots[2:] == (
        Slot(2, "token", "无人"),
        Slot(3, "token", "人飞"),
        Slot(4, "token", "飞艇"),
        Slot(6, "starts", "球"),
    )


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("ballo*", ["ballo*"]),
        ("*BALLOON", ["*balloon"]),
        ("d'espion*", ["espion*"]),
        ("F-2*", ["f2*"]),
        ("spy-ba*on-x", ["spy", "ba*on", "x"]),
    ],
)
def test_a_pattern_is_folded_around_its_stars(pattern: str, words: list[str]) -> None:
    assert [slot.text for slot in terms_of_pattern(pattern).slots] == words


def test_short_parts_of_a_word_with_a_typo_stand_as_they_are() -> None:
    assert [slot.kind for slot in terms_of_typo("al-Qaida").slots] == ["token", "typo"]


def test_caches_stay_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.text.analysis.CACHED_WORDS", 10)
    monkeypatch.setattr("index.text.analysis.stemming.CACHED_WORDS", 10)
    words = [f"word{number}x" for number in range(50)]
    analysis = analyse_text(" ".join(words), "en")
    assert analysis.tokens == words
    assert analysis.stems == [f"en:{word}" for word in words]


ALPHABET = st.sampled_from("aBéŁß’'.-- \n\u00ad\u0301\u200d1２中ガｶﾞ한ไํากุЁйأةकि") | st.characters(
    blacklist_categories=["Cs"]
)
anything = st.text(ALPHABET, max_size=40)


@given(anything, st.sampled_from(LANGUAGES))
def test_places_in_the_text_give_the_tokens_of_the_index(text: str, language: str) -> None:
    analysis = analyse_text(text, language)
    tokens = list(read_tokens(text, language))
    assert [token.text for token in tokens] == analysis.tokens
    assert [token.stem for token in tokens] == analysis.stems
    for token in tokens:
        assert token.text.startswith(fold(text[token.start : token.end]))
    assert all(one.end <= other.start for one, other in pairwise(tokens))


@given(anything)
def test_a_character_is_never_cut(text: str) -> None:
    for token in read_tokens(text):
        after = text[token.end : token.end + 1]
        assert not after or not unicodedata.category(after).startswith("M")


@given(anything)
def test_whatever_holds_a_letter_or_a_digit_has_a_token(text: str) -> None:
    # Han letters newer than this Python's Unicode tables are read as letters all the same.
    holds_letter = any(map(str.isalnum, text)) or holds_paired_script(text)
    assert bool(terms_of_words(text).slots) == holds_letter


@given(st.text(st.characters(categories=["L", "N", "M"]), min_size=1, max_size=12))
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(st.sampled_from("中国气球ガスบอ한국"), min_size=2, max_size=8), st.data())
def test_any_part_of_a_run_is_found_in_it(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 2))
    part = run[start : data.draw(st.integers(start + 2, len(run)))]
    tokens = analyse_text(run, "").tokens
    slots = terms_of_words(part).slots
    assert any(
        all(tokens[place + slot.offset : place + slot.offset + 1] == [slot.text] for slot in slots)
        for place in range(len(tokens))
    )


def test_every_combining_mark_of_the_basic_plane_stays_with_its_letter() -> None:
    marks = (chr(point) for point in range(min(sys.maxunicode, 0xFFFF)))
    torn = [
        mark
        for mark in marks
        if unicodedata.category(mark)[0] == "M" and len(list(read_tokens(f"a{mark}a"))) != 1
    ]
    assert torn == []
