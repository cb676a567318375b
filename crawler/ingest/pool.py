"""Worker processes that read pages and lists: one that kills or hangs its worker costs itself only."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.backfill.asks import Scope
from crawler.backfill.sift import Answered, SiftedAnswer, sift_answer
from crawler.ingest.read import Reading, ReadingContext, Refused, read
from crawler.lists.filter import FilteredList, ListFilter, ServedList, filter_links, filter_list
from crawler.refusal import Refusal
from index.capture import Capture
from index.errors import WorkersError
from index.store import Candidate

CPU_SECONDS = 10  # for one page
LIST_CPU_SECONDS = 60  # for one list: 50,000 URLs, each judged by every story
MEMORY = 512 * 2**20  # bytes one page may take on top of what its worker holds
TIMEOUT = 60.0  # seconds that a worker is awake, for what waits instead of working
LIST_TIMEOUT = 180.0
PATIENCE = 240.0  # seconds without any answer, longer than a list may take and a worker to start
PAGES_PER_WORKER = 2000  # workers are renewed, since C libraries keep what pages made them take

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_TICK = 1.0  # seconds between two looks at whether the workers answer
RENEWALS = 3  # broken pools in a row, without a page read between them, after which a run gives up

T = TypeVar("T")

logger = logging.getLogger(__name__)

_context = ReadingContext()
_memory = MEMORY


class ReadingPool:
    """Worker processes, one a core unless told otherwise; a context manager.

    `capacity` captures may be under way at once: what is beyond it waits outside, with whoever
    brings it, so memory does not grow with the crawl. A page has `timeout` seconds, `cpu` seconds of
    processor time and `memory` bytes; a list `list_timeout`, `list_cpu` and as much memory. The
    seconds are those that the machine is awake: a suspended laptop, or a clock that is set, costs
    nobody anything. A pool that breaks (the system killed what starts its workers), or that gives no
    answer for `patience` seconds, is made again, and what it had not read is given to the new one.
    """

    def __init__(
        self,
        context: ReadingContext,
        *,
        workers: int = 0,
        timeout: float = TIMEOUT,
        cpu: int = CPU_SECONDS,
        list_timeout: float = LIST_TIMEOUT,
        list_cpu: int = LIST_CPU_SECONDS,
        memory: int = MEMORY,
        patience: float = PATIENCE,
    ) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.capacity = 16 * self.workers
        self._page_limits = (cpu, timeout)
        self._list_limits = (list_cpu, list_timeout)
        self._initargs = (context, memory)
        self._lock = threading.RLock()
        self._broken = 0
        self._given: dict[Future[Any], tuple[ProcessPool, tuple[object, ...]]] = {}
        self._ending: list[threading.Thread] = []
        self._pool = self._open()
        self._patience = patience
        self._answered = False
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._renew_where_it_hangs, daemon=True)
        self._watch.start()

    def _open(self) -> ProcessPool:
        # forkserver: Scrapy's threads and sockets stay out of the workers, and a renewed worker
        # starts with trafilatura already imported.
        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(["crawler.ingest.preload"])
        return ProcessPool(
            max_workers=self.workers,
            max_tasks=PAGES_PER_WORKER,
            initializer=_prepare,
            initargs=self._initargs,
            context=processes,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            # Again and again: a renewal gives what it waits for to another pool.
            while waiting := list(self._given):
                wait(waiting)
        self._closing.set()
        self._watch.join()
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        for thread in self._ending:
            thread.join()

    def submit(self, capture: Capture, related: Sequence[Capture] = ()) -> Future[Reading]:
        """Start reading a capture with its related pages; ask the future with `outcome`."""
        return self._schedule(self._page_limits, _read, capture, tuple(related))

    def submit_list(
        self, served: ServedList, list_filter: ListFilter
    ) -> Future[FilteredList | Refusal]:
        """Start reading a list page; ask the future with `result`."""
        return self._schedule(self._list_limits, _filter_list, served, list_filter)

    def submit_links(
        self, capture: Capture, list_filter: ListFilter, sites: frozenset[str], depth: int
    ) -> Future[tuple[Candidate, ...]]:
        """Start reading a page's links to other articles; ask the future with `result`."""
        return self._schedule(self._page_limits, _filter_links, capture, list_filter, sites, depth)

    def submit_answer(self, answered: Answered, scope: Scope) -> Future[SiftedAnswer | Refusal]:
        """Start reading what a source of past coverage answered; ask the future with `result`."""
        return self._schedule(self._list_limits, _sift_answer, answered, scope)

    def outcome(self, future: Future[Reading], url: str) -> Reading:
        """The reading, or the coded refusal of a page that broke its worker."""
        found = self.result(future)
        if not isinstance(found, Refusal):
            return found
        refused = Refused(code=f"extract-{found.code}", detail=found.detail)
        logger.warning("%s: %s (%s)", url, refused.code, refused.detail)
        return refused

    def result(self, future: Future[T]) -> T | Refusal:
        """What a worker found; a refusal `timeout`, `memory`, `crash` or `error` when it could not.

        Raises `WorkersError` if no worker can be started any more.
        """
        try:
            return future.result()
        except MemoryError:
            return Refusal(code="memory", detail="it takes too much memory")
        except ProcessExpired as error:
            return _refusal_of_death(error.exitcode)
        except (CancelledError, asyncio.CancelledError, WorkersError):
            raise
        except Exception as error:  # noqa: BLE001  one page's fault; the next page is read
            return Refusal(code="error", detail=f"{type(error).__name__}: {error}"[:200])

    def _schedule(
        self, limits: tuple[int, float], work: Callable[..., T], *args: object
    ) -> Future[T]:
        """Give work to the pool; where the pool breaks under it, to the one made in its place."""
        answer: Future[T] = Future()
        self._give(answer, (*limits, work, args))
        return answer

    def _give(self, answer: Future[Any], task: tuple[object, ...]) -> None:
        with self._lock:
            pool = self._pool
            self._answered |= not self._given
            self._given[answer] = pool, task
            try:
                given = pool.schedule(_run, args=task)
            except RuntimeError as error:  # pebble's word for a pool that broke meanwhile
                self._renew(pool, error)
                return
        given.add_done_callback(lambda done: self._take(answer, pool, done))
        # Where nobody waits for it any more.
        answer.add_done_callback(lambda _: given.cancel())  # type: ignore[no-untyped-call]

    def _take(self, answer: Future[Any], pool: ProcessPool, done: Future[Any]) -> None:
        with self._lock:
            if self._given.get(answer, (None,))[0] is not pool:
                return  # given to another pool meanwhile, or cancelled
            self._answered = True
            error = None if done.cancelled() else done.exception()
            if error is not None and _is_pools(error):
                self._renew(pool, error)
                return
            del self._given[answer]
            with suppress(InvalidStateError):  # cancelled meanwhile
                if done.cancelled():
                    answer.cancel()
                elif error is not None:
                    answer.set_exception(error)
                else:
                    self._broken = 0
                    answer.set_result(done.result())

    def _renew_where_it_hangs(self) -> None:
        """Look at the pool until it is closed.

        An idle worker holds the lock of the channel while it waits for work. If the system kills it
        just then, the others wait for that lock for ever, and pebble sees nothing amiss.
        """
        silent = 0.0
        # Ticks are counted, no clock is read: a process that is suspended waits for nobody.
        while not self._closing.wait(_TICK):
            with self._lock:
                silent = silent + _TICK if self._given and not self._answered else 0.0
                self._answered = False
                if silent >= self._patience:
                    silent = 0.0
                    self._renew(self._pool, TimeoutError(f"no answer in {self._patience:.0f} s"))

    def _renew(self, pool: ProcessPool, error: BaseException) -> None:
        """Put a new pool in the place of a broken one, and give it all that the old one had not done.

        A few times in a row; then what was not done fails with `WorkersError`.
        """
        if pool is not self._pool:
            return  # another has seen it first
        lost = [(answer, task) for answer, (its, task) in self._given.items() if its is pool]
        self._broken += 1
        if self._broken > RENEWALS:
            for answer, _ in lost:
                del self._given[answer]
                with suppress(InvalidStateError):
                    answer.set_exception(_cannot_work(error))
            return
        logger.warning("the workers that read pages broke; starting new ones")
        self._pool = self._open()
        pool.stop()  # type: ignore[no-untyped-call]
        # Ends what is left of its workers; not here, in one of the threads that it waits for.
        self._ending.append(threading.Thread(target=pool.join, daemon=True))
        self._ending[-1].start()
        for answer, task in lost:
            self._give(answer, task)


def _is_pools(error: BaseException) -> bool:
    """Whether the pool broke, and not the page its worker.

    Where the process that starts the workers dies, multiprocessing says 255 of each of them.
    """
    lost = isinstance(error, ProcessExpired) and error.exitcode == 255
    return lost or isinstance(error, BrokenProcessPool)


def _cannot_work(error: BaseException) -> WorkersError:
    cause = error.__cause__ or error
    return WorkersError(
        f"worker processes cannot be started ({type(cause).__name__}: {cause})"[:200],
        hint="is there memory left? -j 1 takes less; what is archived is read by the next run",
    )


async def arrival(future: Future[T]) -> None:
    """Wait in the reactor until a future is done, however it ended."""
    wrapped = asyncio.wrap_future(future)
    await asyncio.wait([wrapped])
    if not wrapped.cancelled():
        wrapped.exception()  # seen; the pool's `result` says it


def _refusal_of_death(exitcode: int) -> Refusal:
    if exitcode == -signal.SIGALRM:
        return Refusal(code="timeout", detail="it takes too long by the clock")
    if exitcode == -signal.SIGXCPU:
        return Refusal(code="timeout", detail="it takes too much processor time")
    return Refusal(code="crash", detail=f"the worker died ({exitcode})")


def _prepare(context: ReadingContext, memory: int) -> None:
    global _context, _memory
    _context, _memory = context, memory
    gc.freeze()  # what every page is read with stays: it is not looked through for garbage again
    # The kernel kills the worker at its limit; a handler in Python would wait for lxml to return.
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _die_with_starter()


def _die_with_starter() -> None:
    """End this worker when the process that started it ends, where the system can do so (Linux).

    Else it would go on without anyone who knows of it, and take pages that are given to others.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _run(cpu: int, seconds: float, work: Callable[..., T], args: tuple[object, ...]) -> T:
    _limit(cpu, _memory)
    # Runs on the clock that no one sets and that stands still while the machine sleeps.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _read(capture: Capture, related: tuple[Capture, ...]) -> Reading:
    return read(capture, _context, related)


def _filter_list(served: ServedList, list_filter: ListFilter) -> FilteredList | Refusal:
    return filter_list(served, list_filter, _context.stories, _context.outlet_of)


def _sift_answer(answered: Answered, scope: Scope) -> SiftedAnswer | Refusal:
    return sift_answer(answered, scope, _context.profiles.get(scope.story.id), _context.outlet_of)


def _filter_links(
    capture: Capture, list_filter: ListFilter, sites: frozenset[str], depth: int
) -> tuple[Candidate, ...]:
    return filter_links(capture, list_filter, sites, depth, _context.stories, _context.outlet_of)


def _limit(cpu: int, memory: int) -> None:
    """Move this process's limits to what it has used plus what one page or list may use."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_soft(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu)
    if held := _data_bytes():
        _set_soft(resource.RLIMIT_DATA, held + memory)


def _set_soft(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or value < hard:
        resource.setrlimit(kind, (value, hard))


def _data_bytes() -> int:
    """The private memory of this process; 0 if the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[5]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()
