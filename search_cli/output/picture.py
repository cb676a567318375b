"""A few lines on the terminal of stderr that are drawn again in place, with log lines above them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from shutil import get_terminal_size
from time import monotonic

import click

from search_cli.output.waiting import stop_waiting

UPDATE_SECONDS = 0.5
_CLEAR = "\r\x1b[J"


class Picture:
    """Lines that stay in their place; what is logged meanwhile is above them."""

    def __init__(self) -> None:
        self._handlers: list[logging.Handler] = []

    @property
    def height(self) -> int:
        """The most lines that can be drawn in place."""
        return get_terminal_size().lines - 2

    def draw(self, lines: Sequence[str]) -> None:
        """Draw the lines, each cut to the width of the terminal, over those drawn before."""
        if not self._handlers:
            self._handlers = list(logging.getLogger().handlers)
            for handler in self._handlers:
                handler.addFilter(self._make_room)
        width = get_terminal_size().columns - 1
        back = f"\x1b[{len(lines) - 1}A" if len(lines) > 1 else ""
        _put(_CLEAR + "\r\n".join(line[:width] for line in lines) + back + "\r")

    def clear(self) -> None:
        """Leave a clean screen."""
        for handler in self._handlers:
            handler.removeFilter(self._make_room)
        self._handlers = []
        _put(_CLEAR)

    def _make_room(self, _: object) -> bool:
        """Before a log line: the picture goes, and is drawn again below it."""
        _put(_CLEAR)
        return True


class LineInPlace:
    """One line of progress, drawn twice a second; nothing if it is not to be `shown`."""

    def __init__(self, *, shown: bool) -> None:
        self._next = monotonic() + UPDATE_SECONDS if shown else float("inf")
        self._picture: Picture | None = None

    def show(self, text: str) -> None:
        """Draw it, if it is time to."""
        if monotonic() > self._next:
            self._next = monotonic() + UPDATE_SECONDS
            self._picture = self._picture or Picture()
            self._picture.draw([text])

    def show_now(self, text: str) -> None:
        """Draw it whenever it is: what comes next takes its time."""
        if self._next < float("inf"):
            self._next = 0
            self.show(text)

    def close(self) -> None:
        """Leave a clean screen."""
        if self._picture is not None:
            self._picture.clear()
            self._picture = None


def _put(text: str) -> None:
    stop_waiting()
    click.echo(text, nl=False, err=True, color=True)
