"""From one format of the database to the next: forward only, in one transaction, after a backup."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from index.files import replace_atomic, storage_errors

FORMAT = 5
KEPT_BACKUPS = 2

# For each format, what makes it of the one before. A database made new has the same tables (a test
# compares them), so whatever is added here is added to `DDL` too. Never changed after a release.
MIGRATIONS: Mapping[int, str] = {
    2: """
CREATE TABLE boilerplate (
    outlet TEXT NOT NULL,
    block  INTEGER NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (outlet, block)
) WITHOUT ROWID;
ALTER TABLE captures ADD COLUMN beside INTEGER;
CREATE INDEX captures_beside ON captures (beside) WHERE beside IS NOT NULL;
CREATE TABLE tombstones (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at   TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE rewrites (
    old TEXT PRIMARY KEY,
    new TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE removals (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    seen    TEXT NOT NULL,
    code    TEXT NOT NULL,
    ended   TEXT,
    PRIMARY KEY (article, seen)
) WITHOUT ROWID;
CREATE TABLE labels (
    key      TEXT NOT NULL,
    story    TEXT NOT NULL,
    decision TEXT NOT NULL,
    at       TEXT NOT NULL,
    note     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (key, story)
);
ALTER TABLE verdicts ADD COLUMN alone REAL NOT NULL DEFAULT 0;
UPDATE articles SET kept = 2 WHERE kept AND id NOT IN (
    SELECT article FROM verdicts WHERE decision IN ('on-story', 'borderline'));
CREATE INDEX captures_by_article ON captures (article);
CREATE TABLE judgings (
    story    TEXT PRIMARY KEY,
    digest   TEXT NOT NULL,
    revision INTEGER NOT NULL,
    learned  TEXT NOT NULL,
    profile  TEXT
);
CREATE TABLE tags (
    key TEXT NOT NULL,
    tag TEXT NOT NULL,
    at  TEXT NOT NULL,
    PRIMARY KEY (key, tag)
) WITHOUT ROWID;
CREATE INDEX tags_by_name ON tags (tag);
CREATE TABLE notes (
    key  TEXT PRIMARY KEY,
    note TEXT NOT NULL,
    at   TEXT NOT NULL
) WITHOUT ROWID;
CREATE VIEW decisions AS
SELECT verdicts.article, verdicts.story, coalesce(labels.decision, verdicts.decision) AS decision,
       verdicts.score, verdicts.reasons, verdicts.alone, labels.note
FROM verdicts JOIN articles ON articles.id = verdicts.article
LEFT JOIN labels ON labels.key = articles.key AND labels.story = verdicts.story;
DROP INDEX frontier_waiting;
CREATE INDEX frontier_waiting ON frontier (site, score DESC) WHERE state = 'waiting';
CREATE TABLE queues (
    site    TEXT PRIMARY KEY,
    waiting INTEGER NOT NULL,
    later   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER frontier_grows AFTER INSERT ON frontier
WHEN new.state IN ('waiting', 'later') BEGIN
    INSERT INTO queues VALUES (new.site, new.state = 'waiting', new.state = 'later')
    ON CONFLICT (site) DO UPDATE SET
        waiting = waiting + excluded.waiting, later = later + excluded.later;
END;
CREATE TRIGGER frontier_moves AFTER UPDATE OF state ON frontier
WHEN old.state <> new.state BEGIN
    INSERT INTO queues VALUES (
        new.site,
        (new.state = 'waiting') - (old.state = 'waiting'), (new.state = 'later') - (old.state = 'later')
    ) ON CONFLICT (site) DO UPDATE SET
        waiting = waiting + excluded.waiting, later = later + excluded.later;
END;
CREATE TRIGGER frontier_shrinks AFTER DELETE ON frontier
WHEN old.state IN ('waiting', 'later') BEGIN
    UPDATE queues SET
        waiting = waiting - (old.state = 'waiting'), later = later - (old.state = 'later')
    WHERE site = old.site;
END;
INSERT INTO queues
SELECT site, sum(state = 'waiting'), sum(state = 'later') FROM frontier GROUP BY site;
CREATE TABLE feed_texts (
    key  TEXT PRIMARY KEY,
    page BLOB NOT NULL
);
CREATE TABLE reservations (
    origin  TEXT PRIMARY KEY,
    fetched TEXT NOT NULL,
    status  INTEGER NOT NULL,
    body    BLOB NOT NULL
);
CREATE INDEX articles_expiring ON articles (record ->> 'unavailable_after')
    WHERE record ->> 'unavailable_after' IS NOT NULL;
""",
    3: """
CREATE TABLE asked (
    story      TEXT NOT NULL,
    source     TEXT NOT NULL,
    key        TEXT NOT NULL,
    url        TEXT NOT NULL,
    part       TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    at         TEXT NOT NULL,
    bytes      INTEGER NOT NULL DEFAULT 0,
    records    INTEGER NOT NULL DEFAULT 0,
    candidates INTEGER NOT NULL DEFAULT 0,
    wanted     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (story, source, key)
) WITHOUT ROWID;
CREATE TABLE sources (
    source       TEXT PRIMARY KEY,
    asked        TEXT,
    paused_until TEXT,
    outcome      TEXT NOT NULL,
    detail       TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE imports (
    url   TEXT NOT NULL,
    scope TEXT NOT NULL,
    place INTEGER,
    at    TEXT NOT NULL,
    PRIMARY KEY (url, scope)
) WITHOUT ROWID;
CREATE TABLE copies (
    key      TEXT NOT NULL,
    captured TEXT NOT NULL,
    address  TEXT NOT NULL,
    start    INTEGER NOT NULL,
    url      TEXT NOT NULL,
    archive  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    length   INTEGER NOT NULL,
    outcome  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (key, captured, address, start)
) WITHOUT ROWID;
CREATE TABLE family_stars (
    star   INTEGER PRIMARY KEY,
    core   INTEGER NOT NULL,
    first  INTEGER NOT NULL,
    member TEXT NOT NULL,
    parent INTEGER,
    family INTEGER NOT NULL
);
INSERT INTO family_stars SELECT core, core, first, member, parent, family FROM family_cores;
CREATE INDEX family_stars_core ON family_stars (core, first, member);
CREATE INDEX family_stars_parent ON family_stars (parent);
DROP INDEX family_cores_parent;
ALTER TABLE family_cores DROP COLUMN first;
ALTER TABLE family_cores DROP COLUMN member;
ALTER TABLE family_cores DROP COLUMN parent;
ALTER TABLE family_cores DROP COLUMN family;
ALTER TABLE family_texts ADD COLUMN star INTEGER NOT NULL DEFAULT 0;
UPDATE family_texts SET star = core;
CREATE INDEX family_texts_star ON family_texts (star);
DROP INDEX family_parts_core;
ALTER TABLE family_parts RENAME COLUMN core TO star;
CREATE INDEX family_parts_star ON family_parts (star);
CREATE TABLE told_blocks (
    outlet  TEXT NOT NULL,
    block   INTEGER NOT NULL,
    told    INTEGER NOT NULL,
    title   BLOB NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (outlet, block, told, title, article)
) WITHOUT ROWID;
INSERT INTO told_blocks SELECT outlet, block, 0, title, article FROM family_blocks;
DROP TABLE family_blocks;
ALTER TABLE told_blocks RENAME TO family_blocks;
CREATE INDEX family_blocks_article ON family_blocks (article);
""",
    4: """
ALTER TABLE asked ADD COLUMN queries TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN validator TEXT NOT NULL DEFAULT '';
CREATE TABLE traits (
    article TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    outlet  TEXT NOT NULL,
    fetched TEXT NOT NULL,
    digest  INTEGER NOT NULL,
    traits  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX traits_by_outlet ON traits (outlet, fetched);
CREATE INDEX traits_by_digest ON traits (outlet, digest);
CREATE TABLE habits (
    outlet TEXT PRIMARY KEY,
    habits TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE revisits (
    outlet TEXT NOT NULL,
    about  TEXT NOT NULL,
    answer TEXT NOT NULL,
    number INTEGER NOT NULL,
    newest TEXT NOT NULL,
    PRIMARY KEY (outlet, about, answer)
) WITHOUT ROWID;
CREATE TABLE claims (
    key     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX claims_by_article ON claims (article);
CREATE TABLE encodings (
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    model    TEXT NOT NULL,
    title    BLOB NOT NULL,
    opening  BLOB NOT NULL,
    compared INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE encoded_seeds (
    text   TEXT NOT NULL,
    model  TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text, model)
) WITHOUT ROWID;
CREATE TABLE translations (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    other   TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    share   REAL NOT NULL,
    PRIMARY KEY (article, other)
) WITHOUT ROWID;
CREATE INDEX translations_other ON translations (other);
CREATE TRIGGER encodings_stale AFTER UPDATE OF text, record ON articles
WHEN old.text IS NOT new.text OR old.record ->> 'title' IS NOT new.record ->> 'title'
    OR old.record ->> 'language' IS NOT new.record ->> 'language' BEGIN
    DELETE FROM encodings WHERE article = new.id;
    DELETE FROM translations WHERE article = new.id OR other = new.id;
END;
CREATE TABLE saves (
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    asked    TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    job      TEXT NOT NULL,
    tries    INTEGER NOT NULL,
    captured TEXT,
    address  TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE merges (
    desk   TEXT NOT NULL,
    place  TEXT NOT NULL,
    at     TEXT NOT NULL,
    entry  INTEGER NOT NULL DEFAULT 0,
    remark TEXT NOT NULL DEFAULT '',
    since  INTEGER,
    PRIMARY KEY (desk, place)
) WITHOUT ROWID;
""",
    5: """
CREATE TABLE compared (
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    brief    INTEGER NOT NULL,
    undated  INTEGER NOT NULL,
    terms    BLOB NOT NULL,
    titled   INTEGER NOT NULL,
    keys     BLOB NOT NULL,
    keyed    INTEGER NOT NULL,
    quotes   BLOB NOT NULL,
    words    BLOB NOT NULL
);
CREATE TRIGGER compared_stale AFTER UPDATE OF text, record ON articles
WHEN old.text IS NOT new.text OR old.record IS NOT new.record BEGIN
    DELETE FROM compared WHERE article = new.id;
END;
CREATE TABLE drafts (
    story   TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    draft   TEXT NOT NULL,
    PRIMARY KEY (story, article)
) WITHOUT ROWID;
CREATE INDEX drafts_by_article ON drafts (article);
CREATE INDEX articles_by_sight ON articles (first_seen, id);
""",
}


def migrate(connection: sqlite3.Connection, path: Path) -> Path | None:
    """Bring an older database to `FORMAT`; return the backup made before, None when it is current.

    All or nothing: after a kill or an error the database is as it was. Raises `sqlite3.Error`, or
    the `StorageError` children of a backup that could not be written.
    """
    # A migration may build a table again; SQLite wants the references unchecked meanwhile and looked
    # through before the end (sqlite.org/lang_altertable.html, section 7). No-op inside a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = format_of(connection)  # another process may have been faster
        backup = _back_up(path, found) if found < FORMAT else None
        for number in range(found + 1, FORMAT + 1):
            _step(connection, number)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.IntegrityError("rows refer to what is not there; nothing was changed")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    if backup:
        _drop_old_backups(path)
    return backup


def backups(path: Path) -> list[Path]:
    """The backups that migrations left beside a database, oldest first."""
    found = path.parent.glob(f"{path.name}.format-*")
    return sorted(found, key=lambda one: one.name.rpartition(".")[2])


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; `executescript` would commit before the first."""
    begun = ""
    for part in script.split(";")[:-1]:
        begun += part + ";"
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""


def format_of(connection: sqlite3.Connection) -> int:
    """The format a database was written in; 0 for one without tables."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _step(connection: sqlite3.Connection, number: int) -> None:
    for statement in statements(MIGRATIONS[number]):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {number}")


def _back_up(path: Path, number: int) -> Path:
    """A copy of the database beside it, on the disk before anything is changed.

    Over a connection of its own: SQLite copies nothing from one that is about to write, and waits.
    """
    for unfinished in path.parent.glob(f".{path.name}.format-*"):
        unfinished.unlink()  # of a migration that was killed; nobody else is at one
    now = datetime.now(UTC)
    backup = path.with_name(f"{path.name}.format-{number}.{now:%Y%m%dT%H%M%S%fZ}")
    with (
        replace_atomic(backup) as draft,
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(draft)) as copy,
    ):
        source.backup(copy)
    return backup


def _drop_old_backups(path: Path) -> None:
    with storage_errors(path):
        for old in backups(path)[:-KEPT_BACKUPS]:
            old.unlink()
