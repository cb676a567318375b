"""Pages out of archives: where the publisher gives no article, and what its article was before."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.backfill import SOURCES, Ask
from crawler.backfill.cdx import LOOKUP as WAYBACK_COPIES
from crawler.backfill.cdx import lookup as wayback_lookup
from crawler.backfill.copies import MOST_TRIES, nearest, rungs
from crawler.backfill.density import density
from crawler.backfill.member import read_member
from crawler.backfill.memento import LOOKUP as MEMENTO
from crawler.backfill.memento import lookup as memento_lookup
from crawler.ingest.read import REFUSED_PAGES
from crawler.lists.timestamps import parse_date
from crawler.refusal import Refusal
from crawler.spiders.base import PRIORITY_STEPS, DeskSpider
from crawler.spiders.responses import capture_of
from crawler.spiders.source_asks import SourceAsks
from crawler.urls import canonical, registered_domain
from crawler.wire.failures import failure_code, is_passing
from index.capture import Capture, Listing
from index.errors import UsageError
from index.store import Candidate, StoredArticle
from index.store.backfill import COPIES, KnownCopy
from index.text.shingles import normal_tokens
from index.workspace.backfill_settings import Preference
from index.workspace.story import Story

HISTORY = "history"  # the channel of earlier captures of what is held
# What a publisher answers where an archive may have the article: gone, moved to the front, or shut.
COPY_OUTCOMES = REFUSED_PAGES | frozenset(
    {
        *(
            "http-400",
            "http-404",
            "http-406",
            "http-410",
            "soft-404",
            "robots",
            "dns",
            "refused",
            "tls",
        ),
        *("list-page", "redirect-home", "not-html", "empty", "product"),
    }
)
_VERDICTS = frozenset(
    {"kept", "mention", "off-story", "outside-window", "no-story", "noindex", "expired"}
)
_COPY_SCORE = 3.0
_LARGEST = 16 * 2**20

logger = logging.getLogger(__name__)


class CopySpider(DeskSpider):
    """A spider that takes copies from archives, best first, in a chain of their own.

    `prefer=archive` asks archives before publishers. `history=1` asks for the captures of what is
    held, and for nothing else.
    """

    story: Story
    asks: SourceAsks

    def __init__(
        self,
        *,
        prefer: str = "",
        history: str | bool = "",
        densities: list[tuple[int, int]] | None = None,
        **named: Any,
    ) -> None:
        super().__init__(**named)
        if prefer not in ("", "live", "archive"):
            raise UsageError(f"prefer={prefer}: neither live nor archive")
        self._prefer = prefer
        self._history = bool(history)
        self._looked: set[tuple[str, str]] = set()
        self.densities = [] if densities is None else densities

    @property
    def looks_for_pages(self) -> bool:
        """Whether pages are looked for, and not only the history of what is held."""
        return not self._history

    @property
    def prefers_archive(self) -> bool:
        """Whether copies come before the publishers' pages."""
        prefer: Preference | str = self._prefer or self.run.workspace.backfill.prefer
        return prefer == "archive"

    @property
    def archives(self) -> tuple[str, ...]:
        """The archives that are asked for a page's copies, in order."""
        bases = self.run.workspace.backfill.bases
        return (WAYBACK_COPIES, MEMENTO) if "memento" in bases else (WAYBACK_COPIES,)

    # --- what is wanted ---

    def copy_candidate(
        self, url: str, listing: Listing, score: float, *, address: str = ""
    ) -> Candidate:
        """A page's copy as a candidate; with `address` that very one."""
        key = canonical(url)
        return Candidate(
            url=url,
            key=f"copy:{address or key}",
            outlet=listing.outlet or self.run.context.outlet_of(url),
            site=COPIES,
            score=score,
            listing=replace(listing, url="", copy_of=url, archive_source=address),
        )

    def want_copy(self, url: str, listing: Listing) -> list[str]:
        """Put a page's copy into the frontier, unless the page is to be forgotten."""
        outlet = listing.outlet or self.run.context.outlet_of(url)
        if self.run.store.tombstones.find(key=canonical(url), outlet=outlet):
            return []
        self.add_candidates(
            [self.copy_candidate(url, replace(listing, outlet=outlet), _COPY_SCORE)]
        )
        return [COPIES]

    def want_history(self) -> None:
        """Ask for the captures of every article that the story keeps."""
        store = self.run.store
        held = store.articles.get(store.articles.kept_ids())
        kept = [one for one in held.values() if self.story.id in one.stories]
        with store.transaction():
            store.frontier.add(self._history_candidate(one) for one in kept)

    def _history_candidate(self, held: StoredArticle) -> Candidate:
        article = held.article
        listing = Listing(
            channel=HISTORY,
            outlet=article.outlet,
            title=article.title,
            published=article.published.isoformat() if article.published else "",
            copy_of=article.canonical_url or article.url,
        )
        return Candidate(
            url=listing.copy_of,
            key=f"history:{held.id}",
            outlet=article.outlet,
            site=COPIES,
            score=_COPY_SCORE,
            listing=listing,
        )

    def is_another(self, capture: Capture, outcome: str) -> bool:
        """Whether what is at an address now is not what its finder named: no word in common."""
        listing = capture.listing
        if outcome not in ("off-story", "outside-window") or not listing.title:
            return False
        found = self.run.store.articles.find(capture.url, canonical(listing.url or capture.url))
        held = self.run.store.articles.get(found[:1])
        named = set(normal_tokens(listing.title))
        return any(named.isdisjoint(normal_tokens(one.article.title)) for one in held.values())

    # --- the chain of copies ---

    def next_copy(self) -> Request | None:
        """The request for the best copy that is wanted, or for where there is one."""
        store = self.run.store
        while self.bounds.room > 0:
            taken = store.frontier.take(COPIES, 1)
            if not taken:
                return None
            request = self._copy_step(taken[0])
            if request is not None:
                return request
        return None

    def _copy_step(self, candidate: Candidate) -> Request | None:
        """What a wanted copy needs next; None if it needs nothing more, or may not have it now."""
        url, listing = candidate.listing.copy_of, candidate.listing
        copies = self.run.store.backfill.copies(canonical(url))
        published = parse_date(listing.published) if listing.published else None
        is_history = listing.channel == HISTORY and not listing.archive_source
        if listing.archive_source:
            copy = next((one for one in copies if one.address == listing.archive_source), None)
        else:
            tried = sum(1 for one in copies if one.outcome)
            copy = None if is_history or tried >= MOST_TRIES else nearest(copies, published)
        if copy is not None:
            return self._copy_request(candidate, copy)
        if not listing.archive_source and (ask := self._lookup(url, published, is_history)):
            return self.asks.request(
                self.parse_lookup, self.fail_lookup, ask=ask, candidate=candidate
            )
        if is_history:
            self._choose_history(candidate, copies, published)
        elif any(map(self.asks.is_paused, self.archives)):
            self.failures.postpone(candidate.key)
        else:
            with self.run.store.transaction():
                self.run.store.frontier.finish(candidate.key)
            told = "no archive that was asked has a copy that is an article"
            self.failures.note(url, replace(listing, outlet=candidate.outlet), "no-copy", told)
            self._fall_back(candidate)
        return None

    def _fall_back(self, candidate: Candidate) -> None:
        """Where archives were asked first and have nothing, the publisher is asked."""
        if self.prefers_archive and candidate.listing.channel != HISTORY:
            url = candidate.listing.copy_of
            live = replace(
                candidate,
                key=canonical(url),
                site=registered_domain(url),
                listing=replace(candidate.listing, copy_of=""),
            )
            self.add_candidates([live])
            self.continue_sites([live.site])

    def _lookup(self, url: str, published: datetime | None, whole: bool) -> Ask | None:
        """The next archive to be asked for a page's copies; None when all were."""
        bases = self.run.workspace.backfill.bases
        for name in self.archives:
            if self.asks.is_paused(name) or (name, url) in self._looked:
                continue
            if name == MEMENTO:
                ask = memento_lookup(url, bases[MEMENTO])
            else:
                base = bases.get("wayback", SOURCES[name].base)
                ask = wayback_lookup(url, base, since=None if whole else published)
            keys = {ask.key, url}  # all captures of the page, or those since it was published
            if not any(self.run.store.backfill.is_settled(self.story.id, name, k) for k in keys):
                self._looked.add((name, url))
                return ask
        return None

    def _copy_request(self, candidate: Candidate, copy: KnownCopy) -> Request:
        self.bounds.spend()
        self.pages[COPIES] += 1
        ranged = copy.length > 0
        last = copy.start + copy.length - 1
        return Request(
            copy.address,
            callback=self.parse_copy,
            errback=self.fail_copy,
            priority=round(candidate.score * PRIORITY_STEPS),
            headers={"Range": f"bytes={copy.start}-{last}"} if ranged else {},
            meta={
                "service": "wayback" if copy.archive.startswith("wayback") else copy.archive,
                "bulk": ranged,
                "copy": copy,
                "candidate": candidate,
                "download_maxsize": _LARGEST,
                "listing": replace(candidate.listing, url=copy.url, source=copy.address),
            },
        )

    async def parse_lookup(
        self, response: Response, ask: Ask, candidate: Candidate
    ) -> AsyncIterator[Request]:
        """Note where the copies of a page are, and go on with it."""
        await self.asks.take(ask, response)
        for request in self._back_to(candidate):
            yield request

    def fail_lookup(self, failure: Failure) -> Iterator[Request]:
        """Note why an archive did not say what it has; the next one is asked."""
        if self.is_end(failure):
            return
        more = failure.request.cb_kwargs  # type: ignore[attr-defined]
        code, detail = failure_code(failure)
        self.asks.refuse(more["ask"], code, detail, pauses=is_passing(code))
        yield from self._back_to(more["candidate"])

    def _back_to(self, candidate: Candidate) -> Iterator[Request]:
        with self.run.store.transaction():
            self.run.store.frontier.again(candidate)
        self.chains.ended(COPIES)
        yield from self.go_on([COPIES])

    def parse_copy(self, response: Response) -> Iterator[Capture | Request]:
        """The copy as a capture of the page, then the next one."""
        candidate: Candidate = response.meta["candidate"]
        copy: KnownCopy = response.meta["copy"]
        capture = self._captured(response, copy)
        store = self.run.store
        with store.transaction():
            if not isinstance(capture, Refusal):
                store.frontier.finish(candidate.key)
            elif is_passing(capture.code):
                self.failures.postpone(candidate.key)
                self.asks.pause(response.meta["service"])
                self.failed_outlets.add(response.meta["service"])
            else:
                store.backfill.note_copy(copy, capture.code)
                store.frontier.again(candidate)
        self.chains.ended(COPIES)
        if isinstance(capture, Refusal):
            self.failures.note(copy.address, candidate.listing, capture.code, capture.detail)
        else:
            yield capture
        yield from self.go_on([COPIES])

    def _captured(self, response: Response, copy: KnownCopy) -> Capture | Refusal:
        if response.status not in (200, 206):
            return Refusal(
                code=f"http-{response.status}", detail="the archive did not give the copy"
            )
        if copy.length:
            return read_member(response.body, copy, response.meta["listing"])
        return capture_of(response)

    def fail_copy(self, failure: Failure) -> Iterator[Request]:
        """Note why an archive did not give a copy."""
        if self.is_end(failure):
            return
        meta = failure.request.meta  # type: ignore[attr-defined]
        code, detail = failure_code(failure)
        candidate: Candidate = meta["candidate"]
        with self.run.store.transaction():
            if is_passing(code):
                self.failures.postpone(candidate.key)
                self.failed_outlets.add(meta["service"])
            else:
                self.run.store.backfill.note_copy(meta["copy"], code)
                self.run.store.frontier.again(candidate)
        self.failures.note(meta["copy"].address, candidate.listing, code, detail)
        self.chains.ended(COPIES)
        yield from self.go_on([COPIES])

    def copy_recorded(self, capture: Capture, outcome: str) -> list[str]:
        """Note what a copy came to; where it is not an article, the next one is wanted."""
        listing = capture.listing
        key = canonical(listing.copy_of)
        copies = self.run.store.backfill.copies(key)
        with self.run.store.transaction():
            for copy in copies:
                if copy.address == listing.source:
                    self.run.store.backfill.note_copy(copy, outcome)
        if outcome in _VERDICTS or listing.channel == HISTORY:
            return []
        bare = replace(listing, source="", captured="", archive_source="")
        again = self.copy_candidate(listing.copy_of, bare, _COPY_SCORE)
        with self.run.store.transaction():
            self.run.store.frontier.again(again)
        return [COPIES]

    # --- history ---

    def _choose_history(
        self, candidate: Candidate, copies: list[KnownCopy], published: datetime | None
    ) -> None:
        """Of a page's captures take those that may show another text."""
        store, url = self.run.store, candidate.listing.copy_of
        chosen = rungs(copies, published, self.story.schedule.recheck)
        self.densities += [density(copies)] if copies else []
        with store.transaction():
            store.frontier.finish(candidate.key)
            store.frontier.add(
                self.copy_candidate(url, candidate.listing, _COPY_SCORE, address=copy.address)
                for copy in chosen
                if not copy.outcome
            )
