"""A short share of the fuzzing: whatever the bytes, what others wrote is read or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.drills.fuzz_inputs import KINDS, fuzz
from bench.drills.fuzz_query import QUERIES, outcome_of
from bench.drills.fuzzing import drive

INPUTS, SEED = 60, 20261124


@pytest.mark.parametrize("kind", KINDS)
def test_what_others_wrote_is_read_or_refused_however_spoiled(kind: str, tmp_path: Path) -> None:
    tally = fuzz(kind, INPUTS, SEED, tmp_path)
    assert tally.bad is None, tally
    assert tally.counts.total() >= INPUTS


def test_any_text_is_a_query_or_refused() -> None:
    tally = drive(QUERIES, outcome_of, number=5 * INPUTS, start=SEED, limit=5.0)
    assert tally.bad is None, tally
    assert tally.counts.total() >= 5 * INPUTS


def test_a_reader_that_raises_is_found_and_the_input_is_the_least() -> None:
    def breaks(data: object) -> str:
        return "broken" if "(" in str(data) else "read"

    tally = drive(QUERIES, breaks, number=500, start=SEED, limit=5.0)
    assert tally.bad == "("
