"""What made-up outlets answer: answers, pages, outlets, and the site that they are together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedAnswer:
    """One HTTP response.

    `delay` is waited for before it, in seconds. `cut` breaks the connection after that many bytes of
    the body although the length of the whole was promised.
    """

    body: bytes = b""
    status: int = 200
    media: str = HTML
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    cut: int | None = None

    @property
    def etag(self) -> str:
        """A strong entity tag of the body, in its quotes."""
        return entity_tag(self.body)


@lru_cache(maxsize=16_384)
def entity_tag(body: bytes) -> str:
    """The quoted tag of a body: equal bodies have equal tags."""
    return f'"{sha256(body).hexdigest()[:20]}"'


NOT_FOUND = ServedAnswer(status=404, media="text/plain; charset=utf-8", body=b"Not found\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPage:
    """An address of an outlet: `editions[0]` is what the first edition shows, and so on.

    `stumbles` are given to the first requests, one each, before the page is itself.
    """

    target: str
    editions: tuple[ServedAnswer, ...]
    stumbles: tuple[ServedAnswer, ...] = ()

    def answer(self, *, edition: int, visit: int) -> ServedAnswer:
        """What the `visit`-th request (from 0) gets in an edition (from 1); the last one stays."""
        if visit < len(self.stumbles):
            return self.stumbles[visit]
        return self.editions[min(edition, len(self.editions)) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOutlet:
    """A host and its pages by target, which is the path with the query where that is identity.

    `headers` go out with every answer, `latency` (seconds) passes before it; an `outage` is what
    every request but that for robots.txt gets instead of a page.
    """

    host: str
    pages: Mapping[str, ServedPage]
    missing: ServedAnswer = NOT_FOUND
    outage: ServedAnswer | None = None
    latency: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()

    def page(self, target: str) -> ServedPage:
        """The page of a target; a query that is nobody's identity is ignored, as servers do."""
        if self.outage is not None and target != "/robots.txt":
            return ServedPage(target=target, editions=(self.outage,))
        found = self.pages.get(target) or self.pages.get(target.partition("?")[0])
        return found or ServedPage(target=target, editions=(self.missing,))


@dataclass(frozen=True, slots=True)
class Site:
    """Outlets by host name."""

    outlets: Mapping[str, ServedOutlet]

    @classmethod
    def of(cls, outlets: Iterable[ServedOutlet]) -> Site:
        """A site of these outlets; of two with one host the later stays."""
        return cls(MappingProxyType({outlet.host: outlet for outlet in outlets}))


def outlet_of(
    host: str, answers: Mapping[str, ServedAnswer], *, latency: float = 0.0
) -> ServedOutlet:
    """A small outlet with one answer for each target, as tests need it."""
    pages = {target: ServedPage(target=target, editions=(one,)) for target, one in answers.items()}
    return ServedOutlet(host=host, pages=MappingProxyType(pages), latency=latency)
