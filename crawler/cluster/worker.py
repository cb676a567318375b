"""A worker: takes buckets from the queue, crawls each as a process of its own, gives them back."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from crawler.cluster import copies
from crawler.cluster.buckets import Bucket
from crawler.cluster.claims import (
    Result,
    give_bucket,
    look_at_bucket,
    note_left,
    note_refusal,
    take_bucket,
)
from crawler.cluster.leased_crawl import Ended, LeasedCommand
from crawler.cluster.queue import WAIT, Cluster, connect, queue_errors, read_cluster
from crawler.cluster.tending import QUEUE, TASK, beat, give_back_lost, queue_due, queue_of
from crawler.cluster.tether import GRACE, LAPSED, boot_time
from index.errors import PressclipError, StorageError
from index.files import storage_errors
from index.store.migrations import FORMAT as DESK_FORMAT
from index.workspace.lock import hold

CLOCKS = 60.0  # seconds between this clock and the database's that are told
TRIES = 3  # failures in a row after which a bucket waits for its next time
BUSY, INTERRUPTED, DONE = 75, 130, (0, 3)

_REGISTER = """
INSERT INTO pressclip_workers (id, name, machine, version, skew)
VALUES (%(id)s, %(name)s, %(machine)s, %(version)s, %(skew)s)
ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """What a worker is told: the queue, its name, where copies lie, how many buckets at once.

    `command` is pressclip as arguments; `once` ends when nothing is waiting; `tell` shows a line.
    """

    url: str
    name: str
    work: Path
    slots: int
    command: Sequence[str]
    once: bool
    tell: Callable[[str], None]


class Again(Exception):
    """The bucket is to be tried again in that many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.0f} s")
        self.seconds = seconds


def lease_margin(lease: float) -> float:
    """Seconds before the end of a lease at which its crawl is ended, so that it is gone when it is over."""
    return min(max(GRACE + 1, lease / 3), lease * 0.6)


def wait_after(failures: int) -> float | None:
    """Seconds until a bucket that failed so often in a row is tried again; None: when it is next due."""
    return 30.0 * 4 ** (failures - 1) if 0 < failures < TRIES else None


def run_worker(settings: WorkerSettings) -> None:
    """Work until stopped. Raises `UsageError` or `StorageError` if it cannot begin, `WorkspaceBusy`."""
    for name in ("psycopg", "procrastinate"):  # what they log may hold an address with its password
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with connect(settings.url) as connection:
        cluster = read_cluster(connection)
        sent = time.time()
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8 AS it")
        theirs = (row.fetchone() or {})["it"]
    skew = (sent + time.time()) / 2 - theirs
    if abs(skew) > CLOCKS:
        way = "ahead of" if skew > 0 else "behind"
        settings.tell(
            f"this machine's clock is {abs(skew) / 60:,.0f} min {way} the queue's: the times of its"
            " captures will be wrong; set it (leases go by the queue's clock)"
        )
    with storage_errors(settings.work):
        settings.work.mkdir(parents=True, exist_ok=True)
    with hold(settings.work / "lock"):
        asyncio.run(DeskWorker(settings, cluster, skew).serve())


class Patience(BaseRetryStrategy):
    """When a job is tried again: as `Again` says; after a fault of the queue soon; else not."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When; None for a job that is over."""
        if isinstance(exception, Again):
            return RetryDecision(retry_in={"seconds": int(exception.seconds)})
        if isinstance(exception, exceptions.ConnectorException):
            return RetryDecision(retry_in={"seconds": 10})
        return None


class OwnJobs(JobManager):
    """Ends only jobs that are still this worker's: one that hung may find its job given to another."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """As Procrastinate's, for a job that is ours."""
        if await self._is_ours(job):
            await super().finish_job(job, status, delete_job)

    async def _is_ours(self, job: Job) -> bool:
        rows = await self.connector.execute_query_all_async(
            "SELECT 1 FROM procrastinate_jobs WHERE id = %(id)s AND worker_id = %(worker)s"
            " AND status = 'doing'",
            id=job.id, worker=job.worker_id,
        )  # fmt: skip
        return bool(rows)

    async def retry_job(self, job: Job, *args: object, **named: object) -> None:
        """As Procrastinate's, for a job that is ours."""
        if await self._is_ours(job):
            await super().retry_job(job, *args, **named)  # type: ignore[arg-type]


class DeskWorker:
    """One worker with its crawls."""

    def __init__(self, settings: WorkerSettings, cluster: Cluster, skew: float) -> None:
        self._settings = settings
        self._cluster = cluster
        self._skew = skew
        self._running: set[LeasedCommand] = set()
        self._stopping = asyncio.Event()
        self._until = 0.0
        self._worker: Worker | None = None
        # What was sent to the database counts from before it was sent.
        self._pause = max(0.5, cluster.lease / 6)

    async def serve(self) -> None:
        """Work until stopped, also over a database that goes away and comes back."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        while not self._stopping.is_set():
            try:
                with queue_errors(self._settings.url):
                    await self._work()
            except StorageError as error:
                if self._settings.once:
                    raise
                self._settings.tell(f"{error}; this worker goes on trying")
            if self._settings.once:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._pause)

    def _stop(self) -> None:
        """End the crawls as Ctrl-C does and give the buckets back; a second signal ends at once."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self._settings.tell("stopping: crawls end, and their buckets are given back")
        self._stopping.set()
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]
        self._ending = [loop.create_task(one.stop()) for one in self._running]

    async def _work(self) -> None:
        """One connection to the queue, until it is lost or we are stopped."""
        connector = PsycopgConnector(
            conninfo=self._settings.url, kwargs={"connect_timeout": WAIT}, timeout=WAIT,
            min_size=1, max_size=4 + self._settings.slots,
        )  # fmt: skip
        app = App(connector=connector)
        app.job_manager = OwnJobs(connector)
        task = app.task(name=TASK, pass_context=True, retry=Patience())(self._crawl)
        async with app.open_async():
            names = copies.unfinished(self._settings.work)
            await note_left(connector, names, self._settings.name)
            await give_back_lost(connector, self._cluster.lease)
            await queue_due(connector, task)
            worker = self._worker = Worker(
                app, queues=[QUEUE, queue_of(self._settings.name)], name=self._settings.name,
                concurrency=self._settings.slots, wait=not self._settings.once,
                install_signal_handlers=False, delete_jobs="always",
                update_heartbeat_interval=self._cluster.lease / 3,
                stalled_worker_timeout=self._cluster.lease,
                fetch_job_polling_interval=min(5.0, self._pause),
            )  # fmt: skip
            tending = asyncio.create_task(self._tend(app, worker))
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            finally:
                tending.cancel()
                self._worker = None

    async def _tend(self, app: App, worker: Worker) -> None:
        """Signs of life while the worker runs, and what each worker does for all."""
        connector: PsycopgConnector = app.connector  # type: ignore[assignment]
        while worker.worker_id is None:
            await asyncio.sleep(0.05)
        me = worker.worker_id
        await connector.execute_query_async(
            _REGISTER, id=me, name=self._settings.name, machine=socket.gethostname(),
            version=version("pressclip"), skew=self._skew,
        )  # fmt: skip
        task = app.tasks[TASK]
        while True:
            sent = boot_time()
            with suppress(exceptions.ConnectorException):  # the lease runs out by itself
                if not await beat(connector, me):
                    self._settings.tell(
                        "this worker was silent too long: its buckets were given up"
                    )
                    worker.stop()  # type: ignore[no-untyped-call]
                    return
                self._until = sent + self._cluster.lease - lease_margin(self._cluster.lease)
                for command in tuple(self._running):
                    await command.extend(self._until)
                await give_back_lost(connector, self._cluster.lease)
                await queue_due(connector, task)
            await asyncio.sleep(self._pause)

    async def _crawl(self, context: JobContext, bucket: str) -> None:
        """The job: take a bucket, crawl it, give it back; raises `Again` if it is to be tried again."""
        connector: PsycopgConnector = context.app.connector  # type: ignore[assignment]
        worker = context.job.worker_id
        assert worker is not None
        sent = boot_time()
        taken = await take_bucket(
            connector, bucket, worker=worker, lease=self._cluster.lease, form=DESK_FORMAT
        )
        if taken is None:
            await self._refuse(connector, bucket)
            return
        self._until = max(self._until, sent + self._pause)
        self._settings.tell(f"{bucket}: taken")
        ended, result, merged = await self._crawl_taken(taken)
        if ended.code == LAPSED:
            self._settings.tell(f"{bucket}: stopped, for this worker's lease has run out")
            raise Again(0)
        row = await give_bucket(
            connector, bucket, result, worker=worker, machine=self._settings.name
        )
        if row is None:
            copies.withdraw(taken, result.generation)
            self._settings.tell(f"{bucket}: was given to another worker meanwhile")
            return
        if result.generation != taken.generation:
            root = self._settings.work / bucket
            await asyncio.to_thread(copies.settle, taken, root, result.generation, merged)
        self._report(row)
        if self._stopping.is_set():
            raise Again(0)
        if ended.code == BUSY:
            raise Again(60)
        if result.failed and (seconds := wait_after(row.failures)) is not None:
            raise Again(seconds)

    async def _refuse(self, connector: PsycopgConnector, name: str) -> None:
        """Leave a bucket that could not be taken: say why, and have it tried again later."""
        found = await look_at_bucket(connector, name)
        if found is None:
            return  # it was taken off the queue
        if found.format > DESK_FORMAT:
            said = (
                f"{self._settings.name} cannot crawl it: its store is of format {found.format}, this"
                f" version of pressclip reads up to {DESK_FORMAT}: bring that machine to the newer one"
            )
            await note_refusal(connector, name, said)
            self._settings.tell(f"{name}: {said}")
        raise Again(self._cluster.lease)

    async def _crawl_taken(self, bucket: Bucket) -> tuple[Ended, Result, list[Path]]:
        """Crawl a bucket that is ours; how it ended, what is to be reported, and what was merged into it."""
        root = self._settings.work / bucket.name
        generation, left = bucket.generation, False
        merged: list[Path] = []
        try:
            root = await asyncio.to_thread(
                copies.prepare_desk, bucket, self._settings.work, self._cluster.id
            )
            ended = await self._run_all(bucket, root, merged)
            if ended.code != LAPSED and not bucket.machine:
                left = True
                generation = await asyncio.to_thread(copies.give_in, bucket, root)
                left = set(copies.set_aside(root)) != set(merged)
        except PressclipError as error:
            hint = f" ({error.hint})" if error.hint else ""
            ended = Ended(code=error.exit_code, said=f"{error}{hint}")
        now = await asyncio.to_thread(copies.held, root, bucket.every)
        failed = ended.code not in (*DONE, INTERRUPTED, BUSY)
        result = Result(
            code=ended.code, said=ended.said if failed else "", failed=failed, every=now.every,
            articles=now.articles, format=now.format, generation=generation, left=left,
        )  # fmt: skip
        return ended, result, merged

    async def _run_all(self, bucket: Bucket, root: Path, merged: list[Path]) -> Ended:
        """Merge what an earlier crawl left, each then named in `merged`, and crawl what is due.

        What cannot be merged stays, and is told; the bucket is crawled all the same.
        """
        refused = None
        for aside in copies.set_aside(root):
            ended = await self._run(bucket, root, "merge", str(aside), "-q")
            if ended.code == LAPSED:
                return ended
            if ended.code:
                refused = replace(ended, said=f"{aside}: cannot be merged: {ended.said}")
            else:
                merged.append(aside)
        ended = await self._run(bucket, root, "crawl", "--due", "-q")
        return refused if refused is not None and ended.code in DONE else ended

    async def _run(self, bucket: Bucket, root: Path, *arguments: str) -> Ended:
        command = await LeasedCommand.start(
            [*self._settings.command, "-C", str(root), *arguments],
            bucket=bucket.name, until=self._until,
        )  # fmt: skip
        self._running.add(command)
        try:
            if self._stopping.is_set():
                await command.stop()
            return await command.wait()
        finally:
            self._running.discard(command)

    def _report(self, row: Bucket) -> None:
        took = f"{row.took or 0:,.0f} s"
        said = f": {row.said}" if row.said else ""
        self._settings.tell(
            f"{row.name}: exit {row.code} after {took}, {row.articles or 0:,} articles{said}"
        )
