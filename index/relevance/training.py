"""What a story's profile is learned from: which articles of the store, how surely each is on it.

The choice depends on the set of articles, the labels and the story alone, not on the order in which
they came: an archive that is replayed gives the profile again. Up to 500 articles all are asked;
beyond that the first that many by first sight, a number that grows by a fifth at a time, so that the
profile is learned again at most once for every fifth the archive grows. Of labels then the first ten
count, twenty, forty and so on; all of them count for what they teach (`teaching`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from index.query.match import analyse
from index.relevance.abroad import learn_abroad
from index.relevance.hashes import unpack_quotes
from index.relevance.profile import (
    Background,
    Profile,
    Ties,
    hash_address,
    learn_fresh,
    opening_of,
    read_features,
)
from index.relevance.seeds import learn_with_seeds
from index.store import Store
from index.store.samples import Within
from index.text.quotations import quotations
from index.workspace.story import Story

_EXACT = 500
_GROWTH = 1.2
_MOST_ON = 1000  # the newest on-story articles
_MOST_OTHERS = 1500  # of each language, by id, which is a hash: a fair sample
_NONE = ("", "")  # before the time and key of any label
_FEW_LABELS = 10  # below which they only correct
_LABELLED = 2.0  # a person is surer than a query
_OPENING = 2_000  # characters: the profile compares no more
_WHOLE = 400_000  # characters of those whose whole text counts
_MOST_TIES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The articles and labels that a profile may be learned from: those up to a last one.

    `words` differs where a profile has to be learned again, `labels` where labels teach something else.
    """

    within: Within
    words: str
    labels: str

    @property
    def mark(self) -> str:
        """Both in one."""
        return f"{self.words} {self.labels}".rstrip()


def frame_of(store: Store, story: Story, digest: str) -> Frame | None:
    """The frame for a story whose `digest` is given; None for an empty store."""
    number = store.samples.size()
    if not number:
        return None
    step = step_of(number)
    last = store.samples.at(step)
    labels = store.labels.by_age(story.id)
    counted = labels if step == number else labels[: label_step_of(len(labels))]
    within = Within(last=last, labels=counted[-1][:2] if counted else _NONE)
    state: list[Any] = [digest, step, last.id, [label[1:] for label in counted]]
    if step == number:
        state.append(store.revision())
    if encoded := store.encodings.count(last):
        state.append(encoded)
    words = _hash(state)
    return Frame(within=within, words=words, labels=_hash([words, labels]) if labels else "")


def step_of(number: int) -> int:
    """How many of that many articles, 1 or more, a profile is learned from."""
    step = _EXACT
    if number <= step:
        return number
    while (larger := int(step * _GROWTH)) <= number:
        step = larger
    return step


def label_step_of(number: int) -> int:
    """How many of that many labels count for the words of a story; for what they teach all do."""
    step = _FEW_LABELS
    if number < step:
        return 0
    while step * 2 <= number:
        step *= 2
    return step


def learn(store: Store, story: Story, frame: Frame) -> Profile | None:
    """The profile of a story's articles within a frame, but for what labels teach (`teaching`).

    None where too little is known.
    """
    if story.keeps_everything:
        return None
    samples, within = store.samples, frame.within
    on = samples.on_story(story.id, within, labelled=_LABELLED, most=_MOST_ON)
    if not on and not story.seeds:
        return None
    others = samples.others(story.id, within, labelled=_LABELLED, most=_MOST_OTHERS)
    decided = store.labels.until(story.id, within.labels)
    if story.seeds:
        profile = _from_seeds(store, story, on, others, decided)
    else:
        profile = _from_queries(store, on, others)
    if profile is None:
        return None
    refused = frozenset(name for name, decision in decided.items() if decision != "on-story")
    return replace(
        _rounded(profile),
        ties=_ties(store, list(on), others),
        meaning=learn_abroad(store, story, on, others, refused),
    )


def _from_seeds(
    store: Store,
    story: Story,
    on: Mapping[str, float],
    others: Sequence[str],
    labels: Collection[str],
) -> Profile | None:
    ids = sorted([*on, *others])
    read = dict(store.samples.read(ids, _OPENING))
    found = [name for name in ids if name in read]
    return learn_with_seeds(
        story.seeds,
        [read_features(analyse(opening_of(read[name]))) for name in found],
        {place: on[name] for place, name in enumerate(found) if name in on},
        frozenset(place for place, name in enumerate(found) if name in labels and name not in on),
    )


def _hash(state: Sequence[Any]) -> str:
    return sha256(json.dumps(state).encode()).hexdigest()[:16]


def _rounded(profile: Profile) -> Profile:
    def short(weights: Mapping[str, float]) -> dict[str, float]:
        return {key: round(weight, 6) for key, weight in weights.items()}

    return replace(
        profile,
        terms=short(profile.terms),
        keys=short(profile.keys),
        usual=short(profile.usual),
        titles=_rounded(profile.titles) if profile.titles else None,
    )


def _from_queries(store: Store, on: Mapping[str, float], others: Sequence[str]) -> Profile | None:
    """The profile of what is on a story; of the others only how many hold a term is needed."""
    read = dict(store.samples.read(sorted(on), _OPENING))
    own = {name: read_features(analyse(opening_of(article))) for name, article in read.items()}
    known = store.evidence.compared(others)
    more = sorted(set(others) - known.keys())
    background = Background()
    for features in own.values():
        background.add(features)
    for _, article in store.samples.read(more, _OPENING):
        background.add(read_features(analyse(opening_of(article))))
    if known:
        from index.relevance.counting import count_terms  # numpy, which is not needed for a few

        count_terms(list(known.values()), list(own.values()), background)
    return learn_fresh(
        [(own[name], on[name], read[name].published) for name in sorted(own)], background
    )


def _ties(store: Store, on: Sequence[str], others: Sequence[str]) -> Ties:
    """What the on-story articles say, are and link to, without what the others say too."""
    quotes: set[int] = set()
    linked: set[int] = set()
    for _, article in store.samples.read(on, _WHOLE):
        quotes |= quotations(article)
        linked.update(map(hash_address, article.links))
    addresses = {hash_address(key) for key in store.aliases.keys(on)}
    return Ties(
        quotes=_fewest(quotes - _quoted(store, others) if quotes else quotes),
        addresses=_fewest(addresses),
        linked=_fewest(linked),
    )


def _quoted(store: Store, ids: Sequence[str]) -> set[int]:
    """What articles quote."""
    known = store.evidence.compared(ids)
    found = {quote for one in known.values() for quote in unpack_quotes(one.quotes)}
    for _, article in store.samples.read(sorted(set(ids) - known.keys()), _WHOLE):
        found |= quotations(article)
    return found


def _fewest(values: set[int]) -> frozenset[int]:
    return frozenset(sorted(values)[:_MOST_TIES])
