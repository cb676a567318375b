"""Evidence: what articles are compared by, and their verdicts but for what labels teach.

Both are made of an article, a story and what was learned of it, so that a label, which changes none of
these, needs no article read again. Whoever reads them leaves out what changed since they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.article import Decision, Verdict
from index.store.database import Connection
from index.store.verdicts import verdict_of

_PART = 500
_PART_OF_ALL = 2_000
_COMPARED = "language, brief, undated, terms, titled, keys, keyed, quotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What an article is compared by, as packed hashes.

    Of its terms and its spellings that travel the first `titled` and `keyed` are in its headline;
    `quotes` are its quotations, `words` the stems of all its words, in captions too. `brief` is
    whether there is no text beside headline and lead, `undated` whether its day is not known.
    """

    language: str
    brief: bool
    undated: bool
    terms: bytes
    titled: int
    keys: bytes
    keyed: int
    quotes: bytes
    words: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A verdict as it is stored, the draft it was made of (JSON), and what its article is compared by."""

    article: str
    draft: str
    verdict: Verdict
    compared: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An article and its verdict as it is stored, the reasons as JSON, and what it is compared by."""

    article: str
    decision: Decision
    score: float
    reasons: str
    alone: float
    compared: Compared


class Evidence:
    """Reads and writes evidence on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self,
        compared: Iterable[tuple[str, Compared]],
        drafts: Iterable[tuple[str, str, str | None]] = (),
    ) -> None:
        """Note evidence by article, and drafts by article and story; None if no label has a say."""
        with self._connection.transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO compared (article, language, brief, undated, terms, titled,"
                " keys, keyed, quotes, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        name,
                        one.language,
                        one.brief,
                        one.undated,
                        one.terms,
                        one.titled,
                        one.keys,
                        one.keyed,
                        one.quotes,
                        one.words,
                    )
                    for name, one in compared
                ],
            )
            kept, gone = [], []
            for article, story, draft in drafts:
                if draft is None:
                    gone.append((article, story))
                else:
                    kept.append((article, story, draft))
            self._connection.executemany("DELETE FROM drafts WHERE article = ? AND story = ?", gone)
            self._connection.executemany(
                "INSERT OR REPLACE INTO drafts (article, story, draft) VALUES (?, ?, ?)", kept
            )

    def drafted(self, story: str) -> Iterator[list[Drafted]]:
        """All drafts of a story with the verdicts made of them, in parts, by article."""
        last = ""
        while rows := self._connection.rows(
            "SELECT drafts.article, draft, decision, score, reasons, alone,"
            f" {_COMPARED} FROM drafts JOIN compared USING (article) JOIN verdicts USING (article, story)"
            " WHERE story = ? AND drafts.article > ? ORDER BY drafts.article LIMIT ?",
            (story, last, _PART),
        ):
            last = rows[-1][0]
            yield [
                Drafted(
                    article=row[0],
                    draft=row[1],
                    verdict=verdict_of(story, *row[2:6]),
                    compared=_compared(row[6:]),
                )
                for row in rows
            ]

    def compared(self, ids: Sequence[str]) -> dict[str, Compared]:
        """What articles are compared by, as far as that is known."""
        found: dict[str, Compared] = {}
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            for row in self._connection.rows(
                f"SELECT article, {_COMPARED} FROM compared WHERE article IN ({marks})",
                part,
            ):
                found[row[0]] = _compared(row[1:])
        return found

    def unlike(self, story: str) -> Iterator[list[Judged]]:
        """All articles of a story without a draft, with their verdicts, in parts, by article."""
        last = ""
        while rows := self._connection.rows(
            f"SELECT verdicts.article, decision, score, reasons, alone, {_COMPARED}"
            " FROM verdicts JOIN compared USING (article)"
            " WHERE story = ?1 AND verdicts.article > ?2 AND NOT EXISTS ("
            "  SELECT 1 FROM drafts WHERE drafts.story = ?1 AND drafts.article = verdicts.article)"
            " ORDER BY verdicts.article LIMIT ?3",
            (story, last, _PART_OF_ALL),
        ):
            last = rows[-1][0]
            yield [
                Judged(
                    article=row[0],
                    decision=row[1],
                    score=row[2],
                    reasons=row[3],
                    alone=row[4],
                    compared=_compared(row[5:]),
                )
                for row in rows
            ]

    def words(self) -> Iterator[list[tuple[str, str, bytes]]]:
        """The words of all articles as packed hashes, in parts, each with its id and language."""
        last = ""
        while rows := self._connection.rows(
            "SELECT article, language, words FROM compared WHERE article > ?"
            " ORDER BY article LIMIT ?",
            (last, _PART_OF_ALL),
        ):
            last = rows[-1][0]
            yield rows

    def drafted_ids(self, story: str) -> set[str]:
        """The ids of the articles of a story that have a draft."""
        rows = self._connection.rows("SELECT article FROM drafts WHERE story = ?", (story,))
        return {row[0] for row in rows}

    def unknown(self) -> set[str]:
        """The ids of articles of which it is not known what they are compared by."""
        rows = self._connection.rows(
            "SELECT id FROM articles WHERE NOT EXISTS ("
            " SELECT 1 FROM compared WHERE compared.article = articles.id)"
        )
        return {row[0] for row in rows}

    def drafts(self, story: str, ids: Sequence[str]) -> dict[str, str]:
        """The drafts of some articles of a story, as far as there are any."""
        found: dict[str, str] = {}
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            found |= self._connection.rows(
                f"SELECT article, draft FROM drafts WHERE story = ? AND article IN ({marks})",
                (story, *part),
            )
        return found


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]


def _compared(row: Sequence[Any]) -> Compared:
    language, brief, undated, terms, titled, keys, keyed, quotes = row
    return Compared(
        language=language,
        brief=bool(brief),
        undated=bool(undated),
        terms=terms,
        titled=titled,
        keys=keys,
        keyed=keyed,
        quotes=quotes,
    )
