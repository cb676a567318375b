"""An answer of the web as somebody who asked for it sees it: a page, or the refusal that stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from crawler.refusal import Refusal
from crawler.wire.robots import RobotsRules


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """An answer: `url` is where it came from in the end, `body` is unpacked.

    `moved_to` is the same address when only permanent redirects (301, 308) led there; else empty.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    moved_to: str = ""

    @property
    def content_type(self) -> str:
        """The header's value, empty without one."""
        return self.header("content-type")

    def header(self, name: str) -> str:
        """The first header of that name in any case; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Web(Protocol):
    """What looking around asks of the web; neither raises for what a website does."""

    async def fetch(self, url: str) -> FetchedPage | Refusal:
        """The answer at a URL, after its redirects."""

    async def robots(self, url: str) -> RobotsRules:
        """The robots rules of the host of a URL."""


class Remembered:
    """The web, of which no address is asked for twice."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._answers: dict[str, FetchedPage | Refusal] = {}

    async def fetch(self, url: str) -> FetchedPage | Refusal:
        """The answer at a URL; the first one for good."""
        if url not in self._answers:
            self._answers[url] = await self._web.fetch(url)
        return self._answers[url]

    async def robots(self, url: str) -> RobotsRules:
        """The robots rules of the host of a URL."""
        return await self._web.robots(url)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
