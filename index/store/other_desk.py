"""The database of another desk, read row by row: its captures in their order, what was read of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.article import Article, Verdict
from index.capture import ArchiveRef
from index.errors import OlderStoreError
from index.store.database import connect, database_errors
from index.store.store import Store
from index.store.verdicts import read_verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCapture:
    """A capture of another desk; numbers, outlet and article are as they are called there.

    `fetched` is ISO 8601 in UTC. `outcome` is None if it was archived and never read.
    """

    number: int
    url: str
    fetched: str
    status: int
    outlet: str
    channel: str
    ref: ArchiveRef
    outcome: str | None
    article: str | None
    beside: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReading:
    """What another desk read from a capture: a version of an article, with all that is known of that.

    `version` is the text as it was read. `newest` is the article as that desk knows it, with the text
    as it was read, where the version is the newest; else None. `checked` is when it was looked at last,
    ISO 8601, empty if that was not noted.
    """

    id: str
    key: str
    version: Article
    newest: Article | None
    addresses: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    checked: str


class OtherDesk(Store):
    """A store of another desk, of this format."""

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """One state of the database while inside, whoever writes meanwhile."""
        with database_errors(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def captures_by_time(self) -> Iterator[OtherCapture]:
        """Every capture, in the order of the moments at which they came."""
        with database_errors(self.path):
            rows = self._connection.execute(
                'SELECT id, url, fetched, status, outlet, channel, file, "offset", length, digest,'
                " outcome, article, beside FROM captures ORDER BY fetched, id"
            )
            for row in rows:
                yield OtherCapture(
                    number=row[0], url=row[1], fetched=row[2], status=row[3], outlet=row[4],
                    channel=row[5], outcome=row[10], article=row[11], beside=row[12],
                    ref=ArchiveRef(file=row[6], offset=row[7], length=row[8], digest=row[9]),
                )  # fmt: skip

    def reading(self, capture: int) -> OtherReading | None:
        """What is a version of an article by that capture; None for a capture that gave none."""
        rows = self._connection.rows(
            "SELECT articles.id, articles.key, versions.record, articles.capture, articles.record,"
            " coalesce((SELECT checked FROM rechecks WHERE article = articles.id), '')"
            " FROM captures JOIN versions ON versions.article = captures.article"
            " AND versions.capture = captures.id JOIN articles ON articles.id = versions.article"
            " WHERE captures.id = ? ORDER BY seen DESC LIMIT 1",
            (capture,),
        )
        if not rows:
            return None
        ((identity, key, version, newest, record, checked),) = rows
        as_read = Article.from_dict(json.loads(version))
        return OtherReading(
            id=identity,
            key=key,
            version=as_read,
            newest=_untidied(json.loads(record), as_read) if newest == capture else None,
            addresses=tuple(
                self._connection.rows(
                    "SELECT key, url FROM aliases WHERE article = ? ORDER BY key", (identity,)
                )
            ),
            claims=tuple(
                row[0]
                for row in self._connection.rows(
                    "SELECT key FROM claims WHERE article = ? ORDER BY key", (identity,)
                )
            ),
            verdicts=tuple(read_verdicts(self._connection, [identity]).get(identity, {}).values()),
            checked=checked if newest == capture else "",
        )

    def outlets(self) -> list[str]:
        """The ids of the outlets that any row names."""
        rows = self._connection.rows(
            "SELECT outlet FROM captures UNION SELECT outlet FROM frontier UNION"
            " SELECT outlet FROM ledger UNION SELECT outlet FROM lists UNION"
            " SELECT outlet FROM articles UNION SELECT outlet FROM revisits ORDER BY 1"
        )
        return [row[0] for row in rows]

    def outlets_with_traits(self) -> list[str]:
        """The outlets whose pages have shown habits."""
        return [row[0] for row in self._connection.rows("SELECT DISTINCT outlet FROM traits")]

    def newest_start(self) -> str:
        """When the last run started by that machine's clock, ISO 8601 in UTC; empty before the first."""
        ((started,),) = self._connection.rows("SELECT coalesce(max(started), '') FROM runs")
        return str(started)

    def has_rewrites(self) -> bool:
        """Whether a `forget` was killed there before it was done."""
        return bool(self._connection.rows("SELECT 1 FROM rewrites LIMIT 1"))


@contextlib.contextmanager
def open_other(database: Path, scratch: Path) -> Iterator[OtherDesk]:
    """The database of another desk; one of an older format is brought to this one in a copy in `scratch`.

    That desk's own file is never written. Raises `StoreError` for one that is missing, damaged or of a
    newer format, and the other children of `StorageError`.
    """
    with contextlib.ExitStack() as stack:
        try:
            desk = OtherDesk.open(database)
        except OlderStoreError:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix=".merge-", dir=scratch)))
            desk = OtherDesk.open(_brought_up(database, folder))
        stack.enter_context(desk)
        stack.enter_context(desk.snapshot())
        yield desk


def _brought_up(database: Path, folder: Path) -> Path:
    import sqlite3

    copy = folder / database.name
    with (
        database_errors(copy),
        contextlib.closing(
            sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        ) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    connect(copy).close()
    return copy


def _untidied(record: dict[str, Any], version: Article) -> Article:
    """The article with the text of its version, boilerplate and all: what is boilerplate is learned again."""
    known = Article.from_dict({**record, "text": version.text})
    return replace(known, zones=version.zones, parts=version.parts, boilerplate=())
