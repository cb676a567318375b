"""Questions to a person on stderr; where nobody can answer, the error names the option instead."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from index.errors import NoAnswer
from search_cli.output.waiting import stop_waiting

Answer = TypeVar("Answer")
_PASTE_PAUSE = 0.2  # seconds within which the next line of a pasted text has come
_heard: list[str] = []  # the questions asked: after one, Python may have read ahead of what is left


def expect_answer(text: str, *, option: str) -> None:
    """Raise `NoAnswer` with the option if stdin is closed, before anything is shown.

    For a command that shows something before its first question.
    """
    if not _heard and _is_stdin_empty():
        raise _no_answer(text, option)


def confirm(text: str, *, option: str, default: bool = True) -> bool:
    """Yes or no. Raises `NoAnswer` with the option if stdin is closed, `Abort` for Ctrl-C."""
    return _answered(text, option, lambda: click.confirm(text, default=default, err=True))


def prompt(text: str, *, option: str, default: str | None = None) -> str:
    """A line, without space around it; enter alone gives the default, which None does not have.

    Raises as `confirm` does.
    """

    def ask() -> str:
        return str(click.prompt(text, default=default, show_default=bool(default), err=True))

    return _answered(text, option, ask).strip()


def prompt_text(text: str, *, option: str) -> str:
    """A line, or a pasted text of many lines: what comes at once belongs together.

    Raises as `confirm` does.
    """
    lines = [prompt(text, option=option)]
    while _more_at_once():
        lines.append(sys.stdin.readline().rstrip("\n"))
    if len(lines) > 1:  # the last line of a paste may still wait for its end
        lines.append(prompt("Press Enter at the end of the text", option=option, default=""))
    return "\n".join(lines).strip()


def _answered(text: str, option: str, ask: Callable[[], Answer]) -> Answer:
    stop_waiting()
    expect_answer(text, option=option)
    _heard.append(text)
    try:
        return ask()
    except click.Abort as stopped:
        if isinstance(stopped.__context__, EOFError):
            click.echo(err=True)
            raise _no_answer(text, option) from stopped
        raise


def _no_answer(text: str, option: str) -> NoAnswer:
    question = text.partition(" (")[0]
    return NoAnswer(f"no answer to “{question}”: standard input is closed", hint=f"use {option}")


def _is_stdin_empty() -> bool:
    """Whether stdin is closed or at its end; False for a terminal and for what may still come."""
    from io import UnsupportedOperation
    from select import select

    if sys.stdin is None:
        return True
    try:
        if sys.stdin.isatty() or not select([sys.stdin], [], [], 0)[0]:
            return False
        return not sys.stdin.buffer.peek(1)  # type: ignore[union-attr]
    except (OSError, ValueError, UnsupportedOperation, AttributeError):
        return False  # not a file of the system: only reading tells


def _more_at_once() -> bool:
    """Whether the terminal has another line already, as after a paste."""
    from select import select

    return sys.stdin.isatty() and bool(select([sys.stdin], [], [], _PASTE_PAUSE)[0])
