"""Outlets, collections and stories of another desk: what comes along, under which name, what stays there."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ConfigError
from index.workspace import Workspace
from index.workspace.joining import join_files, plan_joining
from tests.merging import OUTLETS, STORY, make_desk

LOCAL = "[collections]\nlocal = [%s]\n"


def with_lines(workspace: Workspace, lines: str) -> Workspace:
    with workspace.outlets_file.open("a") as file:
        file.write(lines)
    return workspace


def test_a_collection_gets_the_outlets_that_are_new(tmp_path: Path) -> None:
    ours = with_lines(make_desk(tmp_path / "ours", OUTLETS[:2]), LOCAL % f'"{OUTLETS[0]}"')
    names = ", ".join(f'"{one}"' for one in OUTLETS)
    theirs = with_lines(
        make_desk(tmp_path / "theirs"), f'{LOCAL % names}ships = ["{OUTLETS[1]}"]\n'
    )
    join_files(ours, theirs, plan_joining(ours, theirs))
    joined = ours.outlets()
    assert tuple(joined.by_id) == OUTLETS
    # The second outlet was here and left out of it on purpose.
    assert joined.collections == {
        "local": (OUTLETS[0], *OUTLETS[2:]),
        "ships": (OUTLETS[1],),
    }


def test_a_story_that_names_an_outlet_of_another_id_stays_there(tmp_path: Path) -> None:
    ours = with_lines(
        make_desk(tmp_path / "ours", (), story=""),
        '[[outlet]]\nid = "c"\nurl = "https://courier.example/"\n',
    )
    theirs = make_desk(tmp_path / "theirs", OUTLETS[:1])
    theirs.story_file("named").write_text(f'{STORY}[outlets]\nuse = ["{OUTLETS[0]}"]\n')
    joining = plan_joining(ours, theirs)
    assert (joining.stories, joining.refused) == (("balloon",), ("named",))
    assert joining.renamed == {OUTLETS[0]: "c"}


def test_what_would_not_go_together_leaves_the_files_as_they_were(tmp_path: Path) -> None:
    ours = make_desk(tmp_path / "ours", (), story="")
    theirs = make_desk(tmp_path / "theirs", OUTLETS[:1])
    joining = plan_joining(ours, theirs)
    theirs.story_file("balloon").write_text("title = 3")  # changed meanwhile
    before = ours.outlets_file.read_text()
    with pytest.raises(ConfigError):
        join_files(ours, theirs, joining)
    assert ours.outlets_file.read_text() == before
    assert not ours.story_file("balloon").exists()
