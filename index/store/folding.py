"""Articles taken out of the store, and several made one whose pages belong together."""

from __future__ import annotations

import json
from collections.abc import Sequence

from index.article import Article, Verdict
from index.store.aliases import add_aliases, find_articles
from index.store.database import Connection
from index.store.decisions import read_decisions
from index.store.giving import give
from index.store.keeping import apply_decisions, is_kept, note_families, regroup, text_as_read
from index.store.labels import follow_aliases
from index.store.recording import follow_wishes
from index.store.revisions import touch
from index.store.versions import drop_repeats, drop_versions


def remove_article(connection: Connection, identity: str) -> None:
    """As `Articles.remove`, inside the caller's transaction."""
    from index.families.placing import remove

    note_families(
        connection,
        remove(connection, identity, text_of=lambda name: text_as_read(connection, name)),
    )
    for table, column in connection.rows(
        'SELECT tables.name, refs."from" FROM sqlite_schema AS tables,'
        " pragma_foreign_key_list(tables.name) AS refs"
        " WHERE tables.type = 'table' AND refs.\"table\" = 'articles'"
    ):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (identity,))
    connection.execute("DELETE FROM articles WHERE id = ?", (identity,))


def fold_articles(
    connection: Connection, key: str, parts: Sequence[tuple[str, str]], wanted: str
) -> None:
    """As `Articles.fold`, inside the caller's transaction."""
    own = find_articles(connection, [key])
    others = find_articles(connection, [part for part, _ in parts])
    known = list(dict.fromkeys([*own, *others]))
    if not known:
        return
    stays = wanted if wanted in known else known[0]
    before = read_decisions(connection, [stays]).get(stays, [])
    drop_versions(connection, known, [url for _, url in parts])
    if own and stays not in own:
        connection.execute(
            "UPDATE articles SET (capture, text, record) ="
            " (SELECT capture, text, record FROM articles WHERE id = ?) WHERE id = ?",
            (own[0], stays),
        )
    for other in known:
        if other != stays:
            _give(connection, other, stays)
    connection.execute("UPDATE articles SET key = ? WHERE id = ?", (key, stays))
    if len(known) > 1:
        _settle(connection, stays, before)
    else:
        follow_aliases(connection, stays)


def merge_articles(
    connection: Connection, stays: str, others: Sequence[str], key: str, url: str
) -> None:
    """As `Articles.merge`, inside the caller's transaction."""
    before = read_decisions(connection, [stays]).get(stays, [])
    marks = ",".join("?" * (1 + len(others)))
    readings = connection.rows(
        f"SELECT capture, text, record FROM articles WHERE id IN ({marks})"
        " ORDER BY record ->> 'fetched' DESC, id <> ?",
        (stays, *others, stays),
    )
    for other in others:
        _give(connection, other, stays)
    if others:
        drop_repeats(connection, stays)
        _let_newest_count(connection, stays, readings)
    add_aliases(connection, stays, [(key, url)])
    connection.execute("UPDATE articles SET key = ? WHERE id = ?", (key, stays))
    connection.execute(
        "UPDATE articles SET record = json_set(record, '$.canonical_url', ?2) WHERE id = ?1",
        (stays, url),
    )
    _settle(connection, stays, before)


def rename_store(connection: Connection) -> None:
    """Give the store another name, so that its index is built again."""
    connection.execute("UPDATE identity SET name = lower(hex(randomblob(8)))")


def _let_newest_count(
    connection: Connection, stays: str, readings: Sequence[tuple[int, str, str]]
) -> None:
    """Let an article have the text of its newest version, out of the readings of it, newest first.

    What the newest page asks for counts, though its text was seen before.
    """
    ((newest,),) = connection.rows(
        "SELECT max(capture) FROM (SELECT capture FROM versions WHERE article = ?"
        " ORDER BY seen DESC LIMIT 1)",
        (stays,),
    )
    capture, text, record = next((one for one in readings if one[0] == newest), readings[0])
    connection.execute(
        "UPDATE articles SET capture = ?, text = ?, record = ? WHERE id = ?",
        (capture, text, record, stays),
    )
    _, text, record = readings[0]
    follow_wishes(connection, stays, Article.from_dict({**json.loads(record), "text": text}))


def _settle(connection: Connection, stays: str, before: Sequence[Verdict]) -> None:
    """Put in force what an article has now of others: versions, labels, verdicts, its family."""
    connection.execute(
        "UPDATE articles SET versions ="
        " max(1, (SELECT count(*) FROM versions WHERE article = ?1)) WHERE id = ?1",
        (stays,),
    )
    follow_aliases(connection, stays)
    was_kept = is_kept(connection, stays)
    if apply_decisions(connection, stays, before, regrouped=False) or was_kept:
        regroup(connection, stays)  # its text or its first sight may be another one's
    touch(connection, [stays])


def _give(connection: Connection, other: str, to: str) -> None:
    """Let one article have all that another has, and take that out of the store."""
    give(connection, other, to)
    remove_article(connection, other)
