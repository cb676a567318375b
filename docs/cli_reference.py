"""The text of docs/cli.md: what every command's `--help` says, and the pages of `pressclip help`.

Run by cog; `cog -r docs/cli.md` brings the page up to date, `cog --check docs/cli.md` compares.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from search_cli.commandline.lazy import LazyGroup
from search_cli.commandline.topics import PAGES, TOPICS
from search_cli.main import cli

WIDTH = 96


def reference() -> str:
    """The page's body in Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for path, command, parent in _walk(cli, "pressclip", None):
        yield f"## {path}\n"
        yield "```text"
        name = path.split()[-1]
        with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH) as ctx:
            yield command.get_help(ctx)
        yield "```\n"
    for topic in TOPICS:
        yield f"## pressclip help {topic}\n"
        yield "```text"
        yield (PAGES / f"{topic}.txt").read_text("utf-8").rstrip()
        yield "```\n"


def _walk(
    command: click.Command, path: str, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context | None]]:
    yield path, command, parent
    if not isinstance(command, LazyGroup):
        return
    ctx = click.Context(command, info_name=path.split()[-1], parent=parent)
    for name in command.list_commands(ctx):
        found = command.get_command(ctx, name)
        if found is not None:
            yield from _walk(found, f"{path} {name}", ctx)
