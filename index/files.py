"""Write a file whole or not at all, and turn the disk's errors into pressclip's."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from index.errors import DiskFullError, ReadOnlyError, StorageError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def write_atomic(path: Path, text: str) -> None:
    """Replace the file by `text` in UTF-8, as `open_atomic` does; raises what it raises."""
    with open_atomic(path) as file:
        file.write(text)


@contextmanager
def open_atomic(path: Path) -> Iterator[TextIO]:
    """A file to write text into that takes the path's place when all is written and on the disk.

    As `replace_atomic`, which it raises the errors of. A pipe or a device cannot be replaced: it is
    written to.
    """
    if _is_special(path):
        with storage_errors(path), path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    with replace_atomic(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def replace_atomic(path: Path) -> Iterator[Path]:
    """An empty file to be filled, which then is put on the disk and takes the path's place.

    Readers see the old file or the new one, never a part. A link is followed and the mode of an
    existing file kept. Raises `ReadOnlyError`, `DiskFullError` or `StorageError`, this also for a
    pipe or a device; after any error, also one raised inside, the old file is untouched.
    """
    if _is_special(path):
        raise StorageError(f"{path}: is a pipe or a device", hint="name a file in a folder")
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode))
        yield draft
        _sync(draft)
        draft.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        with suppress(OSError):
            draft.unlink()


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Raise `DiskFullError`, `ReadOnlyError` or `StorageError` for any `OSError` inside."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, error.filename or path) from error


def storage_error(error: OSError, path: Path | str = "") -> StorageError:
    """The error of ours that says what the operating system refused, and where."""
    where = str(path or error.filename or "the disk")
    if error.errno in _FULL:
        return DiskFullError(
            f"{where}: no space left on the disk", hint="free some space and retry"
        )
    if error.errno in _READ_ONLY:
        return ReadOnlyError(
            f"{where}: cannot be written: {_reason(error)}",
            hint="check the owner and the permissions of the folder",
        )
    return StorageError(f"{where}: {_reason(error)}")


def _is_special(path: Path) -> bool:
    """Whether something is there that is neither a file nor a folder, as `/dev/stdout` may be."""
    return path.exists() and not (path.is_file() or path.is_dir())


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def sync_folder(path: Path) -> None:
    """Force a folder to the disk: the names in it, after a rename. Raises `OSError`."""
    _sync(path)


def _sync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
