"""Verdicts: what each story's queries and profile say of an article."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Literal

from index.article import Decision, Verdict
from index.store.database import Connection
from index.store.decisions import read_decisions
from index.store.keeping import apply_decisions
from index.store.versions import to_json


class Verdicts:
    """Reads and writes verdicts on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def judge(
        self, identity: str, verdicts: Sequence[Verdict], *, dropped: Sequence[str] = ()
    ) -> bool:
        """Replace what the named stories say of an article; return whether the corpus keeps it.

        The stories in `dropped` say nothing of it any more.
        """
        with self._connection.transaction():
            return write_verdicts(self._connection, identity, verdicts, dropped)

    def score_alone(self, scores: Iterable[tuple[str, str, float]]) -> None:
        """Note for (article, story, score) what the queries alone say.

        Where there is no verdict yet it becomes part of one that keeps nothing.
        """
        with self._connection.transaction():
            self._connection.executemany(
                "INSERT INTO verdicts (article, story, decision, score, reasons, alone)"
                " VALUES (?, ?, 'off-story', 0, '[]', ?)"
                " ON CONFLICT (article, story) DO UPDATE SET alone = excluded.alone"
                " WHERE alone <> excluded.alone",
                scores,
            )

    def say_anew(self, verdicts: Iterable[tuple[str, Verdict]]) -> None:
        """Replace the scores and reasons of verdicts, by article, whose decisions stay as they are."""
        with self._connection.transaction():
            self._connection.executemany(
                "UPDATE verdicts SET score = ?, reasons = ?, alone = ? WHERE article = ? AND story = ?",
                [(v.score, to_json(v.reasons), v.alone, name, v.story) for name, v in verdicts],
            )

    def keep_only(self, stories: Sequence[str]) -> None:
        """Drop the verdicts of all stories but these (a story that was deleted keeps nothing)."""
        marks = ",".join("?" * len(stories))
        with self._connection.transaction():
            self._connection.execute(f"DELETE FROM judgings WHERE story NOT IN ({marks})", stories)
            self._connection.execute(f"DELETE FROM drafts WHERE story NOT IN ({marks})", stories)
            gone: dict[str, list[str]] = {}
            for article, story in self._connection.rows(
                f"SELECT article, story FROM verdicts WHERE story NOT IN ({marks})", stories
            ):
                gone.setdefault(article, []).append(story)
            for identity, dropped in gone.items():
                write_verdicts(self._connection, identity, (), dropped)

    def of_story(self, story: str) -> dict[str, Decision]:
        """What a story's verdicts decide, labels aside, by article."""
        return dict(
            self._connection.rows(
                "SELECT article, decision FROM verdicts WHERE story = ?", (story,)
            )
        )

    def number(self, story: str) -> int:
        """How many articles a story has judged."""
        ((number,),) = self._connection.rows(
            "SELECT count(*) FROM verdicts WHERE story = ?", (story,)
        )
        return int(number)

    def except_off(self, story: str, reasons: str) -> set[str]:
        """The articles that are on a story, or off it for other reasons (JSON) than begin so."""
        rows = self._connection.rows(
            "SELECT article FROM verdicts WHERE story = ?1"
            " AND NOT (decision = 'off-story' AND substr(reasons, 1, length(?2)) = ?2)",
            (story, reasons),
        )
        return {row[0] for row in rows}

    def decided(self, story: str) -> dict[str, Decision]:
        """What counts for a story, labels in force, by article."""
        return dict(
            self._connection.rows(
                "SELECT article, decision FROM decisions WHERE story = ?", (story,)
            )
        )

    def unlabelled(self, story: str) -> list[tuple[str, Decision, float]]:
        """(article, decision, score) of all that a story judged and no person did, by id."""
        return self._connection.rows(
            "SELECT article, decision, score FROM decisions WHERE story = ? AND note IS NULL"
            " ORDER BY article",
            (story,),
        )

    def borderline(self, story: str) -> list[str]:
        """The ids of the articles that neither a story's queries nor a person could decide on."""
        rows = self._connection.rows(
            "SELECT article FROM decisions WHERE story = ? AND decision = 'borderline'"
            " ORDER BY article",
            (story,),
        )
        return [row[0] for row in rows]

    def nearest(
        self, story: str, threshold: float, side: Literal["above", "below"], number: int
    ) -> tuple[tuple[str, float], ...]:
        """(article, score) nearest a threshold, the nearest first; what has a label is left out."""
        where, order = {
            "above": ("decision = 'on-story' AND score >= ?", "ASC"),
            "below": ("decision IN ('borderline', 'off-story') AND score < ?", "DESC"),
        }[side]
        rows = self._connection.rows(
            f"SELECT article, score FROM decisions WHERE story = ? AND {where} AND note IS NULL"
            f" AND score > 0 ORDER BY score {order}, article LIMIT ?",
            (story, threshold, number),
        )
        return tuple((row[0], row[1]) for row in rows)

    def by_language(self, story: str) -> dict[str, dict[Decision, int]]:
        """How many articles of each language each decision of a story has; "" where it is not known."""
        counts: dict[str, dict[Decision, int]] = {}
        for language, decision, number in self._connection.rows(
            "SELECT json_extract(record, '$.language'), decision, count(*) FROM decisions"
            " JOIN articles ON articles.id = decisions.article WHERE story = ? GROUP BY 1, 2"
            " ORDER BY 1, 2",
            (story,),
        ):
            counts.setdefault(language or "", {})[decision] = number
        return counts

    def best_off(self, story: str, number: int) -> list[tuple[str, float, tuple[str, ...]]]:
        """(article, score, reasons) of what is off-story and nearest to it; what has a label is left out.

        First what the `not` query or the length refuses although the story's query is met.
        """
        rows = self._connection.rows(
            "SELECT article, score, reasons, reasons LIKE '[\"the not query%'"
            " OR reasons LIKE '[\"too short%' AS refused FROM decisions"
            " WHERE story = ? AND decision = 'off-story' AND note IS NULL"
            " AND (score > 0 OR refused) ORDER BY refused DESC, score DESC, article LIMIT ?",
            (story, number),
        )
        return [(name, score, tuple(json.loads(reasons))) for name, score, reasons, _ in rows]


def write_verdicts(
    connection: Connection,
    identity: str,
    verdicts: Sequence[Verdict],
    dropped: Sequence[str] = (),
    *,
    regrouped: bool = True,
) -> bool:
    """As `Verdicts.judge`, inside the caller's transaction; `regrouped` as in `apply_decisions`."""
    before = read_decisions(connection, [identity]).get(identity, [])
    connection.executemany(
        "DELETE FROM verdicts WHERE article = ? AND story = ?",
        [(identity, story) for story in dropped],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO verdicts (article, story, decision, score, reasons, alone)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(identity, v.story, v.decision, v.score, to_json(v.reasons), v.alone) for v in verdicts],
    )
    return apply_decisions(connection, identity, before, regrouped=regrouped, by_hand=False)


def read_verdicts(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Verdict]]:
    """The verdicts on articles, labels aside, by article and story."""
    marks = ",".join("?" * len(ids))
    found: dict[str, dict[str, Verdict]] = {}
    for article, story, decision, score, reasons, alone in connection.execute(
        "SELECT article, story, decision, score, reasons, alone FROM verdicts"
        f" WHERE article IN ({marks})",
        ids,
    ):
        found.setdefault(article, {})[story] = verdict_of(story, decision, score, reasons, alone)
    return found


def verdict_of(story: str, decision: Decision, score: float, reasons: str, alone: float) -> Verdict:
    """A verdict of the columns of its row."""
    return Verdict(
        story=story,
        decision=decision,
        score=score,
        reasons=tuple(json.loads(reasons)),
        alone=alone,
    )
