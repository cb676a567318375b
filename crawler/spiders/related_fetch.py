"""Pages that complete another one, fetched beside it: further parts, another form of a page that fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.ingest.related_pages import RelatedPage
from crawler.spiders.bounds import Bounds
from crawler.spiders.failure_notes import FailureNotes
from crawler.spiders.responses import capture_of, retry_after_of
from crawler.spiders.stopping import Stopping
from crawler.urls import canonical, registered_domain
from crawler.wire.failures import failure_code, is_passing
from index.capture import Capture, Listing
from index.errors import MachineError

Download = Callable[[Request], Awaitable[Response]]


class RelatedFetch:
    """Fetches with `download`, which goes the way of every request.

    That is the site's slot and delay, robots.txt, address guard, archive.
    """

    def __init__(
        self, download: Download, *, bounds: Bounds, stopping: Stopping, failures: FailureNotes
    ) -> None:
        self._download = download
        self._bounds = bounds
        self._stopping = stopping
        self._failures = failures
        self._incomplete: set[str] = set()

    async def fetch(self, page: Capture, wanted: RelatedPage) -> Capture | None:
        """The answer for a page that may complete another; None, and a line in the ledger, without one.

        What failed in passing is tried again with its page in a later run. Raises `DropItem` when the
        crawl is stopped (the page is left to the next run) and `MachineError`.
        """
        if self._bounds.is_out_of_time and not self._stopping.is_stopping:
            self._incomplete.add(page.url)
            return None
        listing = Listing(
            channel=wanted.channel, url=wanted.url, source=page.url, outlet=page.listing.outlet
        )
        response = None
        try:
            response = await self._download(
                Request(wanted.url, callback=NO_CALLBACK, meta={"listing": listing})
            )
        except MachineError:
            raise
        except Exception as error:
            if self._stopping.is_stopping:
                raise DropItem("the crawl was stopped", log_level="DEBUG") from error
            code, detail = failure_code(Failure(error))  # type: ignore[no-untyped-call]
        else:
            code, detail = f"http-{response.status}", "the server was not ready to answer"
            if not is_passing(code):
                return capture_of(response)
        if is_passing(code):
            asked = retry_after_of(response) if response is not None else ""
            self._failures.blame(registered_domain(wanted.url), code, asked)
            self._incomplete.add(page.url)
        self._failures.note(wanted.url, listing, code, detail)
        return None

    def put_back_incomplete(self, page: Capture) -> None:
        """Put a page back of which a part could not be had for now."""
        if page.url in self._incomplete:
            self._incomplete.discard(page.url)
            self._failures.postpone(canonical(page.listing.url or page.url))
