"""Evaluations: what each story's verdicts were made with when they were last brought up to date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from index.store.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a story's verdicts were made with.

    `digest` is of the story's file, `revision` the store's number then, `mark` and `profile` (JSON)
    what was learned from, and what.
    """

    digest: str = ""
    revision: int = 0
    mark: str = ""
    profile: str | None = None


class Evaluations:
    """Reads and writes evaluations on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, Evaluation]:
        """The last evaluation of every story that had one, by story."""
        rows = self._connection.rows(
            "SELECT story, digest, revision, learned, profile FROM judgings"
        )
        return {
            row[0]: Evaluation(digest=row[1], revision=row[2], mark=row[3], profile=row[4])
            for row in rows
        }

    def note(self, evaluations: Mapping[str, Evaluation]) -> None:
        """Store evaluations by story, in place of earlier ones."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO judgings (story, digest, revision, learned, profile)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                (story, one.digest, one.revision, one.mark, one.profile)
                for story, one in evaluations.items()
            ],
        )

    def begin(self, stories: Collection[str]) -> None:
        """Forget what the verdicts of some stories were made with, as long as they are made again.

        After a kill they are made again from the beginning.
        """
        with self._connection.transaction():
            self._connection.executemany(
                "UPDATE judgings SET digest = '', learned = '' WHERE story = ?",
                [(story,) for story in sorted(stories)],
            )

    def reopen(self, revision: int) -> None:
        """Have the next evaluation judge what changed after a revision once more."""
        self._connection.execute(
            "UPDATE judgings SET revision = min(revision, ?)", (max(0, revision),)
        )
