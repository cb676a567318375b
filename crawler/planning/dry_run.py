"""What a crawl would do, read from what is on the disk: no request, no lock, nothing written."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.ingest.read import ReadingContext
from crawler.lists import PROMISING
from crawler.planning import intervals
from crawler.planning.scope import CrawlScope, make_scope
from crawler.planning.sources import lists_of
from crawler.urls import registered_domain
from index.store import Store
from index.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class RestingHost:
    """A host that is left alone until a moment, since its last answer was a failure of that code."""

    site: str
    until: datetime
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLists:
    """The lists of a crawl: how many would be read by channel, and when the others are due."""

    wanted: Mapping[str, int]
    later: tuple[datetime, ...]
    resting: tuple[RestingHost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestWait:
    """The site that takes longest: so many pages, with seconds between them."""

    site: str
    pages: int
    delay: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPages:
    """The pages that wait: their number, their sites, those with words of the story; known articles."""

    number: int
    sites: int
    promising: int
    rechecks: int
    longest: LongestWait | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPlan:
    """What a crawl would do: (id, window) of its stories; no `pages` before there is a database."""

    stories: tuple[tuple[str, str], ...]
    outlets: int
    lists: PlannedLists
    pages: PlannedPages | None


def plan_crawl(
    workspace: Workspace, names: tuple[str, ...], *, outlet: str, since: str, due: bool
) -> CrawlPlan:
    """The plan of a crawl with these options; raises `UsageError` as the crawl."""
    now = datetime.now(UTC)
    context = ReadingContext.of(tuple(workspace.stories().values()), workspace.outlets())
    scope = make_scope(
        workspace, context, names=names, outlet=outlet, since=since, due=due, now=now
    )
    with contextlib.ExitStack() as stack:
        store = None
        if workspace.database.exists():
            store = stack.enter_context(Store.open(workspace.database))
        return CrawlPlan(
            stories=tuple((story.id, str(story.window)) for story in scope.stories),
            outlets=len(scope.outlets),
            lists=_plan_lists(scope, context, store, due=due, now=now),
            pages=None if store is None else _plan_pages(scope, workspace, store, now),
        )


def _plan_lists(
    scope: CrawlScope, context: ReadingContext, store: Store | None, *, due: bool, now: datetime
) -> PlannedLists:
    wanted: Counter[str] = Counter()
    later: list[datetime] = []
    resting: dict[str, RestingHost] = {}
    hosts = store.hosts.failing() if store else {}
    for outlet in scope.outlets.values():
        for source in lists_of(outlet, scope.stories, context):
            page = store.lists.get(source.url) if store else None
            host = hosts.get(source.site)
            if host is not None and host.retry_at > now:
                resting[source.site] = RestingHost(
                    site=source.site, until=host.retry_at, outcome=host.outcome
                )
            elif due and not intervals.is_due(page, scope.interval(outlet), now):
                later += [page.next_due] if page is not None and page.next_due else []
            else:
                wanted[source.channel] += 1
    return PlannedLists(
        wanted=wanted,
        later=tuple(sorted(later)),
        resting=tuple(resting[site] for site in sorted(resting)),
    )


def _plan_pages(
    scope: CrawlScope, workspace: Workspace, store: Store, now: datetime
) -> PlannedPages:
    frontier = store.frontier
    waiting = {
        site: min(number, scope.limit)
        for site, number in frontier.waiting_by_site().items()
        if scope.takes(site)
    }
    return PlannedPages(
        number=sum(waiting.values()),
        sites=len(waiting),
        promising=sum(1 for site in waiting if (frontier.best(site) or 0.0) >= PROMISING),
        rechecks=sum(one.outlet in scope.outlets for one in store.rechecks.due(now)),
        longest=_longest(waiting, scope, workspace) if waiting else None,
    )


def _longest(waiting: dict[str, int], scope: CrawlScope, workspace: Workspace) -> LongestWait:
    delays = {
        registered_domain(outlet.home): outlet.delay
        for outlet in scope.outlets.values()
        if outlet.delay is not None
    }
    _, site = max(
        (count * delays.get(site, workspace.delay), site) for site, count in waiting.items()
    )
    return LongestWait(site=site, pages=waiting[site], delay=delays.get(site, workspace.delay))
