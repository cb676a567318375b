"""How much of a story is held, by how far independent sources of it agree: capture and recapture.

GDELT's list and its search depend on each other (both name what GDELT has met), as do the lists of one
outlet: each is one sample. A sample is asked only about what it could have shown by what was asked of
it (`index.coverage.source_spans`); its chance to name an article is the share it named of what the
others named there (`index.coverage.windows.estimate_strata`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.coverage.estimates import Recall
from index.coverage.source_spans import (
    COMMON_CRAWL,
    GDELT,
    MEDIA_CLOUD,
    OWN_LISTS,
    WAYBACK,
    WIKIPEDIA,
    OutletOf,
    Shown,
    spans_of_sources,
)
from index.coverage.windows import estimate_strata
from index.store import Store
from index.store.articles import Sighting
from index.workspace.story import Story
from index.workspace.story_tree import queries_digest

FEWEST = 3  # articles that others named where a sample could have shown them
_SAMPLES = {
    **dict.fromkeys(("feed", "sitemap", "section", "search", "sitemaps"), OWN_LISTS),
    **dict.fromkeys(("gdelt", "gdelt-doc"), GDELT),
    **dict.fromkeys(("cc-news", "common-crawl"), COMMON_CRAWL),
    "wayback": WAYBACK,
    "wikipedia": WIKIPEDIA,
    "mediacloud": MEDIA_CLOUD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecall:
    """What the sources say together: of the articles that one of them at least could have shown, and
    of outlets by the sources that are not asked outlet by outlet.

    `days` are the first and last on which such an article was found, None without any.
    """

    articles: Recall
    outlets: Recall
    days: tuple[date, date] | None = None


def take_story_recall(store: Store, story: Story, outlet_of: OutletOf = str) -> StoryRecall:
    """The recall of a story, from what the store knows of its sources; `outlet_of` a host's outlet.

    What was asked by other queries than the story has now does not count.
    """
    asked = store.backfill.asked(story.id, queries_digest(story))
    shown = spans_of_sources(asked, story.window, outlet_of)
    for outlet, channels in store.lists.windows().items():
        spans = [span for some in channels.values() for span in some if span.began < span.ended]
        if spans:
            shown.setdefault(OWN_LISTS, Shown()).outlets[outlet] += spans
    return recall_by_sources(store.articles.sighted(story.id), shown)


def recall_by_sources(seen: Iterable[Sighting], shown: Mapping[str, Shown]) -> StoryRecall:
    """The recall from articles with the channels that named them, and what each sample could show.

    An article without a date is one that no sample could have shown.
    """
    strata: dict[frozenset[str], list[frozenset[str]]] = defaultdict(list)
    outlets: dict[str, tuple[set[str], set[str]]] = {}
    moments: list[datetime] = []
    worldwide = {name: Shown(all=one.all) for name, one in shown.items() if one.all}
    for one in seen:
        if one.published is None:
            continue
        named = samples_of(one.channels)
        if watching := _could_show(shown, one.published, one.outlet):
            strata[watching].append(named)
            if named & watching:
                moments.append(one.published)
        if watching := _could_show(worldwide, one.published, one.outlet):
            could, did = outlets.setdefault(one.outlet, (set(), set()))
            could |= watching
            did |= named & watching
    by_outlet: dict[frozenset[str], list[frozenset[str]]] = defaultdict(list)
    for could, did in outlets.values():
        by_outlet[frozenset(could)].append(frozenset(did))
    days = [moment.astimezone(UTC).date() for moment in moments]
    return StoryRecall(
        articles=estimate_strata(strata, fewest=FEWEST),
        outlets=estimate_strata(by_outlet, fewest=FEWEST),
        days=(min(days), max(days)) if days else None,
    )


def samples_of(channels: Iterable[str]) -> frozenset[str]:
    """The independent samples that an article is in, by the channels that named it."""
    return frozenset(_SAMPLES[one] for one in channels if one in _SAMPLES)


def _could_show(shown: Mapping[str, Shown], moment: datetime, outlet: str) -> frozenset[str]:
    return frozenset(name for name, one in shown.items() if one.holds(moment, outlet))
