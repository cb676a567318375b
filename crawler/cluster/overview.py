"""A cluster at one moment: its buckets with their lag and failures, and its workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.cluster.buckets import Bucket, bucket_of
from crawler.cluster.queue import Cluster, read_cluster

if TYPE_CHECKING:
    import psycopg

_WORKERS = """
SELECT pressclip_workers.*, extract(epoch FROM now() - last_heartbeat)::float8 AS silent
FROM pressclip_workers JOIN procrastinate_workers USING (id) ORDER BY name, id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSeen:
    """A worker: its name, machine and version, seconds since its last sign of life, its clock's lead."""

    id: int
    name: str
    machine: str
    version: str
    started: datetime
    silent: float
    skew: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All buckets by name and all workers; `now` is the queue's clock."""

    now: datetime
    cluster: Cluster
    buckets: Sequence[Bucket]
    workers: Sequence[WorkerSeen]

    def is_alive(self, worker: WorkerSeen) -> bool:
        """Whether a worker gave a sign of life within the lease."""
        return worker.silent < self.cluster.lease

    def holder(self, bucket: Bucket) -> WorkerSeen | None:
        """The worker that crawls a bucket now; None for one that nobody does, or one that is silent."""
        found = (one for one in self.workers if one.id == bucket.holder and self.is_alive(one))
        return next(found, None)

    def lag(self, bucket: Bucket) -> float:
        """Seconds since a bucket was due that nobody crawls; 0 for one that is not late."""
        late = (self.now - bucket.due).total_seconds()
        return max(late, 0.0) if self.holder(bucket) is None else 0.0

    def has_worker(self, bucket: Bucket) -> bool:
        """Whether a worker that may crawl a bucket is alive."""
        return any(self.is_alive(one) and bucket.machine in ("", one.name) for one in self.workers)


def look_at_cluster(connection: psycopg.Connection[dict[str, Any]]) -> Overview:
    """The cluster now. Raises `UsageError` if there is none, `StorageError` for another version's."""
    cluster = read_cluster(connection)
    buckets = connection.execute("SELECT * FROM pressclip_buckets ORDER BY name").fetchall()
    workers = connection.execute(_WORKERS).fetchall()
    now = connection.execute("SELECT now() AS it").fetchall()[0]["it"]
    return Overview(
        now=now,
        cluster=cluster,
        buckets=[bucket_of(row) for row in buckets],
        workers=[WorkerSeen(**row) for row in workers],
    )
