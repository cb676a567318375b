"""What is taken of a server's answer: whole bodies, short redirects, the head of a robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from crawler.refusal import Refusal
from crawler.urls import registered_domain
from crawler.urls.parts import read_url
from crawler.wire.failures import RequestRefused
from crawler.wire.robots import ROBOTS_LIMIT
from index.archive.content_encoding import CodingError, UnpackedTooLargeError, codings_of, unpack
from index.capture import ROBOTS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


VALIDATORS = ("If-None-Match", "If-Modified-Since")


class WholeBodies:
    """No body goes further, not even into the archive, that its headers do not describe.

    Scrapy hands on what it could unpack of a corrupt or cut body as if it were the page, and what
    it cannot unpack as it came; bombs it stops (GHSA-7j7m-v7m3-jqm7, CVE-2025-6176) only behind
    the archive. Of a robots.txt no more than what counts is read (RFC 9309, 2.5).
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        middleware = cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))
        crawler.signals.connect(middleware.bytes_received, signals.bytes_received)
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        """The response; raises `RequestRefused` when its body is not what the headers say."""
        written = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if written and response.body:
            limit = request.meta.get("download_maxsize") or self._limit
            try:
                unpack(response.body, codings_of(written), limit)
            except UnpackedTooLargeError as error:
                raise RequestRefused("too-large", str(error)) from error
            except CodingError as error:
                raise RequestRefused("decode-error", str(error)) from error
        return response

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop reading a robots.txt behind the part that counts."""
        listing = request.meta.get("listing")
        if listing is None or listing.channel != ROBOTS:
            return
        request.meta["received"] = request.meta.get("received", 0) + len(data)
        if request.meta["received"] > ROBOTS_LIMIT:
            raise StopDownload(fail=False)


class ShortRedirects(RedirectMiddleware):
    """Follows at most `REDIRECT_MAX_TIMES` redirects, none in a circle.

    None with credentials; a known page's validators stay on its site.
    """

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        target = read_url(redirected.url)
        if isinstance(target, Refusal):
            raise RequestRefused(target.code, target.detail)
        been = [*request.meta.get("redirect_urls", []), request.url]
        if target.href in been or len(been) > self.max_redirect_times:
            raise RequestRefused("redirect-loop", f"after {len(been)} hops: {target.href[:160]}")
        # A user name in a Location would be in the archive, the store and every export.
        onwards = redirected.replace(url=target.href)
        if registered_domain(target.href) != registered_domain(request.url):
            for name in VALIDATORS:  # what a site said of its own page is nobody else's
                onwards.headers.pop(name, None)
        return super()._redirect(onwards, request, reason)
