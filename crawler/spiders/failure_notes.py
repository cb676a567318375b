"""What follows from a page that could not be had: a line in the ledger, another try, a site's backoff."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.ingest.rechecks import RECHECK
from crawler.ingest.recording import plan_next_recheck
from crawler.ingest.run import CrawlRun
from crawler.urls import canonical
from crawler.wire.backoff import Backoff
from crawler.wire.failures import is_passing
from crawler.wire.retry import retry_after
from index.capture import Listing
from index.store import Candidate, Entry

RETRY_NEXT_RUN = timedelta(minutes=10)

logger = logging.getLogger(__name__)


class FailureNotes:
    """Writes down failures; what failed in passing is tried again in a later run.

    `failed` collects the outlets of such pages. `asked` is what the server asked for with
    Retry-After, as it is in the header.
    """

    def __init__(self, run: CrawlRun, backoff: Backoff, *, failed: set[str]) -> None:
        self._run = run
        self._backoff = backoff
        self._failed = failed

    def blame(self, site: str, code: str, asked: str = "") -> None:
        """Hold a passing failure against a site."""
        self._backoff.failed(site, code, retry_after(asked))

    def candidate_failed(
        self, candidate: Candidate, code: str, detail: str, asked: str = ""
    ) -> None:
        """A candidate's page did not come: tried again later, or done with."""
        store = self._run.store
        with store.transaction():
            if is_passing(code):
                self.blame(candidate.site, code, asked)
                self.postpone(candidate.key)
                self._failed.add(candidate.outlet)
            else:
                store.frontier.finish(candidate.key)
                if candidate.listing.channel == RECHECK:
                    plan_next_recheck(self._run.intake, candidate.url, candidate.key)
            listing = replace(candidate.listing, outlet=candidate.outlet)
            self.note(candidate.url, listing, code, detail)

    def postpone(self, key: str) -> None:
        """Put a candidate back for a later run."""
        with self._run.store.transaction():
            self._run.store.frontier.postpone(key, datetime.now(UTC) + RETRY_NEXT_RUN)

    def note(self, url: str, listing: Listing, code: str, detail: str) -> None:
        """Write a failure's line into the ledger, and count it."""
        entry = Entry(
            url=url,
            key=canonical(url),
            outlet=listing.outlet,
            channel=listing.channel,
            outcome=code,
            detail=detail,
            at=datetime.now(UTC),
            run=self._run.id,
        )
        with self._run.store.transaction():
            self._run.store.ledger.add([entry])
        self._run.intake.counts[code] += 1
        logger.info("%s: %s (%s)", url, code, detail)
