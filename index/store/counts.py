"""How much a database holds, in the numbers that every report on it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from index.article import isoformat, parse_iso
from index.store.database import Connection

_STORIES = """
SELECT story, sum(keeps), count(DISTINCT iif(keeps, family, NULL)),
       count(DISTINCT iif(keeps, outlet, NULL)),
       group_concat(DISTINCT iif(keeps, language, NULL)),
       sum(keeps AND first_seen >= ?), sum(mentioned), sum(NOT keeps AND NOT mentioned),
       max(iif(keeps, published, NULL)), sum(doubtful)
FROM (
    SELECT decisions.story, decision IN ('on-story', 'borderline') AND kept AS keeps,
           decision = 'mention' AND kept AS mentioned,
           decision = 'borderline' AND kept AS doubtful, articles.*
    FROM decisions JOIN articles ON articles.id = article
)
GROUP BY story ORDER BY story
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCount:
    """A story's coverage: articles, distinct texts among them, those first seen in a day.

    `mentions` are articles that only mention it, which no other count holds;
    `borderline` are those among `articles` on which a person has not decided.
    """

    story: str
    articles: int = 0
    texts: int = 0
    outlets: int = 0
    languages: tuple[str, ...] = ()
    recent: int = 0
    mentions: int = 0
    borderline: int = 0
    off_story: int = 0
    newest: datetime | None = None


_LISTED = """
SELECT outlet, day, count(*) FROM (
    SELECT min(ledger.outlet) AS outlet, coalesce(
        max(substr(articles.record ->> 'published', 1, 10)), min(substr(ledger.at, 1, 10))
    ) AS day
    FROM ledger LEFT JOIN aliases USING (key) LEFT JOIN articles ON articles.id = aliases.article
    WHERE ledger.channel IN ('feed', 'sitemap', 'section', 'search', 'feed-text')
    GROUP BY coalesce(articles.id, ledger.key)
) WHERE day BETWEEN ? AND ? GROUP BY outlet, day
"""


class Counts:
    """Counts on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def corpus(self) -> dict[str, int]:
        """Captures, articles read and kept, texts, mentions: see `count_corpus`."""
        return count_corpus(self._connection)

    def listed(self, first: str, last: str) -> dict[str, int]:
        """By outlet, how many pages its own lists named from one day to another (ISO 8601, both in).

        A page counts on the day of its publication where it was read, else on the day on which a list
        first named it; whatever became of it.
        """
        days = self.listed_by_day(first, last)
        return {outlet: sum(counts.values()) for outlet, counts in days.items()}

    def listed_by_day(self, first: str, last: str) -> dict[str, dict[str, int]]:
        """The same day by day."""
        found: dict[str, dict[str, int]] = {}
        for outlet, day, count in self._connection.rows(_LISTED, (first, last)):
            found.setdefault(outlet, {})[day] = count
        return found

    def by_story(self, since: datetime) -> dict[str, StoryCount]:
        """Each story's coverage; `recent` is what was first seen from a moment on."""
        return {
            row[0]: StoryCount(
                story=row[0],
                articles=row[1],
                texts=row[2],
                outlets=row[3],
                languages=tuple(sorted(filter(None, (row[4] or "").split(",")))),
                recent=row[5],
                mentions=row[6],
                off_story=row[7],
                newest=parse_iso(row[8]),
                borderline=row[9],
            )
            for row in self._connection.rows(_STORIES, (isoformat(since),))
        }


def count_corpus(connection: Connection, schema: str = "main") -> dict[str, int]:
    """Captures, articles read, articles of the corpus, distinct texts among them, and mentions.

    What only mentions its story is counted in `read` and `mentions` alone. `schema` is the name of
    an attached database.
    """
    ((captures,),) = connection.rows(f"SELECT count(*) FROM {schema}.captures")
    ((read, articles, texts, mentions),) = connection.rows(
        "SELECT count(*), coalesce(sum(kept = 1), 0), count(DISTINCT iif(kept = 1, family, NULL)),"
        f" coalesce(sum(kept = 2), 0) FROM {schema}.articles"
    )
    return {
        "captures": captures,
        "read": read,
        "articles": articles,
        "texts": texts,
        "mentions": mentions,
    }
