"""Related events: clusters of newer articles of a story that tell of something else than it did before.

Stories move on. A hearing, or another object shot down a week later, comes in by the words it shares. What
sets it apart are words that its articles have in common and the older ones of the story have not: a
cluster needs two of them at least, and an article of it two as well, one in its headline, since a lead
alone or one word only recalls. Whether it belongs is the user's to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest

from index.article import Article
from index.query.match import analyse
from index.relevance.profile import Features, opening_of, read_features
from index.relevance.suggest.terms import passing_words
from index.store import Store

NEWER = timedelta(days=7)
_FEWEST = 5  # articles of a cluster, and older articles that it can differ from
_SHARE_OF_OLDER = 0.1  # of the older articles that may hold a word of it
_COMMON = 0.5  # of its articles that hold another word of it
_TOLD_BEFORE = 3  # times as usual among the newer as among the older
_WORDS = 6
_MOST_EVENTS = 5
_MOST_READ = 1_000
_OPENING = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article of a story: its id, what it is compared by, and when it was published."""

    id: str
    features: Features
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedEvent:
    """A growing cluster that differs: the words that set it apart, and its articles, newest first."""

    words: tuple[str, ...]
    ids: tuple[str, ...]
    first: datetime
    last: datetime


def find_events(told: Sequence[Told], *, newer: timedelta = NEWER) -> list[RelatedEvent]:
    """The related events among the newer articles of a story, the largest first.

    Newer is what was published within `newer` of the fifth newest, so that one that came late hides
    nothing; none where there are too few on either side.
    """
    since = _newer_from([one.published for one in told], newer)
    if since is None:
        return []
    older = [one.features for one in told if one.published < since]
    fresh = [one for one in told if one.published >= since]
    events: list[RelatedEvent] = []
    while len(older) >= _FEWEST and len(fresh) >= _FEWEST and len(events) < _MOST_EVENTS:
        found = _largest(fresh, older)
        if found is None:
            break
        event, members = found
        events.append(event)
        fresh = [one for one in fresh if one.id not in members]
    return events


def related_events(store: Store, story: str) -> list[RelatedEvent]:
    """The related events of a story in the store; what was decided about mostly is left out."""
    decided = store.verdicts.decided(story)
    labels = store.labels.of(story)
    ids = sorted(name for name, found in decided.items() if found in ("on-story", "borderline"))
    dated = [
        (article.published, name)
        for name, article in store.samples.read(ids, _OPENING)
        if article.published is not None
    ]
    told = [
        _told(name, article, article.published)
        for name, article in store.samples.read(newest_of_each(dated), _OPENING)
        if article.published is not None
    ]
    return [
        event
        for event in find_events(told)
        if 2 * sum(name in labels for name in event.ids) < len(event.ids)
    ]


def _newer_from(dates: Sequence[datetime], newer: timedelta) -> datetime | None:
    """From when on an article is one of the newer ones; None where there are hardly any."""
    newest = nlargest(_FEWEST, dates)
    return newest[-1] - newer if len(newest) == _FEWEST else None


def newest_of_each(dated: Sequence[tuple[datetime, str]]) -> list[str]:
    """The newest of the newer articles and of the older ones, as many of each: only these are analysed."""
    since = _newer_from([when for when, _ in dated], NEWER)
    if since is None:
        return []
    sides = ([one for one in dated if (one[0] >= since) is side] for side in (True, False))
    return sorted(name for side in sides for _, name in nlargest(_MOST_READ // 2, side))


def _told(identity: str, article: Article, published: datetime) -> Told:
    features = read_features(analyse(opening_of(article)))
    return Told(id=identity, features=features, published=published)


def _largest(
    fresh: Sequence[Told], older: Sequence[Features]
) -> tuple[RelatedEvent, set[str]] | None:
    """The largest cluster by the words of its headlines that the older articles do not have."""
    before = _shares(older)
    now = Counter(term for one in fresh for term in _telling(one.features))
    new = {
        term
        for term, count in now.items()
        if count >= _FEWEST
        and before.get(term, 0.0) <= _SHARE_OF_OLDER
        and count / len(fresh) >= _TOLD_BEFORE * before.get(term, 0.0)
    }
    heads = Counter(term for one in fresh for term in _headline(one.features) if term in new)
    for head, _ in sorted(heads.items(), key=lambda item: (-item[1], item[0])):
        holding = [one for one in fresh if head in one.features.terms]
        held = Counter(term for one in holding for term in one.features.terms if term in new)
        words = {term for term, count in held.items() if count >= _COMMON * len(holding)}
        members = [one for one in fresh if _is_of(one.features, words)]
        if len(words) >= 2 and len(members) >= _FEWEST:
            return _event(members, words, held), {one.id for one in members}
    return None


def _is_of(features: Features, words: set[str]) -> bool:
    """Whether an article holds two of the words, one of them in its headline."""
    return len(words & features.terms.keys()) >= 2 and not words.isdisjoint(_headline(features))


def _telling(features: Features) -> Iterable[str]:
    """The terms of an article that are no function words, days or months."""
    passing = passing_words(features.language)
    return (term for term, word in features.terms.items() if word not in passing)


def _headline(features: Features) -> Iterable[str]:
    return features.title.terms if features.title else ()


def _shares(articles: Sequence[Features]) -> dict[str, float]:
    held = Counter(term for features in articles for term in features.terms)
    return {term: count / len(articles) for term, count in held.items()}


def _event(members: Sequence[Told], words: set[str], held: Counter[str]) -> RelatedEvent:
    ranked = sorted(words, key=lambda term: (-held[term], term))[:_WORDS]
    spelt = {term: word for one in members for term, word in one.features.terms.items()}
    newest = sorted(members, key=lambda one: (one.published, one.id), reverse=True)
    return RelatedEvent(
        words=tuple(spelt[term] for term in ranked),
        ids=tuple(one.id for one in newest),
        first=newest[-1].published,
        last=newest[0].published,
    )
