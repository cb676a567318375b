"""What a crawl would do, read from what is on the disk: no request, no lock, nothing written."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from crawler.ingest.read import ReadingContext
from crawler.lists import PROMISING
from crawler.planning import intervals
from crawler.planning.scope import CrawlScope, make_scope
from crawler.planning.sources import SEARCH, lists_of
from crawler.urls import registered_domain
from index.store import Store
from index.text.wording import counted
from index.workspace import Workspace

_NAMES = {"feed": "feeds", "sitemap": "sitemaps", "section": "sections", SEARCH: "searches"}


def plan_lines(
    workspace: Workspace, names: tuple[str, ...], *, outlet: str, since: str, due: bool
) -> Iterator[str]:
    """The plan of a crawl with these options, for a person; raises `UsageError` as the crawl."""
    now = datetime.now(UTC)
    context = ReadingContext.of(tuple(workspace.stories().values()), workspace.outlets())
    scope = make_scope(
        workspace, context, names=names, outlet=outlet, since=since, due=due, now=now
    )
    with contextlib.ExitStack() as stack:
        store = None
        if workspace.database.exists():
            store = stack.enter_context(Store.open(workspace.database))
        yield _head(scope)
        yield from _lists(scope, context, store, due=due, now=now)
        if store is not None:
            yield from _pages(scope, workspace, store, now)
    yield "Nothing was fetched. Run without --dry-run to start."


def _head(scope: CrawlScope) -> str:
    stories = ", ".join(
        f"{story.id} ({window})" if (window := str(story.window)) else story.id
        for story in scope.stories
    )
    return f"{stories or 'no story may be crawled at this hour'} · {counted(len(scope.outlets), 'outlet')}"


def _lists(
    scope: CrawlScope, context: ReadingContext, store: Store | None, *, due: bool, now: datetime
) -> Iterator[str]:
    wanted: Counter[str] = Counter()
    later: list[datetime] = []
    resting: Counter[str] = Counter()
    hosts = store.hosts.failing() if store else {}
    for outlet in scope.outlets.values():
        for source in lists_of(outlet, scope.stories, context):
            page = store.lists.get(source.url) if store else None
            host = hosts.get(source.site)
            if host is not None and host.retry_at > now:
                resting[f"{source.site} until {host.retry_at:%H:%M} UTC ({host.outcome})"] += 1
            elif due and not intervals.is_due(page, scope.interval(outlet), now):
                later += [page.next_due] if page is not None and page.next_due else []
            else:
                wanted[source.channel] += 1
    said = ", ".join(f"{wanted[kind]:,} {name}" for kind, name in _NAMES.items() if wanted[kind])
    yield f"  would read   {said or 'no list'}"
    if later:
        yield f"  not due      {len(later):,} lists, the next at {min(later):%Y-%m-%d %H:%M} UTC"
    if resting:
        yield f"  resting      {', '.join(sorted(resting))}"


def _pages(scope: CrawlScope, workspace: Workspace, store: Store, now: datetime) -> Iterator[str]:
    frontier = store.frontier
    waiting = {
        site: min(number, scope.limit)
        for site, number in frontier.waiting_by_site().items()
        if scope.sites is None or site in scope.sites
    }
    promising = sum(1 for site in waiting if (frontier.best(site) or 0.0) >= PROMISING)
    yield (
        f"  waiting      {counted(sum(waiting.values()), 'page')} at {counted(len(waiting), 'site')}"
        + (f", at {promising:,} of them with words of the story" if promising else "")
    )
    rechecks = [one for one in store.rechecks.due(now) if one.outlet in scope.outlets]
    if rechecks:
        yield f"  rechecks     {len(rechecks):,} known articles are due for another look"
    if waiting:
        yield "  politeness   " + _longest(waiting, scope, workspace)


def _longest(waiting: dict[str, int], scope: CrawlScope, workspace: Workspace) -> str:
    delays = {
        registered_domain(outlet.home): outlet.delay
        for outlet in scope.outlets.values()
        if outlet.delay is not None
    }
    seconds, site = max(
        (count * delays.get(site, workspace.delay), site) for site, count in waiting.items()
    )
    delay = delays.get(site, workspace.delay)
    return (
        f"longest: {site}, {waiting[site]:,} × {delay:g} s = {seconds / 60:.0f} min;"
        " the others meanwhile"
    )
