"""What a story's profile is learned from: which articles of the store, how surely each is on it.

The choice depends on the set of articles, the labels and the story alone, not on the order in which
they came: an archive that is replayed gives the profile again. Up to 500 articles all are asked;
beyond that the first so many by first sight, a number that grows by a fifth at a time, so that the
archive is judged again at most once for every fifth it grows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from index.article import Article
from index.relevance.profile import Profile, Ties, hash_address, learn_from
from index.store import FirstSight, Store
from index.text.quotations import quotations
from index.workspace.story import Story

_EXACT = 500
_GROWTH = 1.2
_MOST_ON = 1000  # the newest on-story articles
_MOST_OTHERS = 1500  # of each language, by id, which is a hash: a fair sample
_LABELLED = 2.0  # a person is surer than a query
_OPENING = 2_000  # characters of the others: the profile compares no more
_MOST_TIES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The articles that a profile may be learned from: those first seen up to a last one.

    `mark` differs where a profile has to be learned again.
    """

    last: FirstSight
    mark: str


def frame_of(store: Store, story: Story, digest: str) -> Frame | None:
    """The frame for a story whose `digest` is given; None for an empty store."""
    number = store.samples.size()
    if not number:
        return None
    step = step_of(number)
    last = store.samples.at(step)
    state: list[Any] = [digest, step, last.id, store.labels.by_key(story.id)]
    if step == number:
        state.append(store.revision())
    return Frame(last=last, mark=sha256(json.dumps(state).encode()).hexdigest()[:16])


def step_of(number: int) -> int:
    """How many of so many articles, 1 or more, a profile is learned from."""
    step = _EXACT
    if number <= step:
        return number
    while (larger := int(step * _GROWTH)) <= number:
        step = larger
    return step


def learn(store: Store, story: Story, frame: Frame) -> Profile | None:
    """The profile of a story's articles within a frame; None where too little is known."""
    if story.keeps_everything:
        return None
    samples, last = store.samples, frame.last
    on = samples.on_story(story.id, last, labelled=_LABELLED, most=_MOST_ON)
    if not on:
        return None
    others = samples.others(story.id, last, labelled=_LABELLED, most=_MOST_OTHERS)
    profile = learn_from(_weighted(store, on, others))
    if profile is None:
        return None
    return replace(
        profile,
        terms=_rounded(profile.terms),
        keys=_rounded(profile.keys),
        usual=_rounded(profile.usual),
        ties=_ties(store, list(on), others),
    )


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {key: round(weight, 6) for key, weight in weights.items()}


def _weighted(
    store: Store, on: Mapping[str, float], others: Sequence[str]
) -> Iterator[tuple[Article, float]]:
    ids = sorted([*on, *others])
    for identity, article in store.samples.read(ids, _OPENING):
        yield article, on.get(identity, 0.0)


def _ties(store: Store, on: Sequence[str], others: Sequence[str]) -> Ties:
    """What the on-story articles say, are and link to, without what the others say too."""
    quotes: set[int] = set()
    linked: set[int] = set()
    for _, article in store.samples.read(on, 400_000):
        quotes |= quotations(article)
        linked.update(map(hash_address, article.links))
    usual = {
        quote
        for _, article in store.samples.read(others, _OPENING)
        for quote in quotations(article)
    }
    addresses = {hash_address(key) for key in store.aliases.keys(on)}
    return Ties(
        quotes=_fewest(quotes - usual), addresses=_fewest(addresses), linked=_fewest(linked)
    )


def _fewest(values: set[int]) -> frozenset[int]:
    return frozenset(sorted(values)[:_MOST_TIES])
