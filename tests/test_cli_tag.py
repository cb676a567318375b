from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.workspace.lock import hold
from tests.conftest import Said

Command = Callable[..., Said]


@pytest.fixture
def ids(corpus: Path, pressclip: Command) -> list[str]:
    return pressclip("search", "*", "-f", "ids", "--all", "--sort", "oldest").out.split()


def found(pressclip: Command, *query: str) -> set[str]:
    return set(pressclip("search", "-f", "ids", "--all", *query).out.split())


def test_what_is_tagged_is_found_by_its_tag(ids: list[str], pressclip: Command) -> None:
    said = pressclip("tag", "+key", "+cite", ids[0], ids[1])
    assert (said.status, said.err) == (0, "Tagged 2 articles +key +cite\n")
    assert found(pressclip, "tag:key") == {ids[0], ids[1]}
    assert found(pressclip, "tag:KEY,other", f"id:{ids[0]}") == {ids[0]}
    assert found(pressclip, "--", "-tag:key") == set(ids[2:])
    assert pressclip("search", "tag:none").status == 1


def test_a_tag_is_taken_off_and_another_put_on(ids: list[str], pressclip: Command) -> None:
    pressclip("tag", "+draft", ids[0], ids[1])
    said = pressclip("tag", "+final", "-draft", ids[0])
    assert said.err == "Tagged 1 article +final; removed tag draft\n"
    assert found(pressclip, "tag:draft") == {ids[1]}
    assert pressclip("tag").out == "draft\t1\nfinal\t1\n"


def test_every_match_of_a_query_is_tagged(corpus: Path, pressclip: Command) -> None:
    pressclip("tag", "+french", "lang:fr")
    assert found(pressclip, "tag:french") == found(pressclip, "lang:fr") != set()


def test_ids_come_from_standard_input_too(
    ids: list[str], pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ids[2]}\n{ids[3]}\n"))
    pressclip("tag", "+piped", "-")
    assert found(pressclip, "tag:piped") == {ids[2], ids[3]}


def test_a_note_is_shown_exported_and_found(ids: list[str], pressclip: Command) -> None:
    pressclip("tag", "--note", "the first\x1b[31m to say so", ids[0])
    assert found(pressclip, "is:noted") == {ids[0]}
    assert found(pressclip, "is:noted,undated") > {ids[0]}
    shown = pressclip("show", ids[0]).out
    assert "note: the first to say so" in shown
    record = json.loads(pressclip("export", f"id:{ids[0]}").out)
    assert (record["note"], record["desk_tags"]) == ("the first\x1b[31m to say so", [])
    pressclip("tag", "--note", "", ids[0])
    assert found(pressclip, "is:noted") == set()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["+two words", "k"], "no name for a tag"),
        (["+a:b", "k"], "no name for a tag"),
        (["+key"], "which articles?"),
        (["lang:fr"], "no tag to add or remove"),
        (["+key", "outlt:x"], "no such field: outlt:"),
        (["+key", "--note", "x" * 2_001, "*"], "a note of 2,001 characters"),
    ],
)
def test_wrong_use_is_one_clear_line(
    corpus: Path, pressclip: Command, args: list[str], message: str
) -> None:
    said = pressclip("tag", *args)
    assert (said.status, message in said.err) == (2, True)
    assert pressclip("tag").out == ""


def test_a_held_workspace_is_left_alone(ids: list[str], corpus: Path, pressclip: Command) -> None:
    with hold(corpus / "data" / "lock"):
        assert pressclip("tag", "+key", ids[0]).status == 75


def test_nothing_matching_changes_nothing(corpus: Path, pressclip: Command) -> None:
    said = pressclip("tag", "+key", "zeppelin")
    assert (said.status, "nothing was changed" in said.err) == (1, True)


def test_no_tags_says_how_to_put_one(corpus: Path, pressclip: Command) -> None:
    said = pressclip("tag")
    assert (said.status, said.out) == (0, "")
    assert "next: pressclip tag +key @1" in said.err
