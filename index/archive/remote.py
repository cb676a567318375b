"""Archive files in object storage: sent, read back to be sure, read by ranges, deleted.

`remote.json` beside the archive's files says where they are and what each is: bytes and SHA-256. A file is
noted there only after it was read back and found the same. Who has access comes from the environment
(`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, or what the machine's role gives), never by a file of the desk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from index.archive import REMOTE_NOTES as NOTES
from index.errors import ArchiveError, StorageError, UsageError
from index.files import storage_errors, write_atomic

FORMAT = 1
NO_EXTRA = "pip install 'pressclip[s3]'"

_TRIES = 4
_PATIENCE = timedelta(seconds=60)  # for one try; and for all of them
_MIN_PIECE = 8 * 2**20  # bytes read at once when a file is read back


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where files lie: `s3://BUCKET/PREFIX`; `endpoint` of a server that is not Amazon's; the region."""

    url: str
    endpoint: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file there: its bytes, and its SHA-256 in hexadecimal."""

    bytes: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The place, and every file that is there, by its name in the archive."""

    place: Place
    files: Mapping[str, Sent] = field(default_factory=dict)


def read_notes(folder: Path) -> Notes | None:
    """What is known of an archive's remote files; None for one that has none.

    Raises `ArchiveError` for notes that cannot be read.
    """
    path = folder / NOTES
    try:
        said: Any = json.loads(path.read_text("utf-8"))
        if said["format"] != FORMAT:
            raise ArchiveError(f"{path}: of format {said['format']}, this version reads {FORMAT}")
        files = {str(name): Sent(**one) for name, one in said["files"].items()}
        return Notes(place=Place(**said["place"]), files=files)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArchiveError(f"{path}: cannot be read", hint="restore it from a backup") from error


def write_notes(folder: Path, notes: Notes) -> None:
    """Put the notes on the disk; raises `StorageError` children."""
    files = {name: asdict(one) for name, one in sorted(notes.files.items())}
    said = {"format": FORMAT, "place": asdict(notes.place), "files": files}
    write_atomic(folder / NOTES, json.dumps(said, indent=1) + "\n")


class RemoteArchive:
    """The remote files of one archive folder. Every method raises `StorageError` children."""

    def __init__(self, folder: Path, notes: Notes) -> None:
        self.folder = folder
        self.notes = notes
        self._opened: Any = None

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Read `length` bytes from `offset` on; fewer at the end of the file."""
        end = min(offset + length, self._sent(name).bytes)
        if end <= offset:
            return b""
        with self._errors(name):
            return bytes(self._library().get_range(self._store(), name, start=offset, end=end))

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file to the disk; raises `ArchiveError` if it is not what was sent."""
        wanted = self._sent(name)
        found = hashlib.sha256()
        with storage_errors(target), target.open("wb") as out:
            for piece in self._pieces(name):
                found.update(piece)
                out.write(piece)
        if found.hexdigest() != wanted.digest:
            raise ArchiveError(
                f"{self.notes.place.url}/{name}: damaged: it is not what was sent",
                hint="restore it from an older version or a backup",
            )

    def send(self, name: str, path: Path) -> None:
        """Put a closed file there, read it back, and note it when it is the same."""
        with storage_errors(path), path.open("rb") as file:
            size, digest = path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
        with self._errors(name):
            self._library().put(self._store(), name, path)
        found = hashlib.sha256()
        for piece in self._pieces(name):
            found.update(piece)
        if found.hexdigest() != digest:
            raise ArchiveError(f"{self.notes.place.url}/{name}: read back, it is not what was sent")
        self._note({**self.notes.files, name: Sent(bytes=size, digest=digest)})

    def drop(self, name: str) -> None:
        """Delete a file there, make sure that it is gone, and note it."""
        with self._errors(name):
            self._library().delete(self._store(), name)
        if self.size_of(name) is not None:
            raise StorageError(f"{self.notes.place.url}/{name}: was deleted, and is there still")
        self._note({one: sent for one, sent in self.notes.files.items() if one != name})

    def size_of(self, name: str) -> int | None:
        """How many bytes the file has there; None for one that is not there."""
        try:
            with self._errors(name):
                return int(self._library().head(self._store(), name)["size"])
        except _NotThere:
            return None

    def _note(self, files: Mapping[str, Sent]) -> None:
        self.notes = replace(self.notes, files=files)
        write_notes(self.folder, self.notes)

    def _pieces(self, name: str) -> Iterator[bytes]:
        with self._errors(name):
            answer = self._library().get(self._store(), name)
            for piece in answer.stream(min_chunk_size=_MIN_PIECE):
                yield bytes(piece)

    def _sent(self, name: str) -> Sent:
        try:
            return self.notes.files[name]
        except KeyError as error:
            raise ArchiveError(f"{self.folder / name}: no such file") from error

    def _library(self) -> Any:
        try:
            import obstore
            import obstore.exceptions
            import obstore.store
        except ImportError as error:
            raise UsageError(
                f"{self.notes.place.url}: obstore is not installed", hint=NO_EXTRA
            ) from error
        return obstore

    def _store(self) -> Any:
        if self._opened is None:
            place = self.notes.place
            config: dict[str, Any] = {"disable_bulk_delete": True}
            config |= {"endpoint": place.endpoint} if place.endpoint else {}
            config |= {"region": place.region} if place.region else {}
            self._opened = self._library().store.from_url(
                place.url, config=config,
                client_options={
                    "allow_http": place.endpoint.startswith("http://"), "timeout": timedelta(minutes=10),
                },
                retry_config={"max_retries": _TRIES, "retry_timeout": _PATIENCE},
            )  # fmt: skip
        return self._opened

    @contextmanager
    def _errors(self, name: str) -> Iterator[None]:
        """Raise errors of ours for what the storage refuses; its own words may hold a key."""
        refusals = (OSError, self._library().exceptions.BaseError)
        try:
            yield
        except FileNotFoundError:
            raise _NotThere(f"{self.notes.place.url}/{name}: is not there") from None
        except refusals as error:
            raise StorageError(
                f"{self.notes.place.url}: {_said(error)}",
                hint="look at [archive] in workspace.toml",
            ) from None


class _NotThere(ArchiveError):
    """The storage answers that it has no such file, or no such bucket."""


_SAID = {
    "PermissionDeniedError": "access is refused; are AWS_ACCESS_KEY_ID and _SECRET_ACCESS_KEY right?",
    "UnauthenticatedError": "it asks who we are: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "UnknownConfigurationKeyError": "this version of obstore is too old",
}


def _said(error: BaseException) -> str:
    name = type(error).__name__
    text = str(error)
    if "sending request" in text or "connect" in text:
        return "no answer"
    if "507" in text or "XMinioStorageFull" in text or "No space" in text:
        return "no space left there"
    return _SAID.get(name, f"it failed ({name})")
