"""Who may crawl a bucket: taken by a worker that lives, given back with what the crawl came to.

Procrastinate's lock keeps two jobs of a bucket apart. This is the second door: a worker that hung and was
given up cannot finish what another has begun, for its name no longer is in the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from procrastinate.connector import BaseAsyncConnector

from crawler.cluster.buckets import Bucket, bucket_of

_TAKE = """
UPDATE pressclip_buckets SET holder = %(worker)s, taken = now()
WHERE name = %(name)s AND format <= %(format)s
  AND EXISTS (SELECT 1 FROM procrastinate_workers
              WHERE id = %(worker)s AND last_heartbeat > now() - make_interval(secs => %(lease)s))
  AND (holder IS NULL OR holder = %(worker)s OR NOT EXISTS (
      SELECT 1 FROM procrastinate_workers WHERE id = holder
      AND last_heartbeat > now() - make_interval(secs => %(lease)s)))
RETURNING *
"""
_LOOK = "SELECT * FROM pressclip_buckets WHERE name = %(name)s"
_GIVE = """
UPDATE pressclip_buckets
SET holder = NULL, ended = now(), took = extract(epoch FROM now() - taken), code = %(code)s,
    said = %(said)s, failures = CASE WHEN %(failed)s THEN failures + 1 ELSE 0 END,
    due = now() + make_interval(secs => %(every)s), every = %(every)s,
    articles = coalesce(%(articles)s, articles), format = greatest(format, %(format)s),
    generation = %(generation)s,
    left_at = CASE WHEN %(left)s AND NOT %(machine)s = ANY (left_at)
                   THEN array_append(left_at, %(machine)s)
                   WHEN %(left)s THEN left_at ELSE array_remove(left_at, %(machine)s) END
WHERE name = %(name)s AND holder = %(worker)s
RETURNING *
"""
_REFUSE = "UPDATE pressclip_buckets SET said = %(said)s WHERE name = %(name)s AND holder IS NULL"
_LEFT = """
UPDATE pressclip_buckets SET left_at = array_append(left_at, %(machine)s)
WHERE name = ANY (%(names)s::text[]) AND NOT %(machine)s = ANY (left_at)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a worker reports of a bucket: see `Bucket`. `left` where its copy was not handed in."""

    code: int
    said: str
    failed: bool
    every: float
    articles: int | None
    format: int
    generation: str
    left: bool


async def take_bucket(
    connector: BaseAsyncConnector, name: str, *, worker: int, lease: float, form: int
) -> Bucket | None:
    """The bucket, now this worker's; None if it has another that lives, or a format above `form`."""
    rows = await connector.execute_query_all_async(
        _TAKE, name=name, worker=worker, lease=lease, format=form
    )
    return bucket_of(rows[0]) if rows else None


async def look_at_bucket(connector: BaseAsyncConnector, name: str) -> Bucket | None:
    """The bucket as it stands; None if it was taken off the queue."""
    rows = await connector.execute_query_all_async(_LOOK, name=name)
    return bucket_of(rows[0]) if rows else None


async def give_bucket(
    connector: BaseAsyncConnector, name: str, result: Result, *, worker: int, machine: str
) -> Bucket | None:
    """Give a bucket back; None if it was no longer this worker's: then nothing was changed."""
    values: dict[str, Any] = {one: getattr(result, one) for one in Result.__dataclass_fields__}
    rows = await connector.execute_query_all_async(
        _GIVE, name=name, worker=worker, machine=machine, **values
    )
    return bucket_of(rows[0]) if rows else None


async def note_refusal(connector: BaseAsyncConnector, name: str, said: str) -> None:
    """Write beside a bucket why a worker did not take it."""
    await connector.execute_query_async(_REFUSE, name=name, said=said)


async def note_left(connector: BaseAsyncConnector, names: list[str], machine: str) -> None:
    """Write beside buckets that a machine has unfinished copies of them."""
    await connector.execute_query_async(_LEFT, names=names, machine=machine)
