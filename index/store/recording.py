"""What was read of an article goes into the store: new, a new version, or nothing new."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.article import Article, Verdict, isoformat
from index.store.aliases import add_aliases, find_articles
from index.store.database import Connection
from index.store.keeping import is_kept, regroup
from index.store.labels import follow_aliases
from index.store.removals import Removals
from index.store.revisions import next_revision, touch
from index.store.stored import load_article
from index.store.verdicts import write_verdicts
from index.store.versions import (
    add_version,
    is_version,
    record_of,
    version_after,
    version_before,
)

if TYPE_CHECKING:
    from index.families.fingerprint import Fingerprint

ID_LENGTH = 5
_WISHES = ("robots", "unavailable_after", "tdm_reserved", "tdm_policy", "withheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What recording an article came to."""

    id: str
    change: Literal["new", "edited", "unchanged"]
    kept: bool


def record_article(
    connection: Connection,
    article: Article,
    *,
    key: str,
    capture: int,
    verdicts: Sequence[Verdict],
    fingerprint: Fingerprint,
    aliases: Sequence[tuple[str, str]],
    wanted: str,
) -> Recorded:
    """As `Articles.record`, inside the caller's transaction."""
    known = find_articles(connection, [key, *(alias for alias, _ in aliases)])
    first_seen, was_kept = "", False
    if not known:
        identity = _insert(connection, article, key, capture, wanted)
        change: Literal["new", "edited", "unchanged"] = "new"
    else:
        identity = known[0]
        first_seen, was_kept = _first_seen(connection, identity), is_kept(connection, identity)
        change = _update(connection, identity, article, capture)
    add_aliases(connection, identity, [(key, article.url), *aliases])
    follow_aliases(connection, identity)
    Removals(connection).end(identity, article.fetched)
    kept = write_verdicts(connection, identity, verdicts, regrouped=False)
    if change != "unchanged" and _is_newest(connection, identity, capture):
        regroup(connection, identity, fingerprint)
    elif kept != was_kept or _first_seen(connection, identity) != first_seen:
        regroup(connection, identity)
    return Recorded(id=identity, change=change, kept=kept)


def rewrite_article(connection: Connection, identity: str, article: Article) -> None:
    """As `Articles.rewrite`, inside the caller's transaction."""
    connection.execute(
        "UPDATE articles SET text = ?, record = ? WHERE id = ?",
        (article.text, record_of(article), identity),
    )
    touch(connection, [identity])


def retitle_article(connection: Connection, identity: str, title: str) -> None:
    """As `Articles.retitle`, inside the caller's transaction."""
    connection.execute(
        "UPDATE versions SET record = json_set(record, '$.title', ?2) WHERE article = ?1"
        " AND seen = (SELECT max(seen) FROM versions WHERE article = ?1)",
        (identity, title),
    )
    connection.execute(
        "UPDATE articles SET record = json_set(record, '$.title', ?2) WHERE id = ?1",
        (identity, title),
    )
    touch(connection, [identity])


def _insert(connection: Connection, article: Article, key: str, capture: int, wanted: str) -> str:
    identity = _new_id(connection, key, wanted)
    seen = isoformat(article.fetched)
    connection.execute(
        "INSERT INTO articles"
        " (id, key, revision, kept, family, first_seen, versions, capture, text, record)"
        " VALUES (?, ?, ?, 0, ?, ?, 1, ?, ?, ?)",
        (
            identity,
            key,
            next_revision(connection),
            identity,
            seen,
            capture,
            article.text,
            record_of(article),
        ),
    )
    add_version(connection, identity, article, capture)
    return identity


def _update(
    connection: Connection, identity: str, article: Article, capture: int
) -> Literal["edited", "unchanged"]:
    from index.versions.history import is_new_version

    seen = isoformat(article.fetched)
    before = version_before(connection, identity, seen)
    after = version_after(connection, identity, seen)
    connection.execute(
        "UPDATE articles SET first_seen = min(first_seen, ?) WHERE id = ?", (seen, identity)
    )
    near = [one for one in (before, after) if one is not None]
    is_read_again = is_version(connection, identity, capture)
    if not is_read_again and not all(is_new_version(one, article) for one in near):
        if after is None:
            follow_wishes(connection, identity, article)
        return "unchanged"
    add_version(connection, identity, article, capture)
    if after is None:
        connection.execute(
            "UPDATE articles SET capture = ?, text = ?, record = ? WHERE id = ?",
            (capture, article.text, record_of(article), identity),
        )
    connection.execute(
        "UPDATE articles SET versions = (SELECT count(*) FROM versions WHERE article = ?1)"
        " WHERE id = ?1",
        (identity,),
    )
    touch(connection, [identity])
    return "edited"


def follow_wishes(connection: Connection, identity: str, article: Article) -> None:
    """Take over what a page whose text is unchanged now asks for."""
    held = load_article(connection, identity).article
    now = replace(held, **{name: getattr(article, name) for name in _WISHES})
    if now != held:
        connection.execute(
            "UPDATE articles SET record = ? WHERE id = ?", (record_of(now), identity)
        )
        touch(connection, [identity])


def _is_newest(connection: Connection, identity: str, capture: int) -> bool:
    row = connection.execute(
        "SELECT 1 FROM articles WHERE id = ? AND capture = ?", (identity, capture)
    ).fetchone()
    return row is not None


def _first_seen(connection: Connection, identity: str) -> str:
    row = connection.execute("SELECT first_seen FROM articles WHERE id = ?", (identity,))
    return str(row.fetchone()[0])


def _new_id(connection: Connection, key: str, wanted: str) -> str:
    """The one wanted, or else the shortest free beginning of the key's hash."""
    digits = base64.b32encode(hashlib.sha256(key.encode()).digest()).decode().lower()
    proposed = (digits[:length] for length in range(ID_LENGTH, len(digits)))
    for identity in (*filter(None, [wanted]), *proposed):
        taken = connection.execute("SELECT 1 FROM articles WHERE id = ?", (identity,))
        if taken.fetchone() is None:
            return identity
    raise ValueError(f"no free id for {key}")
