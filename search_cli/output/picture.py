"""A few lines on the terminal of stderr that are drawn again in place, with log lines above them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from shutil import get_terminal_size

import click

_CLEAR = "\r\x1b[J"


class Picture:
    """Lines that stay in their place; what is logged meanwhile stands above them."""

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


def _put(text: str) -> None:
    click.echo(text, nl=False, err=True, color=True)
