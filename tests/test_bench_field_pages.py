"""The made-up pages whose markup names no field: enough of each kind, and told right in one language."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.gates.fields import check
from bench.sets.field_pages import GATE, LOOK, MEASURED, field_pages


def test_each_kind_has_three_templates_and_the_halves_share_no_language() -> None:
    kinds = Counter(kind for kind, _ in field_pages(("en",)))
    assert set(kinds) == set(MEASURED)
    assert min(kinds.values()) >= 3
    assert not set(LOOK) & set(GATE)


def test_fields_are_told_where_no_markup_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(("en", "zh")) == 0
    assert "below" not in capsys.readouterr().out
