"""What stands on a screen: nothing is wider than it is, but for an address that one copies whole."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from wcwidth import wcswidth

from index.store import Store
from search_cli.main import cli
from tests.screens import on_screen

WIDTH, LABEL = 60, 11  # cells; an address too long for a line stands whole behind its label
COMMANDS = (
    "status", "search balloon", "show ID", "show ID --versions", "why ID", "story check balloon",
    "compare story:balloon --by outlet", "timeline story:balloon --by outlet", "outlet list",
    "families", "kwic balloon", "doctor", "extract page.html --explain",
)  # fmt: skip
PAGE = """<html lang="en"><title>A balloon over the Rimrocks was sixty thousand feet up, as the town
first heard on a Thursday | The Courier</title><h1>A balloon over the Rimrocks was sixty thousand feet
up, as the town first heard on a Thursday</h1><article><p>{}</p><p>{}</p></article></html>""".format(
    "Dozens of callers asked the sheriff about a second moon, and nobody had an answer. " * 4,
    "On Thursday the ministry gave one, and the town looked up again all day and all night. " * 4,
)


def shown(folder: Path, command: str) -> str:
    """What a command leaves on the screen, without colours and what it wiped away again."""
    environ = {**os.environ, "PAGER": "", "TERM": "xterm"}
    arguments = [sys.executable, "-m", "search_cli.main", *command.split()]
    _, told = on_screen(arguments, folder, environ, columns=WIDTH)
    plain = re.sub(r"\x1b\[(?!K)[0-9;?]*[A-Za-z]", "", told)
    return re.sub(r"[^\n]*\r\x1b\[K", "", plain).replace("\r", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_is_wider_than_the_screen(corpus: Path, command: str) -> None:
    (corpus / "page.html").write_text(PAGE, "utf-8")
    with Store.open(corpus / "data" / "pressclip.db") as store:
        name = store.articles.kept_ids()[0]
    told = shown(corpus, command.replace("ID", name))
    assert told.strip()
    wide = [line for line in told.splitlines() if wcswidth(line) > WIDTH]
    assert [line for line in wide if max(map(wcswidth, line.split())) <= WIDTH - LABEL] == []


def test_no_line_of_help_is_wider_than_80_columns() -> None:
    assert [line for text in helps(cli, None, "pressclip") for line in text if len(line) > 80] == []


def helps(command: click.Command, parent: click.Context | None, name: str) -> Iterator[list[str]]:
    """The help of a command and of those below it, as a screen of 80 columns shows it."""
    context = click.Context(command, info_name=name, parent=parent, terminal_width=80)
    yield command.get_help(context).splitlines()
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            if below := command.get_command(context, verb):
                yield from helps(below, context, verb)
