"""The buckets of a cluster: desks put on the queue, shown, and taken off it again."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.cluster.queue import Cluster
from crawler.planning.intervals import interval_of
from index.errors import UsageError
from index.files import storage_errors
from index.maintenance.handover import hand_in
from index.store.migrations import FORMAT as DESK_FORMAT
from index.workspace import FILE_NAME, Workspace
from index.workspace.claim import Claim, drop_claim, read_claim, write_claim
from index.workspace.lock import hold
from index.workspace.sharding import BUCKET_FILE

if TYPE_CHECKING:
    import psycopg

NAME = re.compile(r"[\w][\w.-]{0,99}")
SHORTEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A desk on the queue, as its row has it.

    It is in `place` on the machine it is pinned to (`machine`), or else in the folder `generation` of its
    shelf in the depot `place`. `every` is in seconds; `due` when it is crawled next; `holder` the worker
    that has it; `code` and `said` what the last crawl came to; `failures` in a row; `format` of its store;
    `left_at` machines that still have an unfinished copy.
    """

    name: str
    place: str
    machine: str
    generation: str
    settings: Mapping[str, str] | None
    every: float
    due: datetime
    holder: int | None
    taken: datetime | None
    ended: datetime | None
    took: float | None
    code: int | None
    said: str
    failures: int
    articles: int | None
    format: int
    left_at: Sequence[str]

    @property
    def shelf(self) -> Path:
        """Where its generations are in the depot."""
        return Path(self.place) / self.name


def bucket_of(row: Mapping[str, Any]) -> Bucket:
    """The bucket of a row, which may have more columns."""
    return Bucket(**{field.name: row[field.name] for field in fields(Bucket)})


def next_generation(last: str) -> str:
    """A name that sorts after the last one, and that no other worker gives: `000012-5e1f93ab`."""
    number = int(last.partition("-")[0] or 0) + 1
    return f"{number:06d}-{secrets.token_hex(4)}"


def interval_of_desk(workspace: Workspace, now: datetime) -> timedelta:
    """How often a desk is crawled: as often as its most hurried story asks; raises `UsageError` for none."""
    plans = [story.schedule for story in workspace.stories().values()]
    if not plans:
        raise UsageError(f"{workspace.root}: no story yet", hint="make one: pressclip story new ID")
    return max(SHORTEST, min(interval_of(plan, now.date()) for plan in plans))


def settings_of(workspace: Workspace) -> dict[str, str]:
    """The texts of a desk's own files by path, and what its hub tells a bucket of the other buckets.

    A worker's copy is given them before each crawl.
    """
    names = [workspace.root / FILE_NAME, workspace.outlets_file, *workspace.story_files()]
    names.append(workspace.data / BUCKET_FILE)
    with storage_errors(workspace.root):
        return {
            path.relative_to(workspace.root).as_posix(): path.read_text("utf-8")
            for path in names
            if path.exists()
        }


def put_settings(workspace: Workspace, settings: Mapping[str, str]) -> None:
    """Make a copy's own files what the cluster has of them. Raises `StorageError` children."""
    root = workspace.root
    with storage_errors(root):
        for path in workspace.story_files():
            if path.relative_to(root).as_posix() not in settings:
                path.unlink()
        for name, text in settings.items():
            path = root / name
            if not path.exists() or path.read_text("utf-8") != text:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")


def install_desk(
    connection: psycopg.Connection[dict[str, Any]],
    cluster: Cluster,
    workspace: Workspace,
    *,
    queue: str,
    depot: Path | None,
    machine: str,
) -> bool:
    """Put a desk on the queue, pinned to `machine` or copied into the depot; False for one already there.

    One that is there gets the desk's settings as they are now. Raises `UsageError` for a desk that another
    cluster has claimed and for a name that is taken, `WorkspaceBusy`, `StorageError` children.
    """
    name = workspace.root.name
    if not NAME.fullmatch(name):
        raise UsageError(f"{name}: no name for a bucket", hint="letters, digits, - _ and . only")
    every = interval_of_desk(workspace, datetime.now(UTC)).total_seconds()
    claim = read_claim(workspace)
    if claim is not None and (claim.cluster != cluster.id or claim.bucket != name):
        raise UsageError(
            f"{workspace.root}: belongs to another cluster: {claim.queue}, as {claim.bucket}",
            hint=f"take it off there: pressclip schedule remove --queue {claim.queue} {claim.bucket}",
        )
    settings = settings_of(workspace)
    if claim is not None and claim.machine != machine and _exists(connection, name):
        how = f"pinned to {claim.machine}" if claim.machine else "handed on through a depot"
        raise UsageError(
            f"{name}: is on the queue already, {how}",
            hint=f"take it off first: pressclip schedule remove {name}",
        )
    if claim is not None and _exists(connection, name):
        kept = None if claim.machine else _json(settings)
        connection.execute(
            "UPDATE pressclip_buckets SET every = %s, settings = %s, due = now() WHERE name = %s",
            (every, kept, name),
        )
        return False
    if _exists(connection, name):
        raise UsageError(
            f"{name}: the queue has a bucket of this name from another folder",
            hint="rename the folder, or take the other off: pressclip schedule remove --queue URL",
        )
    place = _place(workspace, cluster, queue=queue, depot=depot, machine=machine)
    connection.execute(
        "INSERT INTO pressclip_buckets (name, place, machine, generation, settings, every, format)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            name, str(place.parent.parent if depot else place), machine, place.name if depot else "",
            _json(settings) if depot else None, every, DESK_FORMAT if depot else 0,
        ),
    )  # fmt: skip
    return True


def _place(
    workspace: Workspace, cluster: Cluster, *, queue: str, depot: Path | None, machine: str
) -> Path:
    """Claim a desk, and put it where its crawls find it: it stays, or is copied into the depot."""
    with storage_errors(workspace.data):
        workspace.data.mkdir(exist_ok=True)
    with hold(workspace.data / "lock"):
        claim = Claim(cluster=cluster.id, queue=queue, bucket=workspace.root.name, machine=machine)
        write_claim(workspace, claim)
        if depot is None:
            return workspace.root.resolve()
        try:
            shelf = depot.expanduser().resolve() / workspace.root.name
            if shelf.exists():
                raise UsageError(
                    f"{shelf}: the depot has a bucket of this name",
                    hint="use another depot, or delete the folder if no cluster uses it",
                )
            return hand_in(workspace.root, shelf, next_generation(""))
        except BaseException:
            drop_claim(workspace)
            raise


def remove_bucket(connection: psycopg.Connection[dict[str, Any]], name: str) -> Path:
    """Take a bucket off the queue; the folder of its desk, free again.

    Raises `UsageError` for one that is not there or is being crawled.
    """
    with connection.transaction():
        rows = connection.execute(
            "SELECT * FROM pressclip_buckets WHERE name = %s FOR UPDATE", (name,)
        ).fetchall()
        if not rows:
            raise UsageError(
                f"{name}: no such bucket on the queue", hint="see: pressclip status --cluster"
            )
        bucket = bucket_of(rows[0])
        if bucket.holder is not None:
            raise UsageError(f"{name}: is being crawled", hint="try again when the crawl has ended")
        connection.execute("DELETE FROM pressclip_buckets WHERE name = %s", (name,))
        connection.execute(
            "DELETE FROM procrastinate_jobs WHERE lock = %s AND status = 'todo'", (name,)
        )
    root = bucket.shelf / bucket.generation if bucket.generation else Path(bucket.place)
    if (root / FILE_NAME).exists():
        drop_claim(Workspace.load(root))
    return root


def _exists(connection: psycopg.Connection[dict[str, Any]], name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pressclip_buckets WHERE name = %s", (name,))
    return bool(found.fetchall())


def _json(settings: Mapping[str, str]) -> Any:
    from psycopg.types.json import Jsonb

    return Jsonb(dict(settings))
