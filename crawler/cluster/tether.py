"""The process between a worker and its crawl: the crawl ends when the worker's lease does.

    python -m crawler.cluster.tether PARENT COMMAND…       (a worker starts it; its standard input is a pipe)

Lines on standard input: `until SECONDS` is how long the lease runs, by the clock since the machine started,
which counts sleep and which nobody sets; `stop` ends the crawl as Ctrl-C does. When the worker dies, the
crawl is killed; when its lease runs out, because it hangs, sleeps or has lost the queue, the crawl is ended
before anyone else may take the bucket. The exit status is the crawl's, or `LAPSED`.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

LAPSED = 79
GRACE = 4.0  # seconds for a crawl to end by itself: it takes two
POLL = 0.1

_PR_SET_PDEATHSIG = 1  # prctl(2)


def boot_time() -> float:
    """Seconds since the machine started, with the time it slept; the same in all processes."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that started it dies; Linux only, else nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def tie(parent: int, command: Sequence[str]) -> int:
    """Run a command until it ends, the lease runs out or the parent dies; its exit status."""
    die_with_parent()
    if os.getppid() != parent:
        return LAPSED  # it died before we asked
    # This process has one thread: a function may run between fork and exec.
    crawl = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)  # noqa: S603
    until, told = _Lease(), b""
    while crawl.poll() is None:
        if select.select([0], [], [], POLL)[0]:
            heard = os.read(0, 4096)
            if not heard:
                _kill(crawl)
                return LAPSED
            *lines, told = (told + heard).split(b"\n")
            for line in lines:
                until.hear(line, crawl)
        if until.is_over() and crawl.poll() is None:
            _end(crawl)
            return LAPSED
    status = crawl.returncode
    return status if status >= 0 else 128 - status


class _Lease:
    """What the worker last said."""

    def __init__(self) -> None:
        self._until: float | None = None

    def hear(self, line: bytes, crawl: subprocess.Popen[bytes]) -> None:
        word, _, value = line.decode("ascii", "replace").partition(" ")
        if word == "until":
            self._until = float(value)
        elif word == "stop":
            crawl.send_signal(signal.SIGINT)

    def is_over(self) -> bool:
        return self._until is not None and boot_time() > self._until


def _end(crawl: subprocess.Popen[bytes]) -> None:
    """End a crawl as Ctrl-C does; kill it where it does not end."""
    crawl.send_signal(signal.SIGINT)
    try:
        crawl.wait(GRACE)
    except subprocess.TimeoutExpired:
        _kill(crawl)


def _kill(crawl: subprocess.Popen[bytes]) -> None:
    """Kill a crawl and what it started: all of this session but ourselves."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    crawl.kill()
    crawl.wait()
    with suppress(OSError):
        os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(tie(int(sys.argv[1]), sys.argv[2:]))
