"""The health of outlets, from the store: recall, yield, change points, failing lists, gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from index.capture import FINDERS
from index.coverage.estimates import (
    Recall,
    ailment,
    change_points,
    estimate_recall,
    gaps,
    weakness,
)
from index.coverage.windows import Seen, recall_of
from index.store import ListPage, Span, Store
from index.workspace.outlets import Outlets

# Of one service both, so that what one missed the other probably has missed too.
_LEANS_ON = {"gdelt-doc": "gdelt", "cc-news": "common-crawl"}
LOOK_BACK = timedelta(days=60)
# Links depend on these; earlier captures of what is held name nothing new.
_LISTED = frozenset({"feed", "sitemap", "section", "search", "warc", *FINDERS}) - {"history"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletHealth:
    """The health of one outlet.

    `days` are articles first seen on each watched day of the last sixty, oldest first;
    `changed` is the last day on which their level changed; `ailing` lists have a reason in words;
    `gaps` are times since its first visit without a crawl.
    """

    outlet: str
    recall: Recall
    days: tuple[int, ...] = ()
    weak: str = ""
    changed: date | None = None
    ailing: tuple[tuple[ListPage, str], ...] = ()
    gaps: tuple[Span, ...] = ()


def weak_outlets(store: Store, outlets: Outlets, *, now: datetime) -> dict[str, str]:
    """The declared outlets whose yield is under a quarter of the expected or usual one, and why."""
    seen, began = store.articles.count_first_seen(now - LOOK_BACK), _first_day(store)
    found: dict[str, str] = {}
    for outlet in outlets:
        counts_of = seen.get(outlet.id, {})
        start = _start(counts_of, outlet.expect, began)
        days = _watched_days(store.lists.watched(outlet.id), start, now)
        if why := weakness([counts_of.get(day, 0) for day in days], outlet.expect):
            found[outlet.id] = why
    return found


def look_at_outlets(
    store: Store,
    outlets: Outlets,
    *,
    now: datetime,
    story: str = "",
    recall: bool = True,
) -> tuple[OutletHealth, ...]:
    """The health of each declared or known outlet, in order of its id.

    `story` counts the articles that it keeps for the recall; empty for those of any. The recall is
    the expensive part; without it the lists are looked at alone.
    """
    began = _first_day(store)
    recalls = _recalls(store, story) if recall else {}
    pages: dict[str, list[ListPage]] = defaultdict(list)
    for page in store.lists.all().values():
        pages[page.outlet].append(page)
    seen = store.articles.count_first_seen(now - LOOK_BACK)
    names = sorted({*(outlet.id for outlet in outlets), *recalls, *pages})
    return tuple(
        _health_of(
            name,
            recall=recalls.get(name, estimate_recall(())),
            watched=store.lists.watched(name),
            seen=seen.get(name, {}),
            expect=outlets.get(name).expect if name in outlets else None,
            began=began,
            pages=pages.get(name, []),
            now=now,
        )
        for name in names
    )


def unwatched_days(store: Store, first: date, last: date) -> dict[str, frozenset[date]]:
    """The days from `first` to `last` of which no visit accounts for the noon (UTC), by outlet.

    Of outlets whose lists were never visited nothing is known, and they are left out.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    noons = {day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days}
    return {
        outlet: frozenset(
            day
            for span in gaps(store.lists.watched(outlet), noons[first], noons[last])
            for day, noon in noons.items()
            if span.began <= noon <= span.ended
        )
        for outlet in store.lists.watched_outlets()
    }


def _health_of(
    name: str,
    *,
    recall: Recall,
    watched: list[Span],
    seen: Mapping[date, int],
    expect: float | None,
    began: date | None,
    pages: list[ListPage],
    now: datetime,
) -> OutletHealth:
    days = list(_watched_days(watched, _start(seen, expect, began), now))
    counts = [seen.get(day, 0) for day in days]
    points = change_points(counts)
    found = ((page, ailment(page, now)) for page in pages)
    return OutletHealth(
        outlet=name,
        recall=recall,
        days=tuple(counts),
        weak=weakness(counts, expect),
        changed=days[points[-1]] if points else None,
        ailing=tuple((page, why) for page, why in found if why),
        gaps=tuple(gaps(watched, max(watched[0].began, now - LOOK_BACK), now)) if watched else (),
    )


def _start(seen: Mapping[date, int], expect: float | None, began: date | None) -> date | None:
    """The day from which an outlet's yield counts: its first article's, or where some are expected
    the first crawl's.
    """
    if expect is not None and began is not None:
        return began
    return min(seen, default=None)


def _watched_days(watched: list[Span], start: date | None, now: datetime) -> Iterator[date]:
    """The whole days before today on which an outlet was looked at, from `start` on."""
    if start is None:
        return
    day = max(start, (now - LOOK_BACK).date())
    while day < now.date():
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        if any(span.began <= noon <= span.ended for span in watched):
            yield day
        day += timedelta(days=1)


def _first_day(store: Store) -> date | None:
    """The day after the first crawl, which was not a whole one."""
    first = store.ledger.first_started()
    return first.date() + timedelta(days=1) if first else None


def _recalls(store: Store, story: str) -> dict[str, Recall]:
    seen: dict[str, list[Seen]] = defaultdict(list)
    for one in store.articles.sighted(story):
        named = frozenset(_LEANS_ON.get(channel, channel) for channel in _LISTED & one.channels)
        seen[one.outlet].append(Seen(at=one.published, channels=named))
    windows = store.lists.windows()
    return {outlet: recall_of(these, windows.get(outlet, {})) for outlet, these in seen.items()}
