"""What a crawl takes from a list page: pure functions on values, run in the pool beside extraction.

A hostile list stands still where a hostile page does: in a process that is killed for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.lists import Found, Kind, candidate_of, in_window, promise, read_list, screen_of
from crawler.lists.follow import followed
from crawler.lists.sitemaps import ChildSitemap
from crawler.refusal import Refusal
from crawler.urls import canonical, trap_fault
from index.capture import Capture, Listing
from index.store import Candidate
from index.workspace.story import Story, Window

AUTHORS, AUTHORS_LIMIT = 8, 500  # of a listed article, names and characters
OutletOf = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedList:
    """A list page as it was served: asked for at `source`, answered from `url`."""

    kind: Kind
    channel: str
    outlet: str
    source: str
    url: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """What is wanted of a list: URLs in one of the windows, in the order in which they fit the stories."""

    windows: tuple[Window, ...]
    stories: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A listed URL that is not fetched: its identity, the ledger's code, and why in words."""

    url: str
    key: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredList:
    """What a list came to: what to fetch of it, what not, and the lists that it leads to.

    `items` is how many entries it has, `dates` when they were published (or else changed), oldest
    first, `ttl` the pause that it asks for in seconds. `texts` are pages with whole articles that a
    feed carries, by the candidate's identity.
    """

    candidates: tuple[Candidate, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    next: str = ""
    ttl: int = 0
    items: int = 0
    dates: tuple[datetime, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


def filter_list(
    served: ServedList, list_filter: ListFilter, stories: Iterable[Story], outlet_of: OutletOf
) -> FilteredList | Refusal:
    """Read a list page and sort what it names; a page of another kind (a bot wall, say) is refused."""
    reading = read_list(
        served.kind,
        served.body,
        url=served.url,
        content_type=served.content_type,
        windows=list_filter.windows,
    )
    if isinstance(reading, Refusal):
        return reading
    screens = _screens(list_filter, stories)
    candidates: list[Candidate] = []
    dropped: list[Dropped] = []
    texts: list[tuple[str, str]] = []
    for found in reading.found:
        if fault := _fault(found, list_filter):
            dropped.append(_dropped(found, *fault))
        elif candidate := _candidate(found, _listing(served, found), screens, outlet_of):
            candidates.append(candidate)
            texts += [(candidate.key, found.page)] if found.page else []
    return FilteredList(
        candidates=tuple(candidates),
        dropped=tuple(one for one in dropped if one.key),
        children=reading.children,
        next=reading.next,
        ttl=reading.ttl,
        items=len(reading.found) + len(reading.children),
        dates=tuple(reading.dates),
        texts=tuple(texts),
    )


def filter_links(
    capture: Capture,
    list_filter: ListFilter,
    sites: frozenset[str],
    depth: int,
    stories: Iterable[Story],
    outlet_of: OutletOf,
) -> tuple[Candidate, ...]:
    """The articles within `sites` that a page links to, as candidates `depth` links from a list."""
    screens = _screens(list_filter, stories)
    found = (link for link in followed(capture, sites) if not _fault(link, list_filter))
    candidates = (
        _candidate(
            link,
            Listing(
                channel="link",
                source=capture.url,
                outlet=outlet_of(link.url),
                title=link.title,
            ),
            screens,
            outlet_of,
            depth=depth,
        )
        for link in found
    )
    return tuple(filter(None, candidates))


def _screens(list_filter: ListFilter, stories: Iterable[Story]) -> list[Story]:
    return [screen_of(story) for story in stories if story.id in list_filter.stories]


def _fault(found: Found, list_filter: ListFilter) -> tuple[str, str] | None:
    """Why a URL is not wanted: code and words; None when it is."""
    if trap := trap_fault(found.url):
        return trap, "one of endlessly many addresses, by its path"
    if not in_window(found, list_filter.windows):
        return "outside-window", f"the list dates it {_day(found)}"
    return None


def _dropped(found: Found, code: str, detail: str) -> Dropped:
    return Dropped(url=found.url, key=canonical(found.url), code=code, detail=detail)


def _listing(served: ServedList, found: Found) -> Listing:
    return Listing(
        channel=served.channel,
        source=served.source,
        outlet=served.outlet,
        title=found.title,
        summary=found.summary,
        published=found.published,
        authors="; ".join(found.authors[:AUTHORS])[:AUTHORS_LIMIT],
        section=found.section,
    )


def _candidate(
    found: Found, listing: Listing, screens: list[Story], outlet_of: OutletOf, depth: int = 0
) -> Candidate | None:
    terms = max((promise(found, screen) for screen in screens), default=0.0)
    outlet = outlet_of(found.url)
    return candidate_of(found, outlet=outlet, listing=listing, terms=terms, depth=depth)


def _day(found: Found) -> str:
    moment = found.published_at or found.modified_at
    return f"{moment:%Y-%m-%d}" if moment else "elsewhere by its address"
