"""What a page's capture rests on: redirects to it, the robots.txt that let us in, its list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from index.archive import Archive
from index.archive.warc import Damage
from index.capture import ROBOTS, ArchiveRef, Capture

Role = Literal["page", "part", "redirect", "robots", "list"]
_HOPS = 5
_FILES = 3  # archive files looked through, from the page's own back in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An archived response in a bundle: what it is there for, and where it is in the archive."""

    role: Role
    capture: Capture
    ref: ArchiveRef


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The addresses to look for beside a page."""

    robots: str
    source: str

    def role_of(self, capture: Capture) -> Role | None:
        if capture.url == self.robots:
            return "robots"
        if self.source and capture.url == self.source:
            return "list"
        return "redirect" if 300 <= capture.status < 400 and capture.header("Location") else None


def find_surroundings(archive: Archive, page: Capture) -> list[Record]:
    """The redirects that led to a page, its site's robots.txt and its list, as they were before it.

    Looks through the page's archive file and the two before it; what is in none of them is not in
    the answer. Raises `ArchiveError` when a file cannot be opened.
    """
    if page.ref is None:
        return []
    parts = urlsplit(page.url)
    source = page.listing.source if page.listing.source.startswith("http") else ""
    wanted = _Wanted(robots=f"{parts.scheme}://{parts.netloc}/robots.txt", source=source)
    names = [name for name in archive.names() if name <= page.ref.file]
    found: list[Record] = []
    for name in reversed(names[-_FILES:]):
        found += _candidates(archive.captures_in(name), wanted, page)
        if {"robots", "list" if source else "robots"} <= {one.role for one in found}:
            break
    return rests_on(page, found)


def _candidates(
    captures: Iterable[Capture | Damage], wanted: _Wanted, page: Capture
) -> Iterable[Record]:
    for one in captures:
        if isinstance(one, Damage) or one.ref is None or one.fetched > page.fetched:
            continue
        role = wanted.role_of(one)
        if role is not None and one.ref != page.ref:
            yield Record(role=role, capture=one, ref=one.ref)


def rests_on(page: Capture, candidates: Iterable[Record]) -> list[Record]:
    """Of each address the newest; of redirects the chain that ends at the page, in its order."""
    newest: dict[tuple[Role, str], Record] = {}
    for one in sorted(candidates, key=lambda one: one.capture.fetched):
        newest[one.role, one.capture.url] = one
    leads = {
        urljoin(one.capture.url, one.capture.header("Location")).partition("#")[0]: one
        for one in newest.values()
        if one.role == "redirect"
    }
    chain: list[Record] = []
    url = page.url
    while (hop := leads.get(url)) and hop not in chain and len(chain) < _HOPS:
        chain.insert(0, hop)
        url = hop.capture.url
    return [*chain, *(one for one in newest.values() if one.role != "redirect")]


class Neighbours:
    """The redirects and robots.txt that many pages rest on; each archive file is read through once.

    Their bodies are left where they lie; an archive has few of them.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._names = archive.names()
        self._kept: dict[str, dict[str, list[Record]]] = {}

    def of(self, url: str, ref: ArchiveRef, fetched: datetime) -> list[Record]:
        """What the page at a place rests on, as `rests_on` chooses it; raises `ArchiveError`."""
        before = [name for name in self._names if name <= ref.file][-_FILES:]
        page = Capture(url=url, status=200, headers=(), body=b"", fetched=fetched, ref=ref)
        parts = urlsplit(url)
        found: list[Record] = []
        wanted = [f"{parts.scheme}://{parts.netloc}/robots.txt", url]
        while wanted:
            key = wanted.pop()
            for one in (one for name in before for one in self._file(name).get(key, ())):
                if one.capture.fetched <= fetched and one not in found:
                    found.append(one)
                    if one.role == "redirect" and len(found) < 4 * _HOPS:
                        wanted.append(one.capture.url)
        return rests_on(page, found)

    def _file(self, name: str) -> dict[str, list[Record]]:
        """The file's robots.txt by their addresses, its redirects by where they lead."""
        if name not in self._kept:
            kept: dict[str, list[Record]] = {}
            for key, record in _told(self._archive.captures_in(name)):
                kept.setdefault(key, []).append(record)
            self._kept[name] = kept
        return self._kept[name]


def _told(captures: Iterable[Capture | Damage]) -> Iterator[tuple[str, Record]]:
    for one in captures:
        if isinstance(one, Damage) or one.ref is None:
            continue
        small = replace(one, body=b"")
        location = one.header("Location")
        if 300 <= one.status < 400 and location:
            target = urljoin(one.url, location).partition("#")[0]
            yield target, Record(role="redirect", capture=small, ref=one.ref)
        elif one.listing.channel == ROBOTS:
            yield one.url, Record(role="robots", capture=small, ref=one.ref)
