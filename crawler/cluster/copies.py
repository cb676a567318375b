"""A worker's copies of buckets: taken up from the depot, what an earlier crawl left kept, handed in."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.cluster.buckets import Bucket, interval_of_desk, next_generation, put_settings
from index.errors import PressclipError, UsageError
from index.files import storage_errors
from index.maintenance.handover import (
    copy_file,
    drop_generations,
    hand_in,
    mark_in_use,
    note_handed_in,
    read_copy,
    take_up,
)
from index.store import Store
from index.store.copying import read_format
from index.workspace import FILE_NAME, Workspace
from index.workspace.claim import read_claim
from index.workspace.lock import hold

LEFT = "left"  # in the name of a copy that was set aside: `north.left-5e1f93ab`


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a desk holds: articles (None if nobody knows), its store's format, seconds between crawls."""

    articles: int | None
    format: int
    every: float


def prepare_desk(bucket: Bucket, work: Path, cluster: str) -> Path:
    """The folder in which a bucket is crawled, ready: the pinned desk, or a copy of the newest generation.

    Raises `UsageError` for a desk that is not there or is another cluster's, `StorageError` children.
    """
    if bucket.machine:
        root = Path(bucket.place)
        if not (root / FILE_NAME).is_file():
            raise UsageError(
                f"{root}: the desk is not there", hint=f"is this the machine {bucket.machine}?"
            )
    else:
        root = work / bucket.name
        with storage_errors(work):
            root.mkdir(exist_ok=True)
        with hold(work / f"{bucket.name}.lock"):
            _take_up(bucket, root)
        if bucket.settings is not None:
            put_settings(Workspace(root=root), bucket.settings)
    claim = read_claim(Workspace.load(root))
    if claim is None or claim.cluster != cluster:
        whose = claim.queue if claim else "nobody"
        raise UsageError(
            f"{root}: belongs to another cluster: {whose}",
            hint="one of the two has to take it off: pressclip schedule remove",
        )
    return root


def _take_up(bucket: Bucket, root: Path) -> None:
    """Make the copy the newest generation; one with a crawl that was never handed in is kept, not lost.

    Made from the newest generation it is gone on with; made from an older one it is set aside, to be merged.
    """
    known = read_copy(root)
    if known is not None and known.is_unfinished:
        if known.generation == bucket.generation:
            return
        with storage_errors(root):
            root.rename(root.with_name(f"{root.name}.{LEFT}-{secrets.token_hex(4)}"))
            copy_file(root).unlink()
            root.mkdir()
    take_up(bucket.shelf / bucket.generation, root)
    mark_in_use(root)


def set_aside(root: Path) -> list[Path]:
    """The copies of a bucket that were set aside, to be merged into it.

    One whose crawl was killed before it had a store holds nothing, and is deleted.
    """
    found = []
    for path in sorted(root.parent.glob(f"{root.name}.{LEFT}-*")):
        if Workspace(root=path).database.exists():
            found.append(path)
        else:
            shutil.rmtree(path, ignore_errors=True)
    return found


def unfinished(work: Path) -> list[str]:
    """The buckets of which a work folder holds what was never handed in."""
    found = {
        path.name for path in work.iterdir() if (copy := read_copy(path)) and copy.is_unfinished
    }
    aside = {path.name.split(f".{LEFT}-")[0] for path in work.glob(f"*.{LEFT}-*")}
    return sorted(found | aside)


def give_in(bucket: Bucket, root: Path) -> str:
    """Put a crawled copy into the depot; the name of its generation. Raises `StorageError` children."""
    with hold(root / "data" / "lock"):
        generation = next_generation(bucket.generation)
        hand_in(root, bucket.shelf, generation)
    return generation


def withdraw(bucket: Bucket, generation: str) -> None:
    """Delete a generation that nobody will ever look for."""
    shutil.rmtree(bucket.shelf / generation, ignore_errors=True)


def settle(bucket: Bucket, root: Path, generation: str, merged: Sequence[Path]) -> None:
    """Tidy up when the cluster knows of a new generation, in which are the copies `merged`.

    Raises `StorageError` children.
    """
    note_handed_in(root, bucket.shelf / generation)
    for path in merged:
        shutil.rmtree(path, ignore_errors=True)
    drop_generations(bucket.shelf, generation)


def held(root: Path, every: float) -> Held:
    """What a desk holds; `every` stands where its stories cannot be read."""
    workspace = Workspace(root=root)
    with suppress(PressclipError):
        every = interval_of_desk(workspace, datetime.now(UTC)).total_seconds()
    form = read_format(workspace.database)
    try:
        with Store.open(workspace.database) as store:
            return Held(articles=store.counts.corpus()["articles"], format=form, every=every)
    except PressclipError:
        return Held(articles=None, format=form, every=every)
