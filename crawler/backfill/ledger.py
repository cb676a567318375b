"""The ledger of one source for one backfill: a request is there with what of its answer was taken.

An answer that is read for one window, for some outlets or languages, by some queries, says nothing of the
rest: a backfill that wants more asks again, one that wants no more does not. Only what an answer can
hold counts: a file of GDELT's from the middle of the window stays read when the window grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from crawler.backfill import ccindex, ccnews, cdx, doc, gal, mediacloud, memento, wikipedia
from crawler.backfill.asks import Ask, Scope
from index.store import Store
from index.store.asked_keys import AskedKey, Days
from index.store.backfill import ANSWERED, MISSING, Asked
from index.workspace.story import ANY
from index.workspace.story_tree import queries_digest

# Whose other keys tell their outlets and languages.
_WORLDWIDE = (gal.SOURCE, wikipedia.SOURCE, ccnews.SOURCE, mediacloud.SOURCE)
_JUDGES_NOTHING = (cdx.LOOKUP, memento.LOOKUP)  # the copies of a page, whatever the story is


def _any_day(key: str) -> Days:
    del key
    return date.min, date.max


# The days of which an answer can hold something, by key; None if the key itself tells the window.
_HELD: Mapping[str, Callable[[str], Days | None]] = {
    gal.SOURCE: gal.days_of,
    ccnews.SOURCE: ccnews.days_of,
    ccindex.SOURCE: ccindex.days_of,
    wikipedia.SOURCE: _any_day,
}


class SourceLedger:
    """Reads and writes what a story asked of a source within a scope; `key`s are without its bounds."""

    def __init__(self, store: Store, source: str, scope: Scope) -> None:
        self._store = store
        self._source = source
        self._scope = scope
        self._story = scope.story.id
        self._only = _only(source, scope)
        self._held = _HELD.get(source)
        self._queries = "" if source in _JUDGES_NOTHING else queries_digest(scope.story)

    def note(self, one: Asked) -> None:
        """Note what a request came to."""
        self._store.backfill.note(self._story, self._bound(one))

    def announce(self, requests: Iterable[Asked]) -> None:
        """Note requests that an answer led to."""
        self._store.backfill.announce(self._story, map(self._bound, requests))

    def is_settled(self, key: str) -> bool:
        """Whether all that this scope wants of an answer was had."""
        rows = self._store.backfill.settled(self._story, self._source, key)
        return any(self._answers(row, AskedKey.parse(row.key)) for row in rows)

    def settled(self) -> Iterator[tuple[str, str]]:
        """The key and outcome of every request of which all was had that this scope wants."""
        for row in self._store.backfill.settled(self._story, self._source):
            known = AskedKey.parse(row.key)
            if self._answers(row, known):
                yield known.plain, row.outcome

    def outdated(self) -> int:
        """How many answers were judged by other queries than the story has now."""
        rows = self._store.backfill.settled(self._story, self._source)
        return sum(
            row.queries not in ("", self._queries) and row.outcome == ANSWERED for row in rows
        )

    def planned(self) -> list[Ask]:
        """The requests that answers within these bounds led to and that were not answered yet."""
        found = []
        for one in self._store.backfill.planned(self._story, self._source, self._queries):
            known = AskedKey.parse(one.key)
            if known == self._key(known.plain):
                found.append(Ask(source=self._source, key=known.plain, url=one.url, part=one.part))
        return found

    def _answers(self, row: Asked, known: AskedKey) -> bool:
        """Whether a request that was answered need not be made again; what is missing is for all."""
        if row.outcome == MISSING:
            return True
        return row.queries in ("", self._queries) and known.answers(self._key(known.plain))

    def _bound(self, one: Asked) -> Asked:
        return replace(one, key=str(self._key(one.key)), queries=self._queries)

    def _key(self, plain: str) -> AskedKey:
        return AskedKey(plain=plain, days=self._days(plain), only=self._only)

    def _days(self, plain: str) -> Days | None:
        """The days for which an answer is taken, where it may hold others too; None for all of it."""
        held = self._held(plain) if self._held else None
        if held is None:
            return None
        first, last = ccnews.days_read(self._scope) if self._source == ccnews.SOURCE else (
            self._scope.start.date(), (self._scope.end - timedelta(seconds=1)).date(),
        )  # fmt: skip
        taken = max(held[0], first), min(held[1], last)
        return None if taken == held else taken


def _only(source: str, scope: Scope) -> str:
    """The outlets and languages that an answer is taken for, where its request does not tell them."""
    if source == doc.SOURCE and not set(scope.story.match) - {ANY}:
        return replace(scope, hosts=()).bounds  # a search in all languages names the outlets alone
    return scope.bounds if source in _WORLDWIDE else ""
