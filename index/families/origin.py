"""Who published a family's text first, by the times and by who is credited."""

from __future__ import annotations

from datetime import datetime, timedelta
from sqlite3 import Connection

from index.article import Article

_LENGTHS = {"day": timedelta(days=1), "month": timedelta(days=31)}


def publication(article: Article, first_seen: datetime) -> tuple[int, bool]:
    """The time by which an article was certainly out, in seconds since 1970; whether it gave one.

    A day or a month counts by its end, so that an exact time within it goes before. What was seen
    was out: no time is later than the first sight, and a later one is not believed.
    """
    seen = int(first_seen.timestamp())
    if article.published is None:
        return seen, False
    published = article.published + _LENGTHS.get(article.published_precision, timedelta())
    if article.published > first_seen:
        return seen, False
    return min(int(published.timestamp()), seen), True


def find_origin(connection: Connection, family: int) -> str | None:
    """The article whose text the others carry; None for a family without members.

    The earliest article of an outlet that others in the family credit, when there is one; else the
    earliest of all, which is the first article of the family's own core.
    """
    credited = [_first_of(connection, family, source) for source in _credited(connection, family)]
    found = [first for first in credited if first is not None]
    if found:
        return min(found)[1]
    row = connection.execute(
        "SELECT member FROM family_cores WHERE core = ?1 AND family = ?1", (family,)
    ).fetchone()
    return None if row is None else str(row[0])


def _credited(connection: Connection, family: int) -> list[str]:
    """Who is said to own the text; one seek a source, however many articles credit it."""
    sources: list[str] = []
    last = ""
    while row := connection.execute(
        "SELECT source FROM family_credits WHERE family = ? AND strong = 1 AND source > ?"
        " ORDER BY source LIMIT 1",
        (family, last),
    ).fetchone():
        last = row[0]
        sources.append(last)
    return sources


def _first_of(connection: Connection, family: int, source: str) -> tuple[int, str] | None:
    row = connection.execute(
        "SELECT published, article FROM family_members WHERE family = ? AND source = ?"
        " ORDER BY published, article LIMIT 1",
        (family, source),
    ).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))
