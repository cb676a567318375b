from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query.spans import Span, near_spans, phrase_spans


def words(*places: int) -> list[Span]:
    return [(place, place) for place in places]


@pytest.mark.parametrize(
    ("left", "right", "distance", "ordered", "found"),
    [
        pytest.param(words(3), words(4), 1, False, [(3, 4)], id="neighbours are 1 apart"),
        pytest.param(words(4), words(3), 1, False, [(3, 4)], id="in any order"),
        pytest.param(words(4), words(3), 1, True, [], id="in this order"),
        pytest.param(words(3), words(9), 5, False, [], id="too far"),
        pytest.param(words(3), words(3), 5, False, [], id="one word is not two"),
        pytest.param(words(0, 9), words(2, 7), 2, False, [(0, 2), (7, 9)], id="every pair"),
        pytest.param([(0, 4)], words(2), 1, False, [(0, 4)], id="a word within a wider match"),
        pytest.param([(0, 1)], words(1), 5, False, [], id="the end word of a match is taken"),
        pytest.param([(0, 1)], [(4, 5)], 3, True, [(0, 5)], id="from end to start"),
        pytest.param([], words(1), 5, False, [], id="nothing"),
    ],
)
def test_two_parts_stand_near_each_other(
    left: list[Span], right: list[Span], distance: int, ordered: bool, found: list[Span]
) -> None:
    assert near_spans([left, right], distance, ordered=ordered) == found


@pytest.mark.parametrize(
    ("parts", "distance", "found"),
    [
        pytest.param([words(0), words(2), words(4)], 4, [(0, 4)], id="within the distance"),
        pytest.param([words(0), words(2), words(5)], 4, [], id="not all within it"),
        pytest.param([words(1, 2), words(1, 2), words(0)], 4, [(0, 2)], id="a word for each"),
        pytest.param([words(1, 2), words(1, 2), words(1, 2)], 4, [], id="too few words"),
        pytest.param([words(0, 5), words(1, 6), words(2, 7)], 2, [(0, 2), (5, 7)], id="twice"),
        pytest.param([words(0), [], words(1)], 5, [], id="one is missing"),
    ],
)
def test_several_words_stand_in_one_window(
    parts: list[list[Span]], distance: int, found: list[Span]
) -> None:
    assert near_spans(parts, distance) == found


def test_words_change_places_until_each_part_has_one() -> None:
    parts = [words(0, 1), words(0, 2), words(1)]
    assert near_spans(parts, 3) == [(0, 2)]


def test_a_phrase_stands_where_every_slot_fits() -> None:
    assert phrase_spans([(0, [0, 4, 7]), (1, [1, 8]), (2, [2, 9])], 3) == [(0, 2), (7, 9)]
    assert phrase_spans([(0, [5]), (1, [9])], 2) == []


spans = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 2)).map(lambda span: (span[0], sum(span))),
    max_size=5,
    unique=True,
)


@given(spans, spans, st.integers(1, 8), st.booleans())
def test_two_parts_agree_with_every_pair_tried(
    left: list[Span], right: list[Span], distance: int, ordered: bool
) -> None:
    def fits(one: Span, other: Span) -> bool:
        if ordered:
            return one[1] < other[0] <= one[1] + distance
        gap = max(one[0], other[0]) - min(one[1], other[1])
        return gap <= distance and not {*one} & {*other}

    tried = {
        (min(one[0], other[0]), max(one[1], other[1]))
        for one, other in product(left, right)
        if fits(one, other)
    }
    assert near_spans([left, right], distance, ordered=ordered) == sorted(tried)


places = st.lists(st.integers(0, 9), max_size=4, unique=True)


@given(st.lists(places, min_size=3, max_size=4), st.integers(1, 8))
def test_a_window_is_found_when_some_choice_of_words_fits(
    parts: list[list[int]], distance: int
) -> None:
    fits = any(
        len({*choice}) == len(choice) and max(choice) - min(choice) <= distance
        for choice in product(*parts)
    )
    assert bool(near_spans([words(*part) for part in parts], distance)) == fits
