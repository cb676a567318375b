"""The thread in which studies are made, so that a long one keeps no search waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from search_cli.serve.desk import ServedDesk

Made = TypeVar("Made")
Task = tuple[Callable[[ServedDesk], Any], "Future[Any]"]
BATCH = 500  # pieces of a text that are made at once


class StudyThread:
    """One thread with a desk of its own: SQLite's connections stay in the thread that opened them.

    Studies wait for each other. The thread ends with the program, also amid a study.
    """

    def __init__(self, root: Path, zone: str) -> None:
        self._root, self._zone = root, zone
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def make(self, work: Callable[[ServedDesk], Made]) -> Made:
        """What the work makes of the desk in the thread; raises what it raises."""
        return await asyncio.wrap_future(self._submit(work))

    async def stream(self, pieces: Generator[str]) -> AsyncIterator[str]:
        """The pieces of a text, each made in the thread; they are closed there, too."""
        try:
            while batch := await self.make(lambda _: "".join(islice(pieces, BATCH))):
                yield batch
        finally:
            self._submit(lambda _: pieces.close())

    def close(self) -> None:
        """Let the thread end after what it is at."""
        self._tasks.put(None)

    def _submit(self, work: Callable[[ServedDesk], Made]) -> Future[Made]:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="studies", daemon=True)
            self._thread.start()
        future: Future[Made] = Future()
        self._tasks.put((work, future))
        return future

    def _work(self) -> None:
        desk = ServedDesk(self._root, self._zone)
        while task := self._tasks.get():
            work, future = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work(desk))
            except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
                future.set_exception(error)
        desk.close()
