"""How often a list is worth a visit: pure functions on what is remembered of it.

As Media Cloud's rss-fetcher and StormCrawler's adaptive scheduler do, a list's polling interval follows
its own rate of news, within bounds, and backs off while it fails.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from index.store import ListPage
from index.workspace.story import Schedule

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=1)
MEMORY_DAYS = 1.0  # the rate forgets with this time constant
EARLY = 0.1  # of an interval: timers are not exact, and a visit so much too early is in time
NIGHT_BEGINS, NIGHT_ENDS = 22, 6

_DAY = timedelta(days=1)


def visited(page: ListPage, *, new: int, dated: Sequence[datetime], now: datetime) -> ListPage:
    """The list after a visit that brought `new` URLs; `dated` are the dates that its items have."""
    rate = _rate(page, new, dated, now)
    interval = _bounded(
        max(_DAY / rate if rate > 1 / 365 else LONGEST, timedelta(seconds=page.ttl))
    )
    return replace(
        page,
        fetched=now,
        failures=0,
        rate=rate,
        usual=rate if new else page.usual,
        pace=round(interval.total_seconds()),
        next_due=now + interval,
    )


def failed(page: ListPage, *, outcome: str, now: datetime) -> ListPage:
    """The list after a visit that brought none: the next one doubles its distance each time."""
    interval = _bounded(SHORTEST * 2 ** min(page.failures, 10))
    return replace(
        page,
        fetched=now,
        failures=page.failures + 1,
        outcome=outcome,
        pace=round(interval.total_seconds()),
        next_due=now + interval,
    )


def is_due(page: ListPage | None, every: timedelta, now: datetime) -> bool:
    """Whether a list is due: by its own interval, but never sooner than the story's `every`.

    What a clock that ran ahead wrote down does not count.
    """
    if page is None or page.fetched is None or page.next_due is None or page.fetched > now:
        return True
    interval = max(every, timedelta(seconds=page.pace))
    return max(page.next_due, page.fetched + every) - EARLY * interval <= now


def is_child_due(page: ListPage, now: datetime, *, tells: bool = True) -> bool:
    """Whether a list that another one names is to be opened.

    A sitemap with a lastmod is when it was changed since our visit, one without by its own interval; a
    further page of a list only as long as it was never had. `tells` is False if the outlet's lastmod
    has proved to tell nothing: then it counts as none.
    """
    if page.fetched is None or page.fetched > now:
        return True
    if page.channel != "sitemap":
        return False
    if tells and page.modified is not None and not page.failures:
        if page.modified.date() < page.fetched.date():
            return False
        if page.modified > page.fetched:
            return True
    return is_due(page, SHORTEST, now)


def interval_of(schedule: Schedule, today: date) -> timedelta:
    """How often a story is looked at: in its busy phase, and after it."""
    busy = schedule.until is None or today <= schedule.until
    return schedule.every if busy else schedule.then


def is_open(schedule: Schedule, local: datetime) -> bool:
    """Whether a story may be crawled at this hour (`at_night_only`: from 22 to 6 o'clock)."""
    is_night = local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS
    return is_night or not schedule.at_night_only


def _rate(page: ListPage, new: int, dated: Sequence[datetime], now: datetime) -> float:
    """New URLs a day: at first by the list's own dates, then smoothed over the visits."""
    if page.fetched is None or page.rate == 0:
        own = _own_rate(dated, now)
        if page.fetched is None or own:
            return own
    elapsed = max((now - page.fetched) / _DAY, 1e-6)
    return page.rate + (new / elapsed - page.rate) * (1 - math.exp(-elapsed / MEMORY_DAYS))


def _own_rate(dated: Sequence[datetime], now: datetime) -> float:
    past = [moment for moment in dated if moment <= now]
    if len(past) < 2:
        return 0.0
    # To now and not to the newest: a list that has gone quiet is slower than it was.
    return len(past) / max((now - min(past)) / _DAY, 1 / 24)


def _bounded(interval: timedelta) -> timedelta:
    return min(max(interval, SHORTEST), LONGEST)
