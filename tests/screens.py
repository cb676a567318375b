"""Programs run on a terminal of their own, as a person would see them."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path


def on_screen(
    command: Sequence[str], folder: Path, environ: Mapping[str, str], *, columns: int = 80
) -> tuple[int, str]:
    """The exit code of a command and what it writes on a terminal; its stdin is closed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        command, cwd=folder, env={**environ, "COLUMNS": str(columns)},
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    told = b""
    try:
        while part := os.read(ours, 65_536):
            told += part
    except OSError:
        pass  # the other end is closed: how a terminal ends on Linux
    os.close(ours)
    return process.wait(60), told.decode().replace("\r\n", "\n")
