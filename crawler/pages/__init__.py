"""Captures of pages that a person gives: what a fetch answered, or the HTML of a file."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract.page import read_page
from crawler.extract.page.decode import decode
from crawler.extract.page.markup import read_markup
from crawler.urls import clean
from crawler.wire.web import FetchedPage
from index.capture import Capture, Listing


def capture_of_answer(page: FetchedPage) -> Capture:
    """The capture of a page that was fetched just now."""
    return Capture(
        url=page.url,
        status=page.status,
        headers=page.headers,
        body=page.body,
        fetched=datetime.now(UTC),
    )


def capture_of_html(body: bytes, *, url: str = "", place: str, written: datetime) -> Capture:
    """The capture of an HTML file. Its URL is `url`, or the one that the page names, or `place`."""
    return Capture(
        url=clean(url) or _declared(body) or place,
        status=200,
        headers=(),
        body=body,
        fetched=written,
        listing=Listing(channel="warc"),  # when it was fetched is not known
    )


def _declared(body: bytes) -> str:
    markup = read_markup(decode(body, ""))
    if markup is None:
        return ""
    page = read_page(markup, "")
    return clean(page.canonical) or clean(page.first("og:url"))
