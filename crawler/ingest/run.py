"""One run on a workspace, from its lock to its exit code; recovers what a killed run left behind."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Self

from crawler.ingest.intake import Filed, Intake
from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import ReadingContext
from crawler.ingest.rechecks import RECHECK_SCORE
from crawler.ingest.reevaluate import reevaluate_verdicts
from crawler.ingest.stages import archive_capture, index_articles, judge_articles, take_captures
from crawler.urls import canonical, registered_domain
from index.archive import Archive
from index.archive.warc import Damage
from index.capture import Capture, is_page_channel
from index.errors import StorageError, UsageError
from index.maintenance.forget import finish_rewrites
from index.relevance import Readers, Reevaluation, profiles_of
from index.store import Candidate, Entry, StoreWriter
from index.workspace import Workspace
from index.workspace.lock import hold
from index.workspace.story import Story

INTERRUPTED = "interrupted"  # a capture that was lost with its run, and is made again
RETRIED = 10.0  # of a frontier's score: first of all
EXPIRY = "expiry"  # the channel of what a page's own date decided
STOPPED = 130  # the exit code of a run that was interrupted

logger = logging.getLogger(__name__)


class CrawlRun:
    """An opened workspace with one writer; a context manager.

    `code` is the exit code it ends with: 0 until something says otherwise. `records` are those of
    the files that it imports, by kind.
    """

    def __init__(
        self, workspace: Workspace, *, command: str, stories: Sequence[str] = (), workers: int = 0
    ) -> None:
        self.workspace = workspace
        self.command = command
        self.code = 0
        self.failed_outlets: set[str] = set()
        self.spent_sites: set[str] = set()
        self.silent_outlets: set[str] = set()
        self.weak_outlets: set[str] = set()
        self.records: Counter[str] = Counter()
        self._stories = stories
        self._workers = workers
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not self.code:
            self.code = 130 if issubclass(kind, KeyboardInterrupt) else 70
        self.close()

    def open(self) -> None:
        """Take the lock, open archive and store, finish what an earlier run could not.

        Raises `WorkspaceBusy`, `ConfigError`, `UsageError` (no story yet) or `StorageError`.
        """
        workspace = self.workspace
        stories, outlets = self._known_stories(), workspace.outlets()
        self.readers = Readers.of(tuple(stories.values()), outlets)
        chosen = tuple(stories[name] for name in self._stories or stories)
        with contextlib.ExitStack() as stack:
            stack.enter_context(hold(workspace.data / "lock"))
            archive = Archive(workspace.archive_dir, min_free=workspace.min_free)
            self.archive = stack.enter_context(archive)
            recovered = self.archive.recover()
            self.store = stack.enter_context(StoreWriter.open(workspace.database))
            finish_rewrites(self.store, self.archive)
            self.id = self.store.ledger.start_run(self.command)
            stack.callback(self._note_end)
            self.context = context = replace(
                ReadingContext.of(chosen, outlets, optouts=workspace.optouts),
                habits=self.store.habits.all(),
            )
            # Before any capture is read: profiles are learned from what is stored and labelled.
            reevaluate_verdicts(self.store, self.readers, context, self.id, workers=self._workers)
            self.context = context = replace(context, profiles=profiles_of(self.store))
            pool = ReadingPool(context, workers=self._workers)
            stack.push(self._end_pool(pool))
            self.intake = Intake(
                archive=self.archive, store=self.store, pool=pool, context=context, run=self.id
            )
            self.store.frontier.release()
            self._finish_earlier(recovered)
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Re-evaluate the verdicts, bring the index up to date, note the exit code, give the workspace back.

        A stopped run leaves both to the next one (the index also to `pressclip index`).
        """
        with self._stack:
            self.archive.close()
            self.store.feed_texts.drop_decided()
            if self.code == STOPPED:
                self._withhold_expired()
            else:
                self.reevaluate()
                index_articles(self.store, self.workspace)

    def reevaluate(self) -> Reevaluation:
        """Judge all that may differ by what the run has brought by now, without what has expired."""
        self._withhold_expired()
        return judge_articles(self.intake, self.readers, workers=self._workers)

    def _end_pool(self, pool: ReadingPool) -> Callable[..., None]:
        """What ends the pool: a stopped run does not wait for what is being read."""

        def end(kind: type[BaseException] | None, *rest: object) -> None:
            pool.__exit__(KeyboardInterrupt if self.code == STOPPED else kind, *rest)

        return end

    def _note_end(self) -> None:
        with contextlib.suppress(StorageError):  # a full disk has been reported already
            self.store.ledger.end_run(self.id, self.code)

    @property
    def waiting(self) -> int:
        """How many candidates wait for a later run."""
        return self.store.frontier.waiting()

    def _withhold_expired(self) -> None:
        """Take out of search what asked to be gone by now, and say so in the ledger."""
        if self.context.optouts.noindex != "hide":
            return
        now = datetime.now(UTC)
        with self.store.transaction():
            gone = self.store.articles.get(self.store.articles.withhold_expired(now))
            self.store.ledger.add(
                Entry(
                    url=held.article.url,
                    key=canonical(held.article.canonical_url),
                    outlet=held.article.outlet,
                    channel=EXPIRY,
                    outcome="expired",
                    detail="its page asked to be gone by now",
                    at=now,
                    run=self.id,
                )
                for held in gone.values()
                if held.outcome == "expired"
            )

    def _known_stories(self) -> dict[str, Story]:
        stories = self.workspace.stories()
        if not stories:
            raise UsageError(
                f"{self.workspace.root}: no story yet", hint="make one: pressclip story new ID"
            )
        return stories

    def _finish_earlier(self, recovered: Sequence[str]) -> None:
        for name in recovered:
            logger.info("%s: closed after an interrupted run", name)
        take_captures(self.intake, self._unfinished())
        with self.store.transaction():
            for filed in self.intake.incomplete.values():
                self.store.frontier.again(_once_more(filed))
        self.intake.incomplete.clear()

    def _unfinished(self) -> Iterator[Capture]:
        """Captures that were archived, but not named in the store or not decided."""
        found = (self.archive.read(ref) for _, ref in self.store.captures.undecided())
        rest = pages(self.archive.captures(after=self.store.captures.ends()))
        for capture in chain(found, rest):
            if capture.withheld:
                self._fetch_again(capture)
            else:
                yield capture

    def _fetch_again(self, capture: Capture) -> None:
        """A page that was not archived, and not read before the run was killed, is a candidate again."""
        filed = archive_capture(self.intake, capture)
        url = capture.listing.url or capture.url
        candidate = Candidate(
            url=url,
            key=canonical(url),
            outlet=filed.outlet,
            site=registered_domain(url),
            score=RETRIED,
            listing=replace(capture.listing, url=""),
        )
        with self.store.transaction():
            self.store.captures.decide(filed.number, INTERRUPTED)
            self.store.frontier.again(candidate)


def _once_more(filed: Filed) -> Candidate:
    """A page to be fetched again: the run that read it could not fetch what completes it."""
    capture = filed.capture
    url = capture.listing.url or capture.url
    return Candidate(
        url=url,
        key=canonical(url),
        outlet=filed.outlet,
        site=registered_domain(url),
        score=RECHECK_SCORE,
        listing=capture.listing,
    )


def pages(found: Iterator[Capture | Damage]) -> Iterator[Capture]:
    """The captures that may be articles: no list pages, site files or redirects; damage is logged."""
    for item in found:
        if isinstance(item, Damage):
            logger.warning("%s, offset %d: %s", item.file, item.offset, item.reason)
        elif is_page(item):
            yield item


def is_page(capture: Capture) -> bool:
    """Whether a capture was fetched as a page, and is not a step on the way to one, nor a passing failure."""
    status = capture.status
    return is_page_channel(capture.listing.channel) and not (
        300 <= status < 400 or status == 429 or status >= 500
    )
