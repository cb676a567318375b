from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ConfigError, UsageError
from index.workspace.outlets import Outlet
from index.workspace.outlets_edit import write_outlets
from index.workspace.toml_editor import split_tables

SPLIT = """\
# mine
[[outlet]]
id = 'a'   # first

# about the collections
[collections]
x = ['a']  # kept

# about b
[[outlet]]
id = 'b'
name = '''
[not a header]
'''
"""


def test_what_is_not_changed_stays_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    path.write_bytes(SPLIT.encode().replace(b"\n", b"\r\n"))
    write_outlets(path, [Outlet(id="c.example")])
    assert path.read_bytes().startswith(SPLIT.encode().replace(b"\n", b"\r\n"))
    assert [table["id"] for table in tomllib.loads(path.read_text())["outlet"]] == [
        "a", "b", "c.example"
    ]  # fmt: skip


def test_an_outlet_that_stands_there_is_renewed_with_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text(SPLIT)
    write_outlets(path, [Outlet(id="a", name="Ä")], collections={"x": ["a", "b"], "new": ["b"]})
    assert "id = 'a'   # first\nname = \"Ä\"\n" in path.read_text("utf-8")
    assert "x = ['a', \"b\"]  # kept\n" in path.read_text("utf-8")
    assert tomllib.loads(path.read_text("utf-8"))["collections"]["new"] == ["b"]


def test_a_new_outlet_stands_before_the_comment_of_the_next_table(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text("[[outlet]]\nid = 'a'\n\n# about the collections\n[collections]\nx = ['a']\n")
    write_outlets(path, [Outlet(id="b.example")])
    text = path.read_text()
    assert text.index("b.example") < text.index("# about the collections")
    assert "\n\n# about the collections\n[collections]" in text


@pytest.mark.parametrize(
    "text",
    ["outlet = [{id = 'a'}]\n", "collections = {x = ['a']}\n"],
    ids=["inline", "collections"],
)
def test_a_layout_that_cannot_be_followed_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match="cannot be edited as it is laid out"):
        write_outlets(path, [Outlet(id="b.example")], collections={"y": ["b.example"]})
    assert path.read_text() == text


def test_a_broken_file_is_not_edited(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text("[[outlet]\n")
    with pytest.raises(ConfigError):
        write_outlets(path, [Outlet(id="b.example")])


@given(st.text(alphabet="a[]='\"#\n .", max_size=60))
def test_a_text_is_cut_without_losing_a_character(text: str) -> None:
    assert "".join(split_tables(text)) == text


def test_a_line_that_looks_like_a_header_inside_a_list_is_none() -> None:
    text = "[a]\nx = [\n  ['p'],\n  [q],\n]\n"
    assert split_tables(text) == ["", text]
