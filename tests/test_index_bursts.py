from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.study.bursts import Burst, find_bursts


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ([2, 2, 3, 2, 20, 25, 3, 2, 2, 2], [(4, 5, 45)]),
        ([1, 1, 9, 1, 1, 1, 1, 8, 9, 1, 1, 1], [(2, 2, 9), (7, 8, 17)]),
        ([5, 5, 5, 5, 5, 5], []),
        ([5, 6, 5, 4, 5, 6, 5], []),
        ([3, 90], []),
        ([], []),
        ([0, 0, 0], []),
    ],
    ids=["one", "two", "even", "nearly even", "two days", "none", "nothing"],
)
def test_bursts_are_found_where_they_are(
    counts: list[int], found: list[tuple[int, int, int]]
) -> None:
    assert find_bursts(counts) == [
        Burst(first=first, last=last, count=count) for first, last, count in found
    ]


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_bursts_stand_apart_and_in_order(counts: list[int]) -> None:
    found = find_bursts(counts)
    for burst in found:
        assert burst.first <= burst.last
        assert burst.count == sum(counts[burst.first : burst.last + 1])
    assert all(one.last + 1 < other.first for one, other in itertools.pairwise(found))
