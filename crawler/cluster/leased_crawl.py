"""A command on a desk, run as long as the worker has its lease: started, told how long, and waited for."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from crawler.cluster.address import VARIABLE as QUEUE_VARIABLE
from index.workspace import VARIABLE as DESK_VARIABLE
from index.workspace.claim import VARIABLE as BUCKET_VARIABLE

_SAID = 4000  # bytes of what a command says that are kept: the last ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: its exit status, and the last line of what it said."""

    code: int
    said: str = ""


class LeasedCommand:
    """A command under a tether of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, command: Sequence[str], *, bucket: str, until: float) -> LeasedCommand:
        """Start it; `until` is when the lease runs out, by `boot_time`."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "crawler.cluster.tether", str(os.getpid()), *command,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE, env=_environment(bucket), start_new_session=True,
        )  # fmt: skip
        started = cls(process)
        await started.extend(until)
        return started

    async def extend(self, until: float) -> None:
        """Tell it that the lease runs longer."""
        await self._tell(f"until {until}")

    async def stop(self) -> None:
        """Let it end as Ctrl-C does: what is under way is stored."""
        await self._tell("stop")

    async def wait(self) -> Ended:
        """How it ended."""
        assert self._process.stderr is not None
        said = b""
        while chunk := await self._process.stderr.read(_SAID):
            said = (said + chunk)[-_SAID:]
        code = await self._process.wait()
        return Ended(code=code, said=_last_error(said.decode("utf-8", "replace")))

    async def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(ConnectionError):  # it has just ended
            self._process.stdin.write(f"{line}\n".encode())
            await self._process.stdin.drain()


def _environment(bucket: str) -> dict[str, str]:
    """Ours, without the queue's password, and with the bucket that the crawl is for."""
    hidden = (QUEUE_VARIABLE, DESK_VARIABLE)
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, BUCKET_VARIABLE: bucket}


def _last_error(text: str) -> str:
    """What a person should know of all that was said: the last error, or else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return (errors or lines or [""])[-1][:500]
