"""One download slot a site: what politeness is counted by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request

from crawler.urls import registered_domain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class SlotMiddleware:
    """One download slot a registered domain, so that politeness holds across its subdomains.

    It also is before every redirect's next hop and before robots.txt.
    """

    def process_request(self, request: Request) -> None:
        """Name the slot of the request's site, or of the service that it is for."""
        request.meta["download_slot"] = request.meta.get("service") or registered_domain(
            request.url
        )


def slot_of(crawler: Crawler, request: Request) -> Any:
    """The downloader's slot of a request's site; None before its first request."""
    downloader: Any = crawler.engine.downloader
    return downloader.slots.get(request.meta.get("download_slot"))
