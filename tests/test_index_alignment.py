from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.alignment import coverage, increasing_pairs, matching_runs

TOKENS = st.lists(st.sampled_from("abcdefg"), max_size=40)


@given(TOKENS, TOKENS)
def test_runs_are_the_same_on_both_sides_and_in_order(a: list[str], b: list[str]) -> None:
    at_a = at_b = 0
    for run in matching_runs(a, b):
        assert run.size > 0
        assert run.a >= at_a
        assert run.b >= at_b
        assert a[run.a : run.a + run.size] == b[run.b : run.b + run.size]
        at_a, at_b = run.a + run.size, run.b + run.size


@given(TOKENS)
def test_a_sequence_covers_itself_whole(a: list[str]) -> None:
    assert coverage(a, list(a), shortest=1) == ((1.0, 1.0) if a else (0.0, 0.0))


@given(TOKENS, TOKENS)
def test_coverage_does_not_depend_on_the_order(a: list[str], b: list[str]) -> None:
    assert coverage(a, b) == coverage(b, a)[::-1]


@pytest.mark.parametrize(
    ("a", "b", "covered"),
    [
        ("the balloon was seen", "the balloon was seen on Friday", (1.0, 4 / 6)),
        ("one two three", "three two one", (0.0, 0.0)),
        ("", "one", (0.0, 0.0)),
    ],
    ids=["contained", "single words do not count", "empty"],
)
def test_coverage_is_the_share_in_shared_runs(a: str, b: str, covered: tuple[float, float]) -> None:
    assert coverage(a.split(), b.split()) == pytest.approx(covered)


def test_a_long_text_with_a_part_moved_is_aligned_by_its_larger_part() -> None:
    words = [f"w{number}" for number in range(30_000)]
    assert coverage(words, words[20_000:] + words[:20_000])[0] == pytest.approx(2 / 3, abs=0.01)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), unique_by=lambda pair: pair[0]))
def test_increasing_pairs_increase(pairs: list[tuple[int, int]]) -> None:
    chain = increasing_pairs(sorted(pairs))
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(chain))
    assert bool(chain) is bool(pairs)
