"""The desks of a merge: opened and held still, refused where they cannot be merged, and what each brings."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from index.archive.adopting import is_elsewhere, needs_room
from index.errors import DiskFullError, ReadOnlyError, UsageError
from index.maintenance.packing import is_pack, unpack_desk
from index.store import Store, StoreWriter
from index.store.moments import time_of
from index.store.other_desk import OtherDesk, open_other
from index.workspace import FILE_NAME, Workspace
from index.workspace.joining import Joining, plan_joining
from index.workspace.lock import hold

CLOCKS = timedelta(minutes=5)  # a clock that is ahead by more is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Another desk, opened: its place among those that are merged, from 0, its files, its database.

    `source` is what was named, a folder or a packed desk.
    """

    place: int
    source: Path
    workspace: Workspace
    store: OtherDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPlan:
    """What a desk would bring: captures and articles that are new here, files to be taken, bytes to copy.

    `folder` is what was named; `undecided` captures were never read there; `missing` are files that its
    archive lacks; `ahead` is by how much its clock is before ours.
    """

    folder: Path
    captures: int
    articles: int
    files: int
    bytes: int
    undecided: int
    missing: tuple[str, ...]
    ahead: timedelta
    joining: Joining


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge came to: `files` by what was done with them, `new` and `edited` articles.

    `remarks` are labels, tags and notes; `forgotten` articles here that another desk has forgotten.
    """

    desks: tuple[DeskPlan, ...]
    files: Mapping[str, int] = field(default_factory=dict)
    captures: int = 0
    new: int = 0
    edited: int = 0
    remarks: int = 0
    stamps: int = 0
    forgotten: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def plan_merge(workspace: Workspace, folders: Sequence[Path]) -> Merged:
    """What a merge would bring; nothing is written. Raises what `merge_desks` raises."""
    with ExitStack() as stack:
        stack.enter_context(hold(workspace.data / "lock"))
        desks = open_desks(workspace, folders, stack)
        store = stack.enter_context(_open_or_empty(workspace, stack))
        return Merged(
            desks=tuple(plan_desks(workspace, store, desks)),
            counts=store.counts.corpus(),
        )


def _open_or_empty(workspace: Workspace, stack: ExitStack) -> Store:
    """The store, or an empty one that vanishes, where nothing was ever written."""
    if workspace.database.exists():
        return Store.open(workspace.database)
    folder = stack.enter_context(TemporaryDirectory(prefix=".merge-", dir=workspace.data))
    return StoreWriter.open(Path(folder) / workspace.database.name)


def open_desks(workspace: Workspace, folders: Sequence[Path], stack: ExitStack) -> list[Desk]:
    """Open the desks and keep crawls out of them while `stack` lasts; all are looked at before the first.

    A packed desk is unpacked first. Raises `UsageError` for a folder that is none, is this desk or is
    named twice, `WorkspaceBusy` for one that another command holds, and the children of `StorageError`.
    """
    found: dict[Path, Workspace] = {}
    for folder in folders:
        root = folder.expanduser().resolve()
        if root not in found and is_pack(root):
            found[root] = Workspace.load(_unpack(root, workspace, stack))
            continue
        if not (root / FILE_NAME).is_file() and root not in found:
            raise UsageError(
                f"{folder}: no desk: there is no {FILE_NAME} in it",
                hint="name the folder of a desk, or a file that pressclip pack made",
            )
        if root == workspace.root.resolve():
            raise UsageError(f"{folder}: a desk cannot be merged into itself")
        if root in found:
            raise UsageError(f"{folder}: named twice")
        found[root] = Workspace.load(root)
    desks = []
    for place, (source, other) in enumerate(found.items()):
        _hold_still(other, stack)
        store = stack.enter_context(open_other(other.database, workspace.data))
        if store.has_rewrites():
            raise UsageError(
                f"{other.root}: a forget was killed there before it was done",
                hint=f"run: pressclip -C {other.root} doctor --fix   (then merge again)",
            )
        desks.append(Desk(place=place, source=source, workspace=other, store=store))
    return desks


def plan_desks(workspace: Workspace, store: Store, desks: Sequence[Desk]) -> list[DeskPlan]:
    """What each desk would bring. Raises `DiskFullError` if its files would not fit."""
    joinings: list[tuple[Workspace, Joining]] = []
    for desk in desks:
        joinings.append((desk.workspace, plan_joining(workspace, desk.workspace, joinings)))
    return [
        _plan(workspace, store, desk, joining)
        for desk, (_, joining) in zip(desks, joinings, strict=True)
    ]


def _plan(workspace: Workspace, store: Store, desk: Desk, joining: Joining) -> DeskPlan:
    captures, articles = store.merging.count_new(desk.store)
    theirs, ours = desk.workspace.archive_dir, workspace.archive_dir
    names = store.merging.missing_files(desk.store)
    room = sum(needs_room(name, theirs, ours) for name in names)
    free = shutil.disk_usage(workspace.data).free
    if room and free - room < workspace.min_free * 2**20:
        raise DiskFullError(
            f"{ours}: {room / 2**20:,.0f} MiB to be copied and {free / 2**20:,.0f} MiB free;"
            f" min_free = {workspace.min_free:,.0f} would not stay",
            hint="free some space, or refer to the files: pressclip merge --by-reference",
        )
    started = desk.store.newest_start()
    ahead = time_of(started) - datetime.now(UTC) if started else timedelta(0)
    return DeskPlan(
        folder=desk.source,
        captures=captures,
        articles=articles,
        files=len(names),
        bytes=room,
        undecided=desk.store.captures.count_undecided(),
        missing=tuple(name for name in names if not _is_there(theirs, ours, name)),
        ahead=ahead if ahead > CLOCKS else timedelta(0),
        joining=joining,
    )


def _is_there(theirs: Path, ours: Path, name: str) -> bool:
    places = (theirs / name, theirs / f"{name}.open", ours / name)
    return any(path.exists() for path in places) or is_elsewhere(name, theirs)


def _unpack(pack: Path, workspace: Workspace, stack: ExitStack) -> Path:
    """A packed desk in a folder of ours that vanishes with `stack`."""
    name = hashlib.sha256(str(pack).encode()).hexdigest()[:12]
    root = workspace.data / f".unpacked-{name}"
    shutil.rmtree(root, ignore_errors=True)  # a killed merge has left it
    stack.callback(shutil.rmtree, root, ignore_errors=True)
    unpack_desk(pack, root)
    return root


def _hold_still(other: Workspace, stack: ExitStack) -> None:
    """Take its lock; a desk that cannot be written to is held still by nobody else writing either."""
    try:
        stack.enter_context(hold(other.data / "lock"))
    except ReadOnlyError:
        return
