"""The articles of the store, off-story ones too; every change of one is numbered.

What writes them is loaded by the methods that write, which a search does not call.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from index.article import Article, Verdict, isoformat, parse_iso
from index.capture import Capture
from index.store.aliases import find_articles
from index.store.database import Connection, database_errors
from index.store.stored import StoredArticle, load_articles

if TYPE_CHECKING:
    from index.families.fingerprint import Fingerprint
    from index.store.recording import Recorded

_PART = 500

_SIGHTINGS = """
WITH kept_ones AS (
    SELECT id, outlet, published FROM articles WHERE kept AND (:story = '' OR EXISTS (
        SELECT 1 FROM decisions WHERE article = articles.id AND story = :story
        AND decision IN ('on-story', 'mention', 'borderline')))
)
SELECT kept_ones.outlet, kept_ones.published, group_concat(said, ' ') FROM kept_ones LEFT JOIN (
    SELECT article, channels AS said FROM aliases JOIN frontier USING (key)
    UNION ALL SELECT article, channel FROM captures WHERE article IS NOT NULL
) ON article = kept_ones.id GROUP BY kept_ones.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A kept article as its channels met it: whose it is, when it was published, who named it."""

    outlet: str
    published: datetime | None
    channels: frozenset[str]


class Articles:
    """Reads and writes articles on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, ids: Iterable[str]) -> dict[str, StoredArticle]:
        """Articles by id; unknown ids are left out."""
        wanted = list(ids)
        found: dict[str, StoredArticle] = {}
        for start in range(0, len(wanted), _PART):
            part = wanted[start : start + _PART]
            marks = ",".join("?" * len(part))
            for item in load_articles(self._connection, f"id IN ({marks})", part):
                found[item.id] = item
        return found

    def changes(self, after: int, *, limit: int = 500) -> list[StoredArticle]:
        """What changed after a revision, oldest change first; what is not kept has left the corpus."""
        return load_articles(
            self._connection, "revision > ? ORDER BY revision LIMIT ?", (after, limit)
        )

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """The newest texts by id."""
        marks = ",".join("?" * len(ids))
        return dict(
            self._connection.rows(f"SELECT id, text FROM articles WHERE id IN ({marks})", ids)
        )

    def find(self, name: str, *keys: str) -> list[str]:
        """The ids that a full id, the beginning of one, or a URL (or its identity keys) means."""
        with database_errors(self._connection.path):
            if self._connection.rows("SELECT id FROM articles WHERE id = ?", (name,)):
                return [name]
            if "/" in name or keys:
                return find_articles(self._connection, [name, *keys])
            if not name:
                return []
            return self._ids("substr(id, 1, ?) = ? ORDER BY id LIMIT 20", len(name), name)

    def with_body(self, key: str, capture: Capture) -> str | None:
        """The article at a URL's identity whose newest text came in the very bytes of a capture."""
        row = self._connection.execute(
            "SELECT articles.id FROM aliases JOIN articles ON articles.id = aliases.article"
            " JOIN captures ON captures.id = articles.capture"
            " WHERE aliases.key = ? AND captures.digest = ? AND captures.status = ?",
            (key, capture.ref.digest if capture.ref else "", capture.status),
        ).fetchone()
        return str(row[0]) if row else None

    def kept_ids(self) -> list[str]:
        """The ids of the corpus, in order of first sight."""
        return self._ids("kept ORDER BY first_seen, id")

    def count_kept(self) -> int:
        """How many articles the corpus has."""
        ((number,),) = self._connection.rows("SELECT count(*) FROM articles WHERE kept")
        return int(number)

    def all_ids(self) -> list[str]:
        """The ids of every article read, off-story ones too."""
        return self._ids("TRUE ORDER BY id")

    def changed_ids(self, after: int) -> list[str]:
        """The ids of what changed after a revision, and of the rest of their families."""
        return self._ids(
            "revision > ?1 OR family IN (SELECT family FROM articles WHERE revision > ?1)"
            " ORDER BY id",
            after,
        )

    def count_first_seen(self, since: datetime) -> dict[str, dict[date, int]]:
        """By outlet, how many articles were seen first on each day (UTC) from a moment on."""
        found: dict[str, dict[date, int]] = defaultdict(dict)
        for outlet, day, number in self._connection.rows(
            "SELECT outlet, substr(first_seen, 1, 10), count(*) FROM articles"
            " WHERE first_seen >= ? GROUP BY 1, 2",
            (isoformat(since),),
        ):
            found[outlet][date.fromisoformat(day)] = number
        return found

    def count_coverage(self) -> dict[str, int]:
        """By outlet, how many articles the corpus keeps as coverage of a story."""
        return dict(
            self._connection.rows(
                "SELECT outlet, count(*) FROM articles WHERE kept = 1 GROUP BY outlet"
            )
        )

    def sightings(self, story: str = "") -> Mapping[str, Sequence[frozenset[str]]]:
        """By outlet, the channels through which each kept article was met; of one story if given."""
        found: dict[str, list[frozenset[str]]] = defaultdict(list)
        for one in self.sighted(story):
            found[one.outlet].append(one.channels)
        return found

    def sighted(self, story: str = "") -> list[Sighting]:
        """Each kept article with the channels through which it was met; of one story if given."""
        return [
            Sighting(
                outlet=outlet,
                published=parse_iso(published),
                channels=frozenset((channels or "").split()),
            )
            for outlet, published, channels in self._connection.rows(_SIGHTINGS, {"story": story})
        ]

    def record(
        self,
        article: Article,
        *,
        key: str,
        capture: int,
        verdicts: Sequence[Verdict],
        fingerprint: Fingerprint,
        aliases: Sequence[tuple[str, str]] = (),
        wanted: str = "",
    ) -> Recorded:
        """Put an article read from a capture into the store: new, a new version, or nothing new.

        `key` is the identity of its URL, `aliases` are (key, URL) of its other addresses. An earlier
        capture arriving late becomes an earlier version; the newest stays the article's text. A new
        article gets the id `wanted` if that is free: people have written it down.
        """
        from index.store.recording import record_article

        with self._connection.transaction():
            return record_article(
                self._connection,
                article,
                key=key,
                capture=capture,
                verdicts=verdicts,
                fingerprint=fingerprint,
                aliases=aliases,
                wanted=wanted,
            )

    def rewrite(self, identity: str, article: Article) -> None:
        """Let an article be known by another reading of its newest version."""
        from index.store.recording import rewrite_article

        with self._connection.transaction():
            rewrite_article(self._connection, identity, article)

    def titles(self, outlet: str, among: Collection[str] | None = None) -> list[tuple[str, str]]:
        """(id, title) of an outlet's articles: of every one, or of those whose ids are given."""
        if among is None:
            return self._connection.rows(
                "SELECT id, title FROM articles WHERE outlet = ? ORDER BY id", (outlet,)
            )
        return self._connection.rows(
            "SELECT id, title FROM articles"
            " WHERE outlet = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (outlet, json.dumps(sorted(among))),
        )

    def doubt(self, outlet: str, beginning: str, doubted: Mapping[str, str]) -> None:
        """Let `witnesses.kind` of an outlet's articles say what is doubtful of them, by id, and of no others.

        `beginning` is that of all such words; what else the witness says stays.
        """
        place = "$.witnesses.kind"
        with self._connection.transaction():
            marked = dict(
                self._connection.rows(
                    f"SELECT id, record ->> '{place}' FROM articles WHERE outlet = ?"
                    f" AND substr(record ->> '{place}', 1, ?) = ?",
                    (outlet, len(beginning), beginning),
                )
            )
            for identity in sorted(marked.keys() - doubted.keys()):
                self._connection.execute(
                    f"UPDATE articles SET record = json_remove(record, '{place}') WHERE id = ?",
                    (identity,),
                )
            for identity, words in doubted.items():
                self._connection.execute(
                    f"UPDATE articles SET record = json_set(record, '{place}', ?) WHERE id = ?"
                    f" AND (record ->> '{place}' IS NULL OR id IN (SELECT value FROM json_each(?)))",
                    (words, identity, json.dumps(sorted(marked))),
                )

    def retitle(self, identity: str, title: str) -> None:
        """Let an article be known by another reading of its title, in its newest version too."""
        from index.store.recording import retitle_article

        with self._connection.transaction():
            retitle_article(self._connection, identity, title)

    def withhold_expired(self, now: datetime) -> list[str]:
        """Take out of the corpus the articles whose pages asked to be gone by now; return their ids."""
        from index.store.keeping import regroup
        from index.store.revisions import touch

        with self._connection.transaction():
            rows = self._connection.rows(
                "UPDATE articles SET kept = 0, record = json_set(record, '$.withheld', 'expired')"
                " WHERE record ->> 'unavailable_after' <= ? AND record ->> 'withheld' = ''"
                " RETURNING id",
                (isoformat(now),),
            )
            gone = [row[0] for row in rows]
            touch(self._connection, gone)
            for identity in gone:
                regroup(self._connection, identity)
        return gone

    def remove(self, identity: str) -> None:
        """Take an article with its versions and verdicts out of the store, and out of its family.

        Its captures stay, as nobody's. No revision tells of it: the index sees by its ids what is gone.
        """
        from index.store.folding import remove_article

        with self._connection.transaction():
            remove_article(self._connection, identity)

    def fold(self, key: str, parts: Sequence[tuple[str, str]], *, wanted: str = "") -> None:
        """Make one article of those known at an address and at those of its further pages.

        What was read from such a page alone is not a version of the whole. `parts` are the (key, URL) of
        the pages; the id `wanted` stays if it is one of the articles', or else the one of the address.
        """
        from index.store.folding import fold_articles

        with self._connection.transaction():
            fold_articles(self._connection, key, parts, wanted)

    def merge(self, stays: str, others: Sequence[str], key: str, url: str) -> None:
        """Make one article of several that are one, known at `url` by the identity `key`.

        Versions and labels stay, the newest text counts. Without others it has another address only.
        """
        from index.store.folding import merge_articles

        with self._connection.transaction():
            merge_articles(self._connection, stays, others, key, url)

    def _ids(self, where: str, *values: str | int) -> list[str]:
        rows = self._connection.rows(f"SELECT id FROM articles WHERE {where}", values)
        return [row[0] for row in rows]
