from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_cli.output.render import (
    Column,
    Row,
    as_text,
    cells,
    clean,
    csv_cell,
    hang,
    one_line,
    pad,
    shorten,
    table,
    to_json,
    write_rows,
)

ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "red", id="colour"),
        pytest.param("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b", "ab", id="OSC"),
        pytest.param("\x9b31mred \x9d0;t\x9cx", "red x", id="C1"),
        pytest.param("\x1b[31", "31", id="unfinished"),
        pytest.param("\x1bPq#0\x1b\\a\x1bcb", "ab", id="DCS and reset"),
        pytest.param("a\u202egnp.exe\u2069", "agnp.exe", id="bidi"),
        pytest.param("a\rb\x08c\x00", "abc", id="controls"),
        pytest.param("a\r\nb\tc", "a\nb\tc", id="newlines and tabs"),
        pytest.param("x\ud800y", "x\ufffdy", id="surrogate"),
        pytest.param("ZW\u200dJ می‌خواهم", "ZW\u200dJ می‌خواهم", id="joiners"),
    ],
)
def test_text_is_cleaned_of_what_acts_on_a_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text())
def test_cleaned_text_never_acts_and_stays_clean(text: str) -> None:
    assert not ACTS.search(clean(text))
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("气球", 4), ("e\u0301", 1), ("منطاد", 5), ("", 0), ("👩\u200d🚀", 2)],
)
def test_widths_are_counted_in_cells(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("间谍气球", 7, "间谍气…"),
        ("间谍气球", 6, "间谍…"),
        ("cafe\u0301s", 5, "cafe\u0301s"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_long_text_ends_in_an_ellipsis(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


@given(st.text(), st.integers(min_value=0, max_value=30))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert cells(shorten(one_line(text), width)) <= width


def test_padding_counts_cells() -> None:
    assert pad("气球", 6) == "气球  "
    assert pad("7", 3, right=True) == "  7"


COLUMNS = (
    Column(key="id", title="id"),
    Column(key="n", title="n", right=True),
    Column(key="gone", title="gone"),
    Column(key="title", title="title", grows=True),
)
ROWS: list[Row] = [
    {"id": "k7q2d", "n": 7, "title": "外交部：民用无人飞艇误入美国领空"},
    {"id": "m0c8t", "n": 12, "title": "A short\nheadline"},
]


def test_a_table_is_aligned_and_fits_its_width() -> None:
    assert list(table(ROWS, COLUMNS, width=30)) == [
        "id      n  title",
        "k7q2d   7  外交部：民用无人飞",
        "           艇误入美国领空",
        "m0c8t  12  A short headline",
    ]


def test_a_value_without_room_in_its_row_stands_below_it_whole() -> None:
    columns = (Column(key="id", title="id"), Column(key="title", title="title", grows=True))
    rows = [{"id": "k7q2d-a-long-name", "title": "https://example.com/a/long/address ends here"}]
    assert list(table(rows, columns, width=30)) == [
        "id",
        "    title",
        "k7q2d-a-long-name",
        "    https://example.com/a/long/address",
        "    ends here",
    ]


def test_a_remedy_stands_below_its_row_behind_an_arrow() -> None:
    columns = (Column(key="what"), Column(key="remedy", below=True))
    rows = [{"what": "store", "remedy": "pressclip replay"}, {"what": "index", "remedy": ""}]
    assert list(table(rows, columns, width=30)) == ["store", "    → pressclip replay", "index"]


def test_a_long_line_hangs_below_its_beginning_with_its_words_whole() -> None:
    line = "  a  https://example.com/a/long/address and more words"
    assert list(hang(line, 24, 4)) == [
        "  a  https://example.com/a/long/address", "    and more words",
    ]  # fmt: skip
    assert list(hang("some words, then more", 12, 4)) == ["some words,", "    then", "    more"]


def test_colours_take_no_room_and_a_line_without_spaces_is_broken() -> None:
    bold = "\x1b[1mfour words of it\x1b[0m"
    assert list(hang(bold, 16, 2)) == [bold]
    assert list(hang("> 以前雷達把慢的東西當成雜訊", 12, 4)) == [
        "> 以前雷達把", "    慢的東西", "    當成雜訊",
    ]  # fmt: skip
    assert list(hang("\x1b[1m以前雷達把慢的東西\x1b[0m", 8, 2)) == [
        "\x1b[1m以前雷達", "  把慢的", "  東西\x1b[0m",
    ]  # fmt: skip


def test_colour_stands_around_the_text_and_not_the_padding() -> None:
    columns = (Column(key="id", color="cyan"), Column(key="title", grows=True))
    rows: list[Row] = [{"id": "a", "title": "x"}, {"id": "bcd", "title": "y"}]
    lines = list(table(rows, columns, width=40, colored=True))
    assert lines == ["\x1b[36ma\x1b[0m    x", "\x1b[36mbcd\x1b[0m  y"]


def test_right_to_left_cells_are_isolated_on_a_terminal_only() -> None:
    rows: list[Row] = [{"title": "منطاد"}]
    assert list(table(rows, (Column(key="title", grows=True),), width=40)) == ["\u2068منطاد\u2069"]
    assert list(write_rows(rows, ["title"], "tsv")) == ["منطاد\n"]


def test_tsv_has_no_header_and_one_line_a_row() -> None:
    rows: list[Row] = [{"a": "x\ty\nz", "b": None, "c": ["p", "q"]}]
    assert list(write_rows(rows, ["a", "b", "c"], "tsv")) == ['x y z\t\t["p", "q"]\n']


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=1", "'=1"),
        ("＝1", "'＝1"),
        ("\x1b[0m=1+1", "'=1+1"),
        ("\u202e@SUM(A1)", "'@SUM(A1)"),
        ("-12.5", "-12.5"),
        ("+3e8", "+3e8"),
        (-3, "-3"),
        ("a=b", "a=b"),
        (None, ""),
    ],
)
def test_no_csv_cell_starts_a_formula(value: Any, cell: str) -> None:
    assert csv_cell(value) == cell


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_csv_is_read_back_with_as_many_cells(values: list[str]) -> None:
    names = [f"c{number}" for number in range(len(values))]
    row = dict(zip(names, values, strict=True))
    text = "".join(write_rows([row], names, "csv"))
    header, read = csv.reader(io.StringIO(text, newline=""))
    assert header == names
    assert [cell.removeprefix("'") for cell in read] == [clean(v).removeprefix("'") for v in values]


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2),
        max_size=3,
    )
)
def test_json_loses_nothing_and_never_acts(value: dict[str, Any]) -> None:
    line = to_json(value)
    assert json.loads(line) == value
    assert not ACTS.search(line)
    line.encode()


def test_json_is_an_array_and_jsonl_a_line_each_with_explicit_nulls() -> None:
    rows: list[Row] = [{"a": 1}, {"a": datetime(2023, 2, 4, tzinfo=UTC)}]
    array = "".join(write_rows(rows, ["a", "b"], "json"))
    lines = list(write_rows(rows, ["a", "b"], "jsonl"))
    expected = [{"a": 1, "b": None}, {"a": "2023-02-04T00:00:00Z", "b": None}]
    assert json.loads(array) == [json.loads(line) for line in lines] == expected
    assert json.loads("".join(write_rows([], ["a"], "json"))) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (1.5, "1.5"),
        ({"file": "a"}, '{"file": "a"}'),
        (datetime(2023, 2, 4, 12, tzinfo=UTC), "2023-02-04T12:00:00Z"),
    ],
)
def test_values_are_written_as_people_read_them(value: Any, text: str) -> None:
    assert as_text(value) == text
