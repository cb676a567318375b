"""What a corpus holds, counted: by story, by outlet, and how far the work has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from index.article import isoformat, parse_iso
from index.store import Frontier, Ledger, ListPage, Lists, Run
from index.store.database import connect, database_errors

RECENT = timedelta(days=1)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletCount:
    """What became of an outlet's URLs: the newest decision on each, by its code."""

    outlet: str
    articles: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The counts of a whole workspace; `failing` are list pages whose last visit brought nothing.

    `boilerplate` are the paragraphs known to stand on many pages of an outlet, which texts lack.
    """

    captures: int = 0
    read: int = 0
    articles: int = 0
    texts: int = 0
    mentions: int = 0
    waiting: int = 0
    boilerplate: int = 0
    revision: int = 0
    stories: Mapping[str, StoryCount] = field(default_factory=dict)
    outlets: tuple[OutletCount, ...] = ()
    runs: tuple[Run, ...] = ()
    failing: tuple[ListPage, ...] = ()


def take_census(database: Path, *, now: datetime, runs: int = 1) -> Census:
    """Count a corpus without changing it; an absent one counts nothing.

    Raises `StoreError` for a damaged database or one of a newer format.
    """
    if not database.exists():
        return Census()
    with closing(connect(database, readonly=True)) as connection, database_errors(database):
        frontier = Frontier(connection)
        captures, read, articles, texts, mentions, revision = connection.execute(_TOTALS).fetchone()
        return Census(
            captures=captures,
            read=read,
            articles=articles,
            texts=texts,
            mentions=mentions,
            revision=revision,
            waiting=frontier.waiting(),
            boilerplate=_count_boilerplate(connection),
            stories=_count_stories(connection, now - RECENT),
            outlets=_count_outlets(connection),
            runs=tuple(Ledger(connection).runs(runs)),
            failing=tuple(page for page in Lists(connection).all().values() if page.failures),
        )


_TOTALS = """
SELECT (SELECT count(*) FROM captures), count(*), coalesce(sum(kept = 1), 0),
       count(DISTINCT iif(kept = 1, family, NULL)), coalesce(sum(kept = 2), 0), (SELECT newest FROM revision)
FROM articles
"""

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

_OUTCOMES = """
SELECT outlet, outcome, count(*), max(at)
FROM (SELECT outlet, outcome, at, max(id) FROM ledger GROUP BY key)
GROUP BY outlet, outcome ORDER BY outlet, outcome
"""


def _count_boilerplate(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM boilerplate").fetchone()
    return int(count)


def _count_stories(connection: sqlite3.Connection, since: datetime) -> dict[str, StoryCount]:
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
        for row in connection.execute(_STORIES, (isoformat(since),))
    }


def _count_outlets(connection: sqlite3.Connection) -> tuple[OutletCount, ...]:
    kept = dict(
        connection.execute("SELECT outlet, count(*) FROM articles WHERE kept = 1 GROUP BY outlet")
    )
    outcomes: dict[str, dict[str, int]] = {outlet: {} for outlet in kept}
    last: dict[str, str] = {}
    for outlet, outcome, number, moment in connection.execute(_OUTCOMES):
        outcomes.setdefault(outlet, {})[outcome] = number
        last[outlet] = max(last.get(outlet, ""), moment)
    return tuple(
        OutletCount(
            outlet=outlet,
            articles=kept.get(outlet, 0),
            outcomes=outcomes[outlet],
            last=parse_iso(last.get(outlet)),
        )
        for outlet in sorted(outcomes)
    )
