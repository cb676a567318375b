"""What Scrapy logs of a fault in our own code: which address, and not the page."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

MESSAGE = "%(url)s: a bug in pressclip while %(doing)s; what is archived is not lost"


class AddressesOnly(LogFormatter):
    """Names addresses where Scrapy's own prints the whole item, pages and all."""

    def item_error(
        self, item: Any, exception: BaseException, response: Any, spider: Any
    ) -> LogFormatterResult:
        """The line for a capture that broke a stage of the pipeline."""
        capture = getattr(getattr(item, "filed", item), "capture", item)
        return _line(str(getattr(capture, "url", ""))[:500], "it was read or recorded")

    def spider_error(
        self, failure: Any, request: Any, response: Any, spider: Any
    ) -> LogFormatterResult:
        """The line for an answer that broke the spider."""
        return _line(request.url[:500], "its answer was taken in")


def _line(url: str, doing: str) -> LogFormatterResult:
    return {"level": logging.ERROR, "msg": MESSAGE, "args": {"url": url, "doing": doing}}
