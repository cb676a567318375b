"""One writer a workspace: a lock that the kernel releases when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from index.errors import WorkspaceBusy
from index.files import storage_errors


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock file while inside.

    Raises `WorkspaceBusy` at once, naming the holder's pid, or `StorageError` children.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Without a buffer: what a full disk refused would be written again, and refused, at the end.
        file = path.open("ab+", buffering=0)
    with file:
        with storage_errors(path):
            _take(file, path)
        yield


def _take(file: FileIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read().decode("ascii", "replace").strip() or "unknown"
        raise WorkspaceBusy(
            f"{path.parent}: workspace is locked by another command (pid {holder})",
            hint="wait until it ends, or stop it with Ctrl-C",
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()).encode("ascii"))
