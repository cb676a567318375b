from __future__ import annotations

import pytest

from index.workspace.codes import COUNTRIES, LANGUAGES, suggest_country, suggest_language


def test_the_codes_are_those_of_the_standards() -> None:
    assert len(LANGUAGES) == 183
    assert len(COUNTRIES - {"xk"}) == 249


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ("English", "en"),
        ("zh-CN", "zh"),
        ("pt_BR", "pt"),
        ("iw", "he"),
        ("cn", "zh"),
        ("klingon", ""),
    ],
)
def test_the_language_that_was_meant_is_found(slip: str, code: str) -> None:
    assert suggest_language(slip) == code


@pytest.mark.parametrize(("slip", "code"), [("UK", "gb"), ("USA", "us"), ("xx", "")])
def test_the_country_that_was_meant_is_found(slip: str, code: str) -> None:
    assert suggest_country(slip) == code
