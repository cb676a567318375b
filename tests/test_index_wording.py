from __future__ import annotations

import pytest

from index.text.wording import counted


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0 articles"), (1, "1 article"), (2_048, "2,048 articles")],
    ids=["none", "one", "many"],
)
def test_a_noun_agrees_with_its_number(number: int, told: str) -> None:
    assert counted(number, "article") == told
