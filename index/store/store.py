"""The store: one connection, and its parts by noun, `store.frontier`, `store.articles` and the others."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from index.store.aliases import Aliases
from index.store.articles import Articles
from index.store.backfill import Backfill
from index.store.boilerplate import Boilerplate
from index.store.captures import Captures
from index.store.cases import Cases
from index.store.counts import Counts
from index.store.database import Connection, connect
from index.store.erasure import Erasure
from index.store.evaluations import Evaluations
from index.store.families import Families
from index.store.feedtexts import FeedTexts
from index.store.folding import rename_store
from index.store.frontier import Frontier
from index.store.hosts import Hosts
from index.store.integrity import Integrity
from index.store.labels import Labels
from index.store.ledger import Ledger
from index.store.lists import Lists
from index.store.rechecks import Rechecks
from index.store.removals import Removals
from index.store.revisions import newest_revision
from index.store.rewrites import Rewrites
from index.store.samples import Samples
from index.store.tags import Tags
from index.store.tombstones import Tombstones
from index.store.verdicts import Verdicts
from index.store.versions import Versions


class Store:
    """The corpus, opened for reading; a context manager.

    Each part reads and writes tables of its own. In a store opened for reading what would write
    raises `ReadOnlyError`, since SQLite has opened the file so: what writes asks for a `StoreWriter`.
    """

    def __init__(self, connection: Connection) -> None:
        self.path = connection.path
        self._connection = connection
        self.captures = Captures(connection)
        self.articles = Articles(connection)
        self.aliases = Aliases(connection)
        self.versions = Versions(connection)
        self.removals = Removals(connection)
        self.families = Families(connection)
        self.boilerplate = Boilerplate(connection)
        self.verdicts = Verdicts(connection)
        self.labels = Labels(connection)
        self.tags = Tags(connection)
        self.evaluations = Evaluations(connection)
        self.samples = Samples(connection)
        self.cases = Cases(connection)
        self.counts = Counts(connection)
        self.ledger = Ledger(connection)
        self.frontier = Frontier(connection)
        self.lists = Lists(connection)
        self.rechecks = Rechecks(connection)
        self.hosts = Hosts(connection)
        self.feed_texts = FeedTexts(connection)
        self.backfill = Backfill(connection)
        self.tombstones = Tombstones(connection)
        self.rewrites = Rewrites(connection)
        self.erasure = Erasure(connection)
        self.integrity = Integrity(connection)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `data/pressclip.db`, also on a read-only disk; raises `StorageError` children."""
        return cls(connect(path, readonly=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; SQLite folds the WAL into the file when it is the last one."""
        self._connection.close()

    def revision(self) -> int:
        """The number of the newest change; 0 for an empty store."""
        return newest_revision(self._connection)

    def identity(self) -> str:
        """A name given to this database when it was made; a rebuilt one has another."""
        (name,) = self._connection.execute("SELECT name FROM identity").fetchone()
        return str(name)


class StoreWriter(Store):
    """The store, opened for writing; one process at a time, which holds the workspace's lock.

    A class of its own, so that a function says by its types whether it writes.
    """

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `data/pressclip.db` for writing, made when it is new; raises `StorageError` children."""
        return cls(connect(path))

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; a transaction inside another belongs to the outer one."""
        return self._connection.transaction()

    def rename(self) -> None:
        """Give the store another name, so that its index is built anew."""
        rename_store(self._connection)
