"""Every response goes into the archive before anything else looks at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.http import Response

from crawler.backfill.copies import as_copy
from crawler.wire.optouts import HEAD_LIMIT, optouts_of
from index.archive.content_encoding import codings_of, unpack_leniently
from index.capture import Capture, Listing
from index.store.backfill import KnownCopy

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ingest.run import CrawlRun


class ArchiveMiddleware:
    """Every response goes into the archive as it came, before anything else looks at it.

    But for its payload, when the page asks that no copy of it be kept. A copy that an archive gave
    goes in under the publisher's address and the time of its capture; bulk files of all the world's
    news are read and not kept.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Append the response to the archive; its reference travels with the request."""
        run: CrawlRun = self._crawler.spider.run  # type: ignore[union-attr]
        if request.meta.get("bulk"):
            return response
        captured = Capture(
            url=response.url,
            status=response.status,
            headers=header_pairs(response.headers),
            body=response.body,
            fetched=datetime.now(UTC),
            listing=request.meta.get("listing") or Listing(channel="url"),
            request_headers=header_pairs(request.headers),
            ip=str(response.ip_address or ""),
        )
        copy: KnownCopy | None = request.meta.get("copy")
        if copy is not None and response.status == 200:
            captured = as_copy(captured, copy)
        codings = codings_of(_text_of(response, "Content-Encoding"))
        body = unpack_leniently(response.body, codings, HEAD_LIMIT)
        optouts = optouts_of(replace(captured, body=body))
        captured = replace(captured, withheld=optouts.withheld(run.context.optouts))
        request.meta["capture"] = run.archive.append(captured, wire=response.body)
        return response


def _text_of(response: Response, header: str) -> str:
    """All values of a header as one list."""
    return b",".join(response.headers.getlist(header)).decode("latin-1")


def header_pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    """Scrapy's headers as pairs of text, without credentials."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        if name.lower() not in (b"proxy-authorization", b"authorization", b"cookie")
        for value in values
    )
