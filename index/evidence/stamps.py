"""The time stamps of a workspace: `data/stamps/TIME.json`, each of the root over many captures."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from index.errors import StorageError
from index.evidence.merkle import path_of, root_of
from index.files import storage_errors, write_atomic

FOLDER = "stamps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """An authority's answer (`token`, DER) for the root over `leaves`, SHA-256 of `leaf_text`."""

    name: str
    authority: str
    moment: datetime
    leaves: Sequence[bytes]
    token: bytes

    @property
    def root(self) -> bytes:
        """The root of the tree over the leaves: what was stamped."""
        return root_of(self.leaves)


def leaf_text(url: str, fetched: str, digest: str) -> bytes:
    """What a capture puts into the tree, before it is hashed: its time, its payload's digest, its address."""
    return f"{fetched} {digest} {url}\n".encode()


def leaf_of(url: str, fetched: str, digest: str) -> bytes:
    """The leaf of a capture: 32 bytes that bind payload, address and time."""
    return hashlib.sha256(leaf_text(url, fetched, digest)).digest()


def read_stamps(folder: Path) -> Iterator[Stamp]:
    """Every stamp, oldest first; raises `StorageError` for a file that cannot be read."""
    for path in sorted(folder.glob("*.json")):
        try:
            said = json.loads(path.read_text("utf-8"))
            yield Stamp(
                name=path.stem,
                authority=str(said["authority"]),
                moment=datetime.fromisoformat(said["moment"]),
                leaves=[bytes.fromhex(leaf) for leaf in said["leaves"]],
                token=base64.b64decode(said["token"], validate=True),
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise StorageError(
                f"{path}: a time stamp that cannot be read", hint="restore it from a backup"
            ) from error


def write_stamp(folder: Path, stamp: Stamp) -> Path:
    """Put a stamp on the disk; raises `StorageError` children."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stamp.name}.json"
    said = {
        "moment": stamp.moment.isoformat(),
        "authority": stamp.authority,
        "root": stamp.root.hex(),
        "token": base64.b64encode(stamp.token).decode("ascii"),
        "leaves": [leaf.hex() for leaf in stamp.leaves],
    }
    write_atomic(path, json.dumps(said, indent=0) + "\n")
    return path


def unstamped(leaves: Iterable[bytes], stamps: Iterable[Stamp]) -> list[bytes]:
    """The leaves that no stamp covers, each once and sorted: the leaves of the next one."""
    covered = {leaf for stamp in stamps for leaf in stamp.leaves}
    return sorted(set(leaves) - covered)


def stamped(
    stamps: Iterable[Stamp], records: Iterable[tuple[int, bytes]]
) -> tuple[list[dict[str, object]], dict[str, bytes]]:
    """The stamps of a bundle's records (number in the manifest, leaf): what the manifest says; tokens."""
    known = list(records)
    said: list[dict[str, object]] = []
    files: dict[str, bytes] = {}
    for stamp in stamps:
        for number, leaf in known:
            if found := inclusion(stamp, leaf):
                said.append({"record": number, **found})
                files[f"stamps/{stamp.name}.tsr"] = stamp.token
    return said, files


def inclusion(stamp: Stamp, leaf: bytes) -> dict[str, object] | None:
    """How a leaf leads to a stamp's root, for a bundle's manifest; None if it is not among them."""
    if leaf not in stamp.leaves:
        return None
    place = list(stamp.leaves).index(leaf)
    return {
        "token": f"stamps/{stamp.name}.tsr",
        "leaf": leaf.hex(),
        "place": place,
        "size": len(stamp.leaves),
        "path": [one.hex() for one in path_of(stamp.leaves, place)],
        "root": stamp.root.hex(),
    }
