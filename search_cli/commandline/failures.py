"""Errors → messages on stderr and exit codes; a bug of ours → a report in a file."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from index.errors import (
    ConfigError,
    DiskFullError,
    PressclipError,
    QuerySyntaxError,
    ReadOnlyError,
    StorageError,
    StoreError,
)
from index.files import storage_error
from index.text.wording import counted
from search_cli.output.render import cells, one_line, paint
from search_cli.output.terminal import wants_color, warn
from search_cli.session import Session

FAILED = 4
BUG = 70
KEPT_REPORTS = 20

_DISK_SAYS_NO = frozenset(
    {
        errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
        errno.EMFILE, errno.ENFILE, errno.ENOTDIR,
    }
)  # fmt: skip


def explain(error: Exception, session: Session) -> int:
    """Tell the person what went wrong and what to do; the exit code that says the same."""
    known = _known(error)
    if known is None:
        return _report_bug(error, session)
    colored = wants_color(session.color, screen=sys.stderr.isatty(), environ=os.environ)
    for line in message(known, colored=colored):
        warn(line)
    if session.verbose:
        _print_traceback(error)
    return known.exit_code


def message(error: PressclipError, *, colored: bool = False) -> Iterator[str]:
    """The lines of an error: what is wrong, the place under a caret, the hint."""
    label = paint("error:", "red", colored=colored)
    if isinstance(error, ConfigError):
        yield from _config_message(error, label)
    else:
        yield f"{label} {one_line(str(error))}"
        if isinstance(error, QuerySyntaxError):
            yield from caret(error.query, error.column)
    if error.hint:
        yield f"{paint('hint:', 'cyan', colored=colored)} {one_line(error.hint)}"


def caret(text: str, column: int, *, width: int = 76) -> Iterator[str]:
    """A line of text and a caret under one character of it; a long line is cut around the caret."""
    flat = "".join(char if char.isprintable() else " " for char in text)
    start = max(column - width // 2, 0) if len(flat) > width else 0
    shown = flat[start : start + width]
    yield f"  {shown}"
    yield f"  {' ' * cells(flat[start:column])}^"


def _config_message(error: ConfigError, label: str) -> Iterator[str]:
    yield f"{label} {counted(len(error.faults), 'fault')} in the desk's files"
    for fault in error.faults:
        yield f"  {one_line(str(fault))}"
        if fault.excerpt:
            yield from (f"  {line}" for line in caret(fault.excerpt, fault.column))


def _known(error: Exception) -> PressclipError | None:
    """The error as one of ours; None when nobody foresaw it."""
    if isinstance(error, PressclipError):
        return error
    if isinstance(error, click.ClickException):
        return _click_error(error)
    if isinstance(error, MemoryError):
        return StorageError("out of memory")
    if isinstance(error, OSError) and error.errno in _DISK_SAYS_NO:
        return storage_error(error)
    return _sqlite_error(error)


def _click_error(error: click.ClickException) -> PressclipError:
    from index.errors import UsageError

    ctx = getattr(error, "ctx", None)
    hint = f"see: {ctx.command_path} --help" if ctx else ""
    if isinstance(error, click.NoSuchOption) and ctx and _takes_query(ctx.command):
        hint = f"{hint}; a query that begins with a minus stands after --"
    text = error.format_message().rstrip(".")
    return UsageError(text[:1].lower() + text[1:], hint=hint)


def _takes_query(command: click.Command) -> bool:
    return any(param.name == "words" for param in command.params)


def _sqlite_error(error: Exception) -> PressclipError | None:
    """What SQLite refused, as far as a user or a disk can cause it (sqlite.org/rescode.html)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == 13:  # SQLITE_FULL
        return DiskFullError("the store: no space left on the disk", hint="free some and retry")
    if code in (8, 14):  # SQLITE_READONLY, SQLITE_CANTOPEN
        return ReadOnlyError("the store cannot be written", hint="check the folder's permissions")
    if code in (5, 6):  # SQLITE_BUSY, SQLITE_LOCKED
        return StoreError("the store is in use by another program", hint="try again in a moment")
    if code in (10, 11, 26):  # SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB
        hint = (
            "move data/pressclip.db away and run: pressclip replay   (rebuilds it from the archive)"
        )
        return StoreError(f"the store is damaged: {error}", hint=hint)
    return None


def _report_bug(error: Exception, session: Session) -> int:
    kind = f"{type(error).__name__}: {error}"
    click.echo(f"error: a bug in pressclip: {one_line(kind)}", err=True)
    path = write_report(error)
    if path:
        click.echo(f"report: {path}", err=True)
    if session.verbose or path is None:
        _print_traceback(error)
    return BUG


def write_report(error: Exception) -> Path | None:
    """A file with what a maintainer needs; None where even that cannot be written."""
    import platform
    from importlib.metadata import version
    from traceback import format_exception

    from search_cli.commandline.secrets import without_secrets
    from search_cli.state import state_dir

    now = datetime.now(UTC)
    folder = state_dir() / "crashes"
    path = folder / f"{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    text = "\n".join(
        [
            f"pressclip {version('pressclip')}, Python {platform.python_version()}, "
            f"{platform.platform()}",
            f"time: {now:%Y-%m-%dT%H:%M:%SZ}",
            f"command: {[without_secrets(one) for one in sys.argv]}",
            "".join(format_exception(error)),
        ]
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", errors="backslashreplace")
        for old in sorted(folder.glob("*.txt"))[:-KEPT_REPORTS]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def _print_traceback(error: Exception) -> None:
    from traceback import format_exception

    click.echo("".join(format_exception(error)), err=True, nl=False)
