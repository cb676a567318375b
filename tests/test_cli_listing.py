from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fulltext.searcher.snippet import Snippet
from search_cli.output.render import cells
from search_cli.view.listing import freshness, marked

NOW = datetime(2023, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "word", "width", "line"),
    [
        ("The balloon flew.", "balloon", 40, "The [balloon] flew."),
        ("The balloon flew over the prairie.", "balloon", 12, "The [balloon]…"),
        (
            "At noon, over the county seat, a balloon flew.",
            "balloon",
            24,
            "…a [balloon] flew.",
        ),
        ("据美方介绍，高空气球飞越美国北部", "气球", 14, "…绍，高空[气球]…"),
        ("No match at all in this one.", "", 12, "No match at…"),
    ],
)
def test_the_match_stays_in_sight(text: str, word: str, width: int, line: str) -> None:
    start = text.index(word)
    marks = ((start, start + len(word)),) if word else ()
    shown = marked(Snippet(text, marks), width, colored=True)
    assert re.sub("\x1b.2m|\x1b.0m", "", re.sub("\x1b.1m(.*?)\x1b.0m", r"[\1]", shown)) == line


@given(st.text(max_size=80), st.integers(1, 40), st.integers(0, 79), st.integers(0, 9))
def test_a_snippet_fits_its_line(text: str, width: int, start: int, length: int) -> None:
    start = min(start, len(text))
    marks = ((start, min(start + length, len(text))),)
    assert cells(marked(Snippet(text, marks), width, colored=False)) <= width


def test_stale_outlets_are_named_oldest_first() -> None:
    fetched = {f"{name}.example": NOW - timedelta(days=days) for days, name in enumerate("abcdef")}
    assert freshness(fetched, NOW) == (
        "6 outlets crawled, 2 in the last day · older: f.example (5 d), e.example (4 d), "
        "d.example (3 d), 1 more"
    )
    assert freshness({}, NOW) == ""
