"""What a story means in languages without a query, learned from the store as far as it is encoded."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from index.meaning.direction import Direction, learn_direction
from index.query.match import analyse
from index.relevance.by_meaning import Meaning, Read, learn_meaning
from index.relevance.nearness import is_without_query
from index.relevance.profile import Profile, opening_of, read_features
from index.store import Store
from index.store.encodings import Headline
from index.workspace.story import Story

Item = TypeVar("Item")

_MOST_ACCEPTED = 200
_MOST_COMPARED = 3_000  # headlines of other news, of all languages
_NEAREST, _OTHERS = 300, 300  # articles of a language whose words are read
_CHARACTERS = 2_000


def learn_abroad(
    store: Store,
    story: Story,
    on: Mapping[str, float],
    others: Sequence[str],
    refused: Collection[str],
) -> Meaning | None:
    """The meaning of a story; None if nothing is encoded, or every language has a query.

    `on` are the ids of what is surely on the story, with a weight each, `others` of what is not, `refused`
    of what a person took off it.
    """
    known = store.encodings.headlines(sorted([*on, *others]))
    asked = [one for one in known if one.language and is_without_query(story, one.language)]
    if not asked:
        return None
    accepted = accepted_headlines(store, story, on, known)
    rest = [one.vector for one in known if one.article not in on]
    direction = learn_direction([vector for _, vector in accepted], _evenly(rest, _MOST_COMPARED))
    if direction is None:
        return None
    open_ones = [one for one in asked if one.article not in refused]
    found = learn_meaning(direction, accepted, _read(store, _chosen(direction, open_ones)))
    return replace(found, words={name: _rounded(one) for name, one in found.words.items()})


def accepted_headlines(
    store: Store, story: Story, on: Mapping[str, float], known: Sequence[Headline]
) -> list[tuple[str, bytes]]:
    """The headlines of the seeds and of what is on the story, the surest first, each with its vector."""
    seeds = store.encodings.seeds({seed.title for seed in story.seeds})
    sure = sorted(
        (one for one in known if on.get(one.article, 0.0) > 0),
        key=lambda one: (-on[one.article], one.article),
    )
    found = [*sorted(seeds.items()), *((one.title, one.vector) for one in sure)]
    return [(title, vector) for title, vector in found if vector][:_MOST_ACCEPTED]


def _chosen(direction: Direction, asked: Sequence[Headline]) -> dict[str, bytes]:
    """Of each language the headlines nearest to the story and an even sample of the others."""
    spoken: dict[str, list[Headline]] = {}
    for one in asked:
        spoken.setdefault(one.language, []).append(one)
    chosen: dict[str, bytes] = {}
    for found in spoken.values():
        ranked = sorted(found, key=lambda one: (-direction.place(one.vector), one.article))
        rest = sorted(ranked[_NEAREST:], key=lambda one: one.article)
        for one in (*ranked[:_NEAREST], *_evenly(rest, _OTHERS)):
            chosen[one.article] = one.vector
    return chosen


def _read(store: Store, vectors: Mapping[str, bytes]) -> list[Read]:
    return [
        Read(vector=vectors[name], features=read_features(analyse(opening_of(article))))
        for name, article in store.samples.read(sorted(vectors), _CHARACTERS)
    ]


def _evenly(items: Sequence[Item], most: int) -> Sequence[Item]:
    return items[:: max(1, math.ceil(len(items) / most))]


def _rounded(profile: Profile) -> Profile:
    def short(weights: Mapping[str, float]) -> dict[str, float]:
        return {key: round(weight, 6) for key, weight in weights.items()}

    return replace(
        profile,
        terms=short(profile.terms),
        keys={},
        usual=short(profile.usual),
        titles=None,
    )
