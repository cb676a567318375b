"""Related events: clusters of newer articles of a story that tell of something else than it did before.

Stories move on. A hearing, or another object shot down a week later, comes in by the words it shares. What
sets it apart are words that its articles have in common and the older ones of the story have not: a
cluster needs two of them at least, and an article of it two as well, one in its headline, since a lead
alone or one word only recalls. Whether it belongs is the user's to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import nlargest
from typing import Generic, TypeVar

from index.query.match import analyse
from index.relevance.hashes import SIZE, compare_by, pack_term, split_packed
from index.relevance.profile import opening_of, read_features
from index.relevance.suggest.terms import passing_words
from index.store import Store
from index.store.evidence import Compared
from index.text.analysis import stem_word

Term = TypeVar("Term", str, bytes)

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
class Told(Generic[Term]):
    """An article of a story: its id, when it was published, and what it says.

    `terms` are those of headline, lead and opening, but for function words, days and months; `head` those
    of the headline.
    """

    id: str
    published: datetime
    terms: frozenset[Term]
    head: frozenset[Term]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedEvent(Generic[Term]):
    """A growing cluster that differs: the words that set it apart, and its articles, newest first."""

    words: tuple[Term, ...]
    ids: tuple[str, ...]
    first: datetime
    last: datetime


def find_events(
    told: Sequence[Told[Term]], *, newer: timedelta = NEWER
) -> list[RelatedEvent[Term]]:
    """The related events among the newer articles of a story, the largest first.

    Newer is what was published within `newer` of the fifth newest, so that one that came late hides
    nothing; none if there are too few on either side.
    """
    since = _newer_from([one.published for one in told], newer)
    if since is None:
        return []
    older = [one for one in told if one.published < since]
    fresh = [one for one in told if one.published >= since]
    events: list[RelatedEvent[Term]] = []
    while len(older) >= _FEWEST and len(fresh) >= _FEWEST and len(events) < _MOST_EVENTS:
        found = _largest(fresh, older)
        if found is None:
            break
        event, members = found
        events.append(event)
        fresh = [one for one in fresh if one.id not in members]
    return events


def related_events(store: Store, story: str) -> list[RelatedEvent[str]]:
    """The related events of a story in the store; what was decided about mostly is left out."""
    labels = store.labels.of(story)
    dated = {name: when for when, name in store.samples.dated(story)}
    names = newest_of_each([(when, name) for name, when in dated.items()])
    known = _compared(store, names)
    told = [
        Told(
            id=name,
            published=dated[name],
            terms=frozenset(split_packed(one.terms)) - _passing(one.language),
            head=frozenset(split_packed(one.terms[: SIZE * one.titled])) - _passing(one.language),
        )
        for name, one in known.items()
    ]
    return [
        RelatedEvent(words=_spell(store, event), ids=event.ids, first=event.first, last=event.last)
        for event in find_events(told)
        if 2 * sum(name in labels for name in event.ids) < len(event.ids)
    ]


def _compared(store: Store, ids: Sequence[str]) -> dict[str, Compared]:
    """What articles are compared by; what is not known yet is read."""
    known = store.evidence.compared(ids)
    missing = [name for name in ids if name not in known]
    for name, article in store.samples.read(missing, _OPENING):
        analysed = analyse(opening_of(article))
        known[name] = compare_by(analysed, read_features(analysed))
    return {name: known[name] for name in ids if name in known}


@lru_cache(maxsize=64)
def _passing(language: str) -> frozenset[bytes]:
    """The terms of a language that are function words, days or months."""
    words = passing_words(language)
    return frozenset(pack_term(stem_word(word, language) or f"{language}:{word}") for word in words)


def _spell(store: Store, event: RelatedEvent[bytes]) -> tuple[str, ...]:
    """The words of an event as its articles have them."""
    spelt: dict[bytes, str] = {}
    for _, article in store.samples.read(event.ids, _OPENING):
        for term, word in read_features(analyse(opening_of(article))).terms.items():
            if (packed := pack_term(term)) in event.words:
                spelt.setdefault(packed, word)
        if len(spelt) == len(event.words):
            break
    return tuple(spelt[term] for term in event.words if term in spelt)


def _newer_from(dates: Sequence[datetime], newer: timedelta) -> datetime | None:
    """From when on an article is one of the newer ones; None if there are hardly any."""
    newest = nlargest(_FEWEST, dates)
    return newest[-1] - newer if len(newest) == _FEWEST else None


def newest_of_each(dated: Sequence[tuple[datetime, str]]) -> list[str]:
    """The newest of the newer articles and of the older ones, as many of each: only these are analysed."""
    since = _newer_from([when for when, _ in dated], NEWER)
    if since is None:
        return []
    sides = ([one for one in dated if (one[0] >= since) is side] for side in (True, False))
    return sorted(name for side in sides for _, name in nlargest(_MOST_READ // 2, side))


def _largest(
    fresh: Sequence[Told[Term]], older: Sequence[Told[Term]]
) -> tuple[RelatedEvent[Term], set[str]] | None:
    """The largest cluster by the words of its headlines that the older articles do not have."""
    before = {term: count / len(older) for term, count in _counted(older).items()}
    new = {
        term
        for term, count in _counted(fresh).items()
        if count >= _FEWEST
        and before.get(term, 0.0) <= _SHARE_OF_OLDER
        and count / len(fresh) >= _TOLD_BEFORE * before.get(term, 0.0)
    }
    heads = Counter(term for one in fresh for term in one.head & new)
    for head, _ in sorted(heads.items(), key=lambda item: (-item[1], item[0])):
        holding = [one for one in fresh if head in one.terms]
        held = Counter(term for one in holding for term in one.terms & new)
        words = {term for term, count in held.items() if count >= _COMMON * len(holding)}
        members = [one for one in fresh if _is_of(one, words)]
        if len(words) >= 2 and len(members) >= _FEWEST:
            return _event(members, words, held), {one.id for one in members}
    return None


def _is_of(one: Told[Term], words: set[Term]) -> bool:
    """Whether an article holds two of the words, one of them in its headline."""
    return len(words & one.terms) >= 2 and not words.isdisjoint(one.head)


def _counted(articles: Sequence[Told[Term]]) -> Counter[Term]:
    return Counter(term for one in articles for term in one.terms)


def _event(
    members: Sequence[Told[Term]], words: set[Term], held: Counter[Term]
) -> RelatedEvent[Term]:
    ranked = sorted(words, key=lambda term: (-held[term], term))[:_WORDS]
    newest = sorted(members, key=lambda one: (one.published, one.id), reverse=True)
    return RelatedEvent(
        words=tuple(ranked),
        ids=tuple(one.id for one in newest),
        first=newest[-1].published,
        last=newest[0].published,
    )
