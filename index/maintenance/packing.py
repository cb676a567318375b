"""A desk as one file, to be handed over and merged: a ZIP of its own files, each with its SHA-256.

Nothing is packed again: archive files are packed already, and anybody can open a ZIP. It lacks what can be
made again (the search index) and what is of this place (locks, a cluster's claim).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from index.errors import DiskFullError, StorageError, UsageError
from index.files import replace_atomic, storage_errors
from index.store.copying import copy_database, read_format
from index.workspace import FILE_NAME, Workspace

FORMAT = 1
MANIFEST = "pack.json"
_DATABASE = "data/pressclip.db"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What was packed: how many files, of how many bytes together."""

    files: int
    bytes: int


def pack_desk(workspace: Workspace, target: Path) -> Packed:
    """Write a desk into one file, whose place is taken when it is whole; the desk's lock must be held.

    Raises `UsageError` for a desk that has crawled nothing, and the children of `StorageError`.
    """
    if not workspace.database.exists():
        raise UsageError(f"{workspace.root}: nothing to pack yet", hint="run: pressclip crawl")
    draft = workspace.data / ".pack.db"
    found: dict[str, dict[str, Any]] = {}
    try:
        with storage_errors(draft):
            draft.unlink(missing_ok=True)
        copy_database(workspace.database, draft)
        with (
            storage_errors(target),
            replace_atomic(target) as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack,
        ):
            for name, path in _files(workspace, draft):
                with path.open("rb") as source, pack.open(name, "w", force_zip64=True) as member:
                    size, digest = _copy(source, member)
                found[name] = {"bytes": size, "sha256": digest}
            said = {"format": FORMAT, "desk_format": read_format(draft), "files": found}
            pack.writestr(MANIFEST, json.dumps(said, indent=1))
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                draft.with_name(f"{draft.name}{end}").unlink()
    return Packed(files=len(found), bytes=sum(one["bytes"] for one in found.values()))


def is_pack(path: Path) -> bool:
    """Whether a file may be a packed desk; its manifest is not looked at."""
    return path.is_file() and zipfile.is_zipfile(path)


def unpack_desk(path: Path, root: Path) -> None:
    """Write a packed desk into the folder `root`, each file checked by its digest.

    Raises `UsageError` for a file that is not a packed desk, `StorageError` for one that is damaged or of
    another format, and `DiskFullError` before anything is written where it would not fit.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            files = _read_manifest(path, pack)
            _check_room(path, root, sum(int(one["bytes"]) for one in files.values()))
            for name, one in files.items():
                target = root / name
                with storage_errors(target):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with pack.open(name) as member, target.open("wb") as out:
                        _, digest = _copy(member, out)
                        out.flush()
                        os.fsync(out.fileno())
                if digest != one["sha256"]:
                    raise _damaged(path, f"{name} is not what was packed")
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise _damaged(path, str(error).strip("'\"") or "it ends too early") from error


def _files(workspace: Workspace, database: Path) -> Iterator[tuple[str, Path]]:
    """The files of a desk that are packed, by their names in the pack."""
    root = workspace.root
    own = [root / FILE_NAME, workspace.outlets_file, *workspace.story_files()]
    if workspace.evidence.roots:
        own.append(root / workspace.evidence.roots)
    for path in own:
        if path.is_file() and path.is_relative_to(root):
            yield path.relative_to(root).as_posix(), path
    yield _DATABASE, database
    bucket = workspace.data / "bucket.json"
    if bucket.exists():
        yield "data/bucket.json", bucket
    for folder in (workspace.archive_dir, workspace.data / "stamps"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def _read_manifest(path: Path, pack: zipfile.ZipFile) -> Mapping[str, Mapping[str, Any]]:
    if MANIFEST not in pack.namelist():
        raise UsageError(
            f"{path}: no desk is packed in it", hint="pack one: pressclip -C DESK pack FILE"
        )
    said: Any = json.loads(pack.read(MANIFEST))
    if said["format"] != FORMAT:
        raise StorageError(
            f"{path}: packed in format {said['format']}, this version reads {FORMAT}",
            hint="bring all machines to one version of pressclip",
        )
    files: Mapping[str, Mapping[str, Any]] = said["files"]
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or parts[0] == "/" or "\\" in name:
            raise _damaged(path, f"{name!r} is no name of a desk's file")
    return files


def _copy(source: IO[bytes], target: IO[bytes]) -> tuple[int, str]:
    """Copy to the end; how many bytes, and their SHA-256."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def _check_room(path: Path, root: Path, needed: int) -> None:
    with storage_errors(root):
        root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    if needed > free:
        raise DiskFullError(
            f"{path}: {needed / 2**20:,.0f} MiB to be unpacked and {free / 2**20:,.0f} MiB free",
            hint="free some space and run the same command again",
        )


def _damaged(path: Path, what: str) -> StorageError:
    return StorageError(f"{path}: damaged: {what}", hint="pack or copy it again")
