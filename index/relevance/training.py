"""What a story's profile is learned from: which articles of the store, how surely each is on it.

The choice depends on the set of articles, the labels and the story alone, not on the order in which
they came: an archive that is replayed gives the profile again. Up to 500 articles all are asked;
beyond that the first so many by first sight, a number that grows by a fifth at a time, so that the
archive is judged again at most once for every fifth it grows.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from index.article import Article
from index.query.match import AnalysedArticle, analyse
from index.relevance.abroad import learn_abroad
from index.relevance.corrections import Example, Signals, teach
from index.relevance.profile import (
    TITLED,
    Background,
    Features,
    Profile,
    Ties,
    hash_address,
    learn_from,
    opening_of,
    read_features,
    read_terms,
)
from index.relevance.seeds import learn_with_seeds
from index.relevance.verdict import read_signals
from index.store import FirstSight, Store
from index.text.quotations import quotations
from index.workspace.story import Story

_EXACT = 500
_GROWTH = 1.2
_MOST_ON = 1000  # the newest on-story articles
_MOST_OTHERS = 1500  # of each language, by id, which is a hash: a fair sample
_LABELLED = 2.0  # a person is surer than a query
_OPENING = 2_000  # characters of the others: the profile compares no more
_WHOLE = 400_000  # characters of those whose whole text counts
_MOST_LABELS = 500
_SOME_ON, _SOME_OTHERS = 100, 400  # without a label, which stand for all that the labels do not say
_FAINTEST = 0.1  # what the rules must say of one for it to be asked about
_MOST_TIES = 20_000
_TITLE_WEIGHT = 2.0  # a word of the headline counts as two


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
    if encoded := store.encodings.count(last):
        state.append(encoded)
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
    if not on and not story.seeds:
        return None
    others = samples.others(story.id, last, labelled=_LABELLED, most=_MOST_OTHERS)
    if story.seeds:
        profile = _from_seeds(store, story, on, others)
    else:
        profile = learn_from(_weighted(store, on, others))
    if profile is None:
        return None
    known = replace(
        _rounded(profile),
        ties=_ties(store, list(on), others),
        meaning=learn_abroad(store, story, on, others),
    )
    labelled = list(_labelled(store, story))
    if not labelled:
        return known
    unlabelled = {*sorted(on)[:_SOME_ON], *others[:_SOME_OTHERS]} - {*store.labels.of(story.id)}
    vectors = _vectors(store, sorted({*unlabelled, *store.labels.of(story.id)}))
    found = (analyse(article) for _, article in store.samples.read(sorted(unlabelled), _WHOLE))
    return correct(known, story, labelled, found, vectors)


def _vectors(store: Store, ids: Sequence[str]) -> dict[str, bytes]:
    """The packed vectors of headlines by the articles' URLs."""
    return {one.url: one.vector for one in store.encodings.headlines(ids)}


def _from_seeds(
    store: Store, story: Story, on: Mapping[str, float], others: Sequence[str]
) -> Profile | None:
    labels = store.labels.of(story.id)
    ids = sorted([*on, *others])
    read = dict(store.samples.read(ids, _OPENING))
    found = [name for name in ids if name in read]
    return learn_with_seeds(
        story.seeds,
        [read_features(analyse(opening_of(read[name]))) for name in found],
        {place: on[name] for place, name in enumerate(found) if name in on},
        frozenset(place for place, name in enumerate(found) if name in labels and name not in on),
    )


def _labelled(store: Store, story: Story) -> Iterator[tuple[AnalysedArticle, bool]]:
    """The articles with a label, each text once, and whether it was accepted; the newest labels."""
    labels = store.labels.of(story.id)
    newest = sorted(labels, key=lambda name: (labels[name].at, name), reverse=True)[:_MOST_LABELS]
    seen = set()
    for identity, article in store.samples.read(sorted(newest), _WHOLE):
        text = (article.title, article.text[:_OPENING])
        if text not in seen:
            seen.add(text)
            yield analyse(article), labels[identity].decision == "on-story"


def correct(
    profile: Profile,
    story: Story,
    labelled: Sequence[tuple[AnalysedArticle, bool]],
    others: Iterable[AnalysedArticle] = (),
    vectors: Mapping[str, bytes] | None = None,
) -> Profile:
    """The profile with what labels teach: articles that were accepted or not, and some without a label.

    `vectors` are what is known of the meaning of their headlines, by URL.
    """
    vectors = vectors or {}
    background = Background()
    unlabelled: list[tuple[Signals, tuple[str, ...]]] = []
    for analysed in others:
        features = read_features(analysed)
        background.add(features)
        vector = vectors.get(analysed.article.url, b"")
        signals = read_signals(analysed, story, profile, vector=vector)
        if signals is not None and signals.rules >= _FAINTEST:
            unlabelled.append((signals, read_terms(features)))
    examples = []
    for analysed, accepted in labelled:
        features = read_features(analysed)
        vector = vectors.get(analysed.article.url, b"")
        if (signals := read_signals(analysed, story, profile, vector=vector)) is not None:
            terms = _weighed(features, background)
            example = Example(language=features.language, terms=terms, accepted=accepted)
            examples.append((example, signals))
    return replace(profile, corrections=teach(examples, unlabelled))


def _weighed(features: Features, background: Background) -> dict[str, float]:
    """The terms of an example by inverse document frequency, those of the headline for more."""
    number = background.articles[features.language]
    weights = {}
    for term in read_terms(features):
        bare = term.removeprefix(TITLED)
        rarity = math.log((number + 2) / (background.terms[bare] + 0.5))
        if rarity > 0:
            weights[term] = rarity * (_TITLE_WEIGHT if bare is not term else 1.0)
    return weights


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
    for _, article in store.samples.read(on, _WHOLE):
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
