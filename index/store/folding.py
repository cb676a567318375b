"""Articles taken out of the store, and several made one whose pages belong together."""

from __future__ import annotations

from collections.abc import Sequence

from index.store.aliases import add_aliases, find_articles
from index.store.database import Connection
from index.store.keeping import is_kept, note_families, text_as_read
from index.store.labels import follow_aliases
from index.store.revisions import touch
from index.store.versions import drop_versions


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
    follow_aliases(connection, stays)


def merge_articles(
    connection: Connection, stays: str, others: Sequence[str], key: str, url: str
) -> None:
    """As `Articles.merge`, inside the caller's transaction."""
    for other in others:
        newer = connection.rows(
            "SELECT other.id FROM articles AS other JOIN articles AS own ON own.id = ?"
            " WHERE other.id = ? AND other.record ->> 'fetched' > own.record ->> 'fetched'",
            (stays, other),
        )
        if newer:
            connection.execute(
                "UPDATE articles SET (capture, text, record) ="
                " (SELECT capture, text, record FROM articles WHERE id = ?) WHERE id = ?",
                (other, stays),
            )
        _give(connection, other, stays)
    add_aliases(connection, stays, [(key, url)])
    connection.execute("UPDATE articles SET key = ? WHERE id = ?", (key, stays))
    connection.execute(
        "UPDATE articles SET record = json_set(record, '$.canonical_url', ?2) WHERE id = ?1",
        (stays, url),
    )
    connection.execute(
        "UPDATE articles SET versions = (SELECT count(*) FROM versions WHERE article = ?1) WHERE id = ?1",
        (stays,),
    )
    follow_aliases(connection, stays)
    touch(connection, [stays])


def rename_store(connection: Connection) -> None:
    """Give the store another name, so that its index is built anew."""
    connection.execute("UPDATE identity SET name = lower(hex(randomblob(8)))")


def _give(connection: Connection, other: str, to: str) -> None:
    """Let one article have all that another has, and take that out of the store."""
    was_kept = is_kept(connection, other)
    for table in ("aliases", "captures", "versions", "removals", "claims"):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET article = ? WHERE article = ?", (to, other)
        )
    connection.execute(
        "UPDATE articles SET first_seen = min(articles.first_seen, was.first_seen)"
        " FROM articles AS was WHERE was.id = ? AND articles.id = ?",
        (other, to),
    )
    remove_article(connection, other)
    if was_kept:
        rename_store(connection)
