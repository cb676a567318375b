"""What a story's profile is learned from: which articles of the store, how surely each is on it.

The choice depends on the set of articles, the labels and the story alone, not on the order in which
they came: an archive that is replayed gives the profile again. Up to 500 articles all are asked;
beyond that the first so many by first sight, a number that grows by a fifth at a time, so that the
archive is judged again at most once for every fifth it grows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from index.article import Article
from index.relevance.profile import Profile, Ties, hash_address, learn_from
from index.text.quotations import quotations
from index.workspace.story import Story

_EXACT = 500
_GROWTH = 1.2
_MOST_ON = 1000  # the newest on-story articles
_MOST_OTHERS = 1500  # of each language, by id, which is a hash: a fair sample
_LABELLED = 2.0  # a person is surer than a query
_OPENING = 2_000  # characters of the others: the profile compares no more
_MOST_TIES = 20_000

_EARLY = """
WITH early AS (
    SELECT articles.id, articles.language,
           coalesce(articles.published, articles.first_seen) AS at,
           CASE WHEN labels.decision IS NULL THEN coalesce(verdicts.alone, 0)
                WHEN labels.decision = 'on-story' THEN :labelled ELSE 0 END AS weight
    FROM articles
    LEFT JOIN verdicts ON verdicts.article = articles.id AND verdicts.story = :story
    LEFT JOIN labels ON labels.key = articles.key AND labels.story = :story
    WHERE (articles.first_seen, articles.id) <= (:seen, :last)
)
"""
_ON = f"{_EARLY} SELECT id, weight FROM early WHERE weight > 0 ORDER BY at DESC, id LIMIT :most"
_OTHERS = f"""{_EARLY}
SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY language ORDER BY id) AS place
    FROM early WHERE weight = 0
) WHERE place <= :others ORDER BY id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The articles that a profile may be learned from: those first seen up to a last one.

    `mark` differs where a profile has to be learned again.
    """

    seen: str
    last: str
    mark: str


def frame_of(connection: sqlite3.Connection, story: Story, digest: str) -> Frame | None:
    """The frame for a story whose `digest` is given; None for an empty store."""
    (number,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    if not number:
        return None
    step = step_of(number)
    seen, last = connection.execute(
        "SELECT first_seen, id FROM articles ORDER BY first_seen, id LIMIT 1 OFFSET ?", (step - 1,)
    ).fetchone()
    labels = connection.execute(
        "SELECT key, decision FROM labels WHERE story = ? ORDER BY 1", (story.id,)
    ).fetchall()
    state: list[Any] = [digest, step, last, labels]
    if step == number:
        state += connection.execute("SELECT newest FROM revision").fetchone()
    return Frame(seen=seen, last=last, mark=sha256(json.dumps(state).encode()).hexdigest()[:16])


def step_of(number: int) -> int:
    """How many of so many articles, 1 or more, a profile is learned from."""
    step = _EXACT
    if number <= step:
        return number
    while (larger := int(step * _GROWTH)) <= number:
        step = larger
    return step


def learn(connection: sqlite3.Connection, story: Story, frame: Frame) -> Profile | None:
    """The profile of a story's articles within a frame; None where too little is known."""
    if story.keeps_everything:
        return None
    asked = {
        "story": story.id,
        "labelled": _LABELLED,
        "seen": frame.seen,
        "last": frame.last,
        "most": _MOST_ON,
        "others": _MOST_OTHERS,
    }
    on = dict(connection.execute(_ON, asked).fetchall())
    if not on:
        return None
    others = [row[0] for row in connection.execute(_OTHERS, asked)]
    profile = learn_from(_weighted(connection, on, others))
    if profile is None:
        return None
    return replace(
        profile,
        terms=_rounded(profile.terms),
        keys=_rounded(profile.keys),
        usual=_rounded(profile.usual),
        ties=_ties(connection, list(on), others),
    )


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {key: round(weight, 6) for key, weight in weights.items()}


def _weighted(
    connection: sqlite3.Connection, on: Mapping[str, float], others: Sequence[str]
) -> Iterator[tuple[Article, float]]:
    ids = sorted([*on, *others])
    for identity, article in _articles(connection, ids, _OPENING):
        yield article, on.get(identity, 0.0)


def _ties(connection: sqlite3.Connection, on: Sequence[str], others: Sequence[str]) -> Ties:
    """What the on-story articles say, are and link to, without what the others say too."""
    quotes: set[int] = set()
    linked: set[int] = set()
    for _, article in _articles(connection, on, 400_000):
        quotes |= quotations(article)
        linked.update(map(hash_address, article.links))
    usual = {
        quote
        for _, article in _articles(connection, others, _OPENING)
        for quote in quotations(article)
    }
    addresses = {hash_address(key) for key in _keys(connection, on)}
    return Ties(
        quotes=_fewest(quotes - usual), addresses=_fewest(addresses), linked=_fewest(linked)
    )


def _fewest(values: set[int]) -> frozenset[int]:
    return frozenset(sorted(values)[:_MOST_TIES])


def _articles(
    connection: sqlite3.Connection, ids: Sequence[str], characters: int
) -> Iterator[tuple[str, Article]]:
    """Articles in the order of their ids, each with so much of its text."""
    for part in _parts(ids):
        marks = ",".join("?" * len(part))
        for identity, record, text in connection.execute(
            f"SELECT id, record, substr(text, 1, ?) FROM articles WHERE id IN ({marks}) ORDER BY id",
            (characters, *part),
        ):
            yield identity, Article.from_dict({**json.loads(record), "text": text})


def _keys(connection: sqlite3.Connection, ids: Sequence[str]) -> Iterator[str]:
    for part in _parts(ids):
        marks = ",".join("?" * len(part))
        rows = connection.execute(f"SELECT key FROM aliases WHERE article IN ({marks})", part)
        yield from (row[0] for row in rows)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]
