"""What a backfill would do, read from what is on the disk: no request, no lock, nothing written."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crawler.backfill import SOURCES, gal
from crawler.planning.backfill_scope import Wish, bound_to, pause_of, scope_of, sources_of
from crawler.planning.source_queues import queue_of
from index.store import Store
from index.workspace import Workspace

ANSWER_SECONDS = 0.5  # that an answer takes, beside the pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlay:
    """What a source would cost: requests, megabytes and minutes.

    `more` says that answers lead to further requests; `since` is the first day that the source has.
    """

    source: str
    requests: int
    megabytes: float
    minutes: float
    more: bool
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillPlan:
    """What a backfill of a story would cost; `first` and `last` are the days that it looks at."""

    story: str
    first: date
    last: date
    outlays: tuple[Outlay, ...]


def plan_backfill(workspace: Workspace, wish: Wish) -> BackfillPlan:
    """What each source would cost now; raises `UsageError` as the backfill does."""
    now = datetime.now(UTC)
    scope = scope_of(workspace, wish, now=now)
    names = sources_of(wish, scope)
    outlays = []
    with ExitStack() as stack:
        store = None
        if workspace.database.exists():
            store = stack.enter_context(Store.open(workspace.database))
        for name in names:
            queue = queue_of(name, bound_to(scope, name, wish), store, now)
            size = SOURCES[name].size
            pause = pause_of(name, workspace) + ANSWER_SECONDS
            # Of the files that a list by the minute is asked for, about half are there.
            share = 0.5 if name == gal.SOURCE else 1.0
            outlay = Outlay(
                source=name,
                requests=queue.left,
                megabytes=queue.left * share * size / 1e6,
                minutes=queue.left * pause / 60,
                more=name != gal.SOURCE,
                since=SOURCES[name].since,
            )
            outlays.append(outlay)
    return BackfillPlan(
        story=scope.story.id,
        first=scope.start.date(),
        last=(scope.end - timedelta(seconds=1)).date(),
        outlays=tuple(outlays),
    )
