"""What the sources of past coverage are asked, and what they answer, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.lists import Found
from index.store.asked_keys import BOUND
from index.workspace.story import Story, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request to a source: `key` names it there, `expected` is its usual size in bytes.

    `part` carries what its reader must know beyond the answer (an outlet, a page's address), `start`
    and `length` a range of bytes; a length of 0 asks for the whole.
    """

    source: str
    key: str
    url: str
    expected: int = 0
    part: str = ""
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of a page: where it is had, when it was captured, whose archive gives it.

    `url` is the publisher's address, `digest` what the archive calls the body by; equal digests are
    equal bodies within one archive.
    """

    url: str
    address: str
    captured: datetime
    archive: str
    digest: str = ""
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A page that a source names: what it says of it, in the source's words, and its copy if known.

    `least` is what it promises by being named there at all, 0 to 1: a search found the story's words in
    its text, or people cite it for the event.
    """

    found: Found
    language: str = ""
    outlet: str = ""
    copy: Copy | None = None
    least: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request came to: leads, copies, the requests that it leads to, and what was no use.

    `records` is how many entries it had; `refused` counts by code those that name no page.
    """

    leads: tuple[Lead, ...] = ()
    copies: tuple[Copy, ...] = ()
    more: tuple[Ask, ...] = ()
    records: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a backfill is about: a story, from `start` to before `end` (UTC), and its bounds.

    `hosts` are the outlets' hosts that it is bound to (empty: all), `languages` two-letter codes (empty:
    all), `titles` the encyclopedia's articles about it, `month` a month of CC-NEWS as `2023-02`,
    `collections` those of Media Cloud. `bases` are the addresses of the sources by name.
    """

    story: Story
    start: datetime
    end: datetime
    hosts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    month: str = ""
    sitemaps: tuple[tuple[str, str], ...] = ()
    collections: tuple[str, ...] = ()
    bases: Mapping[str, str] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """The days of the backfill."""
        return Window(self.start.date(), (self.end - timedelta(seconds=1)).date())

    @property
    def bounds(self) -> str:
        """What a key of the ledger ends with where answers are taken for some outlets or languages alone."""
        told = ",".join(sorted(self.languages)), ",".join(sorted(self.hosts))
        return f"{BOUND}{' '.join(filter(None, told))}" if any(told) else ""

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment is inside; an unknown one may."""
        return moment is None or self.start <= moment < self.end

    def is_host(self, url: str) -> bool:
        """Whether a page's address belongs to one of the outlets that the backfill is bound to."""
        return not self.hosts or is_below((urlsplit(url).hostname or "").lower(), self.hosts)

    def is_language(self, code: str) -> bool:
        """Whether a page's language is wanted; an unknown one is."""
        return not self.languages or not code or code.lower()[:2] in self.languages


def is_below(host: str, domains: tuple[str, ...]) -> bool:
    """Whether a host is one of the domains or is below one."""
    return any(host == one or host.endswith(f".{one}") for one in domains)
