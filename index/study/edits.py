"""Edits as data: one row for each change of an article after it was published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from index.versions.history import ChangeKind, changes

if TYPE_CHECKING:
    from index.capture import ArchiveRef
    from index.corpus import Corpus
    from index.query import Node
    from index.store import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRow:
    """One change: of which article, from which version to which, what stood before and after.

    `seen_before` is when the older text was last known to stand, that is when its version was seen,
    `seen` when the newer one was; `silent` says that none of this edit was announced. `paragraph`
    counts from 0, None for what is of no paragraph.
    """

    article: str
    outlet: str
    title: str
    url: str
    kind: ChangeKind
    before: str
    after: str
    paragraph: int | None
    version_before: int
    version: int
    seen_before: datetime
    seen: datetime
    updated: datetime | None
    silent: bool
    archive_before: ArchiveRef | None
    archive: ArchiveRef | None


def list_edits(identity: str, versions: Sequence[Version]) -> Iterator[EditRow]:
    """The changes from each version of an article to the next, in order."""
    for old, new in pairwise(versions):
        found = changes(old.article, new.article)
        silent = any(one.kind == "silent" for one in found)
        for one in found:
            if one.kind != "silent":
                yield EditRow(
                    article=identity,
                    outlet=new.article.outlet,
                    title=new.article.title,
                    url=new.article.url,
                    kind=one.kind,
                    before=one.before,
                    after=one.after,
                    paragraph=one.paragraph,
                    version_before=old.number,
                    version=new.number,
                    seen_before=old.seen,
                    seen=new.seen,
                    updated=new.article.updated,
                    silent=silent,
                    archive_before=old.archive,
                    archive=new.archive,
                )


def read_edits(corpus: Corpus, tree: Node) -> Iterator[EditRow]:
    """The changes of every matching article that was edited, article by article, the oldest first.

    As of a moment only the versions until then. Raises as `Corpus.match`.
    """
    from index.query import And, Filter

    edited = corpus.match(And((tree, Filter("is", ("edited",)))))
    for hit in edited.top(sort="oldest", fold=False):
        versions = corpus.store.versions.of(hit.id)
        if isinstance(corpus.when, datetime):
            versions = [one for one in versions if one.seen <= corpus.when]
        yield from list_edits(hit.id, versions)
