"""One writer a workspace: a lock that the kernel releases when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from index.errors import WorkspaceBusy
from index.files import storage_errors


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock file while inside; raises `WorkspaceBusy` at once, naming the holder's pid."""
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise WorkspaceBusy(
                f"{path.parent}: another crawl holds this workspace (process {holder})",
                hint="wait until it ends, or stop it with Ctrl-C",
            ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
