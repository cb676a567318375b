"""The workspace and its corpus behind the pages, opened again when a file of theirs has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

from index.corpus import Corpus, open_corpus
from index.workspace import Workspace
from index.workspace.timezone import find_zone

State = tuple[tuple[str, int], ...]


class ServedDesk:
    """What the pages read. All of them are made in one thread, which SQLite's connections ask for."""

    def __init__(self, root: Path, zone: str = "") -> None:
        """`zone` is an IANA name, empty for the workspace's own."""
        self.root = root
        self.zone_name = zone
        self._state: State = ()
        self._written: State = ()
        self._workspace: Workspace | None = None
        self._corpus: Corpus | None = None
        self.kept: dict[object, Any] = {}
        """What pages keep for the next one; gone when a file has changed."""

    @property
    def workspace(self) -> Workspace:
        """The workspace as its file stands; raises `ConfigError`."""
        self._refresh()
        if self._workspace is None:
            self._workspace = Workspace.load(self.root)
        return self._workspace

    @property
    def zone(self) -> tzinfo:
        """The zone of days and times."""
        return find_zone(self.zone_name or self.workspace.zone)

    @property
    def corpus(self) -> Corpus:
        """The corpus as it was indexed last; raises as `open_corpus`."""
        self._refresh()
        if self._corpus is None:
            self._corpus = open_corpus(self.root)
            self._corpus.zone = self.zone
        return self._corpus

    def open_apart(self) -> Corpus:
        """A corpus of its own for a long answer, during which another page may open a newer one."""
        corpus = open_corpus(self.root)
        corpus.zone = self.zone
        return corpus

    def close(self) -> None:
        """Close the store."""
        if self._corpus is not None:
            self._corpus.close()
        self._corpus = self._workspace = None
        self.kept.clear()

    def _refresh(self) -> None:
        state = tuple(_state_of(self.root))
        if state != self._state:
            self.close()
            self._state = state
        # A tag or a label changes the database alone: the corpus reads it as it is, what was kept does not.
        written = tuple(_written(self.root / "data" / "pressclip.db"))
        if written != self._written:
            self.kept.clear()
            self._written = written


def _state_of(root: Path) -> Iterator[tuple[str, int]]:
    """When the files were changed from which a corpus is opened: a new index is a new file in a folder."""
    index = root / "data" / "index"
    files = [
        root / "workspace.toml",
        root / "outlets.toml",
        *sorted((root / "stories").glob("*.toml")),
        index,
        *(sorted(index.iterdir()) if index.is_dir() else ()),
    ]
    for path in files:
        try:
            yield str(path), path.stat().st_mtime_ns
        except OSError:
            yield str(path), 0
    try:
        yield "store", (root / "data" / "pressclip.db").stat().st_ino
    except OSError:
        yield "store", 0


def _written(database: Path) -> Iterator[tuple[str, int]]:
    """When the database was written last, by itself or through its log."""
    for path in (database, database.with_name(f"{database.name}-wal")):
        try:
            found = path.stat()
        except OSError:
            continue
        yield str(path), found.st_mtime_ns
        yield str(path), found.st_size
