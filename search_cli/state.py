"""What is kept between two calls: the last list of results, so that `@3` is its third row."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StorageError, UsageError
from index.files import write_atomic

if TYPE_CHECKING:
    from index.workspace import Workspace


def state_dir() -> Path:
    """$XDG_STATE_HOME/pressclip, where also the reports of crashes go; it need not exist."""
    base = os.environ.get("XDG_STATE_HOME", "")
    root = Path(base) if base.startswith("/") else Path.home() / ".local" / "state"
    return root / "pressclip"


def remember(workspace: Workspace, ids: Sequence[str]) -> None:
    """Keep the ids of a list that was shown; where that cannot be written `@N` stays as it was."""
    path = _path(workspace)
    with suppress(OSError, StorageError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(list(ids)))


def recall(workspace: Workspace, place: str) -> str:
    """The id behind `@N`; raises `UsageError` when there is no such row."""
    number = place.removeprefix("@")
    ids = _read(_path(workspace))
    if not number.isascii() or not number.isdigit() or int(number) < 1:
        raise UsageError(f"{place}: not a row of the last result list", hint="@1 is its first")
    if int(number) > len(ids):
        told = f"the last list had {len(ids)} rows" if ids else "no results are listed yet"
        raise UsageError(f"{place}: {told}", hint="search first; @1 is then its first row")
    return ids[int(number) - 1]


def _path(workspace: Workspace) -> Path:
    from hashlib import sha256

    name = sha256(str(workspace.root).encode()).hexdigest()[:16]
    return state_dir() / "lists" / f"{name}.json"


def _read(path: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
