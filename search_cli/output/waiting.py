"""A line on the terminal that shows a command at work, until it has something to say."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging import Handler

FIRST, EVERY = 2.0, 1.0  # seconds until the line is drawn, and between two drawings
_CLEAR = "\r\x1b[K"


class Waiting:
    """Draws `verify: 12 s …` in place on stderr, from two seconds on."""

    def __init__(self, verb: Callable[[], str]) -> None:
        import threading  # paid only on a terminal

        self._verb = verb
        self._began = monotonic()
        self._over = threading.Event()
        self._is_drawn = False
        self._handlers: list[Handler] = []
        self._thread = threading.Thread(target=self._draw, daemon=True)
        self._thread.start()

    def _draw(self) -> None:
        pause = FIRST
        while not self._over.wait(pause) and (verb := self._verb()):
            if not self._is_drawn:
                self._give_way_to_the_log()
            sys.stderr.write(f"{_CLEAR}{verb}: {monotonic() - self._began:.0f} s …")
            sys.stderr.flush()
            self._is_drawn, pause = True, EVERY

    def _give_way_to_the_log(self) -> None:
        from logging import getLogger

        self._handlers = getLogger().handlers[:]
        for handler in self._handlers:
            handler.addFilter(_make_room)

    def stop(self) -> None:
        """Take the line away; after this nothing is drawn."""
        self._over.set()
        self._thread.join()
        for handler in self._handlers:
            handler.removeFilter(_make_room)
        if self._is_drawn:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


_running: list[Waiting] = []  # one at most: there is one terminal


@contextmanager
def waiting(verb: Callable[[], str]) -> Iterator[None]:
    """Show that a command is at work, where stderr is a terminal; `verb` is empty for one that need not.

    The first thing that is written takes the line away for good.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        _running.append(Waiting(verb))
    try:
        yield
    finally:
        stop_waiting()


def _make_room(_: object) -> bool:
    stop_waiting()
    return True


def stop_waiting() -> None:
    """Take the line away, before something else is written."""
    while _running:
        _running.pop().stop()
