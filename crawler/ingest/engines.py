"""Where bulk files are read: in processes of this machine, or on the workers of a Dask cluster."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.refusal import Refusal
from crawler.wire.remote_file import RemoteFileError
from index.errors import UsageError

T = TypeVar("T")
Task = Callable[..., T]

ENGINES = ("pool", "dask")
RETRIES = 2  # of a task whose worker was lost


class Engine(Protocol):
    """Runs one task an item; results come in the order in which they are done."""

    def run(
        self, task: Task[T], items: Sequence[Any], *shared: Any
    ) -> Iterator[tuple[Any, T | Refusal]]:
        """Each item with what `task(item, *shared)` gave, or the refusal of one that failed."""


@contextmanager
def engine_of(name: str, *, workers: int, scheduler: str = "") -> Iterator[Engine]:
    """The engine of a name; raises `UsageError` for one that is not installed or not reached."""
    if name == "dask":
        with _dask(workers, scheduler) as engine:
            yield engine
        return
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPool(max_workers=workers, context=context)
    try:
        yield PoolEngine(pool)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


class PoolEngine:
    """Processes of this machine; one that dies costs its own task."""

    def __init__(self, pool: ProcessPool) -> None:
        self._pool = pool

    def run(
        self, task: Task[T], items: Sequence[Any], *shared: Any
    ) -> Iterator[tuple[Any, T | Refusal]]:
        """Each item with what the task gave."""
        futures: dict[Future[T], Any] = {
            self._pool.schedule(task, args=(item, *shared)): item for item in items
        }
        for future in as_completed(futures):
            yield futures[future], _result(future)


class DaskEngine:
    """A Dask cluster; a lost worker's tasks are given to others."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(
        self, task: Task[T], items: Sequence[Any], *shared: Any
    ) -> Iterator[tuple[Any, T | Refusal]]:
        """Each item with what the task gave."""
        from distributed import as_completed as done

        # Not scattered: what the scheduler knows as a task it makes again when a worker is lost with it.
        once = [self._client.submit(_given, [one], pure=False) for one in shared]
        futures = {
            self._client.submit(task, item, *once, pure=False, retries=RETRIES): item
            for item in items
        }
        for future in done(list(futures)):  # type: ignore[no-untyped-call]
            yield futures[future], _result(future)
            future.release()


def _given(one: Sequence[T]) -> T:
    """What all tasks share, held by workers."""
    return one[0]


def _result(future: Any) -> Any:
    """What a task gave; a refusal in place of what it raised."""
    try:
        return future.result()
    except RemoteFileError as error:
        return Refusal(code=error.code, detail=error.detail)
    except ProcessExpired as error:
        return Refusal(code="crash", detail=f"the worker died ({error.exitcode})")
    except Exception as error:  # noqa: BLE001  one file's fault; the next is read
        return Refusal(code="error", detail=f"{type(error).__name__}: {error}"[:200])


@contextmanager
def _dask(workers: int, scheduler: str) -> Iterator[DaskEngine]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UsageError(
            "--engine dask: Dask is not installed", hint="pip install 'pressclip[dask]'"
        ) from error
    if scheduler:
        try:
            client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise UsageError(f"--scheduler {scheduler}: no scheduler answers there") from error
        with client:
            yield DaskEngine(client)
        return
    cluster = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, dashboard_address=None
    )
    with cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]
        yield DaskEngine(client)
