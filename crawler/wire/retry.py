"""Requests made again after a pause of their whole site."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime
from random import uniform
from typing import Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.utils.asyncio import call_later

from crawler.wire.backoff import MAX_PAUSE
from crawler.wire.slots import slot_of

FIRST_PAUSE = 1.0  # seconds


class PoliteRetryMiddleware(RetryMiddleware):
    """Retries with a pause of the whole host, as long as its Retry-After says (scrapy#3849).

    A host that asks for more than `MAX_PAUSE` is left alone for this run.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The response, or the request again after a pause."""
        if response.status not in self.retry_http_codes:
            return response
        pause = retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"))
        if pause is None:
            # Not at the same moment as everybody else who was sent away.
            pause = FIRST_PAUSE * 4 ** request.meta.get("retry_times", 0) * uniform(1.0, 1.5)
        if pause > MAX_PAUSE:
            return response
        again: Request | None = self._retry(request, f"http-{response.status}")
        if again is None:
            return response
        self._pause(request, pause)
        return again

    def _pause(self, request: Request, seconds: float) -> None:
        downloader: Any = self.crawler.engine.downloader
        slot = slot_of(self.crawler, request)
        if slot.latercall is not None:
            slot.latercall.cancel()
        # What Downloader does itself to wait for the delay: until then the slot lets nothing go.
        slot.latercall = call_later(seconds, downloader._latercall, slot)


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After header, in seconds or as a date; None when it says nothing.

    >>> retry_after("120")
    120.0
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
