"""Transcripts in the documentation: their commands, run on a terminal, and the lines they promise."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.screens import on_screen

BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
MARK = "=== command "


def steps(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Each command of a page's `console` blocks, with the lines that it is said to print."""
    command, said = "", list[str]()
    for line in "".join(BLOCK.findall(page.read_text("utf-8"))).splitlines():
        if line.startswith("$ "):
            if command:
                yield command, said
            command, said = line[2:], []
        elif line.startswith(">"):
            command += "\n" + line[1:].removeprefix(" ")
        else:
            said.append(line)
    yield command, said


def unsaid(page: Path, folder: Path, **replaced: str) -> list[tuple[str, str, str]]:
    """What a page promises and its commands do not print: the command, the line, what came instead.

    The commands are run in order in one shell; `replaced` has other values for its variables.
    """
    todo = list(steps(page))
    script = "\n".join(
        f"echo {shlex.quote(f'{MARK}{number}')}\n{command}"
        for number, (command, _) in enumerate(todo)
    )
    for name, value in replaced.items():
        script = re.sub(rf"export {name}=\S+", f"export {name}={value}", script)
    printed = _run_on_a_terminal(script, folder)
    parts = re.split(rf"^{MARK}\d+\n", printed, flags=re.MULTILINE)[1:]
    return [
        (command, line, part)
        for (command, said), part in zip(todo, parts, strict=True)
        for line in said
        if not _is_said(line, part)
    ]


def _run_on_a_terminal(script: str, folder: Path) -> str:
    """What a shell prints when a person looks at it, 80 columns wide."""
    environ = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PAGER": "cat", "NO_COLOR": "1", "TERM": "dumb", "TZ": "UTC",
    }  # fmt: skip
    status, said = on_screen(["bash", "-euc", script], folder, environ)
    assert status == 0, said
    return said


def _is_said(line: str, printed: str) -> bool:
    """Whether a line was printed; `…` at its end stands for anything."""
    wanted = " ".join(line.removesuffix("…").split())
    return any(wanted in " ".join(one.split()) for one in printed.splitlines())
