"""The requests that a backfill has still to make, a queue a source: what earlier runs had is left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from crawler.backfill import SOURCES, Ask, Scope
from crawler.backfill.ccnews import SOURCE as CC_NEWS
from crawler.backfill.gal import SOURCE as GDELT
from crawler.backfill.gal import Minutes
from crawler.backfill.ledger import SourceLedger
from index.store import Store
from index.store.backfill import ANSWERED, WHOLE

_FILE_KEY = 14  # characters of the key of a minute's file; a quarter's is shorter


class SourceQueue(Protocol):
    """Gives out a source's requests; `left` is about how many there are."""

    @property
    def left(self) -> int:
        """How many requests are left, about."""

    def next(self) -> Ask | None:
        """The next request; None when there is none left."""

    def take_up(self, asks: Iterable[Ask]) -> None:
        """Queue the requests that an answer led to."""

    def answered(self, ask: Ask, *, found: bool) -> str:
        """Learn of an answer; returns the key of what is whole with it, or nothing."""

    def failed(self, ask: Ask) -> None:
        """Learn that a request gave no whole answer: it belongs to the next run."""


def queue_of(source: str, scope: Scope, store: Store | None, now: datetime) -> SourceQueue:
    """The queue of a source for a scope, without what the store, if there is one, says was answered."""
    if source == GDELT:
        return _minutes(scope, store, now)
    return Requests(source, scope, store)


class Requests:
    """The requests that a source's plan names, after those that earlier answers led to."""

    def __init__(self, source: str, scope: Scope, store: Store | None) -> None:
        self._ledger = SourceLedger(store, source, scope) if store else None
        self._given: set[str] = set()
        self._left: deque[Ask] = deque()
        self.take_up(
            one
            for one in (self._ledger.planned() if self._ledger else ())
            if source != CC_NEWS or not one.part  # its files are read in bulk
        )
        self.take_up(SOURCES[source].plan(scope))

    @property
    def left(self) -> int:
        """How many requests are known to be left."""
        return len(self._left)

    def next(self) -> Ask | None:
        """The next request; None when there is none left."""
        return self._left.popleft() if self._left else None

    def take_up(self, asks: Iterable[Ask]) -> None:
        """Queue requests, each once, that were not answered before."""
        for ask in asks:
            if ask.key not in self._given and not self._is_settled(ask.key):
                self._given.add(ask.key)
                self._left.append(ask)

    def _is_settled(self, key: str) -> bool:
        return self._ledger is not None and self._ledger.is_settled(key)

    def answered(self, ask: Ask, *, found: bool) -> str:
        """Nothing is learned from an answer but what it leads to."""
        del ask, found
        return ""

    def failed(self, ask: Ask) -> None:
        """The store has it as not settled."""


class MinuteFiles:
    """The files of a list by the minute."""

    def __init__(self, minutes: Minutes) -> None:
        self._minutes = minutes

    @property
    def left(self) -> int:
        """About how many files are left."""
        return self._minutes.left

    def next(self) -> Ask | None:
        """The next file; None when there is none left."""
        return self._minutes.next()

    def take_up(self, asks: Iterable[Ask]) -> None:
        """A file leads to no other."""

    def answered(self, ask: Ask, *, found: bool) -> str:
        """Learn whether there was a file."""
        return self._minutes.answered(ask.key, found=found)

    def failed(self, ask: Ask) -> None:
        """Its quarter is not whole."""
        self._minutes.failed(ask.key)


def _minutes(scope: Scope, store: Store | None, now: datetime) -> MinuteFiles:
    settled: dict[str, bool] = {}
    whole: set[str] = set()
    for key, outcome in SourceLedger(store, GDELT, scope).settled() if store else ():
        if outcome == WHOLE:
            whole.add(key)
        elif len(key) == _FILE_KEY:
            settled[key] = outcome == ANSWERED
    return MinuteFiles(Minutes(scope, now, settled, whole))
