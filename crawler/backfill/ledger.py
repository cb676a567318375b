"""The ledger of one source for one backfill: the same request bound to an outlet is another request.

What an answer names beside the outlets and languages asked for is not taken, so a later backfill without
these bounds asks again; one with them asks nothing that was answered without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from crawler.backfill.asks import Ask, Scope
from crawler.backfill.ccnews import SOURCE as CC_NEWS
from crawler.backfill.gal import SOURCE as GDELT
from crawler.backfill.mediacloud import SOURCE as MEDIACLOUD
from crawler.backfill.wikipedia import SOURCE as WIKIPEDIA
from index.store import Store
from index.store.backfill import BOUND, Asked

_WORLDWIDE = (GDELT, WIKIPEDIA, CC_NEWS, MEDIACLOUD)  # other keys tell their outlets and languages


class SourceLedger:
    """Reads and writes what a story asked of a source within a scope; `key`s are without its bounds."""

    def __init__(self, store: Store, source: str, scope: Scope) -> None:
        self._store = store
        self._source = source
        self._story = scope.story.id
        self._bounds = scope.bounds if source in _WORLDWIDE else ""

    def note(self, one: Asked) -> None:
        """Note what a request came to."""
        self._store.backfill.note(self._story, self._bound(one))

    def announce(self, requests: Iterable[Asked]) -> None:
        """Note requests that an answer led to."""
        self._store.backfill.announce(self._story, map(self._bound, requests))

    def is_settled(self, key: str) -> bool:
        """Whether a request was answered, within these bounds or without any."""
        keys = {key, f"{key}{self._bounds}"}
        return any(self._store.backfill.is_settled(self._story, self._source, k) for k in keys)

    def settled(self) -> Iterator[tuple[str, str]]:
        """The key and outcome of every request that was answered, within these bounds or without any."""
        for key, outcome in self._store.backfill.settled(self._story, self._source):
            plain, mark, bounds = key.partition(BOUND)
            if f"{mark}{bounds}" in ("", self._bounds):
                yield plain, outcome

    def planned(self) -> list[Ask]:
        """The requests that answers within these bounds led to and that were not answered yet."""
        found = []
        for one in self._store.backfill.planned(self._story, self._source):
            plain, mark, bounds = one.key.partition(BOUND)
            if f"{mark}{bounds}" == self._bounds:
                found.append(Ask(source=self._source, key=plain, url=one.url, part=one.part))
        return found

    def _bound(self, one: Asked) -> Asked:
        return replace(one, key=f"{one.key}{self._bounds}")
