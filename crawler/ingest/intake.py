"""What the stages of one run share: archive, store, workers, and the counts of what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import ReadingContext
from crawler.urls import canonical
from index.archive import Archive
from index.capture import Capture
from index.store import Store, StoreWriter

_AT_ONCE = 500  # articles that are looked up together


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A capture that is in the archive and has a number in the store."""

    capture: Capture
    number: int
    outlet: str

    @property
    def key(self) -> str:
        """The identity under which the capture was asked for."""
        return canonical(self.capture.listing.url or self.capture.url)


class Intake:
    """The parts that the stages of a run work with, and its counts; used from one thread.

    `counts` has the outcomes of this run by code: kept, off-story, http-404, …, and new, edited,
    unchanged among those that are articles, removed among known ones; `arrived` the ids of new
    articles in order, `written` those that have another text now, `shown` the outlets whose pages showed
    their habits. `known_as` gives the id that the
    article of a capture had before, empty for none.
    `earlier` is the database that the present one replaces: what was read
    from pages whose bodies were not archived is taken from there.
    `incomplete` are pages read from the archive of which a part is missing there, by address.
    """

    def __init__(
        self,
        *,
        archive: Archive,
        store: StoreWriter,
        pool: ReadingPool,
        context: ReadingContext,
        run: int,
        known_as: Callable[[Filed], str] = lambda _: "",
        earlier: Store | None = None,
    ) -> None:
        self.archive = archive
        self.store = store
        self.pool = pool
        self.context = context
        self.run = run
        self.known_as = known_as
        self.earlier = earlier
        self.counts: Counter[str] = Counter()
        self.arrived: list[str] = []
        self.written: set[str] = set()
        self.shown: set[str] = set()
        self.recorded = 0
        self.incomplete: dict[str, Filed] = {}

    def news(self) -> dict[str, list[str]]:
        """The new articles by each story that keeps them, by the verdicts as they are now."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(self.arrived), _AT_ONCE):
            some = self.arrived[start : start + _AT_ONCE]
            held = self.store.articles.get(some)
            for identity in some:
                for story in held[identity].stories:
                    found.setdefault(story, []).append(identity)
        return found
