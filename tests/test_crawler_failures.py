"""What follows from a page that could not be had, and from one that would complete another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.http import HtmlResponse, Response

from crawler.ingest.related_pages import RelatedPage
from crawler.ingest.run import CrawlRun
from crawler.spiders.bounds import Bounds
from crawler.spiders.failure_notes import FailureNotes
from crawler.spiders.related_fetch import RelatedFetch
from crawler.spiders.stopping import Stopping
from crawler.wire.backoff import Backoff
from crawler.wire.failures import RequestRefused
from index.capture import Capture, Listing
from index.store import Candidate
from index.workspace import Workspace

SITE = "prairie-courier.example"
URL = f"https://{SITE}/2023/02/04/the-balloon"
PART = RelatedPage(channel="part", url=f"{URL}?page=2")


@dataclass
class Started:
    """A run with its backoff and failures, and one candidate taken from the frontier."""

    run: CrawlRun
    backoff: Backoff
    failures: FailureNotes
    failed: set[str]
    bounds: Bounds = field(default_factory=Bounds)
    stopping: Stopping = field(default_factory=Stopping)

    def related(self, answer: Response | Exception) -> RelatedFetch:
        async def download(_: Request) -> Response:
            if isinstance(answer, Exception):
                raise answer
            return answer

        return RelatedFetch(
            download, bounds=self.bounds, stopping=self.stopping, failures=self.failures
        )


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    (tmp_path / "stories").mkdir()
    (tmp_path / "workspace.toml").write_text("")
    (tmp_path / "stories" / "all.toml").write_text('id = "all"\n[match]\nany = "*"\n')
    (tmp_path / "outlets.toml").write_text("")
    with CrawlRun(Workspace.load(tmp_path), command="crawl", workers=1) as run:
        backoff = Backoff(run.store, datetime.now(UTC))
        failed: set[str] = set()
        yield Started(run, backoff, FailureNotes(run, backoff, failed=failed), failed)


@pytest.fixture
def candidate(started: Started) -> Candidate:
    one = Candidate(
        url=URL, key=URL, outlet=SITE, site=SITE, score=1.0, listing=Listing(channel="feed")
    )
    with started.run.store.transaction():
        started.run.store.frontier.add([one])
    (taken,) = started.run.store.frontier.take(SITE, 1)
    return taken


def page() -> Capture:
    return Capture(
        url=URL, status=200, headers=(), body=b"", fetched=datetime.now(UTC),
        listing=Listing(channel="feed", url=URL),
    )  # fmt: skip


def test_a_passing_failure_is_held_against_its_site_and_tried_again(
    started: Started, candidate: Candidate
) -> None:
    started.failures.candidate_failed(candidate, "http-503", "not ready", asked="3600")
    assert SITE in started.backoff.backing_off
    assert started.failed == {SITE}
    assert started.run.store.frontier.waiting() == 1
    assert started.run.intake.counts["http-503"] == 1


def test_a_failure_for_good_is_done_with(started: Started, candidate: Candidate) -> None:
    started.failures.candidate_failed(candidate, "robots", "robots.txt refuses it")
    assert not started.failed
    assert started.run.store.frontier.waiting() == 0


def test_a_part_that_fails_in_passing_puts_its_page_back(
    started: Started, candidate: Candidate
) -> None:
    related = started.related(HtmlResponse(PART.url, status=503))
    assert asyncio.run(related.fetch(page(), PART)) is None
    related.put_back_incomplete(page())
    assert started.run.store.frontier.waiting() == 1


def test_a_part_that_robots_txt_refuses_leaves_its_page_as_it_is(
    started: Started, candidate: Candidate
) -> None:
    related = started.related(RequestRefused("robots", "robots.txt refuses it"))
    assert asyncio.run(related.fetch(page(), PART)) is None
    related.put_back_incomplete(page())
    assert started.run.store.frontier.waiting() == 0
    assert started.run.intake.counts["robots"] == 1


def test_a_page_whose_part_is_asked_for_at_a_stop_is_left_to_the_next_run(started: Started) -> None:
    started.stopping.is_stopping = True
    with pytest.raises(DropItem):
        asyncio.run(started.related(RequestRefused("stopped", "")).fetch(page(), PART))
