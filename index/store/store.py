"""The store: one connection, and its parts by noun, `store.frontier`, `store.articles` and the others."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.store.database import Connection, connect
from index.store.revisions import newest_revision

if TYPE_CHECKING:
    from index.store.aliases import Aliases
    from index.store.articles import Articles
    from index.store.backfill import Backfill
    from index.store.boilerplate import Boilerplate
    from index.store.captures import Captures
    from index.store.cases import Cases
    from index.store.counts import Counts
    from index.store.encodings import Encodings
    from index.store.erasure import Erasure
    from index.store.evaluations import Evaluations
    from index.store.evidence import Evidence
    from index.store.families import Families
    from index.store.feedtexts import FeedTexts
    from index.store.frontier import Frontier
    from index.store.habits import HabitsOfOutlets
    from index.store.hosts import Hosts
    from index.store.imports import Imports
    from index.store.integrity import Integrity
    from index.store.labels import Labels
    from index.store.ledger import Ledger
    from index.store.lists import Lists
    from index.store.merging import Merging
    from index.store.rechecks import Rechecks
    from index.store.removals import Removals
    from index.store.rewrites import Rewrites
    from index.store.samples import Samples
    from index.store.saves import Saves
    from index.store.tags import Tags
    from index.store.tombstones import Tombstones
    from index.store.verdicts import Verdicts
    from index.store.versions import Versions


class Store:
    """The corpus, opened for reading; a context manager.

    Each part reads and writes tables of its own, and is loaded when it is first asked for: a search
    needs two or three of them. In a store opened for reading what would write
    raises `ReadOnlyError`, since SQLite has opened the file so: what writes asks for a `StoreWriter`.
    """

    def __init__(self, connection: Connection) -> None:
        self.path = connection.path
        self._connection = connection

    @cached_property
    def captures(self) -> Captures:
        """What was fetched, and what became of it."""
        from index.store.captures import Captures

        return Captures(self._connection)

    @cached_property
    def articles(self) -> Articles:
        """The articles, off-story ones too."""
        from index.store.articles import Articles

        return Articles(self._connection)

    @cached_property
    def aliases(self) -> Aliases:
        """The addresses of the articles."""
        from index.store.aliases import Aliases

        return Aliases(self._connection)

    @cached_property
    def versions(self) -> Versions:
        """The texts of the articles over time."""
        from index.store.versions import Versions

        return Versions(self._connection)

    @cached_property
    def removals(self) -> Removals:
        """Since when articles are gone from their addresses."""
        from index.store.removals import Removals

        return Removals(self._connection)

    @cached_property
    def families(self) -> Families:
        """Who carried whose text."""
        from index.store.families import Families

        return Families(self._connection)

    @cached_property
    def saves(self) -> Saves:
        """What a public archive was asked to save, and where its copies are."""
        from index.store.saves import Saves

        return Saves(self._connection)

    @cached_property
    def boilerplate(self) -> Boilerplate:
        """The paragraphs that stand on many pages of an outlet."""
        from index.store.boilerplate import Boilerplate

        return Boilerplate(self._connection)

    @cached_property
    def habits(self) -> HabitsOfOutlets:
        """What the pages of an outlet have in common."""
        from index.store.habits import HabitsOfOutlets

        return HabitsOfOutlets(self._connection)

    @cached_property
    def verdicts(self) -> Verdicts:
        """Which article belongs to which story, and why."""
        from index.store.verdicts import Verdicts

        return Verdicts(self._connection)

    @cached_property
    def labels(self) -> Labels:
        """What people said of articles."""
        from index.store.labels import Labels

        return Labels(self._connection)

    @cached_property
    def tags(self) -> Tags:
        """Tags and notes of people."""
        from index.store.tags import Tags

        return Tags(self._connection)

    @cached_property
    def evaluations(self) -> Evaluations:
        """What the verdicts were made with."""
        from index.store.evaluations import Evaluations

        return Evaluations(self._connection)

    @cached_property
    def evidence(self) -> Evidence:
        """What articles are compared by, and verdicts but for what labels teach."""
        from index.store.evidence import Evidence

        return Evidence(self._connection)

    @cached_property
    def encodings(self) -> Encodings:
        """What articles mean, as far as they were encoded, and which are translations."""
        from index.store.encodings import Encodings

        return Encodings(self._connection)

    @cached_property
    def samples(self) -> Samples:
        """The articles that a story's profile is learned from."""
        from index.store.samples import Samples

        return Samples(self._connection)

    @cached_property
    def cases(self) -> Cases:
        """Articles with all that their verdicts depend on."""
        from index.store.cases import Cases

        return Cases(self._connection)

    @cached_property
    def counts(self) -> Counts:
        """How many there are of what."""
        from index.store.counts import Counts

        return Counts(self._connection)

    @cached_property
    def ledger(self) -> Ledger:
        """The runs, and what became of each address."""
        from index.store.ledger import Ledger

        return Ledger(self._connection)

    @cached_property
    def frontier(self) -> Frontier:
        """The pages still to be fetched."""
        from index.store.frontier import Frontier

        return Frontier(self._connection)

    @cached_property
    def lists(self) -> Lists:
        """The feeds, sitemaps and sections that were read."""
        from index.store.lists import Lists

        return Lists(self._connection)

    @cached_property
    def rechecks(self) -> Rechecks:
        """When known articles are looked at again."""
        from index.store.rechecks import Rechecks

        return Rechecks(self._connection)

    @cached_property
    def hosts(self) -> Hosts:
        """How the hosts answered."""
        from index.store.hosts import Hosts

        return Hosts(self._connection)

    @cached_property
    def feed_texts(self) -> FeedTexts:
        """The whole texts that feeds carry."""
        from index.store.feedtexts import FeedTexts

        return FeedTexts(self._connection)

    @cached_property
    def backfill(self) -> Backfill:
        """What was asked of sources of past coverage."""
        from index.store.backfill import Backfill

        return Backfill(self._connection)

    @cached_property
    def imports(self) -> Imports:
        """How far archives of the web were read."""
        from index.store.imports import Imports

        return Imports(self._connection)

    @cached_property
    def tombstones(self) -> Tombstones:
        """What was forgotten, and stays so."""
        from index.store.tombstones import Tombstones

        return Tombstones(self._connection)

    @cached_property
    def rewrites(self) -> Rewrites:
        """The files of the archive that are to be written again."""
        from index.store.rewrites import Rewrites

        return Rewrites(self._connection)

    @cached_property
    def erasure(self) -> Erasure:
        """Taking something out for good."""
        from index.store.erasure import Erasure

        return Erasure(self._connection)

    @cached_property
    def merging(self) -> Merging:
        """What was taken from other desks."""
        from index.store.merging import Merging

        return Merging(self._connection)

    @cached_property
    def integrity(self) -> Integrity:
        """Whether the database is whole."""
        from index.store.integrity import Integrity

        return Integrity(self._connection)

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
        """Give the store another name, so that its index is built again."""
        from index.store.folding import rename_store

        rename_store(self._connection)
