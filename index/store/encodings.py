"""Encodings: what headlines and openings mean, as packed vectors, and which articles are translations.

A vector is made once of a text and goes with it: a trigger drops those of an article whose headline,
text or language is another now. Vectors of two encoders cannot be compared: those of another encoder than
`MODEL` are never given, and stay until the article is encoded again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.article import Article
from index.meaning.encoder import MODEL
from index.store.database import Connection
from index.store.samples import FirstSight

_PART = 500
_CHARACTERS = 600  # of a text, for where there is no lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """The packed vectors of an article's headline and opening; empty if it has no words."""

    article: str
    title: bytes
    opening: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article's headline with its packed vector, its language and the article's URL."""

    article: str
    url: str
    title: str
    language: str
    vector: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story's article; `day` is when it was published, or else first seen, as a Julian day."""

    story: str
    article: str
    language: str
    day: float


class Encodings:
    """Reads and writes the encodings of one encoder on the store's connection."""

    def __init__(self, connection: Connection, model: str = MODEL) -> None:
        self._connection = connection
        self._model = model

    def missing(self, languages: Collection[str]) -> list[str]:
        """The ids of articles in some languages that have no vectors."""
        rows = self._connection.rows(
            "SELECT articles.id FROM articles"
            " LEFT JOIN encodings ON encodings.article = articles.id AND encodings.model = ?"
            " WHERE encodings.article IS NULL"
            " AND articles.language IN (SELECT value FROM json_each(?)) ORDER BY articles.id",
            (self._model, json.dumps(sorted(languages))),
        )
        return [row[0] for row in rows]

    def encoded(self) -> frozenset[str]:
        """The ids of all articles that have vectors."""
        rows = self._connection.rows(
            "SELECT article FROM encodings WHERE model = ?", (self._model,)
        )
        return frozenset(row[0] for row in rows)

    def beginnings(self, ids: Sequence[str]) -> list[tuple[str, Article]]:
        """Articles by id, each with the beginning of its text."""
        marks = ",".join("?" * len(ids))
        rows = self._connection.rows(
            f"SELECT id, record, substr(text, 1, ?) FROM articles WHERE id IN ({marks}) ORDER BY id",
            (_CHARACTERS, *ids),
        )
        return [
            (identity, Article.from_dict({**json.loads(record), "text": text}))
            for identity, record, text in rows
        ]

    def put(self, encoded: Iterable[Encoded]) -> None:
        """Store vectors in place of an article's earlier ones, also of those by another encoder.

        Whoever puts them has the articles judged again (`Evaluations.reopen`) and compared (`uncompared`).
        """
        rows = [(one.article, self._model, one.title, one.opening) for one in encoded]
        self._connection.executemany(
            "INSERT OR REPLACE INTO encodings (article, model, title, opening) VALUES (?, ?, ?, ?)",
            rows,
        )

    def oldest(self, ids: Sequence[str]) -> int:
        """The least revision of some articles; 0 for none."""
        least = 0
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            ((found,),) = self._connection.rows(
                f"SELECT min(revision) FROM articles WHERE id IN ({marks})", part
            )
            least = min(filter(None, (least, found)), default=0)
        return least

    def headlines(self, ids: Sequence[str]) -> list[Headline]:
        """The headlines that were encoded, of some articles, each part of 500 in the order of ids."""
        found = []
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            rows = self._connection.rows(
                "SELECT id, url, articles.title, language, encodings.title FROM articles"
                " JOIN encodings ON encodings.article = id"
                f" WHERE id IN ({marks}) AND model = ? AND length(encodings.title) > 0 ORDER BY id",
                (*part, self._model),
            )
            found += [
                Headline(article=row[0], url=row[1], title=row[2], language=row[3], vector=row[4])
                for row in rows
            ]
        return found

    def openings(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The packed vectors of openings, by id; what has none is left out."""
        return {one.article: one.opening for one in self._read(ids) if one.opening}

    def all_openings(self, *, only_kept: bool = True) -> Iterator[tuple[str, bytes]]:
        """Each article's id with the packed vector of its opening, in the order of ids."""
        kept = " JOIN articles ON articles.id = article AND kept" if only_kept else ""
        yield from self._connection.execute(
            f"SELECT article, opening FROM encodings{kept}"
            " WHERE model = ? AND length(opening) > 0 ORDER BY article",
            (self._model,),
        )

    def spoken(self, language: str, *, most: int) -> list[str]:
        """The ids of the newest articles in a language, encoded or not."""
        rows = self._connection.rows(
            "SELECT id FROM articles WHERE language = ? ORDER BY first_seen DESC, id LIMIT ?",
            (language, most),
        )
        return [row[0] for row in rows]

    def count(self, until: FirstSight | None = None) -> int:
        """How many articles have vectors, of those first seen up to one if that is given."""
        if until is None:
            ((number,),) = self._connection.rows(
                "SELECT count(*) FROM encodings WHERE model = ?", (self._model,)
            )
        else:
            ((number,),) = self._connection.rows(
                "SELECT count(*) FROM encodings JOIN articles ON articles.id = encodings.article"
                " WHERE (articles.first_seen, articles.id) <= (?, ?) AND model = ?",
                (until.seen, until.id, self._model),
            )
        return int(number)

    def uncompared(self) -> list[str]:
        """The ids of coverage that was encoded and whose translations were not looked for yet."""
        rows = self._connection.rows(
            "SELECT article FROM encodings JOIN articles ON articles.id = article AND kept = 1"
            " WHERE NOT compared AND model = ? AND length(opening) > 0 ORDER BY article",
            (self._model,),
        )
        return [row[0] for row in rows]

    def coverage(self) -> list[Told]:
        """What was encoded of every story, oldest first; what is on two stories stands here twice."""
        rows = self._connection.rows(
            "SELECT story, articles.id, language,"
            " julianday(coalesce(articles.published, first_seen)) AS day FROM encodings"
            " JOIN articles ON articles.id = encodings.article AND kept = 1"
            " JOIN verdicts ON verdicts.article = articles.id"
            " AND verdicts.decision IN ('on-story', 'borderline')"
            " WHERE model = ? AND length(opening) > 0 AND day IS NOT NULL ORDER BY day, articles.id",
            (self._model,),
        )
        return [
            Told(story=story, article=name, language=language, day=day)
            for story, name, language, day in rows
        ]

    def note_compared(self, article: str, found: Iterable[tuple[str, float]]) -> None:
        """Note that an article's translations were looked for, and those found with their shares."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO translations (article, other, share) VALUES (?, ?, ?)",
            [(*sorted((article, other)), share) for other, share in found],
        )
        self._connection.execute("UPDATE encodings SET compared = 1 WHERE article = ?", (article,))

    def translations(self, ids: Collection[str]) -> dict[str, float]:
        """The articles that are translations of one of these, with the share of paragraphs in common."""
        named = json.dumps(sorted(ids))
        rows = self._connection.rows(
            "SELECT other, share FROM translations"
            " WHERE article IN (SELECT value FROM json_each(?1))"
            " UNION ALL SELECT article, share FROM translations"
            " WHERE other IN (SELECT value FROM json_each(?1)) ORDER BY 2",
            (named,),
        )
        return {name: share for name, share in rows if name not in ids}

    def seeds(self, texts: Collection[str]) -> dict[str, bytes]:
        """The packed vectors of headlines in story files, by headline; those that have one."""
        rows = self._connection.rows(
            "SELECT text, vector FROM encoded_seeds"
            " WHERE text IN (SELECT value FROM json_each(?)) AND model = ? ORDER BY text",
            (json.dumps(sorted(texts), ensure_ascii=False), self._model),
        )
        return dict(rows)

    def put_seeds(self, vectors: Iterable[tuple[str, bytes]]) -> None:
        """Store the vectors of headlines in story files."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO encoded_seeds (text, model, vector) VALUES (?, ?, ?)",
            [(text, self._model, vector) for text, vector in vectors],
        )

    def _read(self, ids: Sequence[str]) -> Iterator[Encoded]:
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            for article, title, opening in self._connection.rows(
                f"SELECT article, title, opening FROM encodings WHERE article IN ({marks}) AND model = ?",
                (*part, self._model),
            ):
                yield Encoded(article=article, title=title, opening=opening)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
