"""What stands on a screen of 60 columns: nothing is wider, but for an address that one copies whole."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from wcwidth import wcswidth

from index.store import Store

WIDTH = 60
COMMANDS = (
    "status", "search balloon", "show ID", "show ID --versions", "why ID", "story check balloon",
    "compare story:balloon --by outlet", "timeline story:balloon --by outlet", "outlet list",
    "families", "kwic balloon", "doctor", "extract page.html --explain",
)  # fmt: skip
PAGE = """<html lang="en"><title>A balloon over the Rimrocks was sixty thousand feet up, as the town
first heard on a Thursday | The Courier</title><h1>A balloon over the Rimrocks was sixty thousand feet
up, as the town first heard on a Thursday</h1><article><p>{}</p><p>{}</p></article></html>""".format(
    "Dozens of callers asked the sheriff about a second moon, and nobody had an answer. " * 4,
    "On Thursday the ministry gave one, and the town looked up again all day and all night. " * 4,
)


def on_screen(folder: Path, command: str) -> str:
    """What a command writes on a terminal; in a process of its own, since a terminal belongs to one."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    environ = {**os.environ, "PAGER": "", "TERM": "xterm", "COLUMNS": str(WIDTH)}
    process = subprocess.Popen(
        [sys.executable, "-m", "search_cli.main", *command.split()],
        cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    told = b""
    try:
        while part := os.read(ours, 65_536):
            told += part
    except OSError:  # the other end is closed
        pass
    process.wait(30)
    os.close(ours)
    plain = re.sub(r"\x1b\[(?!K)[0-9;?]*[A-Za-z]", "", told.decode())
    return re.sub(r"[^\n]*\r\x1b\[K", "", plain).replace("\r", "")  # what was wiped away again


@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_is_wider_than_the_screen(corpus: Path, command: str) -> None:
    (corpus / "page.html").write_text(PAGE, "utf-8")
    with Store.open(corpus / "data" / "pressclip.db") as store:
        name = store.articles.kept_ids()[0]
    told = on_screen(corpus, command.replace("ID", name))
    assert told.strip()
    wide = [line for line in told.splitlines() if wcswidth(line) > WIDTH and " " in line.strip()]
    assert [line for line in wide if "://" not in line] == []
