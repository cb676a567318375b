"""The lists that a run has still to visit: three queues a site.

The configured lists come first, those below them have their turn among the pages. Configured lists that an
earlier run read minutes ago wait until the pages are fetched that it left.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.ingest.habits import LASTMOD
from crawler.ingest.run import CrawlRun
from crawler.planning import intervals
from crawler.planning.scope import CrawlScope
from crawler.planning.sources import MAX_DEPTH, MAX_SITEMAPS, SEARCH, ListSource, lists_of
from crawler.wire.backoff import Backoff
from index.habits.answers import says_nothing
from index.store import ListPage

RESTING = "resting"
JUST_READ = timedelta(minutes=15)  # so long a list hardly changes

logger = logging.getLogger(__name__)


class ListQueues:
    """Takes up lists once each, if they are wanted in this run, and gives them out by site.

    `failed` collects the outlets of lists that are left out because their site is backing off; `full` has the
    sites with more sitemaps than are read in a run.
    """

    def __init__(
        self,
        run: CrawlRun,
        scope: CrawlScope,
        backoff: Backoff,
        *,
        due: bool,
        now: datetime,
        failed: set[str],
    ) -> None:
        self._run = run
        self._scope = scope
        self._backoff = backoff
        self._due = due
        self._now = now
        self._failed = failed
        self.full: set[str] = set()
        self._visited: set[str] = set()
        self._telling: dict[str, bool] = {}
        self._sitemaps: Counter[str] = Counter()
        self._roots: dict[str, deque[ListSource]] = defaultdict(deque)
        self._below: dict[str, deque[ListSource]] = defaultdict(deque)
        self._last: dict[str, deque[ListSource]] = defaultdict(deque)

    def fill(self) -> None:
        """Take up the configured lists of the chosen outlets."""
        for outlet in self._scope.outlets.values():
            for source in lists_of(outlet, self._scope.stories, self._run.context):
                if not self.take_up(source):
                    self._take_up_left(source)

    def sites(self) -> set[str]:
        """The sites with a list to visit."""
        every = (self._roots, self._below, self._last)
        return {site for queues in every for site in queues if queues[site]}

    def left_by_site(self) -> Counter[str]:
        """How many lists are still to be visited, by site."""
        return Counter(
            {
                site: len(self._roots[site]) + len(self._below[site]) + len(self._last[site])
                for site in self.sites()
            }
        )

    @property
    def roots_left(self) -> bool:
        """Whether a configured list of any site that is not backing off is still to be visited."""
        return self._is_left(self._roots)

    @property
    def below_left(self) -> bool:
        """Whether a list below a configured one is still to be visited at such a site."""
        return self._is_left(self._below)

    def has_roots(self, site: str) -> bool:
        """Whether a configured list of a site is still to be visited."""
        return bool(self._roots[site])

    def has_below(self, site: str) -> bool:
        """Whether a list below a configured one is still to be visited at a site."""
        return bool(self._below[site])

    def next_last(self, site: str) -> ListSource | None:
        """A site's next list of those that wait for its pages; None without one."""
        return self._last[site].popleft() if self._last[site] else None

    def next_root(self, site: str) -> ListSource:
        """A site's next configured list; raises `IndexError` when there is none."""
        return self._roots[site].popleft()

    def next_below(self, site: str) -> ListSource:
        """A site's next list below; raises `IndexError` when there is none."""
        return self._below[site].popleft()

    def _take_up_left(self, source: ListSource) -> None:
        """Queue the lists below one that is not due, which it named to a run that was stopped before them."""
        for child in self._run.store.lists.children(source.url):
            if child.fetched is None and not child.failures:
                self.take_up_below(source, [child])
            elif source.kind == "sitemap" and source.depth < MAX_DEPTH:
                below = replace(source, url=child.url, parent=child.parent, depth=source.depth + 1)
                self._take_up_left(below)

    def take_up(self, source: ListSource) -> bool:
        """Queue a list, unless it was visited, is not due, or its site is backing off; False if not due."""
        if source.url in self._visited or not source.site:
            return True
        self._visited.add(source.url)
        if host := self._backoff.backing_off.get(source.site):
            self._run.intake.counts[RESTING] += 1
            self._failed.add(source.outlet.id)
            logger.info("%s: left alone until %s (%s)", source.url, host.retry_at, host.outcome)
        elif source.parent:
            self._below[source.site].append(source)
        elif self._is_wanted(source):
            queues = self._last if self._waits_for_pages(source) else self._roots
            queues[source.site].append(source)
        else:
            return False
        return True

    def take_up_below(self, source: ListSource, children: Iterable[ListPage]) -> None:
        """Queue the lists that one leads to, at most `MAX_SITEMAPS` sitemaps of one outlet."""
        is_sitemap = source.kind == "sitemap"
        for child in children:
            if is_sitemap and self._sitemaps[source.outlet.id] >= MAX_SITEMAPS:
                self.full.add(source.site)
                return
            self._sitemaps[source.outlet.id] += is_sitemap
            self.take_up(
                replace(
                    source,
                    url=child.url,
                    parent=child.parent,
                    depth=source.depth + is_sitemap,
                    number=source.number + (not is_sitemap),
                )
            )

    def is_left_over(self, source: ListSource, child: ListPage) -> bool:
        """Whether a list below an unchanged one is to be had: never was, is due, or for new windows."""
        is_for_other_windows = child.windows != self._scope.windows_text
        return intervals.is_child_due(child, self._now, tells=self._tells(child.outlet)) or (
            source.kind == "sitemap" and is_for_other_windows
        )

    def _tells(self, outlet: str) -> bool:
        """Whether the lastmod of an outlet's sitemaps is worth believing."""
        if outlet not in self._telling:
            answers = self._run.store.habits.answers(outlet)
            self._telling[outlet] = not says_nothing(answers.get(LASTMOD, {}))
        return self._telling[outlet]

    def _is_left(self, queues: Mapping[str, deque[ListSource]]) -> bool:
        backing_off = self._backoff.backing_off
        return any(queue and site not in backing_off for site, queue in queues.items())

    def _waits_for_pages(self, source: ListSource) -> bool:
        """Whether a list was read a short while ago, and pages that it named are still to be fetched."""
        known = self._run.store.lists.get(source.url)
        return (
            known is not None
            and known.fetched is not None
            and not known.failures
            and known.windows == self._scope.windows_text
            and timedelta(0) <= self._now - known.fetched < JUST_READ
            and self._run.store.frontier.best(source.site) is not None
        )

    def _is_wanted(self, source: ListSource) -> bool:
        """Whether a configured list is visited now: always in a plain crawl, a search by its interval."""
        if not self._due and source.channel != SEARCH:
            return True
        known = self._run.store.lists.get(source.url)
        return intervals.is_due(known, self._scope.interval(source.outlet), self._now)
