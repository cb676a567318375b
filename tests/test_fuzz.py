"""A short share of the fuzzing: whatever the bytes, what others wrote is read or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fuzz_inputs import KINDS, fuzz

INPUTS = 60


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_changed_at_random_are_read_or_refused(kind: str, tmp_path: Path) -> None:
    counts, _, bad = fuzz(kind, INPUTS, 20261124, tmp_path)
    assert bad is None, (counts, bad)
    assert counts.total() == INPUTS
