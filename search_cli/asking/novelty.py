"""What was told before: so that a search can list what is new since it was last asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.article import isoformat, parse_iso
from index.files import storage_errors, write_atomic
from index.workspace import Workspace
from search_cli.state import state_dir

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The articles that were told under a name, each with the number of its versions then.

    Kept in the user's own state, not in the workspace, so that a read-only desk can be asked too.
    """

    path: Path
    at: datetime | None
    versions: Mapping[str, int]

    @classmethod
    def read(cls, workspace: Workspace, name: str) -> Self:
        """What was told under the name in this workspace; nothing if that cannot be read."""
        keys = (str(workspace.root), name)
        digest = hashlib.sha256("\0".join(keys).encode("utf-8", "surrogatepass")).hexdigest()
        path = state_dir() / "new" / f"{digest[:32]}.json"
        try:
            kept = json.loads(path.read_text("utf-8"))
            told = {str(identity): int(count) for identity, count in kept["told"].items()}
            return cls(path=path, at=parse_iso(kept["at"]), versions=told)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls(path=path, at=None, versions={})

    def fresh(self, current: Mapping[str, int]) -> list[str]:
        """The articles that were not told yet, or have been edited since."""
        known = self.versions
        return [name for name, count in current.items() if count > known.get(name, 0)]

    def write(self, current: Mapping[str, int], now: datetime) -> None:
        """Remember these as told, too; raises `StorageError` if that cannot be written."""
        state = {"at": isoformat(now), "told": {**self.versions, **current}}
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(self.path, json.dumps(state))


def count_versions(corpus: Corpus, tree: Node) -> dict[str, int]:
    """The articles that match, each with the number of texts that were seen of it."""
    from index.query import And, Filter

    counted = dict.fromkeys(corpus.match(tree).ids(), 1)
    edited = corpus.match(And((tree, Filter("is", ("edited",))))).ids()
    stored = corpus.store.articles.get(edited)
    return counted | {name: one.versions for name, one in stored.items() if name in counted}


def only(tree: Node, ids: Iterable[str]) -> Node:
    """The tree, among these articles."""
    from index.query import And, Filter

    return And((tree, Filter("id", tuple(ids))))
