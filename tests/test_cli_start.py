"""`pressclip start`: from nothing to a desk, answered by options, by a person, and by nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.workspace import Workspace
from index.workspace.starter import read_directory
from index.workspace.story import parse_window
from search_cli.commands.start_proposals import (
    home_of,
    kind_of,
    propose_id,
    propose_outlets,
    propose_way,
    read_choice,
)
from tests.conftest import Said

QUIET = ("--outlet", "none", "--collect", "nothing")
TEXT = """date 2023-02-04
Balloon seen over Harrow Bend

A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said.
Officials called it a spy balloon and followed it for two days over the plains of Montana.
"""


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("https://example.com/a", "url"),
        ("clipping.txt", "file"),
        ("./clipping", "file"),
        ('"spy balloon" OR airship', "words"),
        ("two\nlines", "text"),
        ("A balloon crossed the prairie on Saturday, the county said in a note.", "text"),
    ],
)
def test_an_answer_is_told_by_its_form(answer: str, kind: str) -> None:
    assert kind_of(answer) == kind


@pytest.mark.parametrize(
    ("answer", "story_id"),
    [
        ('"spy balloon"', "spy-balloon"),
        ("https://e.example/2023/02/04/spy-balloon-shot-down-off-carolina.html", "spy-balloon-shot-down"),
        ("/home/ann/clipping-2023-02-04.txt", "clipping-2023-02-04"),
        (TEXT, "balloon-seen-over-harrow"),
        ("Élection à Genève", "election-geneve"),
        ("间谍气球", "story"),
    ],
)  # fmt: skip
def test_a_name_for_the_story_is_proposed(answer: str, story_id: str) -> None:
    assert propose_id(answer) == story_id


def test_outlets_are_offered_by_language_from_its_home_and_of_every_kind() -> None:
    offered = propose_outlets(["pt"], [home_of("pt")], {"g1.globo.com"}, 6)
    assert {one.lang[0] for one in offered} == {"pt"}
    assert [one.country for one in offered[:3]] == ["br", "br", "br"]
    assert "g1.globo.com" not in [one.id for one in offered]
    assert len({one.kind for one in offered}) >= 3


def test_a_choice_is_numbers_addresses_or_another_search() -> None:
    offered = read_directory()[:3]
    assert read_choice("1, 3 example.com 1", offered)[0] == [
        offered[0].id, offered[2].id, "example.com",
    ]  # fmt: skip
    assert read_choice("all", offered)[0] == [one.id for one in offered]
    assert read_choice("none", offered) == ([], [])
    chosen, more = read_choice("ch it", offered)
    assert (chosen, [one.id for one in more]) == ([], ["rsi.ch", "swissinfo.ch"])


@pytest.mark.parametrize(
    ("window", "outlets", "way"),
    [
        ("2023-01-28..2023-03-31", True, "backfill"),
        ("2026-11-20..", True, "crawl"),
        ("2026-01-01..", True, "both"),
        ("2026-11-20..", False, "backfill"),
        ("", True, "crawl"),
    ],
)
def test_what_is_over_is_backfilled_and_what_goes_on_is_crawled(
    window: str, outlets: bool, way: str
) -> None:
    days = parse_window(window) if window else None
    assert propose_way(days, outlets=outlets, today=date(2026, 11, 30)) == way


def test_a_desk_is_made_from_words_and_each_command_is_printed(
    pressclip: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = pressclip(
        "start", "desk", "--no-input", "--words", '"spy balloon"', "--lang", "en", *QUIET
    )
    assert said.status == 0
    assert [line for line in said.err.splitlines() if line.startswith("$")] == [
        "$ pressclip init desk",
        "$ cd desk",
        "$ pressclip story new spy-balloon --title 'Spy balloon' --match en '\"spy balloon\"'",
    ]
    story = Workspace.load(tmp_path / "desk").story("spy-balloon")
    assert (story.title, story.match) == ("Spy balloon", {"en": '"spy balloon"'})
    assert "pressclip search story:spy-balloon" in said.err


def test_a_second_start_goes_on_with_the_story(
    pressclip: Callable[..., Said], tmp_path: Path
) -> None:
    desk = str(tmp_path)
    pressclip("start", desk, "--no-input", "--words", "balloon", *QUIET)
    said = pressclip("start", desk, "--no-input", *QUIET)
    assert said.status == 0
    assert "Story: balloon   Balloon" in said.err
    assert "$ pressclip" not in said.err


def test_a_clipping_is_named_as_it_is_typed_in_the_desk(
    pressclip: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip.txt").write_text(TEXT, "utf-8")
    said = pressclip("start", "desk", "--no-input", "--from", "clip.txt", *QUIET)
    assert "$ pressclip story new clip --from ../clip.txt" in said.err
    assert str(Workspace.load(tmp_path / "desk").story("clip").window) == "2023-01-28..2023-03-04"


@pytest.mark.parametrize("more", [[], ["--no-input"]])
def test_without_an_answer_the_option_is_named(
    own_process: Callable[..., Said], tmp_path: Path, more: list[str]
) -> None:
    said = own_process(
        "start", str(tmp_path / "desk"), "--contact", "desk@clippings.example", *more
    )
    assert said.status == 2
    assert "--from FILE|URL" in said.err
    assert "--words QUERY" in said.err


def test_answers_come_from_a_person_and_wrong_ones_are_asked_again(
    own_process: Callable[..., Said], tmp_path: Path
) -> None:
    answers = ["ann", "ann@clippings.example", "nosuch.txt", "balloon (", "", "", "", "en"]
    answers += ["balloon", "ours", "", "2023-01-28..", "en", "none", "nothing"]
    said = own_process("start", str(tmp_path / "desk"), answer="\n".join([*answers, ""]))
    assert said.status == 0, said.err
    assert "nosuch.txt: no such file" in said.err
    assert '"ann" is not an address' in said.err
    story = Workspace.load(tmp_path / "desk").story("ours")
    assert (story.match, str(story.window)) == ({"en": "balloon"}, "2023-01-28..")


def test_from_and_words_cannot_be_used_together(pressclip: Callable[..., Said]) -> None:
    said = pressclip("start", "--from", "a.txt", "--words", "b")
    assert (said.status, "cannot be used together" in said.err) == (2, True)
