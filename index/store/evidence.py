"""Evidence: what articles are compared by, and their verdicts but for what labels teach.

Both are made of an article, a story and what was learned of it, so that a label, which changes none of
these, needs no article read again. Whoever reads them leaves out what changed since they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.article import Verdict
from index.store.database import Connection
from index.store.verdicts import verdict_of

_PART = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What an article is compared by: its language, and packed hashes of its terms and spellings.

    The first `titled` and `keyed` of them stand in its headline.
    """

    language: str
    terms: bytes
    titled: int
    keys: bytes
    keyed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A verdict as it is stored, the draft it was made of (JSON), and what its article is compared by."""

    article: str
    draft: str
    verdict: Verdict
    compared: Compared


class Evidence:
    """Reads and writes evidence on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self,
        compared: Iterable[tuple[str, Compared]],
        drafts: Iterable[tuple[str, str, str | None]],
    ) -> None:
        """Note evidence by article, and drafts by article and story; None where no label has a say."""
        with self._connection.transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO compared (article, language, terms, titled, keys, keyed)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (name, one.language, one.terms, one.titled, one.keys, one.keyed)
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
            " language, terms, titled, keys, keyed"
            " FROM drafts JOIN compared USING (article) JOIN verdicts USING (article, story)"
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
                "SELECT article, language, terms, titled, keys, keyed FROM compared"
                f" WHERE article IN ({marks})",
                part,
            ):
                found[row[0]] = _compared(row[1:])
        return found

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


def _compared(row: Sequence[object]) -> Compared:
    language, terms, titled, keys, keyed = row
    return Compared(language=language, terms=terms, titled=titled, keys=keys, keyed=keyed)  # type: ignore[arg-type]
