"""How much of a story is held, by how far independent sources of it agree: capture and recapture.

GDELT's list and its search lean on each other (both name what GDELT has met), as do the lists of one
outlet: each is one sample. Only days that every sample has been asked about count, so that a source
which was asked for a week says nothing of the other weeks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from index.coverage.estimates import Recall, estimate_recall
from index.store import Store
from index.store.articles import Sighting
from index.store.backfill import ANSWERED, WHOLE
from index.workspace.story import Window

OWN_LISTS = "outlets' own lists"
_SAMPLES = {
    **dict.fromkeys(("feed", "sitemap", "section", "search", "sitemaps"), OWN_LISTS),
    **dict.fromkeys(("gdelt", "gdelt-doc"), "gdelt"),
    **dict.fromkeys(("cc-news", "common-crawl"), "common crawl"),
    "wayback": "wayback",
    "wikipedia": "wikipedia",
    "mediacloud": "media cloud",
}
_QUARTERS = 96  # of an hour in a day


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecall:
    """What the sources say together: of articles, of outlets, on the days that all were asked about.

    `days` are the first and last of these, None where no source bounds them.
    """

    articles: Recall
    outlets: Recall
    days: tuple[date, date] | None = None


def take_story_recall(store: Store, story: str, window: Window) -> StoryRecall:
    """The recall of a story, from what the store knows of its sources."""
    days = common_days(_covered(store, story, window))
    seen = [one for one in store.articles.sighted(story) if _counts(one, days)]
    samples = [samples_of(one.channels) for one in seen]
    by_outlet: dict[str, set[str]] = {}
    for one, named in zip(seen, samples, strict=True):
        by_outlet.setdefault(one.outlet, set()).update(named)
    outlets = [frozenset(named) for named in by_outlet.values()]
    return StoryRecall(
        articles=estimate_recall(samples, held=len(seen)),
        outlets=estimate_recall(outlets, held=len(by_outlet)),
        days=(min(days), max(days)) if days else None,
    )


def samples_of(channels: Iterable[str]) -> frozenset[str]:
    """The independent samples that an article is in, by the channels that named it."""
    return frozenset(_SAMPLES[one] for one in channels if one in _SAMPLES)


def common_days(covered: Mapping[str, Collection[date]]) -> frozenset[date]:
    """The days that every source which was asked by day has been asked about; none without such a source."""
    asked = [frozenset(days) for days in covered.values() if days]
    return frozenset.intersection(*asked) if asked else frozenset()


def days_of_minutes(whole: Iterable[str], window: Window) -> frozenset[date]:
    """The days of which every quarter of an hour was asked for, by the keys of whole quarters.

    An article may be met a day late: a day counts only when the next was asked for as well.
    """
    counts = Counter(key[:8] for key in whole)
    asked = {_day(text) for text, number in counts.items() if number >= _QUARTERS} - {None}
    found = (day for day in asked if day is not None and day + timedelta(days=1) in asked)
    return frozenset(day for day in found if day in window)


def days_of_spans(keys: Iterable[str], window: Window) -> frozenset[date]:
    """The days that requests were made for, by keys that begin with `20230201000000-20230208000000`."""
    found: set[date] = set()
    for key in keys:
        first, last = _day(key[:8]), _day(key.partition("-")[2][:8])
        while first is not None and last is not None and first < last:
            found.add(first)
            first += timedelta(days=1)
    return frozenset(day for day in found if day in window)


def _covered(store: Store, story: str, window: Window) -> dict[str, frozenset[date]]:
    """The days that sources were asked about which are asked by day."""
    gdelt = list(store.backfill.settled(story, "gdelt"))
    search = list(store.backfill.settled(story, "gdelt-doc"))
    return {
        "gdelt": days_of_minutes((key for key, outcome in gdelt if outcome == WHOLE), window)
        | days_of_spans((key for key, outcome in search if outcome == ANSWERED), window)
    }


def _counts(one: Sighting, days: frozenset[date]) -> bool:
    """Whether an article is of the days in common; one without a date is of none."""
    if not days:
        return True
    return one.published is not None and one.published.astimezone(UTC).date() in days


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
