"""The writer of the corpus: what is read is recorded; what people, pages and time decide is put in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from index.article import Decision, isoformat
from index.families import remove
from index.store.labels import Label, delete_label, follow_aliases, write_label
from index.store.recording import Recorder
from index.store.tags import write_note, write_tags


class StoreWriter(Recorder):
    """The store, opened for writing; one process at a time, which holds the workspace's lock."""

    def label(
        self, article: str, story: str, decision: Decision, *, note: str = "", at: datetime
    ) -> bool:
        """Decide by hand what an article is to a story; return whether the corpus keeps it now.

        `article` is a full id. Raises `UsageError` for a decision that is no label.
        """
        with self.transaction():
            before = self._verdicts([article]).get(article, [])
            write_label(self.connection, article, story, Label(decision=decision, at=at, note=note))
            return self._settle(article, before)

    def unlabel(self, article: str, story: str) -> bool:
        """Take a label back, so that the verdict counts; return whether the corpus keeps it now."""
        with self.transaction():
            before = self._verdicts([article]).get(article, [])
            delete_label(self.connection, article, story)
            return self._settle(article, before)

    def note_removal(self, identity: str, code: str, seen: datetime) -> bool:
        """An article was gone from its address; return whether that tells something new.

        It is kept. What is told of earlier or later times may come in any order; an address that
        failed before the article was first seen tells nothing.
        """
        with self.transaction():
            before = self._removals([identity])
            self.connection.execute(
                "INSERT OR IGNORE INTO removals (article, seen, code, ended)"
                " SELECT id, ?2, ?3, (SELECT min(fetched) FROM captures"
                "  WHERE article = ?1 AND fetched > ?2)"
                " FROM articles WHERE id = ?1 AND first_seen < ?2",
                (identity, isoformat(seen), code),
            )
            return self._touch_if(identity, before)

    def withhold_expired(self, now: datetime) -> list[str]:
        """Take out of the corpus the articles whose pages asked to be gone by now; return their ids."""
        with self.transaction():
            rows = self.connection.execute(
                "UPDATE articles SET kept = 0, record = json_set(record, '$.withheld', 'expired')"
                " WHERE record ->> 'unavailable_after' <= ? AND record ->> 'withheld' = ''"
                " RETURNING id",
                (isoformat(now),),
            ).fetchall()
            gone = [row[0] for row in rows]
            self._touch(gone)
            for identity in gone:
                self._regroup(identity)
        return gone

    def tag(
        self, ids: Sequence[str], *, add: Sequence[str] = (), drop: Sequence[str] = (), at: datetime
    ) -> tuple[int, int]:
        """Put tags on articles and take others off; how many were put, and taken, anew."""
        with self.transaction():
            return write_tags(self.connection, ids, add, drop, at)

    def note(self, ids: Sequence[str], note: str, *, at: datetime) -> None:
        """Write a note on articles in place of an earlier one; an empty one takes it off."""
        with self.transaction():
            write_note(self.connection, ids, note, at)

    def forget_verdicts(self, stories: Sequence[str]) -> None:
        """Drop the verdicts of all stories but these (a story that was deleted keeps nothing)."""
        marks = ",".join("?" * len(stories))
        with self.transaction():
            self.connection.execute(f"DELETE FROM judgings WHERE story NOT IN ({marks})", stories)
            gone: dict[str, list[str]] = {}
            for article, story in self.connection.execute(
                f"SELECT article, story FROM verdicts WHERE story NOT IN ({marks})", stories
            ).fetchall():
                gone.setdefault(article, []).append(story)
            for identity, dropped in gone.items():
                self._judge(identity, (), dropped)

    def remove(self, identity: str) -> None:
        """Take an article with its versions and verdicts out of the store, and out of its family.

        Its captures stay, as nobody's. Nobody who follows the revisions learns of it: give the store
        another name with `rename`.
        """
        with self.transaction():
            self._move(remove(self.connection, identity, text_of=self._text))
            for table, column in self.connection.execute(
                'SELECT tables.name, refs."from" FROM sqlite_schema AS tables,'
                " pragma_foreign_key_list(tables.name) AS refs"
                " WHERE tables.type = 'table' AND refs.\"table\" = 'articles'"
            ).fetchall():
                self.connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (identity,))
            self.connection.execute("DELETE FROM articles WHERE id = ?", (identity,))

    def fold(self, key: str, parts: Sequence[tuple[str, str]], *, wanted: str = "") -> None:
        """Make one article of those known at an address and at those of its further pages.

        What was read from such a page alone is no version of the whole. `parts` are the (key, URL) of
        the pages; the id `wanted` stays if it is one of the articles', else the one of the address.
        """
        own = self._find_url([key])
        known = list(dict.fromkeys([*own, *self._find_url([part for part, _ in parts])]))
        if not known:
            return
        stays = wanted if wanted in known else known[0]
        with self.transaction():
            self._drop_versions(known, [url for _, url in parts])
            if own and stays not in own:
                self.connection.execute(
                    "UPDATE articles SET (capture, text, record) ="
                    " (SELECT capture, text, record FROM articles WHERE id = ?) WHERE id = ?",
                    (own[0], stays),
                )
            for other in known:
                if other != stays:
                    self._give(other, stays)
            self.connection.execute("UPDATE articles SET key = ? WHERE id = ?", (key, stays))
            follow_aliases(self.connection, stays)

    def _drop_versions(self, ids: Sequence[str], urls: Sequence[str]) -> None:
        """Forget what was read of articles from pages of these addresses by themselves."""
        articles, pages = ",".join("?" * len(ids)), ",".join("?" * len(urls))
        self.connection.execute(
            f"DELETE FROM versions WHERE article IN ({articles}) AND capture IN"
            f" (SELECT id FROM captures WHERE url IN ({pages}) AND beside IS NULL)",
            (*ids, *urls),
        )

    def _give(self, other: str, to: str) -> None:
        """Let one article have all that another has, and take that out of the store."""
        was_kept = self._is_kept(other)
        for table in ("aliases", "captures", "versions", "removals"):
            self.connection.execute(
                f"UPDATE OR IGNORE {table} SET article = ? WHERE article = ?", (to, other)
            )
        self.connection.execute(
            "UPDATE articles SET first_seen = min(articles.first_seen, was.first_seen)"
            " FROM articles AS was WHERE was.id = ? AND articles.id = ?",
            (other, to),
        )
        self.remove(other)
        if was_kept:
            self.rename()

    def rename(self) -> None:
        """Give the store another name, so that its index is built anew."""
        self.connection.execute("UPDATE identity SET name = lower(hex(randomblob(8)))")
