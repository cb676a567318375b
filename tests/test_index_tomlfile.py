from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import Fault, StorageError
from index.workspace.toml_reader import (
    MAX_BYTES,
    TableReader,
    did_you_mean,
    format_duration,
    parse_duration,
    parse_http_url,
    read_toml,
)


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        pytest.param("a = 1\nb = = 2\n", "line 2, column 5", "invalid value", id="middle"),
        pytest.param('a = "x', "line 1, column 7", "unterminated string", id="end"),
        pytest.param("a = 1\na = 2", "line 2, column 6", "cannot overwrite a value", id="twice"),
        pytest.param("a = " + "[" * 9999, "", "nested too deeply", id="deep"),
        pytest.param("a = " + "1" * 5000, "", "Exceeds the limit", id="long number"),
        pytest.param("a = 1\nb = '\x00'", "line 2, column 6", "found invalid", id="nul"),
    ],
)
def test_a_syntax_error_names_its_place(tmp_path: Path, text: str, key: str, message: str) -> None:
    (tmp_path / "x.toml").write_text(text, "utf-8")
    faults: list[Fault] = []
    assert read_toml(tmp_path / "x.toml", faults, name="x.toml") is None
    assert [fault.key for fault in faults] == [key]
    assert faults[0].message.startswith(message)


@pytest.mark.parametrize(
    "line",
    [
        """not = '"Ballon d'Or"'""",
        """all = ['one', 'Ballon d'Or']""",
        """not = 'l'été'""",
        """not = 'the dogs' bark'""",
    ],
)
def test_an_apostrophe_in_single_quotes_is_explained(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.toml").write_text(line, "utf-8")
    faults: list[Fault] = []
    read_toml(tmp_path / "x.toml", faults, name="x.toml")
    assert faults[0].suggestion == "use '''…'''"
    assert faults[0].excerpt == line


@pytest.mark.parametrize("line", ["a = 'x' y", "a = 'x", "a = ''x''"])
def test_other_faults_of_quotes_are_not_taken_for_apostrophes(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.toml").write_text(line, "utf-8")
    faults: list[Fault] = []
    read_toml(tmp_path / "x.toml", faults, name="x.toml")
    assert faults[0].suggestion == ""


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert read_toml(tmp_path / "x.toml", [], name="x.toml") == {"a": 1, "b": 2}


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes("a = 1\nb = 'é'\n".encode("latin-1"))
    faults: list[Fault] = []
    read_toml(tmp_path / "x.toml", faults, name="x.toml")
    assert str(faults[0]) == "x.toml: line 2: is not UTF-8 (save it as UTF-8)"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "x.toml"
    path.write_bytes(data)
    faults: list[Fault] = []
    assert (read_toml(path, faults, name="x.toml") is None) == bool(faults)


def test_every_wrong_value_is_one_fault() -> None:
    faults: list[Fault] = []
    reader = TableReader(
        {"a": 1, "b": "x", "c": True, "d": [1], "e": "y", "f": float("nan"), "g": []},
        faults,
        file="x.toml",
    )
    reader.text("a")
    reader.whole("b", 0, low=0, high=9)
    reader.number("c", low=0, high=9)
    reader.texts("d")
    reader.choice("e", ["yes", "no"], "no")
    reader.number("f", low=0, high=9)
    reader.table("g")
    reader.finish()
    assert [fault.key for fault in faults] == ["a", "b", "c", "d", "e", "f", "g"]


def test_a_key_nobody_knows_is_a_fault_with_the_nearest_one() -> None:
    faults: list[Fault] = []
    reader = TableReader({"titel": "x"}, faults, file="x.toml", prefix="story")
    reader.text("title")
    reader.finish()
    assert [str(fault) for fault in faults] == [
        "x.toml: story.titel: no such key (did you mean title?)"
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30min", 1800), ("1h", 3600), ("6 h", 21600), ("7d", 604800), ("2W", 1209600), ("90s", 90)],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "1", "h", "-1h", "0h", "1.5h", "1y", "99999999d"])
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=999_999))
def test_a_duration_comes_back_from_its_text(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parse_duration(format_duration(span)) == span


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/", "x.example", "https://", "https:///a", "http://[::1", "http://x:99999/",
        "http://x:0/", "http://user:secret@x.example/", "http://x.example/a b", "javascript:1",
        "http://x.example/" + "a" * 2048,
    ],
)  # fmt: skip
def test_what_is_no_http_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        parse_http_url(url)


@pytest.mark.parametrize("url", ["http://x.example", "https://例え.example:8443/ä?q=1#f"])
def test_http_urls_are_kept_as_they_stand(url: str) -> None:
    assert parse_http_url(url) == url


def test_a_word_far_from_all_suggests_nothing() -> None:
    assert did_you_mean("zebra", ["apnews.com", "bbc.com"]) == ""


def test_a_fault_quotes_no_more_than_a_line() -> None:
    faults: list[Fault] = []
    reader = TableReader({"a\nb": 1, "kind": "x\ny" * 999}, faults, file="x.toml")
    reader.choice("kind", ["a"], "a")
    reader.finish()
    assert [fault.key for fault in faults] == ["kind", "a b"]
    assert len(faults[0].message) < 310


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"#" * (MAX_BYTES + 1))
    faults: list[Fault] = []
    assert read_toml(tmp_path / "x.toml", faults, name="x.toml") is None
    assert str(faults[0]) == "x.toml: is larger than 8 MiB"


def test_a_folder_in_the_place_of_a_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"x.toml: cannot be read: Is a directory"):
        read_toml(tmp_path, [], name="x.toml")


def test_an_empty_text_in_a_list_is_a_fault() -> None:
    faults: list[Fault] = []
    assert TableReader({"a": ["x", " ", "x"]}, faults, file="x.toml").texts("a") == ("x",)
    assert faults[0].message == "holds an empty text"
