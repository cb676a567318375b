"""Every command of the tutorial, run in its order against the made-up newspapers."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.serving import SiteProcess

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
MARK = "=== command "


def steps() -> Iterator[tuple[str, list[str]]]:
    """Each command of the page, with the lines that it is said to print."""
    command, said = "", list[str]()
    for line in "".join(BLOCK.findall(PAGE.read_text("utf-8"))).splitlines():
        if line.startswith("$ "):
            if command:
                yield command, said
            command, said = line[2:], []
        elif line.startswith(">"):
            command += "\n" + line[1:].removeprefix(" ")
        else:
            said.append(line)
    yield command, said


def run_on_a_terminal(script: str, folder: Path, environ: dict[str, str]) -> str:
    """What a shell prints when a person looks at it."""
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        ["bash", "-euc", script], cwd=folder, env=environ,
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while some := os.read(ours, 65536):
            said += some
    except OSError:
        pass  # the other end is closed: how a terminal ends on Linux
    os.close(ours)
    assert shell.wait() == 0, said.decode()
    return said.decode().replace("\r\n", "\n")


def is_said(line: str, printed: str) -> bool:
    """Whether a line was printed; `…` at its end stands for anything."""
    wanted = " ".join(line.removesuffix("…").split())
    return any(wanted in " ".join(one.split()) for one in printed.splitlines())


@pytest.mark.timeout(180)
def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    """About fifteen seconds, since it adds three newspapers and crawls them for real."""
    todo = list(steps())
    assert len(todo) > 20
    with SiteProcess("--edition", "2") as outlets:
        script = "\n".join(
            f"echo {shlex.quote(f'{MARK}{number}')}\n{command}"
            for number, (command, _) in enumerate(todo)
        ).replace("http://127.0.0.1:41234", outlets.ports.proxy_url)
        environ = os.environ | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "COLUMNS": "80", "PAGER": "cat", "NO_COLOR": "1", "TERM": "dumb", "TZ": "UTC",
        }  # fmt: skip
        printed = run_on_a_terminal(script, tmp_path, environ)
    parts = re.split(rf"^{MARK}\d+\n", printed, flags=re.MULTILINE)[1:]
    assert len(parts) == len(todo)
    missing = [
        (command, line)
        for (command, said), part in zip(todo, parts, strict=True)
        for line in said
        if not is_said(line, part)
    ]
    assert not missing, printed
    page = (tmp_path / "desk" / "balloon.html").read_text("utf-8")
    assert "US fighter jet shoots down Chinese balloon" in page
