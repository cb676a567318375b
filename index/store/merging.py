"""Rows of another desk taken into this one: its captures one by one, what hangs on nothing by whole tables.

Each rule gives the same result however often it is applied, so a merge that was killed is simply run
again. Of two rows that differ the newer one counts, or what both say is kept.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.store.database import Connection
from index.store.keeping import regroup
from index.store.ledger import order_by_decision
from index.store.moments import time_of
from index.store.other_desk import OtherCapture, OtherDesk
from index.store.remarks import take_remarks
from index.store.removals import Removals
from index.store.revisions import newest_revision, touch


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCapture:
    """What is known here of a capture of another desk."""

    number: int
    outcome: str | None
    article: str | None


# Tables in which a row tells how something was when it was last looked at: by table the key, and the
# column by which one of two rows is the newer.
_NEWEST = {
    "lists": ("url", "coalesce({}.fetched, '')"),
    "robots": ("origin", "{}.fetched"),
    "reservations": ("origin", "{}.fetched"),
    "hosts": ("site", "{}.retry_at"),
    "asked": ("story, source, key", "{}.at"),
    "sources": ("source", "coalesce({}.asked, '')"),
    "imports": ("url, scope", "{}.at"),
    "revisits": ("outlet, about, answer", "{}.number"),  # a count only grows
    "copies": ("key, captured, address, start", "({}.outcome <> '')"),
}
# The same of an article's rows, whose ids differ.
_NEWEST_OF_ARTICLE = {
    "traits": "{}.fetched",
    "saves": "CASE {}.outcome WHEN 'saved' THEN 2 WHEN 'asked' THEN 1 ELSE 0 END",
    "rechecks": "{0}.checked || ({0}.due IS NOT NULL)",  # of one look, the desk's that goes on looking
}
# A capture `shot` of the other desk, known by its address, moment and bytes.
_IS_NEW = """NOT EXISTS (SELECT 1 FROM main.captures AS mine WHERE mine.url = shot.url
    AND mine.fetched = shot.fetched AND mine.digest = shot.digest)"""
_FRONTIER = """
INSERT INTO frontier
    (key, url, outlet, site, score, state, attempts, depth, due, discovered, channels, listing)
SELECT key, url, coalesce(ours, outlet), site, score,
       CASE WHEN state = 'done' OR EXISTS (SELECT 1 FROM main.aliases WHERE aliases.key = other.key)
            THEN 'done' WHEN state = 'taken' THEN 'waiting' ELSE state END,
       iif(state = 'taken', max(attempts - 1, 0), attempts), depth, due, discovered, channels,
       iif(ours IS NULL, listing, json_set(listing, '$.outlet', ours))
FROM other.frontier AS other LEFT JOIN temp.renamed ON renamed.theirs = outlet WHERE TRUE
ON CONFLICT (key) DO UPDATE SET
    state = iif(excluded.state = 'done', 'done', state), score = max(score, excluded.score),
    depth = min(depth, excluded.depth), discovered = min(discovered, excluded.discovered),
    channels = iif(instr(channels, excluded.channels), channels, channels || excluded.channels)
WHERE (excluded.state = 'done' AND state <> 'done') OR excluded.score > score
    OR excluded.depth < depth OR excluded.discovered < discovered
    OR NOT instr(channels, excluded.channels)
"""
# What a server said of one address is not a condition of a request for another one.
_FORGOTTEN_VALIDATORS = """
UPDATE main.rechecks SET etag = '', last_modified = ''
FROM temp.paired JOIN other.articles AS was ON was.id = theirs_id
JOIN main.articles AS mine ON mine.id = ours_id
JOIN other.rechecks AS look ON look.article = theirs_id
WHERE rechecks.article = ours_id AND was.url <> mine.url AND look.checked = rechecks.checked
"""
_LEDGER = """
INSERT INTO main.ledger (run, capture, at, url, key, outlet, channel, outcome, detail)
SELECT (SELECT mine.id FROM other.runs AS run JOIN main.runs AS mine USING (started, command)
        WHERE run.id = other.run),
       (SELECT mine.id FROM other.captures AS shot
        JOIN main.captures AS mine USING (url, fetched, digest) WHERE shot.id = other.capture),
       at, url, key, coalesce(ours, outlet), channel, outcome, detail
FROM other.ledger AS other LEFT JOIN temp.renamed ON renamed.theirs = outlet
WHERE other.id > ? AND NOT EXISTS (
    SELECT 1 FROM main.ledger AS held WHERE held.key = other.key AND held.at = other.at
    AND held.url = other.url AND held.channel = other.channel AND held.outcome = other.outcome
    AND held.detail = other.detail)
ORDER BY other.id
"""


class Merging:
    """Takes the rows of other desks, on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, desk: str, place: str, now: str) -> int:
        """Note that a desk is being merged; the revision that was ours before, by which it goes on.

        `desk` is the identity of its database, `place` its folder.
        """
        (since,) = self._connection.execute(
            "INSERT INTO merges (desk, place, at, since) VALUES (?, ?, ?, ?) ON CONFLICT (desk, place)"
            " DO UPDATE SET at = excluded.at, since = coalesce(since, excluded.since)"
            " RETURNING since",
            (desk, place, now, newest_revision(self._connection)),
        ).fetchone()
        return int(since)

    def is_unfinished(self) -> bool:
        """Whether a merge was killed before it had judged what it had taken."""
        rows = self._connection.rows("SELECT 1 FROM merges WHERE since IS NOT NULL LIMIT 1")
        return bool(rows)

    def finish(self) -> None:
        """All that was taken is judged."""
        self._connection.execute("UPDATE merges SET since = NULL")

    def changed_since(self, revision: int) -> list[str]:
        """The ids of the articles that changed after a revision."""
        rows = self._connection.rows(
            "SELECT id FROM articles WHERE revision > ? ORDER BY id", (revision,)
        )
        return [row[0] for row in rows]

    def held(self, capture: OtherCapture) -> HeldCapture | None:
        """The capture here that has the same address, moment and bytes; None for a new one."""
        rows = self._connection.rows(
            "SELECT id, outcome, article FROM captures WHERE url = ? AND fetched = ? AND digest = ?"
            " ORDER BY article IS NULL, id LIMIT 1",
            (capture.url, capture.fetched, capture.ref.digest),
        )
        return next(
            (HeldCapture(number=row[0], outcome=row[1], article=row[2]) for row in rows), None
        )

    def file(self, capture: OtherCapture, outlet: str, beside: int | None) -> int:
        """Name a capture of another desk, not yet decided; return its number here."""
        ref = capture.ref
        (number,) = self._connection.execute(
            "INSERT INTO captures"
            ' (url, fetched, status, outlet, channel, file, "offset", length, digest, beside)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                capture.url, capture.fetched, capture.status, outlet, capture.channel,
                ref.file, ref.offset, ref.length, ref.digest, beside,
            ),
        ).fetchone()  # fmt: skip
        return int(number)

    def number_of(self, desk: OtherDesk, capture: int) -> int | None:
        """The number here of the capture that has a number there; None for one that is not here."""
        where = desk.captures.identity_of(capture)
        rows = self._connection.rows(
            "SELECT min(id) FROM captures WHERE url = ? AND fetched = ? AND digest = ?", where
        )
        return rows[0][0] if rows else None

    def leave_recheck(self, article: str, checked: str) -> None:
        """Let the other desk's plan for an article count, where ours was made from the same look at it."""
        self._connection.execute(
            "DELETE FROM rechecks WHERE article = ? AND checked <= ?", (article, checked)
        )

    def missing_files(self, desk: OtherDesk) -> list[str]:
        """The files with captures of another desk that are new here, by name."""
        with self._beside(desk, {}):
            rows = self._connection.rows(
                f"SELECT DISTINCT file FROM other.captures AS shot WHERE {_IS_NEW} ORDER BY file"
            )
        return [row[0] for row in rows]

    def count_new(self, desk: OtherDesk) -> tuple[int, int]:
        """How many captures of another desk are new here, and how many articles' addresses."""
        with self._beside(desk, {}):
            ((captures, articles),) = self._connection.rows(
                f"SELECT (SELECT count(*) FROM other.captures AS shot WHERE {_IS_NEW}),"
                " (SELECT count(*) FROM other.articles AS article WHERE NOT EXISTS ("
                "  SELECT 1 FROM main.aliases AS mine WHERE mine.key = article.key))"
            )
        return int(captures), int(articles)

    def take_tombstones(self, desk: OtherDesk, renamed: Mapping[str, str]) -> list[str]:
        """Forget here too what was forgotten there; the ids of articles held here that are meant."""
        with self._beside(desk, renamed), self._connection.transaction():
            self._connection.execute(
                "INSERT OR IGNORE INTO main.tombstones (kind, name, at)"
                " SELECT kind, coalesce(ours, name), at FROM other.tombstones"
                " LEFT JOIN temp.renamed ON kind = 'outlet' AND theirs = name"
            )
            ((any_here,),) = self._connection.rows("SELECT count(*) FROM main.tombstones")
        if not any_here:
            return []
        from index.store.tombstones import Tombstones

        forgotten = Tombstones(self._connection).forgotten()
        rows = self._connection.rows(
            "SELECT articles.id, aliases.key, outlet FROM articles"
            " JOIN aliases ON aliases.article = articles.id ORDER BY 1"
        )
        return sorted({row[0] for row in rows if forgotten(row[1], row[2])})

    def take_runs(self, desk: OtherDesk) -> None:
        """Take the runs of another desk, told apart by when they started and their command."""
        with self._beside(desk, {}), self._connection.transaction():
            self._connection.execute(
                "INSERT INTO main.runs (started, ended, command, exit)"
                " SELECT started, ended, command, exit FROM other.runs AS run WHERE NOT EXISTS ("
                "  SELECT 1 FROM main.runs AS mine WHERE mine.started = run.started"
                "  AND mine.command = run.command) ORDER BY id"
            )

    def take_tables(self, desk: OtherDesk, place: str, renamed: Mapping[str, str]) -> int:
        """Take all rows that hang on no capture, after its captures; how many people's remarks were new."""
        connection = self._connection
        with self._beside(desk, renamed), connection.transaction():
            self._pair_articles()
            for table, (key, worth) in _NEWEST.items():
                self._take_newest(table, key, worth, "other.{} AS other")
            for table, worth in _NEWEST_OF_ARTICLE.items():
                source = "other.{} AS other JOIN temp.paired ON paired.theirs_id = other.article"
                self._take_newest(table, "article", worth, source)
            connection.execute(_FORGOTTEN_VALIDATORS)
            connection.execute(_FRONTIER)
            connection.execute(
                "INSERT INTO main.watched (list, outlet, began, ended)"
                " SELECT list, coalesce(ours, outlet), began, ended FROM other.watched"
                " LEFT JOIN temp.renamed ON theirs = outlet WHERE TRUE"
                " ON CONFLICT (list, began) DO UPDATE SET ended = excluded.ended"
                " WHERE excluded.ended > watched.ended"
            )
            connection.execute(
                "INSERT OR IGNORE INTO main.feed_texts (key, page) SELECT key, page"
                " FROM other.feed_texts WHERE key IN ("
                "  SELECT key FROM main.frontier WHERE state IN ('waiting', 'later'))"
            )
            self._take_first_sights()
            self._take_removals()
            self._take_ledger(desk.identity(), place)
            return take_remarks(connection, desk.identity(), place)

    def take_encodings(self, desk: OtherDesk) -> list[str]:
        """Take what articles mean, where title, text and language here are those that were encoded there.

        Returns the ids of the articles that had no vectors here.
        """
        connection = self._connection
        with self._beside(desk, {}), connection.transaction():
            self._pair_articles()
            rows = connection.rows(
                "INSERT OR IGNORE INTO main.encodings (article, model, title, opening)"
                " SELECT mine.id, model, other.title, opening FROM other.encodings AS other"
                " JOIN temp.paired ON theirs_id = other.article"
                " JOIN other.articles AS was ON was.id = theirs_id"
                " JOIN main.articles AS mine ON mine.id = ours_id"
                " WHERE mine.text = was.text AND mine.title = was.title"
                " AND mine.language IS was.language RETURNING article"
            )
        return [row[0] for row in rows]

    @contextlib.contextmanager
    def _beside(self, desk: OtherDesk, renamed: Mapping[str, str]) -> Iterator[None]:
        """The other database as `other`, and the names of its outlets here in `temp.renamed`."""
        connection = self._connection
        connection.execute("ATTACH ? AS other", (address(desk),))
        try:
            connection.execute("CREATE TEMP TABLE renamed (theirs TEXT PRIMARY KEY, ours TEXT)")
            connection.executemany("INSERT INTO temp.renamed VALUES (?, ?)", renamed.items())
            yield
        finally:
            for table in ("renamed", "paired"):
                connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
            connection.execute("DETACH other")

    def _pair_articles(self) -> None:
        """Which article here has the capture that an article there was last read from."""
        self._connection.execute(
            "CREATE TEMP TABLE paired AS SELECT was.id AS theirs_id, mine.article AS ours_id"
            " FROM other.articles AS was JOIN other.captures AS shot ON shot.id = was.capture"
            " JOIN main.captures AS mine USING (url, fetched, digest) WHERE mine.article IS NOT NULL"
        )
        self._connection.execute("CREATE INDEX temp.paired_theirs ON paired (theirs_id)")

    def _take_newest(self, table: str, key: str, worth: str, source: str) -> None:
        """Take the rows of a table that are not here, and those that are newer than the ones here."""
        names = [row[1] for row in self._connection.rows(f"PRAGMA main.table_info({table})")]
        columns = ", ".join(names)
        chosen = ", ".join(_CHOSEN.get(name, f"other.{name}") for name in names)
        if "outlet" in names:
            source += " LEFT JOIN temp.renamed ON renamed.theirs = other.outlet"
        else:
            source += " LEFT JOIN temp.renamed ON FALSE"
        if key != "article":
            chosen = chosen.replace(_CHOSEN["article"], "other.article")
        renewed = ", ".join(f"{name} = excluded.{name}" for name in names)
        self._connection.execute(
            f"INSERT INTO main.{table} ({columns}) SELECT {chosen} FROM {source.format(table)}"
            f" WHERE TRUE ON CONFLICT ({key}) DO UPDATE SET {renewed}"
            f" WHERE {worth.format('excluded')} > {worth.format(table)}"
        )

    def _take_first_sights(self) -> None:
        """An article that was seen earlier there than here was seen so early."""
        rows = self._connection.rows(
            "UPDATE main.articles SET first_seen = earlier.seen FROM ("
            "  SELECT ours_id, min(first_seen) AS seen FROM temp.paired"
            "  JOIN other.articles AS was ON was.id = theirs_id GROUP BY 1) AS earlier"
            " WHERE articles.id = ours_id AND earlier.seen < articles.first_seen RETURNING id"
        )
        for (identity,) in rows:
            regroup(self._connection, identity)
        touch(self._connection, [row[0] for row in rows])

    def _take_removals(self) -> None:
        removals = Removals(self._connection)
        for article, seen, code in self._connection.rows(
            "SELECT ours_id, seen, code FROM other.removals JOIN temp.paired ON theirs_id = article"
            " WHERE NOT EXISTS (SELECT 1 FROM main.removals AS mine WHERE mine.article = ours_id"
            "  AND mine.seen = removals.seen) ORDER BY seen"
        ):
            removals.note(article, code, time_of(seen))

    def _take_ledger(self, desk: str, place: str) -> None:
        """Append the decisions since the last merge; those of one address then are in the order of time."""
        ((upto,),) = self._connection.rows(
            "SELECT entry FROM merges WHERE desk = ? AND place = ?", (desk, place)
        )
        before = self._connection.rows("SELECT coalesce(max(id), 0) FROM main.ledger")[0][0]
        self._connection.execute(_LEDGER, (upto,))
        order_by_decision(self._connection, before)
        self._connection.execute(
            "UPDATE merges SET entry = (SELECT coalesce(max(id), 0) FROM other.ledger)"
            " WHERE desk = ? AND place = ?",
            (desk, place),
        )


_CHOSEN = {
    "outlet": "coalesce(renamed.ours, other.outlet)",
    "article": "paired.ours_id",
}


def address(desk: OtherDesk) -> str:
    """The address of its file for `ATTACH`; where it cannot be written to, nobody else writes either."""
    path = desk.path.resolve()
    is_shared = os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists()
    return f"{path.as_uri()}?{'mode=ro' if is_shared else 'immutable=1'}"
