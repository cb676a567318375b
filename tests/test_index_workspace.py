from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ConfigError, UsageError, WorkspaceNotFound
from index.workspace import OptOutPolicy, Workspace


def test_the_nearest_folder_above_with_a_workspace_file_is_the_workspace(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "notes" / "deep").mkdir(parents=True)
    monkeypatch.chdir(desk / "notes" / "deep")
    assert Workspace.find().root == desk


def test_the_environment_names_a_workspace_and_the_option_wins_over_it(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "workspace.toml").write_text("")
    monkeypatch.setenv("PRESSCLIP_WORKSPACE", str(other))
    assert Workspace.find().root == other
    assert Workspace.find(desk).root == desk


@pytest.mark.parametrize("named", [True, False])
def test_no_workspace_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceNotFound) as caught:
        Workspace.find(tmp_path if named else None)
    assert "pressclip init" in caught.value.hint


def test_the_keys_of_the_workspace_are_read(desk: Path) -> None:
    (desk / "workspace.toml").write_text(
        'contact = "https://clippings.example/bot"\ntz = "UTC"\ndelay = 0.5\nallow_private = true\n'
        "[queries]\nweek = 'date:7d'\nnews = 'query:week title:balloon'\n"
    )
    workspace = Workspace.find()
    assert (workspace.contact, workspace.zone) == ("https://clippings.example/bot", "UTC")
    assert (workspace.delay, workspace.allow_private) == (0.5, True)
    assert dict(workspace.queries) == {"week": "date:7d", "news": "query:week title:balloon"}


def test_an_empty_workspace_file_is_enough(desk: Path) -> None:
    (desk / "workspace.toml").write_text("")
    assert Workspace.find().delay == 2.0


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('contact = "me"', "contact"),
        ('contact = "ich@bücher.example"', "contact"),
        ('contact = "a@b.example\\nX-Evil: 1"', "contact"),
        ('tz = "Europe/Nowhere"', "tz"),
        ("delay = 601", "delay"),
        ("delay = nan", "delay"),
        ('allow_private = "yes"', "allow_private"),
        ('zone = "UTC"', "zone"),
        ("[queries]\nbad = '\"open'", "queries.bad"),
        ("[queries]\nbad = 'query:none'", "queries.bad"),
    ],
)
def test_a_wrong_value_names_its_key(desk: Path, line: str, key: str) -> None:
    (desk / "workspace.toml").write_text(line, "utf-8")
    with pytest.raises(ConfigError) as caught:
        Workspace.find()
    assert [fault.key for fault in caught.value.faults] == [key]


def test_all_faults_of_all_files_are_told_at_once(desk: Path) -> None:
    (desk / "workspace.toml").write_text("delay = 'x'\ncontct = 1\n")
    (desk / "outlets.toml").write_text("[[outlet]]\nid = 'a.example'\nlang = ['xx']\n")
    (desk / "stories" / "balloon.toml").write_text("window = '2023'\n[match]\nen = '(a'\n")
    (desk / "stories" / "second.toml").write_text("= 1\n")
    with pytest.raises(ConfigError) as caught:
        Workspace.find()
    assert [(fault.file, fault.key) for fault in caught.value.faults] == [
        ("workspace.toml", "delay"),
        ("workspace.toml", "contct"),
        ("outlets.toml", "outlet 1.lang"),
        ("stories/balloon.toml", "window"),
        ("stories/balloon.toml", "match.en"),
        ("stories/second.toml", "line 1, column 1"),
    ]


def test_a_broken_story_does_not_close_the_list_of_outlets(desk: Path) -> None:
    (desk / "stories" / "balloon.toml").write_text("[match]\n")
    assert len(Workspace.find().outlets()) == 2
    with pytest.raises(ConfigError, match="has no query"):
        Workspace.find().stories()


def test_faults_of_the_outlets_come_with_those_of_the_stories(desk: Path) -> None:
    (desk / "outlets.toml").write_text("x = 1\n")
    with pytest.raises(ConfigError) as caught:
        Workspace.find().outlets()
    assert {fault.file for fault in caught.value.faults} == {"outlets.toml", "stories/balloon.toml"}


def test_an_unknown_story_suggests_the_nearest(desk: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Workspace.find().story("ballon")
    assert caught.value.hint == "did you mean balloon?"


def test_the_policy_for_opt_outs_is_read_and_its_slips_are_named(tmp_path: Path) -> None:
    path = tmp_path / "workspace.toml"
    path.write_text('[optouts]\ntdm = "obey"\n')
    assert Workspace.load(tmp_path).optouts == OptOutPolicy(tdm="obey")
    path.write_text('[optouts]\ntdm = "obay"\nnoarch = "x"\n')
    with pytest.raises(ConfigError) as caught:
        Workspace.load(tmp_path)
    assert {fault.key for fault in caught.value.faults} == {"optouts.tdm", "optouts.noarch"}
