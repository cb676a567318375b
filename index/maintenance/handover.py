"""A desk handed from machine to machine: whole copies in a depot, each file checked by its digest.

    depot/north/000012-5e1f/      a generation: an ordinary desk, and `.handover.json` with its digests
    work/north/                   a worker's copy of it
    work/north.copy.json          what the copy was made from, so that only what changed is copied

A generation is never changed: it appears by one rename, and files that it shares with the one before are
hard links, as rsync's --link-dest makes them. SQLite files are copied through SQLite's backup API, so a
desk whose crawl was killed is handed over whole too. SQLite in WAL mode must not be used on a network disk,
which the depot may be: it is only ever copied from and to there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from index.errors import DiskFullError, StorageError
from index.files import storage_errors, sync_folder, write_atomic
from index.store.copying import copy_database

MANIFEST = ".handover.json"
FORMAT = 1
SPARE = 64 * 2**20  # bytes that a copy leaves free
Phase = Literal["taking", "in use", "handed in"]

_CHUNK = 2**20
_PASSING = ("-wal", "-shm", "-journal")  # SQLite's own, which belong to an open file


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file as it was when it was copied: bytes, time of change in ns, and SHA-256 of its copy."""

    bytes: int
    changed: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a worker knows of its copy of a bucket.

    `phase` is `taking` while it is being made, `in use` from the first crawl on it until it is handed
    in: what is in use holds what no other copy has. `generation` is what it was made from.
    """

    phase: Phase
    generation: str
    files: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def is_unfinished(self) -> bool:
        """Whether it holds what was never handed in."""
        return self.phase == "in use"


def copy_file(desk: Path) -> Path:
    """Where the notes on a copy lie: beside it."""
    return desk.with_name(f"{desk.name}.copy.json")


def read_copy(desk: Path) -> Copy | None:
    """What is known of the copy in a folder; None if there is none, or nothing that can be read."""
    try:
        said = json.loads(copy_file(desk).read_text("utf-8"))
        files = {name: Kept(**one) for name, one in said["files"].items()}
        return Copy(phase=said["phase"], generation=said["generation"], files=files)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_copy(desk: Path, copy: Copy) -> None:
    """Note what a copy is; raises `StorageError` children."""
    write_atomic(copy_file(desk), json.dumps(asdict(copy)))


def take_up(source: Path, desk: Path) -> None:
    """Make the copy in `desk` what the generation in `source` is; copies only what differs.

    Raises `StorageError` for a generation that is not there or is damaged, `DiskFullError` before
    anything is copied where it would not fit.
    """
    files = _read_manifest(source)
    known = read_copy(desk)
    trusted = known.files if known is not None and known.phase == "handed in" else {}
    with storage_errors(desk):
        desk.mkdir(parents=True, exist_ok=True)
        wanted = [
            name for name, one in files.items() if not _is_same(desk / name, one, trusted.get(name))
        ]
        _check_room(desk, sum(files[name].bytes for name in wanted))
        write_copy(desk, Copy(phase="taking", generation=source.name))
        for name in wanted:
            _take(source / name, desk / name, files[name].digest)
        for name in {*_files(desk)} - {*files}:
            (desk / name).unlink()
        for path in desk.rglob("*"):
            if path.name.endswith(_PASSING):
                path.unlink()
        note_handed_in(desk, source)


def mark_in_use(desk: Path) -> None:
    """Note that a copy is about to be changed; raises `StorageError` children."""
    known = read_copy(desk)
    if known is not None:
        write_copy(desk, replace(known, phase="in use"))


def hand_in(desk: Path, shelf: Path, generation: str) -> Path:
    """Put a desk into its shelf of the depot as a new generation; the folder of it.

    The desk must not be written to meanwhile. Unchanged files become hard links to those of the
    generation that it was made from. Raises `StorageError` children; then the depot is as it was.
    """
    known = read_copy(desk) or Copy(phase="in use", generation="")
    draft = shelf / f".draft-{generation}"
    with storage_errors(shelf):
        draft.mkdir(parents=True)
    try:
        with storage_errors(shelf):
            files = {
                name: _give(desk / name, draft / name, shelf / known.generation / name, known, name)
                for name in _files(desk)
            }
            manifest = {
                "format": FORMAT,
                "files": {name: asdict(one) for name, one in files.items()},
            }
            write_atomic(draft / MANIFEST, json.dumps(manifest))
            _sync_folders(draft)
            draft.rename(shelf / generation)
            sync_folder(shelf)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return shelf / generation


def note_handed_in(desk: Path, source: Path) -> None:
    """Note that the copy in `desk` is what the generation holds; raises `StorageError` children."""
    files = {}
    for name, one in _read_manifest(source).items():
        status = (desk / name).stat()
        files[name] = Kept(bytes=status.st_size, changed=status.st_mtime_ns, digest=one.digest)
    write_copy(desk, Copy(phase="handed in", generation=source.name, files=files))


def drop_generations(shelf: Path, keep: str) -> None:
    """Delete all generations but `keep` and the one before it, which is the way back."""
    found = sorted(path for path in shelf.iterdir() if path.is_dir())
    older = [path for path in found if path.name < keep and not path.name.startswith(".")]
    for path in found:
        if path.name != keep and path not in older[-1:]:
            shutil.rmtree(path, ignore_errors=True)


def _files(desk: Path) -> Iterator[str]:
    """Every file of a desk that is handed over, by its path in it, sorted."""
    for path in sorted(desk.rglob("*")):
        name = path.relative_to(desk).as_posix()
        is_passing = path.name.endswith((*_PASSING, ".lock")) or path.name == "lock"
        if path.is_file() and not is_passing and name != MANIFEST:
            yield name


def _read_manifest(source: Path) -> dict[str, Kept]:
    path = source / MANIFEST
    try:
        said: Any = json.loads(path.read_text("utf-8"))
        form, files = said["format"], said["files"]
        if form == FORMAT:
            return {str(name): Kept(**one) for name, one in files.items()}
    except OSError as error:
        raise StorageError(
            f"{source}: this copy of the bucket is not there",
            hint="is the depot mounted here? its folder must be the same for every worker",
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise StorageError(f"{path}: damaged", hint="the generation before may be whole") from error
    raise StorageError(
        f"{path}: of format {form}, this version reads {FORMAT}", hint="bring all to one version"
    )


def _is_same(path: Path, wanted: Kept, known: Kept | None) -> bool:
    """Whether a file is what is wanted: by size and time where it was copied, or else by its digest."""
    if not path.is_file():
        return False
    if known is not None and known.digest == wanted.digest:
        status = path.stat()
        if (status.st_size, status.st_mtime_ns) == (known.bytes, known.changed):
            return True
    return path.stat().st_size == wanted.bytes and _digest(path) == wanted.digest


def _take(source: Path, target: Path, digest: str) -> None:
    """Copy a file and check it; it takes its place when it is right."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.taking")
    try:
        if _copy(source, draft) != digest:
            raise StorageError(
                f"{source}: damaged: its digest is not the one it was handed in with",
                hint="the generation before it in the depot may be whole",
            )
        draft.replace(target)
    finally:
        with suppress(OSError):
            draft.unlink()


def _give(path: Path, target: Path, before: Path, known: Copy, name: str) -> Kept:
    """Put one file into the draft of a generation: as a link where it is unchanged, or else as a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    status = path.stat()
    last = known.files.get(name)
    is_quiet = not _has_log(path)
    if last and is_quiet and (status.st_size, status.st_mtime_ns) == (last.bytes, last.changed):
        try:
            os.link(before, target)
        except OSError:  # no links on this disk, or the generation is gone
            pass
        else:
            return Kept(bytes=target.stat().st_size, changed=status.st_mtime_ns, digest=last.digest)
    digest = _copy_database(path, target) if path.suffix == ".db" else _copy(path, target)
    return Kept(bytes=target.stat().st_size, changed=status.st_mtime_ns, digest=digest)


def _has_log(path: Path) -> bool:
    """Whether an SQLite file has changes that are in its log only."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _copy(source: Path, target: Path) -> str:
    """Copy a file to the disk; the SHA-256 of what was copied."""
    found = hashlib.sha256()
    with source.open("rb") as one, target.open("wb") as other:
        while chunk := one.read(_CHUNK):
            found.update(chunk)
            other.write(chunk)
        other.flush()
        os.fsync(other.fileno())
    return found.hexdigest()


def _copy_database(source: Path, target: Path) -> str:
    """Copy an SQLite file with what is in its log; the SHA-256 of the copy."""
    draft = source.with_name(f".{source.name}.copy")  # on a local disk, as SQLite needs
    try:
        copy_database(source, draft)
        return _copy(draft, target)
    finally:
        for end in ("", *_PASSING):
            with suppress(OSError):
                draft.with_name(f"{draft.name}{end}").unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_room(desk: Path, needed: int) -> None:
    free = shutil.disk_usage(desk).free
    if needed and needed + SPARE > free:
        raise DiskFullError(
            f"{desk}: {needed / 2**20:,.0f} MiB to be copied and {free / 2**20:,.0f} MiB free",
            hint="free some space, or let another worker take the bucket",
        )


def _sync_folders(root: Path) -> None:
    for path in (*(one for one in root.rglob("*") if one.is_dir()), root):
        sync_folder(path)
