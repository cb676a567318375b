"""A look around at one outlet over the network, and the outlet as outlets.toml would have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crawler.outlets import Discovery, discover
from crawler.refusal import Refusal
from crawler.urls import clean, url_fault
from crawler.wire.lookup import Lookup, look_around
from index.errors import PressclipError, UsageError
from index.workspace import Workspace
from index.workspace.outlets import Outlet


def survey(url: str, workspace: Workspace, say: Callable[[str], None]) -> Discovery:
    """What answers at an address, which may be a bare name; `say` is told each step in words.

    Raises `UsageError` for what is not an address, and `PressclipError` when nothing there can be used.
    """
    start = _start_of(url)

    async def work(lookup: Lookup) -> Discovery | Refusal:
        return await discover(start, lookup, agent=lookup.agent, say=say)

    found = look_around(workspace, work, named=[start])
    if isinstance(found, Refusal):
        raise PressclipError(f"{start}: {found}", hint=_advice(found.code))
    if found.found_nothing:
        told = "; ".join(f"{url} {code}" for url, code in found.failed[:5]) or "no list of articles"
        raise PressclipError(
            f"{found.url}: no feed, sitemap or section page answers ({told})",
            hint="give the address of a feed or section page, or write it into outlets.toml by hand",
        )
    return found


def as_outlet(found: Discovery) -> Outlet:
    """The outlet as outlets.toml would have it; the address only where the id does not tell it."""
    who = found.identity
    outlet = Outlet(
        id=found.id,
        name=who.name,
        country=who.country,
        lang=who.languages,
        kind=who.kind,
        feeds=tuple(feed.url for feed in found.feeds),
        sitemaps=tuple(sitemap.url for sitemap in found.sitemaps),
        sections=tuple(section.url for section in found.sections),
    )
    return outlet if outlet.home == found.url else replace(outlet, url=found.url)


def _start_of(url: str) -> str:
    """The address to begin with; a bare name means https. Raises `UsageError`."""
    start = clean(url) or clean(f"https://{url}")
    host = start.partition("://")[2].partition("/")[0].partition(":")[0]
    if "." not in host and host != "localhost":
        raise UsageError(
            f"{url}: no address of a website ({url_fault(url) or 'no host'})",
            hint="write it as in a browser: https://www.example.com",
        )
    return start


def _advice(code: str) -> str:
    advice = {
        "blocked-address": "a private address needs allow_private = true in workspace.toml",
        "robots": "robots.txt is obeyed; ask the outlet, or take its coverage from elsewhere",
        "dns": "is the name spelled right?",
        "refused": "is the server running, and the port right?",
    }
    return advice.get(code, "try again later, or give the address of a feed")
