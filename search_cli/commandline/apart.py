"""A verb in a process of its own: what fetches runs on an event loop that starts once in a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from search_cli.output.waiting import stop_waiting

INTERRUPTED = 130


def run_apart(
    folder: Path, arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> int:
    """Run a verb in a workspace as a person would; its exit code. Its output goes where ours goes.

    Raises `KeyboardInterrupt` when it was interrupted, after it has saved what it has.
    """
    command = [sys.executable, "-m", "search_cli.main", "-C", str(folder), *arguments]
    stop_waiting()
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - ourselves
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.wait()  # it has had the signal too, and is saving what it has
            raise
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code
