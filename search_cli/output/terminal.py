"""What the terminal at the other end can do, and writing to it: notes, data, pager, questions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self

import click

from search_cli.output.render import hang, shown_cells, wrap
from search_cli.output.waiting import stop_waiting
from search_cli.session import Session

Choice = Literal["auto", "always", "never"]
MEASURE = 88  # cells in a line of text: longer ones are hard to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where data goes: a screen of `width` × `height` cells, or a pipe (`screen` is False)."""

    screen: bool
    colored: bool
    width: int = 80
    height: int = 24
    pager: tuple[str, ...] = ()

    @classmethod
    def of(cls, session: Session) -> Self:
        """What stdout is now, by its kind, the environment and the user's options."""
        from shutil import get_terminal_size

        screen = sys.stdout.isatty()
        size = get_terminal_size()
        return cls(
            screen=screen,
            colored=wants_color(session.color, screen=screen, environ=os.environ),
            width=size.columns,
            height=size.lines,
            pager=_pager(os.environ) if screen and session.pager else (),
        )

    @property
    def measure(self) -> int:
        """The cells of a line of text on a screen."""
        return min(self.width, MEASURE)

    def room(self, indent: int = 0) -> int:
        """The cells left of a line on a screen; elsewhere lines are as long as they are."""
        return self.measure - indent if self.screen else 1_000_000

    def head(self, text: str) -> Iterator[str]:
        """A long line of words above a list: on a screen broken to its width."""
        return wrap(text, self.width) if self.screen else iter([text])

    def fit(self, line: str, indent: int = 4) -> Iterator[str]:
        """A line as it is, or on a screen broken to its width, the further lines indented."""
        return hang(line, self.width, indent) if self.screen else iter([line])

    def show(self, lines: Iterable[str]) -> None:
        """Write lines of text; through the pager when they are more than the screen holds.

        On a screen a line that is too long for it goes on below, two columns in.
        """
        shown = [part for line in lines for part in _folded(line, self.width * self.screen)]
        stop_waiting()
        if self.pager and len(shown) >= self.height and _page(self.pager, shown):
            return
        for line in shown:
            click.echo(line, color=True)


def wants_color(choice: Choice, *, screen: bool, environ: Mapping[str, str]) -> bool:
    """Whether to colour: the option, then NO_COLOR, FORCE_COLOR, CLICOLOR, then what it is."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") != "0" or environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return screen and environ.get("CLICOLOR") != "0" and environ.get("TERM") != "dumb"


def note(session: Session, text: str) -> None:
    """Tell the person something that is not data, on stderr; silent with `-q`."""
    if not session.quiet:
        warn(text)


def warn(text: str) -> None:
    """Tell what `-q` does not keep back, on stderr: what is amiss, what will be asked about."""
    from shutil import get_terminal_size

    stop_waiting()
    width = get_terminal_size().columns if sys.stderr.isatty() else 0
    for line in text.split("\n"):
        for part in _folded(line, width):
            click.echo(part, err=True, color=True)


def _folded(line: str, width: int) -> Iterator[str]:
    """A line in parts that fit a screen, the further ones two columns in; as it is where `width` is 0."""
    if not width or shown_cells(line) <= width:
        return iter([line])
    return hang(line, width, len(line) - len(line.lstrip(" ")) + 2)


def write(pieces: Iterable[str]) -> None:
    """Write pieces of data to stdout as they are."""
    for piece in pieces:
        stop_waiting()
        sys.stdout.write(piece)


def _pager(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The command of $PAGER; none when it is empty or cannot be read."""
    from shlex import split

    try:
        return tuple(split(environ.get("PAGER", "less -FRX")))
    except ValueError:
        return ()


def _page(command: tuple[str, ...], lines: list[str]) -> bool:
    """Show the lines in the pager; False when there is no such program."""
    from subprocess import PIPE, Popen

    try:
        # The user's own $PAGER, as every program that pages runs it.
        process = Popen(command, stdin=PIPE, encoding="utf-8", errors="replace")  # noqa: S603
    except OSError:
        return False
    try:
        process.communicate("".join(f"{line}\n" for line in lines))
    except KeyboardInterrupt:  # the pager has the terminal: the key is meant for it
        process.wait()
    return True
