"""A command at work says so on a terminal, and its line is gone when something else is written."""

from __future__ import annotations

import io
import logging
import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from search_cli.output import waiting as module
from search_cli.output.terminal import warn, write
from search_cli.output.waiting import waiting


@contextmanager
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """What is read here was written on the terminal that stderr is.

    No fixture, since pytest puts another stderr in its place before the test begins.
    """
    ours, theirs = pty.openpty()
    monkeypatch.setattr(module, "FIRST", 0.01)
    monkeypatch.setattr(module, "EVERY", 0.01)
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal, monkeypatch.context() as patch:
        patch.setattr("sys.stderr", terminal)
        yield ours
    os.close(ours)


def until(ours: int, end: str) -> str:
    told = ""
    while not told.endswith(end):
        told += os.read(ours, 1_000).decode()
    return told


def test_the_line_is_taken_away_by_the_first_thing_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with screen(monkeypatch) as ours, waiting(lambda: "verify"):
        assert until(ours, "verify: 0 s …").startswith("\r\x1b[Kverify: 0 s …")
        warn("done")
        assert until(ours, "done\r\n").endswith("\r\x1b[Kdone\r\n")
        assert not module._running


def test_data_takes_it_away_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with screen(monkeypatch) as ours, waiting(lambda: "export"):
        until(ours, "export: 0 s …")
        write(["rows"])
        assert until(ours, "\x1b[K").endswith("\r\x1b[K")
    assert capsys.readouterr().out == "rows"


def test_nothing_is_drawn_for_a_command_that_shows_more_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with screen(monkeypatch) as ours:
        with waiting(lambda: ""):
            module._running[0]._thread.join()
        warn("done")
        assert until(ours, "done\r\n") == "done\r\n"


def test_nothing_is_drawn_where_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    monkeypatch.setattr("sys.stderr", heard)
    with waiting(lambda: "verify"):
        assert not module._running
    assert heard.getvalue() == ""


def test_a_log_line_takes_it_away_first(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = logging.StreamHandler(io.StringIO())
    logging.getLogger().addHandler(handler)
    try:
        with screen(monkeypatch) as ours, waiting(lambda: "outlet"):
            until(ours, "outlet: 0 s …")
            logging.getLogger().warning("slow")
            assert not module._running
    finally:
        logging.getLogger().removeHandler(handler)
    assert not handler.filters
