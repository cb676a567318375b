from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from search_cli.commandline.lazy import dress
from search_cli.output.render import wrap
from search_cli.output.terminal import Terminal, note
from search_cli.session import Session


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Leave the root logger as it was found."""
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def test_a_long_list_goes_through_the_pager(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page"
    page.write_text("#!/bin/sh\necho PAGED\ncat\n")
    page.chmod(0o755)
    terminal = Terminal(screen=True, colored=False, height=3, pager=(str(page),))
    terminal.show(["a", "b"])
    terminal.show(["a", "b", "气"])
    assert capfd.readouterr().out == "a\nb\nPAGED\na\nb\n气\n"


def test_without_the_pager_program_the_list_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(screen=True, colored=False, height=1, pager=("/nowhere/less",)).show(["a", "b"])
    assert capsys.readouterr().out == "a\nb\n"


def test_a_note_goes_to_stderr_and_quiet_keeps_it_back(capsys: pytest.CaptureFixture[str]) -> None:
    note(Session(), "told")
    note(Session(quiet=True), "not told")
    assert capsys.readouterr() == ("", "told\n")


@pytest.mark.parametrize(
    ("letter", "shown"),
    [("-q", "an error\n"), ("-v", "a: a step\na: an error\n")],
    ids=["quiet", "loud"],
)
def test_the_log_is_as_loud_as_asked_whatever_others_set(
    capsys: pytest.CaptureFixture[str], letter: str, shown: str
) -> None:
    @click.command()
    def verb() -> None:
        logging.getLogger().setLevel(logging.NOTSET)  # as Scrapy does
        logging.getLogger("a").info("a step")
        logging.getLogger("a").error("an error")

    dress(verb).main([letter], standalone_mode=False)
    assert capsys.readouterr().err == shown


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("外交部发言人", 5, ["外交", "部发", "言人"]),
        ("a\n\nb", 9, ["a", "", "b"]),
        ("abcdefgh i", 4, ["abcd", "efgh", "i"]),
    ],
)
def test_text_is_wrapped_by_cells(text: str, width: int, lines: list[str]) -> None:
    assert list(wrap(text, width)) == lines
