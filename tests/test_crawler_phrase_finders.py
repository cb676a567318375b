"""What finds a phrase quickly finds what the phrase's pattern finds."""

from __future__ import annotations

import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.phrases import (
    class_finder,
    class_pattern,
    phrase_finder,
    phrase_pattern,
    phrase_stems,
    phrases,
)

CLASS_TABLES = (
    "article_class", "beside_class", "caption_class", "correction_class", "credit_class", "kicker_class",
    "note_class", "readers_class", "standfirst_class",
)  # fmt: skip
PHRASE_TABLES = ("byline_class", "date_class")


@pytest.mark.parametrize("table", CLASS_TABLES)
def test_a_class_is_found_in_whatever_its_pattern_fits(table: str) -> None:
    finds = class_finder(table)

    @given(st.from_regex(class_pattern(table), alphabet=string.ascii_lowercase + "-_ "))
    @settings(max_examples=60, deadline=None)
    def check(name: str) -> None:
        assert finds(name)

    check()


@pytest.mark.parametrize("table", PHRASE_TABLES)
def test_a_phrase_is_found_in_whatever_its_pattern_fits(table: str) -> None:
    finds = phrase_finder(table)

    @given(st.from_regex(phrase_pattern(table), alphabet=string.ascii_letters + "-_ "))
    @settings(max_examples=60, deadline=None)
    def check(name: str) -> None:
        assert finds(name)

    check()


@given(st.from_regex(re.compile(phrases("cart"))))
@settings(max_examples=200, deadline=None)
def test_a_text_with_a_phrase_has_one_of_its_stems(text: str) -> None:
    assert any(stem in text for stem in phrase_stems("cart"))


def test_nothing_is_found_that_no_pattern_fits() -> None:
    chance = random.Random(20)
    parts = (
        "comment",
        "s",
        "bio",
        "photo",
        "credit",
        "caption",
        "lead",
        "box",
        "card",
        "date",
        "by",
        "line",
    )
    pairs = [(class_finder(table), class_pattern(table)) for table in CLASS_TABLES]
    pairs += [(phrase_finder(table), phrase_pattern(table)) for table in PHRASE_TABLES]
    for _ in range(1_000):
        name = chance.choice(("", "-", " ", "_")).join(
            chance.choices(parts, k=chance.randint(1, 4))
        )
        for finds, pattern in pairs:
            assert finds(name) == bool(pattern.search(name))
