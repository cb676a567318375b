"""Who published a family's text first, by the times and by who is credited."""

from __future__ import annotations

from sqlite3 import Connection


def find_origin(connection: Connection, family: int) -> str | None:
    """The article whose text the others carry; None for a family without members.

    The earliest article of an outlet that others in the family credit, when there is one; else the
    earliest of all, which is the first article of the family's own star.
    """
    credited = [_first_of(connection, family, source) for source in _credited(connection, family)]
    found = [first for first in credited if first is not None]
    if found:
        return min(found)[1]
    row = connection.execute(
        "SELECT member FROM family_stars WHERE star = ?1 AND family = ?1", (family,)
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
