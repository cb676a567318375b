"""What a crawl would do, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.text.wording import counted

if TYPE_CHECKING:
    from crawler.planning.dry_run import CrawlPlan, LongestWait, PlannedLists, PlannedPages

_NAMES = {"feed": "feeds", "sitemap": "sitemaps", "section": "sections", "search": "searches"}


def plan_lines(plan: CrawlPlan) -> Iterator[str]:
    """Lines on the stories, the lists, the waiting pages, and the time that politeness takes."""
    stories = ", ".join(f"{name} ({window})" if window else name for name, window in plan.stories)
    yield (
        f"{stories or 'no story may be crawled at this hour'} · {counted(plan.outlets, 'outlet')}"
    )
    yield from _list_lines(plan.lists)
    if plan.pages is not None:
        yield from _page_lines(plan.pages)
    yield "Nothing was fetched. Run without --dry-run to start."


def _list_lines(lists: PlannedLists) -> Iterator[str]:
    wanted = lists.wanted
    said = ", ".join(f"{wanted[kind]:,} {name}" for kind, name in _NAMES.items() if wanted[kind])
    yield f"  would read   {said or 'no list'}"
    if lists.later:
        following = f"{lists.later[0]:%Y-%m-%d %H:%M} UTC"
        yield f"  not due      {len(lists.later):,} lists, the next at {following}"
    if lists.resting:
        hosts = (f"{one.site} until {one.until:%H:%M} UTC ({one.outcome})" for one in lists.resting)
        yield f"  resting      {', '.join(hosts)}"


def _page_lines(pages: PlannedPages) -> Iterator[str]:
    yield (
        f"  waiting      {counted(pages.number, 'page')} at {counted(pages.sites, 'site')}"
        + (f", at {pages.promising:,} of them with words of the story" if pages.promising else "")
    )
    if pages.rechecks:
        yield f"  rechecks     {pages.rechecks:,} known articles are due for a recheck"
    if pages.longest:
        yield f"  politeness   {_longest(pages.longest)}"


def _longest(wait: LongestWait) -> str:
    minutes = wait.pages * wait.delay / 60
    return (
        f"longest: {wait.site}, {wait.pages:,} × {wait.delay:g} s = {minutes:.0f} min;"
        " the others meanwhile"
    )
