"""What one article has in the tables, given to another with which it is one.

Each table that refers to an article has its rule here; a test compares them with the schema.
"""

from __future__ import annotations

from index.store.database import Connection

# Lists: each row moves, unless the other article has the same one.
_LISTS = ("aliases", "captures", "versions", "removals", "claims")

# One row an article, or an article and story: of two the better one stays, of equals the one that was
# there. By table, the column that has to be equal, and what tells how good a row is.
_BEST_OF = {
    # The copy in a public archive; else what is still asked, for its answer is to come.
    "saves": ("''", "CASE outcome WHEN 'saved' THEN 2 WHEN 'asked' THEN 1 ELSE 0 END"),
    "verdicts": (
        "story",
        "CASE decision WHEN 'on-story' THEN 30 WHEN 'borderline' THEN 20 WHEN 'mention' THEN 10"
        " ELSE 0 END + score",
    ),
    "traits": ("''", "fetched"),
    "rechecks": ("''", "checked"),
}

GIVEN = frozenset({*_LISTS, *_BEST_OF, "translations"})
MADE_ANEW = frozenset(
    {"encodings", "compared", "drafts"}
)  # by the next run, of the text that stays


def give(connection: Connection, other: str, to: str) -> None:
    """Let one article have what another has in the tables that refer to it."""
    connection.execute(  # an outlet's validators are of one address, and this was another one
        "UPDATE rechecks SET etag = '', last_modified = '' WHERE article = ?", (other,)
    )
    for table, (same, worth) in _BEST_OF.items():
        connection.execute(
            f"DELETE FROM {table} WHERE article = ?1 AND EXISTS ("
            f" SELECT 1 FROM (SELECT {same} AS same, {worth} AS worth FROM {table} WHERE article = ?2)"
            f" AS theirs WHERE theirs.same = {same} AND theirs.worth > {worth})",
            (to, other),
        )
    for table in (*_LISTS, *_BEST_OF):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET article = ? WHERE article = ?", (to, other)
        )
    connection.execute(
        "INSERT OR IGNORE INTO translations (article, other, share)"
        " SELECT min(?1, pair), max(?1, pair), share FROM ("
        "  SELECT iif(article = ?2, other, article) AS pair, share FROM translations"
        "  WHERE ?2 IN (article, other)) WHERE pair <> ?1",
        (to, other),
    )
    connection.execute(
        "UPDATE articles SET first_seen = min(articles.first_seen, was.first_seen)"
        " FROM articles AS was WHERE was.id = ? AND articles.id = ?",
        (other, to),
    )
