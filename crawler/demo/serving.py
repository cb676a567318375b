"""Sample outlets for as long as a `with` block lasts: on a thread, or in a process of their own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from crawler.demo.server import Ports, SiteServer, Visit
from crawler.demo.site import Site

PATIENCE = 5.0


class ServedSite:
    """A site on a thread of this process, for tests that build their outlets in code."""

    def __init__(self, ports: Ports, server: SiteServer, visits: list[Visit]) -> None:
        self.ports = ports
        self.visits = visits
        self._server = server

    def switch(self, edition: int) -> None:
        """Show another edition from the next request on."""
        self._server.edition = edition


@contextmanager
def serve(site: Site) -> Iterator[ServedSite]:
    """Serve a site on a thread; raises `OSError` when no port is free."""
    ready: Queue[ServedSite | OSError] = Queue()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(_serve(site, ready, stop),))
    thread.start()
    try:
        served = ready.get()
        if isinstance(served, OSError):
            raise served
        yield served
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


async def _serve(site: Site, ready: Queue[ServedSite | OSError], stop: asyncio.Event) -> None:
    visits: list[Visit] = []
    server = SiteServer(site, note=visits.append)
    try:
        ready.put(ServedSite(await server.start(), server, visits))
    except OSError as error:
        ready.put(error)
    await stop.wait()
    await server.close()


class SiteProcess:
    """The server as a process of its own; it ends with the block, and with its parent.

    `arguments` are those of `python -m MODULE`. Raises `OSError` when it does not start.
    """

    def __init__(self, *arguments: str, module: str = "crawler.demo.server") -> None:
        self._arguments = arguments
        self._module = module

    def __enter__(self) -> SiteProcess:
        self._folder = TemporaryDirectory(prefix="sample-outlets-")
        self._log = Path(self._folder.name) / "requests.jsonl"
        command = [sys.executable, "-m", self._module, "--log", str(self._log)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [*command, *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the crawl; the outlets end with this block
        )
        line = self._read_line()
        if not line:
            self.__exit__()
            raise OSError("the sample outlets did not start")
        self.ports = Ports.from_dict(json.loads(line))
        return self

    def __exit__(self, *_exception: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    @property
    def visits(self) -> list[Visit]:
        """The requests that have been answered up to now."""
        lines = self._log.read_text("utf-8").splitlines()
        return [Visit.from_dict(json.loads(line)) for line in lines]

    def switch(self, edition: int) -> None:
        """Show another edition from the next request on; raises `OSError` when the server is gone."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"edition {edition}\n")
        self._process.stdin.flush()
        if not self._read_line():
            raise OSError("the sample outlets have ended")

    def wait(self) -> None:
        """Wait until the server has ended."""
        self._process.wait()

    def _read_line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _environment() -> dict[str, str]:
    """This process's environment, with its import path for the child."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(_import_path(sys.path))}


def _import_path(entries: Sequence[str]) -> list[str]:
    return [entry for entry in entries if entry]
