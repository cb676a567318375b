"""The made-up pages whose markup hides the article: enough of each kind, and read whole in one language."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.gates.blocks import check
from bench.sets.block_pages import GATE, LOOK, block_pages


def test_each_kind_has_three_templates_and_the_halves_share_no_language() -> None:
    kinds = Counter(kind for kind, _ in block_pages(("en",)))
    assert len(kinds) >= 10
    assert min(kinds.values()) >= 3
    assert not set(LOOK) & set(GATE)


def test_pages_of_every_kind_are_read_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(("en",)) == 0
    assert "below" not in capsys.readouterr().out
