"""Closed archive files sent to object storage, behind a crawl: what is not there yet, each read back."""

from __future__ import annotations

from dataclasses import dataclass

from index.archive import Archive
from index.archive.remote import Notes, Place, RemoteArchive, read_notes, write_notes
from index.errors import UsageError
from index.files import storage_errors
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.lock import hold


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFiles:
    """How many files and bytes were sent, and how many files were deleted here since they are there."""

    files: int = 0
    bytes: int = 0
    deleted: int = 0


def send_closed(workspace: Workspace) -> SentFiles:
    """Send what `[archive]` of workspace.toml wants sent; nothing if it names no place.

    Each file is read back from there and compared by its SHA-256 before it counts as sent, and before it
    may be deleted here. What a kill leaves the next call completes. Raises `WorkspaceBusy`, `UsageError`
    if files are at another place than the settings name, `StorageError` children.
    """
    settings = workspace.archive
    if not settings.url:
        return SentFiles()
    place = Place(url=settings.url, endpoint=settings.endpoint, region=settings.region)
    with hold(workspace.data / "lock"):
        return _send(workspace, place)


def _send(workspace: Workspace, place: Place) -> SentFiles:
    folder = workspace.archive_dir
    closed = sorted(folder.rglob("*.warc.gz"))
    remote = RemoteArchive(folder, _notes_of(workspace, place, has_files=bool(closed)))
    files = size = deleted = 0
    for path in closed:
        name = path.relative_to(folder).as_posix()
        if name not in remote.notes.files:
            remote.send(name, path)
            files += 1
            size += path.stat().st_size
        if not workspace.archive.keep_local:
            with storage_errors(path):
                path.unlink()
            deleted += 1
    return SentFiles(files=files, bytes=size, deleted=deleted)


def _notes_of(workspace: Workspace, place: Place, *, has_files: bool) -> Notes:
    """The notes for a place: those of before, or new ones."""
    known = read_notes(workspace.archive_dir)
    if known is not None and known.place == place:
        return known
    names = set(Archive(workspace.archive_dir).names()) if known is not None else set()
    only_there = [name for name in names if not (workspace.archive_dir / name).exists()]
    if known is not None and only_there:
        raise UsageError(
            f"[archive] url = {place.url}: {counted(len(only_there), 'file')} of the archive can only"
            f" be had at {known.place.url}",
            hint="copy them over, then change the place in data/archive/remote.json too",
        )
    notes = Notes(place=place)
    if has_files:
        write_notes(workspace.archive_dir, notes)
    return notes
