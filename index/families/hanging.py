"""Families: stars, and those that hang on an earlier one because they are an excerpt of it or expand it.

A star hangs on the earliest star whose centre its own is near to, and on none that hangs itself: every
member of a family is like its centre, or like a centre that is.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from sqlite3 import Connection
from typing import Any

from index.families.origin import find_origin

_LEAST_INHERITED = 0.25  # of an expanded text must come from the shorter, earlier one
_READ_PARENTS = 12  # the earliest ones

Near = Callable[[int, int], bool]


class Hanging:
    """Which stars are to be hung again, and what that changes, until `finish` ends it."""

    def __init__(self, connection: Connection, near: Near) -> None:
        self._connection = connection
        self._near = near
        self._loose: set[int] = set()
        self._touched: set[int] = set()  # families that won or lost members
        self._before: dict[str, str] = {}  # the origin that moved articles had

    def add(self, star: int, core: int, first: tuple[int, str], family: int) -> None:
        """Make a star, named after a text; its articles have that family until it is hung."""
        self._rows(
            "INSERT INTO family_stars (star, core, first, member, family) VALUES (?, ?, ?, ?, ?)",
            star,
            core,
            *first,
            family,
        )
        self._loose.add(star)

    def end(self, star: int) -> None:
        """A star has no texts any more."""
        self.loosen(star)
        self._loose.discard(star)
        gone = self._rows("DELETE FROM family_stars WHERE star = ? RETURNING family", star)
        self._touched |= {family for (family,) in gone}

    def set_first(self, star: int, first: tuple[int, str]) -> None:
        """Name the article that a star's centre was first printed as."""
        self._rows(
            "UPDATE family_stars SET first = ?, member = ? WHERE star = ?", first[0], first[1], star
        )
        self.loosen(star)
        self._touched.add(self.family_of(star))

    def loosen(self, star: int) -> None:
        """Have a star, what it could hang on and what hangs on it hung again."""
        self._loose |= {star, *self._tied(star)}

    def _tied(self, star: int) -> set[int]:
        tied = self._rows(
            "SELECT family_texts.star FROM family_parts JOIN family_texts"
            " ON family_texts.text = other WHERE family_parts.star = ?1"
            " UNION SELECT star FROM family_stars WHERE parent = ?1",
            star,
        )
        return {other for (other,) in tied}

    def loosen_tied(self, text: int, star: int) -> None:
        """The same if a text of the star is a part of another, or another of it."""
        if self._rows("SELECT 1 FROM family_parts WHERE text = ? LIMIT 1", text):
            self.loosen(star)

    def family_of(self, star: int) -> int:
        """The family of a star's articles; 0 for none."""
        found = self._rows("SELECT family FROM family_stars WHERE star = ?", star)
        return int(found[0][0]) if found else 0

    def come(self, article: str, family: int) -> None:
        """A family has a new article."""
        self._before.setdefault(article, "")
        self._touched.add(family)

    def leave(self, article: str, family: int) -> None:
        """A family has lost an article."""
        self._touched.add(family)
        self._remember(article, family)

    def move(self, text: int, family: int) -> None:
        """Give the articles of a text another family."""
        where = "text = ?"
        for (old,) in self._rows(f"SELECT family FROM family_members WHERE {where} LIMIT 1", text):
            if old != family:
                self._relabel(old, family, where, text)

    def finish(self) -> dict[str, str]:
        """Hang the loose stars, choose the origins; returns the articles whose origin is another."""
        for star, parent in self._hang():
            family, above = self.family_of(star), parent or star
            if family != above:
                where = "text IN (SELECT text FROM family_texts WHERE star = ?)"
                self._relabel(family, above, where, star)
                self._rows("UPDATE family_stars SET family = ? WHERE star = ?", above, star)
        for family in sorted(self._touched):
            self._choose_origin(family)
        return self._changes()

    def _hang(self) -> list[tuple[int, int | None]]:
        """Hang the loose stars, the earliest first, as a later one may not hang on one that hangs."""
        waiting: list[tuple[int, str, int]] = []
        self._queue(waiting, self._loose)
        hung: dict[int, int | None] = {}
        while waiting:
            *_, star = heappop(waiting)
            if star in hung:
                continue
            ((before,),) = self._rows("SELECT parent FROM family_stars WHERE star = ?", star)
            parent = hung[star] = self._parent(star)
            if parent != before:
                self._rows("UPDATE family_stars SET parent = ? WHERE star = ?", parent, star)
            if (parent is None) is not (before is None):
                self._queue(waiting, self._tied(star) - hung.keys())
        return list(hung.items())

    def _queue(self, waiting: list[tuple[int, str, int]], stars: set[int]) -> None:
        for star in stars:
            for first, member in self._rows(
                "SELECT first, member FROM family_stars WHERE star = ?", star
            ):
                heappush(waiting, (first, member, star))

    def _parent(self, star: int) -> int | None:
        """The earliest star that this one is a part or an expanded form of.

        Both the star and the very text must be earlier: what was taken into a later page is not an
        excerpt of it.
        """
        found = self._rows(
            "SELECT DISTINCT earlier.star, this.member, earlier.member, earlier.first"
            " FROM family_stars AS this"
            " JOIN family_parts AS part ON part.star = this.star"
            " JOIN family_texts ON family_texts.text = part.other"
            " JOIN family_stars AS earlier ON earlier.star = family_texts.star"
            " WHERE this.star = ? AND part.contained >= ? AND earlier.parent IS NULL"
            " AND (earlier.first, earlier.member) < (this.first, this.member)"
            " AND (SELECT min(published) FROM family_members WHERE text = part.other)"
            "  <= (SELECT min(published) FROM family_members WHERE text = part.text)"
            " ORDER BY earlier.first, earlier.member LIMIT ?",
            star,
            _LEAST_INHERITED,
            _READ_PARENTS,
        )
        for earlier, member, centre, _ in found:
            if self._near(self._text_of(member), self._text_of(centre)):
                return int(earlier)
        return None

    def _text_of(self, article: str) -> int:
        ((text,),) = self._rows("SELECT text FROM family_members WHERE article = ?", article)
        return int(text)

    def _relabel(self, old: int, family: int, where: str, value: int) -> None:
        for (article,) in self._rows(f"SELECT article FROM family_members WHERE {where}", value):
            self._remember(article, old)
        self._rows(
            "UPDATE family_credits SET family = ?2 WHERE article IN"
            f" (SELECT article FROM family_members WHERE {where.replace('?', '?1')})",
            value,
            family,
        )
        self._rows(
            f"UPDATE family_members SET family = ?2 WHERE {where.replace('?', '?1')}", value, family
        )
        self._touched |= {old, family}

    def _remember(self, article: str, family: int) -> None:
        """Remember the origin that an article has now, unless one was remembered before."""
        if article not in self._before:
            origins = self._rows("SELECT origin FROM families WHERE family = ?", family)
            self._before[article] = origins[0][0] if origins else ""

    def _choose_origin(self, family: int) -> None:
        old = self._rows("SELECT origin FROM families WHERE family = ?", family)
        origin = find_origin(self._connection, family)
        if old and old[0][0] != origin:
            for (article,) in self._rows(
                "SELECT article FROM family_members WHERE family = ?", family
            ):
                self._remember(article, family)
        if origin is None:
            self._rows("DELETE FROM families WHERE family = ?", family)
        elif not old or old[0][0] != origin:
            self._rows(
                "INSERT OR REPLACE INTO families (family, origin) VALUES (?, ?)", family, origin
            )

    def _changes(self) -> dict[str, str]:
        changes: dict[str, str] = {}
        for article, before in self._before.items():
            row = self._rows(
                "SELECT origin FROM family_members JOIN families USING (family) WHERE article = ?",
                article,
            )
            if row and row[0][0] != before:
                changes[article] = row[0][0]
        return changes

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()
