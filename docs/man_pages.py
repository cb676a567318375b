"""Manual pages from what the commands say with `--help`: `python docs/man_pages.py DIR`.

A page for each command, `pressclip-search.1` and so on, to be read with `man pressclip-search` when
DIR is on the manual's path, as `~/.local/share/man/man1` is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from search_cli.lazy import LazyGroup, load_verb
from search_cli.main import cli

WIDTH = 78


def man_pages() -> Iterator[tuple[str, str]]:
    """The file name and the text of every page."""
    return _pages(cli, "pressclip", "a clippings desk for one news story", None)


def _pages(
    command: click.Command, path: str, summary: str, parent: click.Context | None
) -> Iterator[tuple[str, str]]:
    """The page of a command, then those of the verbs in its table."""
    name = path.split()[-1]
    with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH) as ctx:
        yield f"{path.replace(' ', '-')}.1", _page(path, summary, command.get_help(ctx))
    if isinstance(command, LazyGroup):
        for verbs in command.sections.values():
            for verb, entry in verbs.items():
                yield from _pages(load_verb(entry.target), f"{path} {verb}", entry.help, ctx)


def _page(path: str, summary: str, text: str) -> str:
    """A page of roff: the name, and the help as it is, its lines kept."""
    name = _escaped(path.replace(" ", "-"))
    body = "\n".join(_escaped(line) for line in text.splitlines())
    return (
        f'.TH "{name.upper()}" 1 "" "pressclip {version("pressclip")}"\n'
        f".SH NAME\n{name} \\- {_escaped(summary.rstrip('.'))}\n"
        f".SH DESCRIPTION\n.nf\n{body}\n.fi\n"
    )


def _escaped(line: str) -> str:
    """A line that roff prints as it is (groff_man(7), "Portability")."""
    line = line.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return rf"\&{line}" if line.startswith(".") else line


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for file_name, page in man_pages():
        (folder / file_name).write_text(page, "utf-8")
