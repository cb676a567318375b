"""What our spiders take from a response of Scrapy's."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response

from index.capture import Capture


def capture_of(response: Response) -> Capture:
    """The archived capture of a response, with its body decoded."""
    archived: Capture = response.meta["capture"]
    return replace(archived, body=response.body)


def header_of(response: Response, name: str) -> str:
    """A header's first value; empty without one."""
    return (response.headers.get(name) or b"").decode("latin-1")


def retry_after_of(response: Response) -> str:
    """What a server asks for with Retry-After, as it says it."""
    return header_of(response, "Retry-After")
