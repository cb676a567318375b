"""Whether the corpus keeps an article, and its place in a family, which only a kept one has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from index.article import Decision, Verdict
from index.store.database import Connection
from index.store.decisions import read_decisions
from index.store.revisions import touch
from index.store.stored import load_article

if TYPE_CHECKING:
    from index.families.fingerprint import Fingerprint


def is_kept(connection: Connection, identity: str) -> bool:
    """Whether the corpus keeps an article, be it as a mention."""
    row = connection.execute("SELECT kept FROM articles WHERE id = ?", (identity,))
    return bool(row.fetchone()[0])


def apply_decisions(
    connection: Connection,
    identity: str,
    before: Sequence[Verdict],
    *,
    regrouped: bool = True,
    by_hand: bool = True,
) -> bool:
    """Put in force what verdicts and labels say now, if that differs from `before`.

    Returns whether the corpus keeps the article now. `regrouped` has its family follow that at once. What
    is not `by_hand` is a change only where a decision is another: scores are in no index.
    """
    was_kept = is_kept(connection, identity)
    after = read_decisions(connection, [identity]).get(identity, [])
    is_coverage = any(verdict.covers for verdict in after)
    kept = 1 if is_coverage else 2 if any(verdict.kept for verdict in after) else 0
    if kept and _is_withheld(connection, identity):
        kept = 0
    changed = connection.execute(
        "UPDATE articles SET kept = ?1 WHERE id = ?2 AND kept <> ?1", (kept, identity)
    ).rowcount
    is_other = after != before if by_hand else _decided(after) != _decided(before)
    if changed or is_other:
        touch(connection, [identity])
    if regrouped and bool(kept) != was_kept:
        regroup(connection, identity)
    return bool(kept)


def _decided(verdicts: Sequence[Verdict]) -> list[tuple[str, Decision]]:
    return [(verdict.story, verdict.decision) for verdict in verdicts]


def regroup(connection: Connection, identity: str, made: Fingerprint | None = None) -> None:
    """Have an article in a family exactly while the corpus keeps it.

    One that no story keeps is nobody's origin; its paragraphs still tell what boilerplate is.
    `made` is its fingerprint, made again where it is not at hand.
    """
    from index.families.fingerprint import fingerprint
    from index.families.placing import leave, place

    stored = load_article(connection, identity)
    counted = made or fingerprint(stored.article)

    def text_of(name: str) -> str:
        return text_as_read(connection, name)

    if stored.kept:
        moved = place(
            connection,
            identity,
            stored.article,
            counted,
            first_seen=stored.first_seen,
            text_of=text_of,
        )
    else:
        moved = leave(connection, identity, stored.article.outlet, counted, text_of=text_of)
        if stored.family != identity:
            moved = {**moved, identity: identity}
    note_families(connection, moved)


def note_families(connection: Connection, moved: Mapping[str, str]) -> None:
    """Note the families of articles, by id."""
    connection.executemany(
        "UPDATE articles SET family = ? WHERE id = ?",
        [(family, member) for member, family in moved.items()],
    )
    touch(connection, moved)


def text_as_read(connection: Connection, identity: str) -> str:
    """The newest text of an article as it was read, boilerplate and all."""
    row = connection.execute(
        "SELECT record ->> 'text' FROM versions WHERE article = ? ORDER BY seen DESC LIMIT 1",
        (identity,),
    ).fetchone()
    return str(row[0]) if row else ""


def _is_withheld(connection: Connection, identity: str) -> bool:
    row = connection.execute(
        "SELECT record ->> 'withheld' FROM articles WHERE id = ?", (identity,)
    ).fetchone()
    return bool(row and row[0])
