"""A Dask cluster on loopback, in a process of its own, which can lose a worker in mid-run.

`python -m tests.dasking [lose]` prints the scheduler's address as JSON, then, with `lose`, what it had
under way whose worker it killed; it ends with its standard input.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import pytest

WORKERS = 2


@dataclass(frozen=True, slots=True)
class ServedCluster:
    """A cluster that runs: its scheduler's address, and what it says."""

    address: str
    told: IO[str]

    def lost(self) -> list[str]:
        """The files' tasks that the killed worker had; waits until one was killed."""
        tasks: list[str] = json.loads(self.told.readline())
        return tasks


@contextmanager
def serve_dask(environment: Mapping[str, str], *, lose: bool = False) -> Iterator[ServedCluster]:
    """A cluster of two processes; with `lose` one that reads a file is killed. Skips where Dask is not."""
    pytest.importorskip("distributed", reason="needs the extra dask")
    command = [sys.executable, "-m", "tests.dasking", *(["lose"] if lose else [])]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield ServedCluster(json.loads(process.stdout.readline()), process.stdout)
        finally:
            process.stdin.close()


def reads(tasks: Iterable[object]) -> list[str]:
    """Those of the tasks that read a file."""
    return [name for name in map(str, tasks) if "sift_remote" in name]


def say(what: object) -> None:
    """Write a line of JSON."""
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main() -> None:
    """Run the cluster."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=WORKERS, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        processes = client.run(os.getpid)
        say(cluster.scheduler_address)
        if "lose" in sys.argv:
            busy: dict[str, list[str]] = {}
            while not busy:
                busy = {
                    name: some
                    for name, tasks in client.processing().items()
                    if (some := reads(tasks))
                }
            worker, tasks = next(iter(busy.items()))
            os.kill(processes[worker], signal.SIGKILL)
            say(tasks)
        sys.stdin.read()


if __name__ == "__main__":
    main()
