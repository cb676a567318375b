"""Counts of a corpus: by story, by outlet, and how much work is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from index.habits.values import TemplateChange
from index.store import ListPage, RunRecord, Store, StoryCount
from index.store.database import database_errors

RECENT, LATELY = timedelta(days=1), timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletCount:
    """The newest decision on each of an outlet's URLs, counted by code."""

    outlet: str
    articles: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The counts of a whole workspace; `failing` are list pages whose last visit brought nothing.

    `boilerplate` are the paragraphs known to stand on many pages of an outlet, which texts lack;
    `rebuilt` the outlets whose pages are built otherwise since the last 30 days.
    """

    captures: int = 0
    read: int = 0
    articles: int = 0
    texts: int = 0
    mentions: int = 0
    waiting: int = 0
    boilerplate: int = 0
    revision: int = 0
    stories: Mapping[str, StoryCount] = field(default_factory=dict)
    outlets: tuple[OutletCount, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    failing: tuple[ListPage, ...] = ()
    rebuilt: Mapping[str, TemplateChange] = field(default_factory=dict)


def take_census(database: Path, *, now: datetime, runs: int = 1) -> Census:
    """Count a corpus without changing it; an absent one counts nothing.

    Raises `StoreError` for a damaged database or one of a newer format.
    """
    if not database.exists():
        return Census()
    with Store.open(database) as store, database_errors(database):
        counts = store.counts.corpus()
        return Census(
            captures=counts["captures"],
            read=counts["read"],
            articles=counts["articles"],
            texts=counts["texts"],
            mentions=counts["mentions"],
            revision=store.revision(),
            waiting=store.frontier.waiting(),
            boilerplate=store.boilerplate.count(),
            stories=store.counts.by_story(now - RECENT),
            outlets=_count_outlets(store),
            runs=tuple(store.ledger.runs(runs)),
            rebuilt={
                outlet: habits.template
                for outlet, habits in store.habits.all().items()
                if habits.template and habits.template.since > now - LATELY
            },
            failing=tuple(page for page in store.lists.all().values() if page.failures),
        )


def _count_outlets(store: Store) -> tuple[OutletCount, ...]:
    kept = store.articles.count_coverage()
    outcomes: dict[str, dict[str, int]] = {outlet: {} for outlet in kept}
    last: dict[str, datetime] = {}
    for one in store.ledger.newest_outcomes():
        outcomes.setdefault(one.outlet, {})[one.outcome] = one.urls
        last[one.outlet] = max(last.get(one.outlet, one.last), one.last)
    return tuple(
        OutletCount(
            outlet=outlet,
            articles=kept.get(outlet, 0),
            outcomes=outcomes[outlet],
            last=last.get(outlet),
        )
        for outlet in sorted(outcomes)
    )
