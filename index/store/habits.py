"""What pages show of their outlets' habits, and what was learned of each outlet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from index.article import isoformat
from index.habits.values import Habits, Traits
from index.store.database import Connection
from index.store.moments import time_of


class HabitsOfOutlets:
    """Reads and writes traits and habits on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(
        self, article: str, outlet: str, fetched: datetime, traits: Traits, digest: int
    ) -> None:
        """Keep what an article's page showed, unless a newer capture of it is known.

        `digest` is a hash of its text's words, of 64 bits with a sign.
        """
        told = json.dumps(traits.to_dict(), ensure_ascii=False)
        self._connection.execute(
            "INSERT INTO traits (article, outlet, fetched, digest, traits) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (article) DO UPDATE SET outlet = excluded.outlet, digest = excluded.digest,"
            " fetched = excluded.fetched, traits = excluded.traits WHERE fetched <= excluded.fetched",
            (article, outlet, isoformat(fetched), digest, told),
        )

    def same_texts(self, outlet: str, least: int) -> list[list[str]]:
        """The articles of an outlet that have the very same words, where they are `least` or more."""
        rows = self._connection.rows(
            "SELECT group_concat(article, ' ') FROM traits WHERE outlet = ? GROUP BY digest"
            " HAVING count(*) >= ?",
            (outlet, least),
        )
        return [sorted(row[0].split()) for row in rows]

    def traits(self, outlet: str, limit: int) -> list[tuple[datetime, Traits]]:
        """What the newest `limit` pages of an outlet showed, oldest first, each with its fetch."""
        rows = self._connection.rows(
            "SELECT fetched, traits FROM traits WHERE outlet = ?"
            " ORDER BY fetched DESC, article DESC LIMIT ?",
            (outlet, limit),
        )
        return [
            (time_of(fetched), Traits.from_dict(json.loads(traits)))
            for fetched, traits in reversed(rows)
        ]

    def learn(self, outlet: str, habits: Habits) -> None:
        """Keep what was learned of an outlet."""
        self._connection.execute(
            "INSERT OR REPLACE INTO habits (outlet, habits) VALUES (?, ?)",
            (outlet, json.dumps(habits.to_dict(), ensure_ascii=False)),
        )

    def of(self, outlet: str) -> Habits:
        """What was learned of an outlet; of an unknown one nothing."""
        rows = self._connection.rows("SELECT habits FROM habits WHERE outlet = ?", (outlet,))
        return Habits.from_dict(json.loads(rows[0][0])) if rows else Habits()

    def all(self) -> Mapping[str, Habits]:
        """What was learned, by outlet."""
        rows = self._connection.rows("SELECT outlet, habits FROM habits ORDER BY outlet")
        return {outlet: Habits.from_dict(json.loads(habits)) for outlet, habits in rows}

    def count_answer(self, outlet: str, about: str, answer: str, at: datetime) -> None:
        """Count how a visit that asked for news only was answered.

        `about` is page, feed, sitemap or section (asked with validators), or lastmod (of a sitemap in an
        index); `answer` is unmodified, same (the very bytes, though they need not have been sent) or changed.
        """
        self._connection.execute(
            "INSERT INTO revisits (outlet, about, answer, number, newest) VALUES (?, ?, ?, 1, ?)"
            " ON CONFLICT (outlet, about, answer) DO UPDATE SET"
            " number = number + 1, newest = max(newest, excluded.newest)",
            (outlet, about, answer, isoformat(at)),
        )

    def answers(self, outlet: str) -> Mapping[str, Mapping[str, int]]:
        """How often visits to an outlet were answered how, by what they were about."""
        found: dict[str, dict[str, int]] = {}
        for about, answer, number in self._connection.rows(
            "SELECT about, answer, number FROM revisits WHERE outlet = ? ORDER BY about, answer",
            (outlet,),
        ):
            found.setdefault(about, {})[answer] = number
        return found
