"""The way of a capture into the corpus, in its order of durability: archive, store; the index follows."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.extract.body.continuation import FORM
from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import (
    FEED_TEXT,
    REFUSED_PAGES,
    ReadArticle,
    Reading,
    ReadingContext,
    Refused,
    read_again,
)
from crawler.ingest.rechecks import RECHECK, plan_after_unchanged, plan_recheck, removal_code
from crawler.ingest.related_pages import CHANNELS as COMPANIONS
from crawler.ingest.related_pages import MAX_PARTS
from crawler.urls import canonical
from crawler.wire.optouts import optouts_of, optouts_of_article
from index.archive import Archive
from index.capture import ArchiveRef, Capture
from index.store import Candidate, Entry, Store, StoreWriter

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A capture that lies in the archive and has a number in the store."""

    capture: Capture
    number: int
    outlet: str


class Intake:
    """Files captures, has them read, records what they came to; used from one thread.

    `counts` has the outcomes of this run by code: kept, off-story, http-404, …, and new, edited,
    unchanged among those that are articles, removed among known ones; `arrived` the ids of new
    articles in order, `written` those that have another text now. `known_as` gives the id that the
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
        self._archive = archive
        self._store = store
        self._context = context
        self._run = run
        self._known_as = known_as
        self._earlier = earlier
        self.pool = pool
        self.counts: Counter[str] = Counter()
        self.arrived: list[str] = []
        self.written: set[str] = set()
        self.recorded = 0
        self.incomplete: dict[str, Filed] = {}

    def file(self, capture: Capture) -> Filed:
        """Archive a capture, unless it comes from the archive, and name it in the store."""
        archived = capture
        if capture.ref is None:
            withheld = capture.withheld or optouts_of(capture).withheld(self._context.optouts)
            archived = self._archive.append(replace(capture, withheld=withheld))
        outlet = self._context.outlet_of(archived.url)
        listing = archived.listing
        beside = listing.source if listing.channel in COMPANIONS else ""
        number = self._store.captures.add(archived, outlet=outlet, beside=beside)
        return Filed(capture=archived, number=number, outlet=outlet)

    def record(self, filed: Filed, reading: Reading, companions: Sequence[Filed] = ()) -> str:
        """Store what a capture came to, with its line in the ledger; return the outcome's code.

        `companions` are what was read together with it; each has a line of its own.
        """
        with self._store.transaction():
            if self._is_forgotten(filed, reading):
                reading = Refused(code="forgotten", detail="it was forgotten with pressclip forget")
            identity: str | None
            if held := self._held_with(filed, reading):
                outcome, identity = held
                detail = f"of the article {identity}"
            elif gone := removal_code(filed.capture, reading):
                outcome, detail, identity = self._record_removal(filed, reading, gone)
            elif isinstance(reading, Refused):
                outcome, detail, identity = reading.code, reading.detail, None
            else:
                outcome, detail, identity = self._record_article(filed, reading)
            is_first = self._decide(filed, outcome, detail, identity)
            self._store.frontier.finish(_key(filed.capture))
            if identity is None and filed.capture.listing.channel == RECHECK:
                self._settle(filed.capture.url, _key(filed.capture))
            for companion in companions:
                self._record_companion(companion, reading, identity)
        self.counts[outcome] += is_first
        self.recorded += 1
        logger.debug("%s: %s %s", filed.capture.url, outcome, detail)
        return outcome

    def _decide(self, filed: Filed, outcome: str, detail: str, identity: str | None) -> bool:
        """Write down what a capture came to; False when it had come to something before."""
        self._store.captures.decide(filed.number, outcome, identity)
        entry = self._entry(filed, outcome, detail)
        if self._store.ledger.revise(entry):
            return False
        self._store.ledger.add([entry])
        return True

    def _record_companion(self, filed: Filed, reading: Reading, identity: str | None) -> None:
        capture = filed.capture
        held = reading.article.parts if isinstance(reading, ReadArticle) else ()
        if any(part.url == capture.url for part in held):
            outcome, detail = capture.listing.channel, f"of the article {identity}"
        elif capture.status != 200:
            outcome, detail = f"http-{capture.status}", "the server did not give the page"
        else:
            outcome, detail = "no-part", f"nothing in it goes with {capture.listing.source}"
        if self._decide(filed, outcome, detail, identity):
            self.counts[outcome] += 1

    def _held_with(self, filed: Filed, reading: Reading) -> tuple[str, str] | None:
        """What a page read by itself is of an article that is held: a part, an AMP or print page."""
        if isinstance(reading, Refused) or filed.capture.listing.channel in COMPANIONS:
            return None
        own = {reading.key, canonical(filed.capture.url)}
        form = reading.article.witnesses.get(FORM, "")
        for identity, held in self._store.articles.get(
            self._store.articles.find(reading.key, *own)
        ).items():
            key = canonical(held.article.canonical_url)
            parts = {canonical(part.url) for part in held.article.parts} - {key}
            if reading.key == key:  # a further page that calls the first its canonical address
                parts.add(canonical(held.article.continues))
            if own & parts:
                return "part", identity
            if form and FORM not in held.article.witnesses:
                return form, identity
        return None

    def _record_removal(self, filed: Filed, reading: Reading, code: str) -> tuple[str, str, None]:
        """Note that a known article is gone; of an unknown one there is nothing to note."""
        detail = reading.detail if isinstance(reading, Refused) else ""
        found = self._store.articles.find(
            filed.capture.listing.url or filed.capture.url, _key(filed.capture)
        )
        if not found:
            return (reading.code if isinstance(reading, Refused) else code), detail, None
        if self._store.removals.note(found[0], code, filed.capture.fetched):
            self.counts["removed"] += 1
        return code, f"the article was taken away: {found[0]} is kept, and marked", None

    def _is_forgotten(self, filed: Filed, reading: Reading) -> bool:
        """Whether a page was forgotten on demand: by its address, or by what it says of itself."""
        forgotten = self._store.tombstones.forgotten()
        keys = [_key(filed.capture)]
        if isinstance(reading, ReadArticle):
            keys += [reading.key, *(key for key, _ in reading.aliases)]
        return any(forgotten(key, filed.outlet) for key in keys)

    def record_same(self, filed: Filed) -> bool:
        """Whether a capture has the very bytes of the article's last one; if so it is recorded so."""
        identity = self._store.articles.with_body(_key(filed.capture), filed.capture)
        if identity is None or not self._asks_the_same(identity, filed.capture):
            return False
        with self._store.transaction():
            outcome = self._outcome_of(identity)
            self._store.removals.end(identity, filed.capture.fetched)
            self._store.captures.decide(filed.number, outcome, identity)
            self._store.frontier.finish(_key(filed.capture))
            self._store.ledger.add([self._entry(filed, outcome, "the same bytes as before")])
            plan_recheck(self._store, self._context, identity, filed.capture)
        self.counts[outcome] += 1
        self.counts["unchanged"] += 1
        self.recorded += 1
        return True

    def record_unmodified(self, candidate: Candidate) -> None:
        """A known article's server says that it was not modified: nothing came, and that is said."""
        with self._store.transaction():
            identity = self._settle(candidate.url, candidate.key)
            outcome = self._outcome_of(identity) if identity else "http-304"
            self._store.frontier.finish(candidate.key)
            entry = Entry(
                url=candidate.url,
                key=candidate.key,
                outlet=candidate.outlet,
                channel=candidate.listing.channel,
                outcome=outcome,
                detail="not modified since it was last fetched",
                at=datetime.now(UTC),
                run=self._run,
            )
            self._store.ledger.add([entry])
        self.counts[outcome] += 1
        self.counts["unchanged"] += 1
        self.recorded += 1

    def plan_next_recheck(self, candidate: Candidate) -> None:
        """A recheck for which nothing came: the article's next one is planned."""
        self._settle(candidate.url, candidate.key)

    def _settle(self, url: str, key: str) -> str | None:
        found = self._store.articles.find(url, key)
        if not found:
            return None
        plan_after_unchanged(self._store, self._context, found[0])
        return found[0]

    def _outcome_of(self, identity: str) -> str:
        return self._store.articles.get([identity])[identity].outcome

    def news(self) -> dict[str, list[str]]:
        """The new articles by each story that keeps them, by the verdicts as they are now."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(self.arrived), 500):
            part = self.arrived[start : start + 500]
            held = self._store.articles.get(part)
            for identity in part:
                for story in held[identity].stories:
                    found.setdefault(story, []).append(identity)
        return found

    def _asks_the_same(self, identity: str, capture: Capture) -> bool:
        """Whether the headers around the same bytes ask for what they asked for before.

        The bytes of a page are not all of an article of which a part is missing.
        """
        held = self._store.articles.get([identity])[identity].article
        is_partial = bool(held.continues) and len(held.parts) + 1 < MAX_PARTS
        return not is_partial and optouts_of(capture) == optouts_of_article(held)

    def take_all(self, captures: Iterable[Capture]) -> None:
        """File, read and record captures, as many at once as the pool holds, in their order.

        A companion of a page has that page read again, with all that came beside it until then.
        """
        waiting: deque[tuple[Filed, list[Filed], Future[Reading]]] = deque()
        for capture in captures:
            filed = self.file(capture)
            page, companions = self._with_companions(filed)
            beside = [one.capture for one in companions]
            waiting.append((page, companions, self._start(page.capture, beside)))
            if len(waiting) >= self.pool.capacity:
                self._record_first(waiting)
        while waiting:
            self._record_first(waiting)

    def _start(self, capture: Capture, companions: Sequence[Capture]) -> Future[Reading]:
        """Have a capture read; of a page that was not archived its article is read again."""
        kept = all(one.body or not one.withheld for one in (capture, *companions))
        if kept or capture.ref is None:
            return self.pool.submit(capture, companions)
        known: Future[Reading] = Future()
        article = self._earlier.versions.as_captured(capture.ref) if self._earlier else None
        known.set_result(read_again(article, capture, self._context))
        return known

    def _with_companions(self, filed: Filed) -> tuple[Filed, list[Filed]]:
        """The page that a capture completes, with its companions; the capture itself when it is none."""
        found = self._store.captures.page_of(filed.number)
        if found is None:
            return filed, []
        companions = self._store.captures.related(found[0], until=filed.number)
        return self._filed_at(*found), [self._filed_at(*one) for one in companions]

    def _filed_at(self, number: int, ref: ArchiveRef) -> Filed:
        capture = self._archive.read(ref)
        return Filed(capture=capture, number=number, outlet=self._context.outlet_of(capture.url))

    def _record_first(self, waiting: deque[tuple[Filed, list[Filed], Future[Reading]]]) -> None:
        # In order, so that two runs over one archive number the same articles alike.
        filed, companions, future = waiting.popleft()
        wait([future], return_when=FIRST_COMPLETED)
        reading = self.pool.outcome(future, filed.capture.url)
        self.record(filed, reading, companions)
        if isinstance(reading, ReadArticle) and reading.wants:
            self.incomplete[filed.capture.url] = filed
        else:
            self.incomplete.pop(filed.capture.url, None)
        if instead := self.instead_of(filed, reading):
            future = self.pool.submit(instead.capture)
            self.record(instead, self.pool.outcome(future, instead.capture.url))

    def instead_of(self, filed: Filed, reading: Reading) -> Filed | None:
        """The text that a feed carried of a page that the site refuses, filed; None without one."""
        if not isinstance(reading, Refused) or reading.code not in REFUSED_PAGES or self._earlier:
            return None  # what an earlier run took from a feed is in the archive
        page = self._store.feed_texts.get(_key(filed.capture))
        if not page:
            return None
        return self.file(
            Capture(
                url=filed.capture.listing.url or filed.capture.url,
                status=200,
                headers=(("Content-Type", "text/html; charset=utf-8"),),
                body=page.encode(),
                fetched=filed.capture.fetched,
                listing=replace(filed.capture.listing, channel=FEED_TEXT),
                is_resource=True,
            )
        )

    def _record_article(self, filed: Filed, read: ReadArticle) -> tuple[str, str, str]:
        wanted = self._known_as(filed)
        pages = {part.url for part in read.article.parts}
        if parts := [pair for pair in read.aliases if pair[1] in pages]:
            self._store.articles.fold(read.key, parts, wanted=wanted)
        recorded = self._store.articles.record(
            read.article,
            key=read.key,
            capture=filed.number,
            verdicts=read.verdicts,
            fingerprint=read.fingerprint,
            aliases=read.aliases,
            wanted=wanted,
        )
        self.counts[recorded.change] += 1
        if recorded.kept or read.article.withheld == "noindex":
            plan_recheck(self._store, self._context, recorded.id, filed.capture)
        if recorded.change != "unchanged":
            self.written.add(recorded.id)
        if recorded.change == "new":
            self.arrived.append(recorded.id)
        best = max(read.verdicts, key=lambda verdict: verdict.score, default=None)
        if best is None:
            return "no-story", "no story of the workspace reads this outlet", recorded.id
        reasons = f"{best.story}: {'; '.join(best.reasons)}"
        if best.kept and read.article.withheld:
            return (
                read.article.withheld,
                f"its page asks not to be in search; {reasons}",
                recorded.id,
            )
        return "kept" if recorded.kept else best.decision, reasons, recorded.id

    def _entry(self, filed: Filed, outcome: str, detail: str) -> Entry:
        capture = filed.capture
        return Entry(
            url=capture.url,
            key=_key(capture),
            outlet=filed.outlet,
            channel=capture.listing.channel,
            outcome=outcome,
            detail=detail,
            at=capture.fetched,
            run=self._run,
            capture=filed.number,
        )


def _key(capture: Capture) -> str:
    """The identity under which a capture was asked for."""
    return canonical(capture.listing.url or capture.url)
