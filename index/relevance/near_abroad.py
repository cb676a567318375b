"""The headlines of one language that are nearest to a story, from a store with or without vectors.

What a crawl has encoded is used as it is; the rest is encoded here and not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article
from index.meaning.direction import learn_direction
from index.meaning.encoder import Encoder, headline_of
from index.query.match import analyse
from index.relevance.by_meaning import Read, learn_meaning
from index.relevance.draft import ABOUT
from index.relevance.profile import opening_of, read_features
from index.store import Store
from index.store.encodings import Headline
from index.store.samples import ALL_LABELS, Within
from index.workspace.story import Story

_MOST_SPOKEN = 2_000  # articles of the language
_MOST_ON, _MOST_OTHERS = 200, 600
_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An article in the language: its likeness to the story, 0 to about 1.1; whether a label refused it."""

    id: str
    article: Article
    value: float
    refused: bool = False


def find_near(store: Store, story: Story, language: str, encoder: Encoder) -> list[Near]:
    """All articles of a language, up to 2,000, nearest first.

    Empty if the story has no headline to go by, or the store fewer than twenty others.
    """
    size = store.samples.size()
    if not size:
        return []
    last = store.samples.at(size)
    within = Within(last=last, labels=ALL_LABELS)
    on = store.samples.on_story(story.id, within, labelled=2.0, most=_MOST_ON)
    others = store.samples.others(story.id, within, labelled=2.0, most=_MOST_OTHERS)
    spoken = store.encodings.spoken(language, most=_MOST_SPOKEN)
    heads = {
        one.article: one for one in _headlines(store, sorted({*on, *others, *spoken}), encoder)
    }
    seeds = [seed.title for seed in story.seeds if seed.title]
    accepted = list(zip(seeds, encoder.encode(seeds), strict=True))
    accepted += [
        (heads[name].title, heads[name].vector)
        for name in sorted(on, key=lambda name: (-on[name], name))
        if name in heads and on[name] >= ABOUT
    ]
    rest = [heads[name].vector for name in others if name in heads]
    direction = learn_direction([vector for _, vector in accepted if vector], rest)
    if direction is None:
        return []
    refused = store.labels.refused(story.id)
    read = [
        (
            name,
            article,
            Read(vector=heads[name].vector, features=read_features(analyse(opening_of(article)))),
        )
        for name, article in store.samples.read(
            [name for name in spoken if name in heads], _CHARACTERS
        )
    ]
    wanted = [one for name, _, one in read if name not in refused]
    meaning = learn_meaning(direction, accepted, wanted)
    found = [
        Near(
            id=name,
            article=article,
            value=meaning.judge(one.vector, one.features).value,
            refused=name in refused,
        )
        for name, article, one in read
    ]
    return sorted(found, key=lambda one: (-one.value, one.id))


def _headlines(store: Store, ids: Sequence[str], encoder: Encoder) -> list[Headline]:
    """The encoded headlines of some articles; those that have no vector yet get one."""
    known = store.encodings.headlines(ids)
    held = {one.article for one in known}
    missing = [name for name in ids if name not in held]
    read = list(store.samples.read(missing, _CHARACTERS))
    vectors = encoder.encode([headline_of(article) for _, article in read])
    return known + [
        Headline(
            article=name,
            url=article.url,
            title=article.title,
            language=article.language,
            vector=vector,
        )
        for (name, article), vector in zip(read, vectors, strict=True)
        if vector
    ]
