"""The process between a worker and its crawl: when it ends the crawl, and when it leaves it alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.cluster.tether import LAPSED, boot_time

# A crawl that says its process id and goes on for a minute; Ctrl-C ends it as it ends a crawl.
CRAWL = (
    "import os, signal, sys, time\n"
    "signal.signal(signal.SIGINT, lambda *_: sys.exit(130))\n"
    "print(os.getpid(), flush=True)\n"
    "time.sleep(60)\n"
)
DEAF = CRAWL.replace("lambda *_: sys.exit(130)", "signal.SIG_IGN")


@pytest.fixture
def tied() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def tie(tied: list[subprocess.Popen[bytes]], program: str) -> tuple[subprocess.Popen[bytes], int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.cluster.tether", str(os.getpid()), sys.executable, "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    tied.append(process)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def tell(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())
    process.stdin.flush()


def ends(pid: int) -> bool:
    """Whether a process is gone, soon: the kernel kills it, but when it likes."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
    return False


def test_the_exit_status_is_the_crawls(tied: list[subprocess.Popen[bytes]]) -> None:
    process, _ = tie(tied, "import os, sys; print(os.getpid(), flush=True); sys.exit(3)")
    assert process.wait(10) == 3


def test_a_crawl_is_stopped_as_ctrl_c_stops_it(tied: list[subprocess.Popen[bytes]]) -> None:
    process, _ = tie(tied, CRAWL)
    tell(process, f"until {boot_time() + 60}")
    tell(process, "stop")
    assert process.wait(10) == 130


def test_a_crawl_ends_when_the_lease_runs_out(tied: list[subprocess.Popen[bytes]]) -> None:
    process, pid = tie(tied, CRAWL)
    tell(process, f"until {boot_time() + 0.2}")
    assert process.wait(10) == LAPSED
    assert ends(pid)


def test_a_crawl_goes_on_while_the_lease_is_extended(tied: list[subprocess.Popen[bytes]]) -> None:
    process, _ = tie(tied, CRAWL)
    tell(process, f"until {boot_time() + 0.3}")
    tell(process, f"until {boot_time() + 60}")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.6)


def test_a_crawl_dies_with_the_worker(tied: list[subprocess.Popen[bytes]]) -> None:
    process, pid = tie(tied, DEAF)
    assert process.stdin is not None
    process.stdin.close()  # what the kernel does to the pipe of a process that dies
    assert process.wait(10) == LAPSED
    assert ends(pid)


def test_a_crawl_dies_with_its_tether(tied: list[subprocess.Popen[bytes]]) -> None:
    process, pid = tie(tied, DEAF)
    process.send_signal(signal.SIGKILL)
    assert ends(pid)
