"""Which cluster a desk belongs to: a small file in `data/`, so that no two crawl the same outlets."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import StorageError
from index.files import storage_errors, write_atomic
from index.workspace import Workspace

FILE_NAME = "cluster.json"
VARIABLE = "PRESSCLIP_CLUSTER_BUCKET"  # in the environment of a crawl that a worker starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The cluster that crawls a desk.

    `cluster` is its id; `queue` its address without a password; `bucket` the desk's name there;
    `machine` the one it is pinned to, empty if it is handed from worker to worker.
    """

    cluster: str
    queue: str
    bucket: str
    machine: str = ""


def claim_file(workspace: Workspace) -> Path:
    """Where a desk's claim is, whether there is one or not."""
    return workspace.data / FILE_NAME


def read_claim(workspace: Workspace) -> Claim | None:
    """The claim on a desk; None for a free one. Raises `StorageError` for one that cannot be read."""
    path = claim_file(workspace)
    if not path.exists():
        return None
    try:
        with storage_errors(path):
            said: Any = json.loads(path.read_text("utf-8"))
        return Claim(**said)
    except (ValueError, TypeError) as error:
        raise StorageError(
            f"{path}: cannot be read", hint="delete it if no cluster crawls this desk"
        ) from error


def write_claim(workspace: Workspace, claim: Claim) -> None:
    """Put a claim on a desk; raises `StorageError` children."""
    with storage_errors(workspace.data):
        workspace.data.mkdir(exist_ok=True)
    write_atomic(claim_file(workspace), json.dumps(asdict(claim), indent=1) + "\n")


def drop_claim(workspace: Workspace) -> None:
    """Make a desk free again; raises `StorageError` children."""
    path = claim_file(workspace)
    with storage_errors(path):
        path.unlink(missing_ok=True)
