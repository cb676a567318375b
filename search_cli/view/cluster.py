"""A cluster for the terminal: its buckets, their lag and failures, its workers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from index.text.wording import counted
from search_cli.output.moments import moment, span
from search_cli.output.render import Column, table
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from crawler.cluster.buckets import Bucket
    from crawler.cluster.overview import Overview, WorkerSeen

LATE = 600.0  # seconds after which a bucket that waits for a worker is told
CLOCKS = 60.0  # seconds between two clocks that are told
BUCKET_FIELDS = (
    "bucket", "desk", "pinned_to", "every_seconds", "due", "crawled_by", "last_ended", "took_seconds",
    "exit", "articles", "lag_seconds", "failures", "said", "unfinished_at",
)  # fmt: skip
BUCKET_COLUMNS = (
    Column(key="bucket", title="bucket", color="cyan"),
    Column(key="where", title="lies"),
    Column(key="last", title="last crawl"),
    Column(key="articles", title="articles", right=True),
    Column(key="state", title="now", grows=True),
)
WORKER_COLUMNS = (
    Column(key="worker", title="worker", color="cyan"),
    Column(key="machine", title="machine"),
    Column(key="version", title="version"),
    Column(key="silent", title="last sign"),
    Column(key="state", title="now", grows=True),
)


def cluster_record(seen: Overview, shown: str) -> dict[str, Any]:
    """The whole cluster as JSON values."""
    return {
        "queue": shown,
        "lease_seconds": seen.cluster.lease,
        "buckets": [bucket_record(seen, one) for one in seen.buckets],
        "workers": [
            {
                "worker": one.name,
                "machine": one.machine,
                "version": one.version,
                "started": one.started,
                "silent_seconds": round(one.silent, 1),
                "clock_ahead_seconds": round(one.skew, 1),
                "alive": seen.is_alive(one),
                "buckets": [b.name for b in seen.buckets if b.holder == one.id],
            }
            for one in seen.workers
        ],
    }


def bucket_record(seen: Overview, bucket: Bucket) -> dict[str, Any]:
    """A bucket as JSON values; `desk` is the folder of its newest copy."""
    holder = seen.holder(bucket)
    return {
        "bucket": bucket.name,
        "desk": str(bucket.shelf / bucket.generation if bucket.generation else bucket.place),
        "pinned_to": bucket.machine,
        "every_seconds": int(bucket.every),
        "due": bucket.due,
        "crawled_by": holder.name if holder else "",
        "last_ended": bucket.ended,
        "took_seconds": None if bucket.took is None else round(bucket.took, 1),
        "exit": bucket.code,
        "articles": bucket.articles,
        "lag_seconds": int(seen.lag(bucket)),
        "failures": bucket.failures,
        "said": bucket.said,
        "unfinished_at": list(bucket.left_at),
    }


def cluster_lines(seen: Overview, shown: str, zone: tzinfo, terminal: Terminal) -> Iterator[str]:
    """The whole cluster as lines for a terminal."""
    late = sum(seen.lag(one) > LATE for one in seen.buckets)
    failing = sum(one.failures > 0 for one in seen.buckets)
    parts = [
        shown,
        counted(len(seen.buckets), "bucket"),
        counted(sum(map(seen.is_alive, seen.workers)), "worker"),
        f"{late:,} late" if late else "",
        f"{failing:,} failing" if failing else "",
    ]
    yield from terminal.head(" · ".join(part for part in parts if part))
    rows = [_bucket_row(seen, one, zone) for one in seen.buckets]
    yield from table(rows, BUCKET_COLUMNS, width=terminal.width, colored=terminal.colored)
    if seen.workers:
        yield ""
        rows = [_worker_row(seen, one) for one in seen.workers]
        yield from table(rows, WORKER_COLUMNS, width=terminal.width, colored=terminal.colored)


def _bucket_row(seen: Overview, bucket: Bucket, zone: tzinfo) -> dict[str, Any]:
    last = ""
    if bucket.ended is not None:
        last = f"{moment(bucket.ended, zone)[5:]} ({span(bucket.took or 0)})"
    return {
        "bucket": bucket.name,
        "where": f"at {bucket.machine}" if bucket.machine else "depot",
        "last": last,
        "articles": "" if bucket.articles is None else f"{bucket.articles:,}",
        "state": bucket_state(seen, bucket),
    }


def bucket_state(seen: Overview, bucket: Bucket) -> str:
    """The state of a bucket, and what is wrong with it."""
    holder = seen.holder(bucket)
    parts = []
    if holder is not None:
        since = (seen.now - bucket.taken).total_seconds() if bucket.taken else 0
        parts.append(f"{holder.name} crawls it, for {span(since)}")
    elif lag := seen.lag(bucket):
        parts.append(f"due for {span(lag)}")
        if not seen.has_worker(bucket):
            parts.append(f"no worker {bucket.machine} is alive" if bucket.machine else "")
    else:
        parts.append(f"due in {span((bucket.due - seen.now).total_seconds())}")
    if bucket.failures:
        often = f"failed {bucket.failures} times" if bucket.failures > 1 else "failed"
        parts.append(f"{often}: {bucket.said or f'exit {bucket.code}'}")
    elif bucket.said:
        parts.append(bucket.said)
    elif bucket.code == 3:
        parts.append("some outlets failed or gave nothing")
    if bucket.left_at:
        parts.append(f"unfinished copy at {', '.join(bucket.left_at)}")
    return "; ".join(part for part in parts if part)


def _worker_row(seen: Overview, worker: WorkerSeen) -> dict[str, Any]:
    held = [one.name for one in seen.buckets if one.holder == worker.id]
    state = f"crawls {', '.join(held)}" if held else "waits"
    if not seen.is_alive(worker):
        state = "silent: given up"
    if abs(worker.skew) > CLOCKS:
        way = "ahead" if worker.skew > 0 else "behind"
        state += f"; its clock is {span(abs(worker.skew))} {way}"
    return {
        "worker": worker.name,
        "machine": worker.machine,
        "version": worker.version,
        "silent": f"{span(worker.silent)} ago",
        "state": state,
    }
