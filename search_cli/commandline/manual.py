"""Manual pages from what the commands say with `--help`, and from the topics of `pressclip help`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from index.files import storage_errors, write_atomic
from search_cli.commandline.lazy import LazyGroup, load_verb
from search_cli.commandline.topics import PAGES, TOPICS

_WIDTH = 78
_SUMMARY = "a clippings desk for one news story"


def write_manual(root: click.Command, folder: Path) -> int:
    """Write every page into `man1` and `man7` of the folder; how many. Raises `StorageError`."""
    pages = dict(man_pages(root))
    for name, text in pages.items():
        path = folder / f"man{name[-1]}" / name
        with storage_errors(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text)
    return len(pages)


def man_pages(root: click.Command) -> Iterator[tuple[str, str]]:
    """The file name and the text of every page: a command's is in section 1, a topic's in 7."""
    yield from _pages(root, "pressclip", _SUMMARY, None)
    for topic, summary in TOPICS.items():
        text = (PAGES / f"{topic}.txt").read_text("utf-8")
        yield f"pressclip-{topic}.7", _page(f"pressclip {topic}", summary, text, section=7)


def _pages(
    command: click.Command, path: str, summary: str, parent: click.Context | None
) -> Iterator[tuple[str, str]]:
    """The page of a command, then those of the verbs in its table."""
    name = path.split()[-1]
    with click.Context(command, info_name=name, parent=parent, terminal_width=_WIDTH) as ctx:
        yield f"{path.replace(' ', '-')}.1", _page(path, summary, command.get_help(ctx))
    if isinstance(command, LazyGroup):
        for verbs in command.sections.values():
            for verb, entry in verbs.items():
                yield from _pages(load_verb(entry.target), f"{path} {verb}", entry.help, ctx)


def _page(path: str, summary: str, text: str, *, section: int = 1) -> str:
    """A page of roff: the name, and the text as it is, its lines kept."""
    name = _escaped(path.replace(" ", "-"))
    body = "\n".join(_escaped(line) for line in text.splitlines())
    return (
        f'.TH "{name.upper()}" {section} "" "pressclip {version("pressclip")}"\n'
        f".SH NAME\n{name} \\- {_escaped(summary.rstrip('.'))}\n"
        f".SH DESCRIPTION\n.nf\n{body}\n.fi\n"
    )


def _escaped(line: str) -> str:
    """A line that roff prints as it is (groff_man(7), "Portability")."""
    line = line.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return rf"\&{line}" if line.startswith(".") else line
