"""What a backfill would do, told from what is on the disk: no request, no lock, nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.backfill import SOURCES, gal
from crawler.planning.backfill_scope import Wish, bound_to, pause_of, scope_of, sources_of
from crawler.planning.source_queues import queue_of
from index.store import Store
from index.text.wording import counted
from index.workspace import Workspace

ANSWER_SECONDS = 0.5  # that an answer takes, beside the pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlay:
    """What a source would cost: requests, megabytes and minutes; `more` tells that answers lead to others."""

    source: str
    requests: int
    megabytes: float
    minutes: float
    more: bool


def plan_outlays(workspace: Workspace, wish: Wish) -> Iterator[Outlay]:
    """What each source would cost now; raises `UsageError` as the backfill does."""
    now = datetime.now(UTC)
    scope = scope_of(workspace, wish, now=now)
    names = sources_of(wish, scope)
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
            yield Outlay(
                source=name,
                requests=queue.left,
                megabytes=queue.left * share * size / 1e6,
                minutes=queue.left * pause / 60,
                more=name != gal.SOURCE,
            )


def plan_lines(workspace: Workspace, wish: Wish) -> Iterator[str]:
    """The plan of a backfill, for a person."""
    scope = scope_of(workspace, wish, now=datetime.now(UTC))
    last = (scope.end - timedelta(seconds=1)).date()
    yield f"{scope.story.id} · {scope.start.date()}..{last}"
    for one in plan_outlays(workspace, wish):
        at_least = "at least " if one.more else "about "
        yield (
            f"  {one.source:<13}{at_least}{counted(one.requests, 'request')}"
            f" · {one.megabytes:,.1f} MB · {one.minutes:,.0f} min"
        )
    yield "  pages         as many as promise to be coverage, the best first; see --limit and --budget"
    yield "Nothing was fetched. Run without --dry-run to start."
