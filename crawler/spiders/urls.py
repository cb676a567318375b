"""`scrapy crawl urls -a file=…`: the pages of a plain list of URLs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.pages.url_lists import read_list
from crawler.spiders.base import DeskSpider
from crawler.urls import canonical, clean, page_of, registered_domain, url_fault
from crawler.urls.wrapped import unwrap
from index.capture import Listing
from index.errors import UsageError
from index.store import Candidate

CHANNEL = "urls"
logger = logging.getLogger(__name__)


class UrlsSpider(DeskSpider):
    """Fetches the URLs of a file (`read_list`); `-` is standard input, one a line; `#` begins a comment."""

    name = "urls"

    def __init__(self, *, file: str = "-", **named: Any) -> None:
        super().__init__(**named)
        self._file = file

    def prepare(self) -> None:
        """Put the list's URLs first in the frontier; raises `UsageError`."""
        lines = read_lines(self._file)
        self.add_candidates(
            candidates_of(lines, source=self._file, outlet_of=self.run.context.outlet_of)
        )


def read_lines(file: str, *, quiet: bool = False) -> list[str]:
    """The URLs of a list, by its ending lines, a table or JSON; what has none is counted in the log
    unless `quiet`.

    Raises `UsageError` when it cannot be read or something in it is no http(s) URL.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 text (byte {error.start})") from error
    try:
        entries = read_list(text, file)
    except ValueError as error:
        hint = "one URL a line, or CSV or JSON with a column url"
        raise UsageError(f"{file}: {error}", hint=hint) from error
    urls = [url for _, url in entries if url]
    for number, url in entries:
        if url and (fault := url_fault(url)):
            raise UsageError(
                f"{file}, line {number}: {fault}: {url[:80]}", hint="one http(s) URL a line"
            )
    if (without := len(entries) - len(urls)) and not quiet:
        logger.warning("%s: without a URL, passed over: %d", file, without)
    return urls


def candidates_of(urls: Iterable[str], *, source: str, outlet_of: Any) -> Iterator[Candidate]:
    """Candidates of URLs that the user named, first come first, before all others.

    Of a link counter, a mail filter, an AMP cache, a translation or a copy in a web archive the page
    that it leads to is meant: those are no outlets.
    """
    for place, named in enumerate(urls):
        url = page_of(unwrap(named))
        yield Candidate(
            url=clean(url),
            key=canonical(url),
            outlet=outlet_of(url),
            site=registered_domain(url),
            score=1000.0 - place * 1e-6,
            listing=Listing(channel=CHANNEL, source="" if source == "-" else source),
        )
