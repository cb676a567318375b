"""Samples: the articles that a story's profile is learned from, and what is known of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from index.article import Article
from index.store.database import Connection
from index.store.moments import time_of

_PART = 500

_EARLY = """
WITH early AS (
    SELECT articles.id, articles.language,
           coalesce(articles.published, articles.first_seen) AS at,
           CASE WHEN labels.decision IS NULL THEN coalesce(verdicts.alone, 0)
                WHEN labels.decision = 'on-story' THEN :labelled ELSE 0 END AS weight
    FROM articles
    LEFT JOIN verdicts ON verdicts.article = articles.id AND verdicts.story = :story
    LEFT JOIN labels ON labels.key = articles.key AND labels.story = :story
        AND (labels.at, labels.key) <= (:decided, :key)
    WHERE (articles.first_seen, articles.id) <= (:seen, :id)
)
"""
_ON = f"{_EARLY} SELECT id, weight FROM early WHERE weight > 0 ORDER BY at DESC, id LIMIT :most"
_OTHERS = f"""{_EARLY}
SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY language ORDER BY id) AS place
    FROM early WHERE weight = 0
) WHERE place <= :most ORDER BY id
"""

_UNLABELLED = """
SELECT articles.id FROM articles
LEFT JOIN verdicts ON verdicts.article = articles.id AND verdicts.story = :story
LEFT JOIN labels ON labels.key = articles.key AND labels.story = :story
WHERE (articles.first_seen, articles.id) <= (:seen, :id) AND labels.key IS NULL
    AND (coalesce(verdicts.alone, 0) > 0) = :on
ORDER BY articles.id LIMIT :most
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """When an article was first seen, as text, and its id: together the order of the store."""

    seen: str
    id: str


ALL_LABELS = ("~", "")
"""After the time and key of any label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The articles up to a last one, with the labels up to a last one, by time and key."""

    last: FirstSight
    labels: tuple[str, str]


class Samples:
    """Reads samples of the articles on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def size(self) -> int:
        """How many articles there are to learn from."""
        ((number,),) = self._connection.rows("SELECT count(*) FROM articles")
        return int(number)

    def at(self, place: int) -> FirstSight:
        """The article at a place, from 1, in the order of first sight."""
        ((seen, identity),) = self._connection.rows(
            "SELECT first_seen, id FROM articles ORDER BY first_seen, id LIMIT 1 OFFSET ?",
            (place - 1,),
        )
        return FirstSight(seen=seen, id=identity)

    def on_story(
        self, story: str, within: Within, *, labelled: float, most: int
    ) -> dict[str, float]:
        """How surely articles are on a story, by id: the newest `most`, newest first.

        What a person put on it has the weight `labelled`, or else the score of the queries counts.
        """
        return dict(self._connection.rows(_ON, _asked(story, within, labelled, most)))

    def others(self, story: str, within: Within, *, labelled: float, most: int) -> list[str]:
        """The ids of articles that are not on a story: at most that many of each language."""
        rows = self._connection.rows(_OTHERS, _asked(story, within, labelled, most))
        return [row[0] for row in rows]

    def unlabelled(self, story: str, last: FirstSight, *, on: bool, most: int) -> list[str]:
        """The first that many ids without a label, of those that the queries put on a story, or not."""
        asked = {"story": story, "seen": last.seen, "id": last.id, "on": on, "most": most}
        return [row[0] for row in self._connection.rows(_UNLABELLED, asked)]

    def dated(self, story: str) -> list[tuple[datetime, str]]:
        """When the coverage of a story was published, by id; what is not dated is left out."""
        rows = self._connection.rows(
            "SELECT published, articles.id FROM decisions"
            " JOIN articles ON articles.id = decisions.article"
            " WHERE story = ? AND decision IN ('on-story', 'borderline') AND published IS NOT NULL"
            " ORDER BY articles.id",
            (story,),
        )
        return [(time_of(row[0]), row[1]) for row in rows]

    def read(self, ids: Sequence[str], characters: int) -> Iterator[tuple[str, Article]]:
        """Articles by id, in parts each in the order of its ids, each with so much of its text."""
        for start in range(0, len(ids), _PART):
            part = ids[start : start + _PART]
            marks = ",".join("?" * len(part))
            for identity, record, text in self._connection.execute(
                "SELECT id, record, substr(text, 1, ?) FROM articles"
                f" WHERE id IN ({marks}) ORDER BY id",
                (characters, *part),
            ):
                yield identity, Article.from_dict({**json.loads(record), "text": text})


def _asked(story: str, within: Within, labelled: float, most: int) -> dict[str, object]:
    return {
        "story": story,
        "labelled": labelled,
        "seen": within.last.seen,
        "id": within.last.id,
        "decided": within.labels[0],
        "key": within.labels[1],
        "most": most,
    }
