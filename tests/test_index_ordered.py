"""All matches in an order: sorted by runs, merged, the same as sorted at once."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fulltext.searcher import ordered
from index.fulltext.searcher.ordered import order_codes

ROWS = st.lists(
    st.tuples(st.integers(0, 99), st.integers(-5, 5), st.floats(0, 3)), unique_by=lambda row: row[0]
)


@given(ROWS, st.integers(1, 7))
def test_runs_are_merged_into_one_order(rows: list[tuple[int, int, float]], run: int) -> None:
    codes = array("Q", [row[0] for row in rows])
    wanted = [code for _, _, code in sorted((-value, -date, code) for code, date, value in rows)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "_RUN", run)
        found = order_codes(codes, [row[1] for row in rows], [row[2] for row in rows], real=True)
    assert list(found) == wanted
