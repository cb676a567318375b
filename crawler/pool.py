"""A pool of worker processes that read captures: a page that kills or hangs one costs that page only."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Self

from pebble import ProcessExpired, ProcessPool

from crawler.reading import Desk, Reading, Refused, read
from index.capture import Capture

CPU_SECONDS = 10  # for one page
MEMORY = 512 * 2**20  # bytes one page may take on top of what its worker holds
TIMEOUT = 60.0  # seconds by the clock, for what waits instead of working
PAGES_PER_WORKER = 2000  # workers are renewed, since C libraries keep what pages made them take

logger = logging.getLogger(__name__)

_desk = Desk()
_limits = (CPU_SECONDS, MEMORY)


class ReadingPool:
    """Worker processes, one a core unless told otherwise; a context manager.

    `capacity` captures may be under way at once: what is beyond it waits outside, with whoever
    brings it, so memory does not grow with the crawl. A page has `timeout` seconds, `cpu` seconds of
    processor time and `memory` bytes.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        workers: int = 0,
        timeout: float = TIMEOUT,
        cpu: int = CPU_SECONDS,
        memory: int = MEMORY,
    ) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.capacity = 16 * self.workers
        self._timeout = timeout
        # forkserver: Scrapy's threads and sockets stay out of the workers, and a renewed worker
        # starts with trafilatura already imported.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.reading"])
        self._pool = ProcessPool(
            max_workers=self.workers,
            max_tasks=PAGES_PER_WORKER,
            initializer=_prepare,
            initargs=(desk, (cpu, memory)),
            context=context,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def submit(self, capture: Capture) -> Future[Reading]:
        """Start reading a capture; ask the future with `outcome`."""
        future: Future[Reading] = self._pool.schedule(_read, args=(capture,), timeout=self._timeout)
        return future

    def outcome(self, future: Future[Reading], url: str) -> Reading:
        """The reading, or the coded refusal of a page that broke its worker."""
        try:
            return future.result()
        except TimeoutError:
            refused = Refused(code="extract-timeout", detail=f"over {self._timeout:.0f} s")
        except MemoryError:
            refused = Refused(code="extract-memory", detail="the page takes too much memory")
        except ProcessExpired as error:
            refused = _refusal_of_death(error.exitcode)
        except (CancelledError, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001  one page's fault; the next page is read
            refused = Refused(code="extract-error", detail=f"{type(error).__name__}: {error}"[:200])
        logger.warning("%s: %s (%s)", url, refused.code, refused.detail)
        return refused


def _refusal_of_death(exitcode: int) -> Refused:
    if exitcode == -signal.SIGXCPU:
        return Refused(code="extract-timeout", detail="the page takes too much processor time")
    return Refused(code="extract-crash", detail=f"the worker died ({exitcode})")


def _prepare(desk: Desk, limits: tuple[int, int]) -> None:
    global _desk, _limits
    _desk, _limits = desk, limits
    # The kernel kills the worker at its limit; a handler in Python would wait for lxml to return.
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _read(capture: Capture) -> Reading:
    _limit_page(*_limits)
    return read(capture, _desk)


def _limit_page(cpu: int, memory: int) -> None:
    """Move this process's limits to what it has used plus what one page may use."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_soft(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu)
    if held := _data_bytes():
        _set_soft(resource.RLIMIT_DATA, held + memory)


def _set_soft(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or value < hard:
        resource.setrlimit(kind, (value, hard))


def _data_bytes() -> int:
    """The private memory of this process; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[5]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()
