"""What each worker does for all, every few seconds: signs of life, lost jobs found, due buckets queued.

The database's clock alone decides what is due and who is silent: clocks that differ change nothing.
"""

from __future__ import annotations

from typing import Any

from procrastinate import exceptions
from procrastinate.connector import BaseAsyncConnector
from procrastinate.tasks import Task

QUEUE = "buckets"
TASK = "crawl"

_BEAT = """
UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker)s RETURNING id
"""
_GIVE_BACK = """
WITH lost AS (
    SELECT job.id FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND job.task_name = %(task)s
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(lease)s))
    FOR UPDATE OF job SKIP LOCKED
)
SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL), id FROM lost
"""
_DUE = """
SELECT name, machine, left_at, ARRAY(SELECT DISTINCT name FROM pressclip_workers) AS workers
FROM pressclip_buckets bucket
WHERE due <= now() AND NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs WHERE lock = bucket.name AND status IN ('todo', 'doing')
)
ORDER BY due, name
"""


def queue_of(machine: str) -> str:
    """The queue of the buckets that only one machine's workers may crawl."""
    return f"machine:{machine}"


def chosen_queue(machine: str, left_at: list[str], workers: list[str]) -> str:
    """Where a bucket's job is put: its machine's queue, one's with an unfinished copy, or everyone's."""
    if machine:
        return queue_of(machine)
    return next((queue_of(one) for one in left_at if one in workers), QUEUE)


async def beat(connector: BaseAsyncConnector, worker: int) -> bool:
    """Give a sign of life; False for a worker that the others have given up."""
    return bool(await connector.execute_query_all_async(_BEAT, worker=worker))


async def give_back_lost(connector: BaseAsyncConnector, lease: float) -> list[int]:
    """Put the jobs of silent workers back on the queue; their ids."""
    rows = await connector.execute_query_all_async(_GIVE_BACK, task=TASK, lease=lease)
    return [row["id"] for row in rows]


async def queue_due(connector: BaseAsyncConnector, task: Task[Any, Any, Any]) -> int:
    """Queue a crawl of each bucket that is due and has none waiting or running; how many."""
    queued = 0
    for row in await connector.execute_query_all_async(_DUE):
        queue = chosen_queue(row["machine"], row["left_at"], row["workers"])
        name = row["name"]
        try:
            await task.configure(lock=name, queueing_lock=name, queue=queue).defer_async(
                bucket=name
            )
            queued += 1
        except exceptions.AlreadyEnqueued:
            continue  # another worker was faster
    return queued
