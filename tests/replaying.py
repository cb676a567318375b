"""Other people's readers of web archives, where `.ci/run` has installed them or the PATH has them."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REPLAY = ROOT / ".ci" / "replay"
_STARTED = 60  # seconds


def find_tool(name: str) -> str:
    """The path of a tool of `.ci/replay/requirements.txt`; skips the test where it is not installed."""
    own = REPLAY / "venv" / "bin" / name
    found = str(own) if own.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed; .ci/run installs it")
    return found


def find_node_modules() -> Path:
    """The folder with ReplayWeb.page's reader; skips the test where it is not installed."""
    if not shutil.which("node") or not (REPLAY / "node_modules" / "@webrecorder").exists():
        pytest.skip("@webrecorder/wabac is not installed under Node; .ci/run installs it")
    return REPLAY / "node_modules"


@contextmanager
def serve_pywb(
    folder: Path, files: Iterable[Path], *, collection: str = "c", more: Iterable[str] = ()
) -> Iterator[str]:
    """A web archive of these WARC files on loopback; yields the address of its one collection.

    `{address}/{14 digits}id_/{url}` is a page as it was captured, `{address}/cdx?url=` the index and
    `{address}/timemap/link/{url}` a TimeMap. `folder` is the server's own.
    """
    server, manager = find_tool("wayback"), find_tool("wb-manager")
    folder.mkdir(parents=True, exist_ok=True)
    for command in (["init", collection], ["add", *more, collection, *map(str, files)]):
        subprocess.run([manager, *command], cwd=folder, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        command = [server, "-b", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=_environment())
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}/{collection}"
    finally:
        process.terminate()
        process.wait(timeout=_STARTED)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _STARTED
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
        else:
            return
    raise RuntimeError(f"pywb did not start (exit {process.poll()})")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
