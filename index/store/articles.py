"""The read side of the corpus: articles, their versions and verdicts; every change is numbered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from index.article import Article, Verdict, isoformat, parse_iso
from index.capture import ArchiveRef, Capture
from index.store.counts import count_corpus
from index.store.database import connect, database_errors
from index.store.feedtexts import FeedTexts
from index.store.frontier import Frontier
from index.store.hosts import Hosts
from index.store.labels import Label, labelled, read_borderline, read_labels
from index.store.ledger import Ledger
from index.store.lists import Lists
from index.store.rechecks import Rechecks
from index.store.standings import Removal, Standing, Version, standings
from index.store.tags import (
    NOTHING_WRITTEN,
    Remarks,
    count_tags,
    read_noted,
    read_remarks,
    read_tagged,
)
from index.store.tombstones import Tombstones

ID_LENGTH = 5
_COLUMNS = "id, revision, kept, family, first_seen, versions, capture, text, record"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the store holds it; `kept` is False when no story keeps it, not even as a mention."""

    id: str
    revision: int
    article: Article
    family: str
    verdicts: tuple[Verdict, ...]
    kept: bool
    first_seen: datetime
    versions: int
    archive: ArchiveRef | None
    aliases: tuple[str, ...]
    removals: tuple[Removal, ...] = ()
    remarks: Remarks = NOTHING_WRITTEN

    @property
    def removal(self) -> Removal | None:
        """Since when and why the article is gone from its address; None when it is there."""
        return next((one for one in self.removals if one.ended is None), None)

    def as_it_stood(self, standing: Standing) -> StoredArticle:
        """The article with that version, the number of versions until it, and what was gone then."""
        return replace(
            self,
            article=standing.version.article,
            archive=standing.version.archive,
            versions=standing.version.number,
            removals=(replace(standing.removal, ended=None),) if standing.removal else (),
        )

    @property
    def outcome(self) -> str:
        """What it came to, as a code of the ledger."""
        best = max(self.verdicts, key=lambda verdict: verdict.score, default=None)
        if self.stories and self.article.withheld:
            return self.article.withheld
        return "kept" if self.kept else best.decision if best else "no-story"

    @property
    def stories(self) -> tuple[str, ...]:
        """The stories that it is coverage of."""
        return tuple(verdict.story for verdict in self.verdicts if verdict.covers)

    @property
    def mentions(self) -> tuple[str, ...]:
        """The stories that it only mentions."""
        return tuple(verdict.story for verdict in self.verdicts if verdict.decision == "mention")


class ArticleStore:
    """The corpus, opened for reading; a context manager. `StoreWriter` adds the write side."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self.ledger = Ledger(connection)
        self.frontier = Frontier(connection)
        self.lists = Lists(connection)
        self.rechecks = Rechecks(connection)
        self.hosts = Hosts(connection)
        self.tombstones = Tombstones(connection)
        self.feed_texts = FeedTexts(connection)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `data/pressclip.db`, also on a read-only disk; raises `StorageError` children."""
        return cls(path, connect(path, readonly=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; SQLite folds the WAL into the file when it is the last one."""
        self.connection.close()

    def revision(self) -> int:
        """The number of the newest change; 0 for an empty store."""
        (newest,) = self.connection.execute("SELECT newest FROM revision").fetchone()
        return int(newest)

    def identity(self) -> str:
        """A name given to this database when it was made; a rebuilt one has another."""
        (name,) = self.connection.execute("SELECT name FROM identity").fetchone()
        return str(name)

    def changes(self, after: int, *, limit: int = 500) -> list[StoredArticle]:
        """What changed after a revision, oldest change first; what is not kept has left the corpus."""
        with database_errors(self.path):
            return self._load("revision > ? ORDER BY revision LIMIT ?", (after, limit))

    def get(self, ids: Iterable[str]) -> dict[str, StoredArticle]:
        """Articles by id; unknown ids are left out."""
        wanted = list(ids)
        found: dict[str, StoredArticle] = {}
        with database_errors(self.path):
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                found.update((item.id, item) for item in self._load(f"id IN ({marks})", part))
        return found

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """The newest texts by id."""
        marks = ",".join("?" * len(ids))
        with database_errors(self.path):
            return dict(
                self.connection.execute(f"SELECT id, text FROM articles WHERE id IN ({marks})", ids)
            )

    def find(self, name: str, *keys: str) -> list[str]:
        """The ids that a full id, the beginning of one, or a URL (or its identity keys) means."""
        with database_errors(self.path):
            exact = self.connection.execute("SELECT id FROM articles WHERE id = ?", (name,))
            if exact.fetchone():
                return [name]
            if "/" in name or keys:
                return self._find_url([name, *keys])
            if not name:
                return []
            rows = self.connection.execute(
                "SELECT id FROM articles WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT 20",
                (len(name), name),
            )
            return [row[0] for row in rows]

    def labels(self, story: str) -> dict[str, Label]:
        """What was decided by hand for a story, by article id."""
        with database_errors(self.path):
            return read_labels(self.connection, story)

    def borderline_ids(self, story: str) -> list[str]:
        """The ids of the articles on which a person should decide for a story."""
        with database_errors(self.path):
            return read_borderline(self.connection, story)

    def families(self, ids: Sequence[str]) -> dict[str, str]:
        """The family of each article, by id; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        with database_errors(self.path):
            return dict(
                self.connection.execute(
                    f"SELECT id, family FROM articles WHERE id IN ({marks})", ids
                )
            )

    def tagged_ids(self, tags: Iterable[str]) -> list[str]:
        """The ids of the articles that a person gave one of the tags."""
        with database_errors(self.path):
            return read_tagged(self.connection, tags)

    def noted_ids(self) -> list[str]:
        """The ids of the articles on which a person wrote a note."""
        with database_errors(self.path):
            return read_noted(self.connection)

    def tags(self) -> Mapping[str, int]:
        """Every tag with the number of its articles in the corpus."""
        with database_errors(self.path):
            return count_tags(self.connection)

    def kept_ids(self) -> list[str]:
        """The ids of the corpus, in order of first sight."""
        rows = self.connection.execute("SELECT id FROM articles WHERE kept ORDER BY first_seen, id")
        return [row[0] for row in rows]

    def all_ids(self) -> list[str]:
        """The ids of every article read, off-story ones too."""
        return [row[0] for row in self.connection.execute("SELECT id FROM articles ORDER BY id")]

    def family_sizes(self) -> dict[str, int]:
        """Members by family that are coverage of a story."""
        return dict(
            self.connection.execute(
                "SELECT family, count(*) FROM articles WHERE kept = 1 GROUP BY 1"
            )
        )

    def versions(self, article: str) -> list[Version]:
        """Every version of an article, oldest first."""
        rows = self.connection.execute(
            "SELECT seen, record, capture FROM versions WHERE article = ? ORDER BY seen", (article,)
        ).fetchall()
        refs = self._refs([row[2] for row in rows])
        return [
            Version(
                number=number,
                seen=time_of(row[0]),
                article=Article.from_dict(json.loads(row[1])),
                archive=refs.get(row[2]),
            )
            for number, row in enumerate(rows, start=1)
        ]

    def standings(self, stored: StoredArticle) -> list[Standing]:
        """What stood at an article's address, from its publication to this day."""
        if stored.versions > 1:
            versions = self.versions(stored.id)
        else:
            seen, archive = stored.article.fetched, stored.archive
            versions = [Version(number=1, seen=seen, article=stored.article, archive=archive)]
        return standings(versions, stored.removals, stored.first_seen)

    def archived_ends(self) -> dict[str, int]:
        """For each archive file, the end of the last capture that the store knows."""
        return dict(
            self.connection.execute('SELECT file, max("offset" + length) FROM captures GROUP BY 1')
        )

    def undecided(self) -> list[tuple[int, ArchiveRef]]:
        """Captures that were archived but not decided when a run ended: their numbers and places."""
        rows = self.connection.execute(
            'SELECT id, file, "offset", length, digest FROM captures WHERE outcome IS NULL ORDER BY id'
        )
        return [
            (row[0], ArchiveRef(file=row[1], offset=row[2], length=row[3], digest=row[4]))
            for row in rows
        ]

    def page_beside(self, capture: int) -> tuple[int, ArchiveRef] | None:
        """The capture of the page that a capture completes: its number and place; None for none."""
        row = self.connection.execute(
            'SELECT page.id, page.file, page."offset", page.length, page.digest FROM captures'
            " JOIN captures AS page ON page.id = captures.beside WHERE captures.id = ?",
            (capture,),
        ).fetchone()
        if row is None:
            return None
        return row[0], ArchiveRef(file=row[1], offset=row[2], length=row[3], digest=row[4])

    def companions(self, page: int, *, until: int) -> list[tuple[int, ArchiveRef]]:
        """The captures that complete a page's capture, in the order they came, up to number `until`."""
        rows = self.connection.execute(
            'SELECT id, file, "offset", length, digest FROM captures'
            " WHERE beside = ? AND id <= ? ORDER BY id",
            (page, until),
        )
        return [
            (row[0], ArchiveRef(file=row[1], offset=row[2], length=row[3], digest=row[4]))
            for row in rows
        ]

    def holds(self, url: str, fetched: datetime, digest: str) -> bool:
        """Whether this very capture is in the archive already."""
        row = self.connection.execute(
            "SELECT 1 FROM captures WHERE url = ? AND fetched = ? AND digest = ?",
            (url, isoformat(fetched), digest),
        ).fetchone()
        return row is not None

    def article_of_body(self, key: str, capture: Capture) -> str | None:
        """The article at a URL's identity whose newest text came in the very bytes of a capture."""
        row = self.connection.execute(
            "SELECT articles.id FROM aliases JOIN articles ON articles.id = aliases.article"
            " JOIN captures ON captures.id = articles.capture"
            " WHERE aliases.key = ? AND captures.digest = ? AND captures.status = ?",
            (key, capture.ref.digest if capture.ref else "", capture.status),
        ).fetchone()
        return str(row[0]) if row else None

    def article_of_capture(self, ref: ArchiveRef) -> Article | None:
        """The article as it was read from the capture at a place in the archive; None if none was."""
        with database_errors(self.path):
            row = self.connection.execute(
                "SELECT versions.record FROM captures JOIN versions USING (article)"
                ' WHERE file = ? AND "offset" = ? AND seen <= fetched ORDER BY seen DESC LIMIT 1',
                (ref.file, ref.offset),
            ).fetchone()
        return Article.from_dict(json.loads(row[0])) if row else None

    def counts(self) -> dict[str, int]:
        """Captures, articles read and kept, texts, mentions: see `count_corpus`."""
        return count_corpus(self.connection)

    def _load(self, where: str, values: Sequence[Any]) -> list[StoredArticle]:
        rows = self.connection.execute(
            f"SELECT {_COLUMNS} FROM articles WHERE {where}", values
        ).fetchall()
        refs = self._refs([row[6] for row in rows])
        ids = [row[0] for row in rows]
        verdicts, aliases = self._verdicts(ids), self._aliases(ids)
        removals, remarks = self._removals(ids), read_remarks(self.connection, ids)
        return [
            StoredArticle(
                id=row[0],
                revision=row[1],
                kept=bool(row[2]),
                family=row[3],
                first_seen=time_of(row[4]),
                versions=row[5],
                archive=refs.get(row[6]),
                article=self._with_places(
                    Article.from_dict({**json.loads(row[8]), "text": row[7]}), row[6]
                ),
                verdicts=tuple(verdicts.get(row[0], ())),
                aliases=tuple(aliases.get(row[0], ())),
                removals=tuple(removals.get(row[0], ())),
                remarks=remarks.get(row[0], NOTHING_WRITTEN),
            )
            for row in rows
        ]

    def _with_places(self, article: Article, capture: int) -> Article:
        """The article with the places in the archive of the pages that it was joined from."""
        if not article.parts:
            return article
        rows = self.connection.execute(
            'SELECT url, file, "offset", length, digest FROM captures WHERE beside = ? ORDER BY id',
            (capture,),
        )
        places = {
            row[0]: ArchiveRef(file=row[1], offset=row[2], length=row[3], digest=row[4])
            for row in rows
        }
        parts = tuple(replace(part, archive=places.get(part.url)) for part in article.parts)
        return replace(article, parts=parts)

    def _refs(self, captures: Sequence[int]) -> dict[int, ArchiveRef]:
        marks = ",".join("?" * len(captures))
        rows = self.connection.execute(
            f'SELECT id, file, "offset", length, digest FROM captures WHERE id IN ({marks})',
            captures,
        )
        return {
            row[0]: ArchiveRef(file=row[1], offset=row[2], length=row[3], digest=row[4])
            for row in rows
        }

    def _verdicts(self, ids: Sequence[str]) -> dict[str, list[Verdict]]:
        marks = ",".join("?" * len(ids))
        found: dict[str, list[Verdict]] = {}
        for article, story, decision, score, reasons, alone, note in self.connection.execute(
            "SELECT article, story, decision, score, reasons, alone, note FROM decisions"
            f" WHERE article IN ({marks}) ORDER BY story",
            ids,
        ):
            verdict = Verdict(
                story=story,
                decision=decision,
                score=score,
                reasons=tuple(json.loads(reasons)),
                alone=alone,
            )
            found.setdefault(article, []).append(labelled(verdict, note))
        return found

    def _aliases(self, ids: Sequence[str]) -> dict[str, list[str]]:
        marks = ",".join("?" * len(ids))
        found: dict[str, list[str]] = {}
        for article, url in self.connection.execute(
            f"SELECT article, url FROM aliases WHERE article IN ({marks}) ORDER BY url", ids
        ):
            found.setdefault(article, []).append(url)
        return found

    def _removals(self, ids: Sequence[str]) -> dict[str, list[Removal]]:
        marks = ",".join("?" * len(ids))
        found: dict[str, list[Removal]] = {}
        # Of the sightings in one absence the first tells when and why; so SQLite's min() has it.
        for article, seen, code, ended in self.connection.execute(
            "SELECT article, min(seen), code, ended FROM removals"
            f" WHERE article IN ({marks}) GROUP BY article, ended ORDER BY 2",
            ids,
        ):
            removal = Removal(seen=time_of(seen), code=code, ended=parse_iso(ended))
            found.setdefault(article, []).append(removal)
        return found

    def _find_url(self, keys: Sequence[str]) -> list[str]:
        marks = ",".join("?" * len(keys))
        rows = self.connection.execute(
            f"SELECT DISTINCT article FROM aliases WHERE key IN ({marks}) OR url IN ({marks})",
            (*keys, *keys),
        )
        return sorted(row[0] for row in rows)


def time_of(text: str) -> datetime:
    """A time of the store as a moment; raises `TypeError` for an empty one."""
    moment = parse_iso(text)
    if moment is None:
        raise TypeError("the store holds a time here")
    return moment
