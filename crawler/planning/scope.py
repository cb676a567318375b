"""What one crawl is about: its stories, their outlets and windows, and the bounds that they set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from crawler.ingest.read import ReadingContext
from crawler.lists.filter import ListFilter
from crawler.planning.intervals import is_open
from crawler.planning.sources import interval_at, lists_of, outlets_of
from crawler.urls import registered_domain
from index.errors import UsageError
from index.workspace import Workspace
from index.workspace.outlets import Outlet
from index.workspace.sharding import read_belonging
from index.workspace.story import Story, Window
from index.workspace.timezone import find_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlScope:
    """The stories of a crawl with what follows from them.

    `sites` are those whose candidates it fetches, None for all; `own_sites` those of the outlets;
    `elsewhere` those of other buckets of a split desk, which are theirs to ask; `limit` is pages of one
    site in the run, `follow` how many links deep.
    """

    stories: tuple[Story, ...]
    outlets: Mapping[str, Outlet]
    windows: tuple[Window, ...]
    sites: frozenset[str] | None
    own_sites: frozenset[str]
    elsewhere: frozenset[str]
    intervals: Mapping[str, timedelta]

    @property
    def list_filter(self) -> ListFilter:
        """What is wanted of a list."""
        return ListFilter(
            windows=self.windows, stories=frozenset(story.id for story in self.stories)
        )

    @property
    def windows_text(self) -> str:
        """The windows as text, for telling whether a list was read for these."""
        return " ".join(sorted({str(window) or ".." for window in self.windows}))

    @property
    def limit(self) -> int:
        """The most pages of one site in a run."""
        return max((story.discover.limit_per_outlet for story in self.stories), default=0)

    @property
    def follow(self) -> int:
        """How many links deep a kept article is followed."""
        return max((story.discover.follow for story in self.stories), default=0)

    def takes(self, site: str) -> bool:
        """Whether the crawl fetches candidates of a site."""
        return (self.sites is None or site in self.sites) and site not in self.elsewhere

    def interval(self, outlet: Outlet) -> timedelta:
        """How often an outlet is to be looked at."""
        return self.intervals[outlet.id]


def make_scope(
    workspace: Workspace,
    context: ReadingContext,
    *,
    names: tuple[str, ...] = (),
    outlet: str = "",
    since: str = "",
    due: bool = False,
    now: datetime,
) -> CrawlScope:
    """The scope that a crawl's options make.

    Raises `UsageError` for an unknown story or outlet, and for a `since` that is not a day.

    With `due`, a story that is crawled at night only is left out by day.
    """
    by_id = {story.id: story for story in context.stories}
    for name in names:
        if name not in by_id:
            workspace.story(name)  # raises, with the nearest name
    chosen = [by_id[name] for name in names or by_id]
    local = now.astimezone(find_zone(workspace.zone))
    stories = tuple(story for story in chosen if not due or is_open(story.schedule, local))
    outlets = _outlets(stories, context, outlet)
    own = frozenset(site for one in outlets.values() for site in _sites(one, stories, context))
    belonging = read_belonging(workspace)
    is_part = bool(names or outlet) or len(stories) < len(by_id)
    return CrawlScope(
        stories=stories,
        outlets=outlets,
        windows=tuple(_since(story.window, since) for story in stories),
        sites=own if is_part else None,
        own_sites=own,
        elsewhere=frozenset(belonging.elsewhere) if belonging else frozenset(),
        intervals={
            one.id: interval_at(one, stories, context, now.astimezone(UTC).date())
            for one in outlets.values()
        },
    )


def _outlets(
    stories: tuple[Story, ...], context: ReadingContext, outlet: str
) -> Mapping[str, Outlet]:
    found = outlets_of(stories, context)
    if not outlet:
        return found
    if outlet not in found:
        raise UsageError(
            f"{outlet}: none of these stories uses this outlet",
            hint=context.outlets.suggest(outlet) or "see: pressclip outlet list",
        )
    return {outlet: found[outlet]}


def _sites(outlet: Outlet, stories: tuple[Story, ...], context: ReadingContext) -> set[str]:
    lists = {source.site for source in lists_of(outlet, stories, context)}
    return {registered_domain(outlet.home), *lists} - {""}


def _since(window: Window, since: str) -> Window:
    if not since:
        return window
    try:
        day = date.fromisoformat(since)
    except ValueError as error:
        raise UsageError(f"since={since}: no day such as 2023-02-01") from error
    return replace(window, start=max(window.start or day, day))
