"""The read side of the index: a query tree in, exact counts, hits and facets out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from index.errors import IndexUnusable
from index.files import storage_errors
from index.fulltext.schema import FORMAT, to_micros
from index.fulltext.searcher.evaluate import Evaluation
from index.fulltext.searcher.facets import (
    FACETS,
    GROUPS,
    OF_OUTLET,
    Valued,
    count_groups,
    count_values,
    read_values,
)
from index.fulltext.searcher.limits import Limits
from index.fulltext.searcher.rank import SORTS, Matches, Ranked, SegmentHits, Sort, newest_of_each
from index.fulltext.searcher.suggest import suggest_words
from index.fulltext.searcher.view import PastView, SegmentView
from index.fulltext.segments.folders import current_folder, other_format
from index.fulltext.segments.reader import SUSPECT, Segment, damaged_files
from index.fulltext.segments.toc import DamagedTocError, State, read_state
from index.query import Node

__all__ = [
    "FACETS",
    "GROUPS",
    "OF_OUTLET",
    "SORTS",
    "Matches",
    "Ranked",
    "SearchIndex",
    "Sort",
    "Valued",
    "When",
    "count_groups",
    "count_values",
    "read_values",
    "suggest_words",
]

When = datetime | Literal["now", "ever"]
"""Which versions a search reads: those that stood at a moment, the newest ones, or all."""

SECONDS = 5.0
"""How long one search may take."""

_TRIES = 20  # a writer may remove a file between the table and its opening
_PAUSE = 0.02


class SearchIndex:
    """One generation of the index, open for reading; it does not change while it is open."""

    updated_by = "pressclip index"

    def __init__(self, folder: Path, state: State) -> None:
        self.folder = folder
        self.revision = state.revision
        self.store = state.store
        self._records = state.records
        with self._looking_for_damage():
            self._segments = [Segment(folder, record) for record in state.records]
            self.views: Sequence[SegmentView] = [
                SegmentView(segment) for segment in self._segments if not segment.record.past
            ]
        self._as_of: tuple[datetime, list[PastView]] | None = None

    @classmethod
    def open(cls, index_dir: Path) -> SearchIndex:
        """Open the newest generation; never writes, and never waits for a writer.

        Raises `IndexUnusable` when it is missing, of another format or damaged, or `StorageError`.
        """
        tried: tuple[Path, State] | None = None
        with storage_errors(index_dir):
            for _ in range(_TRIES):
                folder = current_folder(index_dir, FORMAT)
                if folder is None:
                    raise _missing(index_dir)
                try:
                    state = read_state(folder)
                    return cls(folder, state)
                except FileNotFoundError as error:
                    # A writer replaces the table before it removes what that no longer names.
                    if tried == (folder, state):
                        name = Path(error.filename).name
                        raise _damaged(folder, f"{name} is missing") from error
                    tried = folder, state
                    time.sleep(_PAUSE)
                except DamagedTocError as error:
                    if folder == current_folder(index_dir, FORMAT):
                        raise _damaged(folder, error) from error
        raise IndexUnusable(
            f"{index_dir}: the index changes too fast to be opened", hint="try again"
        )

    @cached_property
    def count(self) -> int:
        """The articles it holds."""
        return sum(view.segment.record.live for view in self.views)

    def frequency(self, token: str) -> int:
        """How many articles have the very form, at most: what is struck out counts until a merge."""
        found = (view.term("text", token) for view in self.views)
        return sum(info.documents for info in found if info)

    def suggest_words(self, word: str) -> list[tuple[str, int]]:
        """Words of the corpus that may be meant, with their articles."""
        return suggest_words(self.views, word)

    def close(self) -> None:
        """Nothing: its files are mapped, not held."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Raise `IndexUnusable` for an error inside that comes of a damaged file, `StorageError` for

        one of the disk. What `search` gives reads columns when it is asked; this belongs around it.
        """
        with storage_errors(self.folder), self._looking_for_damage():
            yield

    @contextmanager
    def _looking_for_damage(self) -> Iterator[None]:
        try:
            yield
        except SUSPECT as error:
            if damaged := self.damaged_files():
                raise _damaged(self.folder, f"{damaged[0]} has changed") from error
            raise

    def damaged_files(self) -> list[str]:
        """The files that are not as they were written; reads the whole index."""
        return damaged_files(self.folder, self._records)

    def search(self, tree: Node, *, when: When = "now", seconds: float = SECONDS) -> Matches:
        """Every article that matches, once: with "ever" its newest version that does.

        Raises `UsageError` for a word that stands for too many, or when time runs out, and
        `IndexUnusable` when the files are damaged.
        """
        limits = Limits(seconds)
        with self.reading():
            parts = []
            for view in self._views_of(when):
                evaluation = Evaluation(view, limits)
                parts.append(SegmentHits(evaluation, evaluation.matching(tree)))
            limits.matched()
            return Matches(tree, newest_of_each(parts) if when == "ever" else parts)

    def _views_of(self, when: When) -> Sequence[SegmentView]:
        if when == "now":
            return self.views
        if when == "ever":
            return [*self.views, *self._past_views]
        if self._as_of is None or self._as_of[0] != when:
            moment = to_micros(when)
            views = [PastView(segment, moment) for segment in self._segments]
            self._as_of = when, views
        return self._as_of[1]

    @cached_property
    def _past_views(self) -> list[SegmentView]:
        return [SegmentView(segment) for segment in self._segments if segment.record.past]


def _damaged(folder: Path, reason: object) -> IndexUnusable:
    return IndexUnusable(
        f"{folder}: the search index is damaged ({reason})",
        hint="build it again from the store: pressclip index --rebuild",
    )


def _missing(index_dir: Path) -> IndexUnusable:
    other = other_format(index_dir, FORMAT)
    if other is None:
        return IndexUnusable(f"{index_dir}: no search index here yet", hint="run: pressclip index")
    if other > FORMAT:
        return IndexUnusable(
            f"{index_dir}: the search index is of a newer pressclip", hint="upgrade pressclip"
        )
    return IndexUnusable(
        f"{index_dir}: the search index is of an older format", hint="run: pressclip index"
    )
