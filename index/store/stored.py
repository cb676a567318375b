"""An article as the store holds it, put together from its tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from index.article import Article, Verdict
from index.capture import ArchiveRef
from index.store.aliases import read_aliases
from index.store.captures import read_refs, read_related_refs
from index.store.database import Connection, database_errors
from index.store.decisions import read_decisions
from index.store.moments import time_of
from index.store.removals import read_removals
from index.store.saves import Save, read_copies
from index.store.standings import Removal, Standing
from index.store.tags import NOTHING_WRITTEN, Remarks, read_remarks

_COLUMNS = "id, revision, kept, family, first_seen, versions, capture, text, record"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the store holds it; `kept` is False when no story keeps it, not even as a mention.

    `saved` is the copy that a public archive made because we asked for it.
    """

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
    saved: Save | None = None

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


def load_articles(
    connection: Connection, where: str, values: Sequence[Any] = ()
) -> list[StoredArticle]:
    """The articles that a condition on their table names; raises `StorageError` children."""
    with database_errors(connection.path):
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM articles WHERE {where}", values
        ).fetchall()
        refs = read_refs(connection, [row[6] for row in rows])
        ids = [row[0] for row in rows]
        verdicts, aliases = read_decisions(connection, ids), read_aliases(connection, ids)
        removals, remarks = read_removals(connection, ids), read_remarks(connection, ids)
        saved = read_copies(connection, ids)
        return [
            StoredArticle(
                id=row[0],
                revision=row[1],
                kept=bool(row[2]),
                family=row[3],
                first_seen=time_of(row[4]),
                versions=row[5],
                archive=refs.get(row[6]),
                article=_with_places(
                    connection, Article.from_dict({**json.loads(row[8]), "text": row[7]}), row[6]
                ),
                verdicts=tuple(verdicts.get(row[0], ())),
                aliases=tuple(aliases.get(row[0], ())),
                removals=tuple(removals.get(row[0], ())),
                remarks=remarks.get(row[0], NOTHING_WRITTEN),
                saved=saved.get(row[0]),
            )
            for row in rows
        ]


def load_article(connection: Connection, identity: str) -> StoredArticle:
    """One article; raises `KeyError` for an unknown id."""
    found = load_articles(connection, "id = ?", [identity])
    if not found:
        raise KeyError(identity)
    return found[0]


def _with_places(connection: Connection, article: Article, capture: int) -> Article:
    """The article with the places in the archive of the pages that it was joined from."""
    if not article.parts:
        return article
    places = read_related_refs(connection, capture)
    parts = tuple(replace(part, archive=places.get(part.url)) for part in article.parts)
    return replace(article, parts=parts)
