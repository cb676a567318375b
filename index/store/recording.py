"""What was read goes into the store: captures, articles, versions, verdicts, families."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from index.article import Article, Verdict, isoformat
from index.capture import Capture
from index.families import leave, place
from index.families.fingerprint import Fingerprint
from index.families.fingerprint import fingerprint as fingerprint_of
from index.store.articles import ArticleStore
from index.store.database import connect, database_errors
from index.store.labels import follow_aliases
from index.versions.history import is_new_version

ID_LENGTH = 5
_WISHES = ("robots", "unavailable_after", "tdm_reserved", "tdm_policy", "withheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What recording an article came to."""

    id: str
    change: Literal["new", "edited", "unchanged"]
    kept: bool


class Recorder(ArticleStore):
    """The store, opened to record what was read; its tables are made when it is new."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `data/pressclip.db` for writing; raises `StorageError` children."""
        return cls(path, connect(path))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another belongs to the outer one."""
        if self.connection.in_transaction:
            yield
            return
        with database_errors(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def add_capture(self, capture: Capture, *, outlet: str, beside: str = "") -> int:
        """Name an archived capture, not yet decided; return its number (the old one if it is known).

        `beside` is the address of the page that it completes: the newest capture of that is meant.
        """
        ref = capture.ref
        if ref is None:
            raise ValueError("archive first, then store")
        with self.transaction():
            self.connection.execute(
                "INSERT INTO captures"
                ' (url, fetched, status, outlet, channel, file, "offset", length, digest, beside)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
                " (SELECT max(id) FROM captures WHERE url = ? AND beside IS NULL))"
                ' ON CONFLICT (file, "offset") DO NOTHING',
                (
                    capture.url,
                    isoformat(capture.fetched),
                    capture.status,
                    outlet,
                    capture.listing.channel,
                    ref.file,
                    ref.offset,
                    ref.length,
                    ref.digest,
                    beside or None,
                ),
            )
            (number,) = self.connection.execute(
                'SELECT id FROM captures WHERE file = ? AND "offset" = ?', (ref.file, ref.offset)
            ).fetchone()
        return int(number)

    def decide(self, capture: int, outcome: str, article: str | None = None) -> None:
        """Note what became of a capture."""
        self.connection.execute(
            "UPDATE captures SET outcome = ?, article = ? WHERE id = ?", (outcome, article, capture)
        )

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
        with self.transaction():
            known = self._find_url([key, *(alias for alias, _ in aliases)])
            first_seen, was_kept = "", False
            if not known:
                identity = self._insert(article, key, capture, wanted)
                change: Literal["new", "edited", "unchanged"] = "new"
            else:
                identity = known[0]
                first_seen, was_kept = self._first_seen(identity), self._is_kept(identity)
                change = self._update(identity, article, capture)
            self._add_aliases(identity, [(key, article.url), *aliases])
            follow_aliases(self.connection, identity)
            self.note_presence(identity, article.fetched)
            kept = self._judge(identity, verdicts, regroup=False)
            if change != "unchanged" and self._is_newest(identity, capture):
                self._regroup(identity, fingerprint)
            elif kept != was_kept or self._first_seen(identity) != first_seen:
                self._regroup(identity)
        return Recorded(id=identity, change=change, kept=kept)

    def rewrite(self, identity: str, article: Article) -> None:
        """Let an article be known by another reading of its newest version."""
        with self.transaction():
            self.connection.execute(
                "UPDATE articles SET text = ?, record = ? WHERE id = ?",
                (article.text, _record(article), identity),
            )
            self._touch([identity])

    def judge(
        self, identity: str, verdicts: Sequence[Verdict], *, dropped: Sequence[str] = ()
    ) -> bool:
        """Replace what the named stories say of an article; return whether the corpus keeps it.

        The stories in `dropped` say nothing of it any more.
        """
        with self.transaction():
            return self._judge(identity, verdicts, dropped)

    def score_alone(self, scores: Iterable[tuple[str, str, float]]) -> None:
        """Note for (article, story, score) what the queries alone say.

        Where there is no verdict yet it becomes part of one that keeps nothing.
        """
        with self.transaction():
            self.connection.executemany(
                "INSERT INTO verdicts (article, story, decision, score, reasons, alone)"
                " VALUES (?, ?, 'off-story', 0, '[]', ?)"
                " ON CONFLICT (article, story) DO UPDATE SET alone = excluded.alone"
                " WHERE alone <> excluded.alone",
                scores,
            )

    def note_presence(self, identity: str, seen: datetime) -> bool:
        """An article was at its address; return whether that ends an absence."""
        with self.transaction():
            before = self._removals([identity])
            self.connection.execute(
                "UPDATE removals SET ended = ?2"
                " WHERE article = ?1 AND seen < ?2 AND (ended IS NULL OR ended > ?2)",
                (identity, isoformat(seen)),
            )
            return self._touch_if(identity, before)

    def _touch_if(self, identity: str, before: object) -> bool:
        changed = self._removals([identity]) != before
        if changed:
            self._touch([identity])
        return changed

    def _insert(self, article: Article, key: str, capture: int, wanted: str) -> str:
        identity = self._new_id(key, wanted)
        seen = isoformat(article.fetched)
        self.connection.execute(
            "INSERT INTO articles"
            " (id, key, revision, kept, family, first_seen, versions, capture, text, record)"
            " VALUES (?, ?, ?, 0, ?, ?, 1, ?, ?, ?)",
            (
                identity,
                key,
                self._next_revision(),
                identity,
                seen,
                capture,
                article.text,
                _record(article),
            ),
        )
        self._add_version(identity, article, capture)
        return identity

    def _update(
        self, identity: str, article: Article, capture: int
    ) -> Literal["edited", "unchanged"]:
        seen = isoformat(article.fetched)
        before = self._neighbour(identity, "seen <= ?", "DESC", seen)
        after = self._neighbour(identity, "seen > ?", "ASC", seen)
        self.connection.execute(
            "UPDATE articles SET first_seen = min(first_seen, ?) WHERE id = ?", (seen, identity)
        )
        near = [one for one in (before, after) if one is not None]
        is_read_again = self._is_version(identity, capture)
        if not is_read_again and not all(is_new_version(one, article) for one in near):
            if after is None:
                self._follow_wishes(identity, article)
            return "unchanged"
        self._add_version(identity, article, capture)
        if after is None:
            self.connection.execute(
                "UPDATE articles SET capture = ?, text = ?, record = ? WHERE id = ?",
                (capture, article.text, _record(article), identity),
            )
        self.connection.execute(
            "UPDATE articles SET versions = (SELECT count(*) FROM versions WHERE article = ?1)"
            " WHERE id = ?1",
            (identity,),
        )
        self._touch([identity])
        return "edited"

    def _is_version(self, identity: str, capture: int) -> bool:
        """Whether the article has a version from that capture: it was read again with what completes it."""
        row = self.connection.execute(
            "SELECT 1 FROM versions WHERE article = ? AND capture = ?", (identity, capture)
        ).fetchone()
        return row is not None

    def _is_newest(self, identity: str, capture: int) -> bool:
        row = self.connection.execute(
            "SELECT 1 FROM articles WHERE id = ? AND capture = ?", (identity, capture)
        ).fetchone()
        return row is not None

    def _neighbour(self, identity: str, where: str, order: str, seen: str | None) -> Article | None:
        row = self.connection.execute(
            f"SELECT record FROM versions WHERE article = ? AND {where} ORDER BY seen {order} LIMIT 1",
            (identity, seen),
        ).fetchone()
        return Article.from_dict(json.loads(row[0])) if row else None

    def _add_version(self, identity: str, article: Article, capture: int) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO versions (article, seen, capture, record) VALUES (?, ?, ?, ?)",
            (identity, isoformat(article.fetched), capture, _json(_stored(article))),
        )

    def _add_aliases(self, identity: str, aliases: Sequence[tuple[str, str]]) -> None:
        self.connection.executemany(
            "INSERT INTO aliases (key, url, article) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
            [(key, url, identity) for key, url in aliases],
        )

    def _regroup(self, identity: str, made: Fingerprint | None = None) -> None:
        """Have an article in a family exactly while the corpus keeps it.

        One that no story keeps is nobody's origin; its paragraphs still tell what boilerplate is.
        `made` is its fingerprint, made anew where it is not at hand.
        """
        stored = self._load("id = ?", [identity])[0]
        counted = made or fingerprint_of(stored.article)
        if stored.kept:
            moved = place(
                self.connection,
                identity,
                stored.article,
                counted,
                first_seen=stored.first_seen,
                text_of=self._text,
            )
        else:
            moved = leave(
                self.connection, identity, stored.article.outlet, counted, text_of=self._text
            )
            if stored.family != identity:
                moved = {**moved, identity: identity}
        self._move(moved)

    def _first_seen(self, identity: str) -> str:
        row = self.connection.execute("SELECT first_seen FROM articles WHERE id = ?", (identity,))
        return str(row.fetchone()[0])

    def _is_kept(self, identity: str) -> bool:
        row = self.connection.execute("SELECT kept FROM articles WHERE id = ?", (identity,))
        return bool(row.fetchone()[0])

    def _move(self, moved: Mapping[str, str]) -> None:
        """Note the families of articles, by id."""
        self.connection.executemany(
            "UPDATE articles SET family = ? WHERE id = ?",
            [(family, member) for member, family in moved.items()],
        )
        self._touch(moved)

    def _text(self, identity: str) -> str:
        """The newest text of an article as it was read, boilerplate and all."""
        row = self.connection.execute(
            "SELECT record ->> 'text' FROM versions WHERE article = ? ORDER BY seen DESC LIMIT 1",
            (identity,),
        ).fetchone()
        return str(row[0]) if row else ""

    def _judge(
        self,
        identity: str,
        verdicts: Sequence[Verdict],
        dropped: Sequence[str] = (),
        *,
        regroup: bool = True,
    ) -> bool:
        before = self._verdicts([identity]).get(identity, [])
        self.connection.executemany(
            "DELETE FROM verdicts WHERE article = ? AND story = ?",
            [(identity, story) for story in dropped],
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO verdicts (article, story, decision, score, reasons, alone)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(identity, v.story, v.decision, v.score, _json(v.reasons), v.alone) for v in verdicts],
        )
        return self._settle(identity, before, regroup=regroup)

    def _settle(self, identity: str, before: Sequence[Verdict], *, regroup: bool = True) -> bool:
        """Put in force what verdicts and labels say now, if that differs from before."""
        was_kept = self._is_kept(identity)
        after = self._verdicts([identity]).get(identity, [])
        is_coverage = any(verdict.covers for verdict in after)
        kept = 1 if is_coverage else 2 if any(verdict.kept for verdict in after) else 0
        if kept and self._is_withheld(identity):
            kept = 0
        changed = self.connection.execute(
            "UPDATE articles SET kept = ?1 WHERE id = ?2 AND kept <> ?1", (kept, identity)
        ).rowcount
        if changed or after != before:
            self._touch([identity])
        if regroup and bool(kept) != was_kept:
            self._regroup(identity)
        return bool(kept)

    def _is_withheld(self, identity: str) -> bool:
        row = self.connection.execute(
            "SELECT record ->> 'withheld' FROM articles WHERE id = ?", (identity,)
        ).fetchone()
        return bool(row and row[0])

    def _follow_wishes(self, identity: str, article: Article) -> None:
        """Take over what a page whose text is unchanged now asks for."""
        held = self._load("id = ?", [identity])[0].article
        now = replace(held, **{name: getattr(article, name) for name in _WISHES})
        if now != held:
            self.connection.execute(
                "UPDATE articles SET record = ? WHERE id = ?", (_record(now), identity)
            )
            self._touch([identity])

    def _touch(self, ids: Iterable[str]) -> None:
        """Number a change of each article."""
        for identity in sorted(ids):
            self.connection.execute(
                "UPDATE articles SET revision = ? WHERE id = ?", (self._next_revision(), identity)
            )

    def _next_revision(self) -> int:
        (newest,) = self.connection.execute(
            "UPDATE revision SET newest = newest + 1 RETURNING newest"
        ).fetchone()
        return int(newest)

    def _new_id(self, key: str, wanted: str) -> str:
        """The one wanted, else the shortest free beginning of the key's hash."""
        digits = base64.b32encode(hashlib.sha256(key.encode()).digest()).decode().lower()
        proposed = (digits[:length] for length in range(ID_LENGTH, len(digits)))
        for identity in (*filter(None, [wanted]), *proposed):
            taken = self.connection.execute("SELECT 1 FROM articles WHERE id = ?", (identity,))
            if taken.fetchone() is None:
                return identity
        raise ValueError(f"no free id for {key}")


def _record(article: Article) -> str:
    record = _stored(article)
    del record["text"]
    return _json(record)


def _stored(article: Article) -> dict[str, Any]:
    """The record without the places of its parts: those are of `captures`, where they may change."""
    return {
        **article.to_dict(),
        "parts": [{**asdict(one), "archive": None} for one in article.parts],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
