"""The tables of families in the store's database, and their version."""

from __future__ import annotations

DDL = """
CREATE TABLE IF NOT EXISTS family_texts (  -- one row for each distinct counted text
    text      INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: cores keep it as their name
    identity  BLOB NOT NULL UNIQUE,
    exact     BLOB NOT NULL,       -- the hash of all its counted tokens
    core      INTEGER NOT NULL,    -- texts that are copies of each other, directly or by way of others
    star      INTEGER NOT NULL DEFAULT 0,  -- those of a core that are like one of them, its centre
    words     INTEGER NOT NULL,
    level     INTEGER NOT NULL,
    signature BLOB NOT NULL,
    keys      BLOB NOT NULL,
    numbers   BLOB NOT NULL,
    names     BLOB NOT NULL,
    title     BLOB NOT NULL,
    titled    INTEGER NOT NULL,
    dropped   BLOB NOT NULL        -- paragraphs that were not counted
);
CREATE INDEX IF NOT EXISTS family_texts_core ON family_texts (core);
CREATE INDEX IF NOT EXISTS family_texts_star ON family_texts (star);
CREATE TABLE IF NOT EXISTS family_keys (   -- which cores, and which of their texts, a key leads to;
                                           -- those of the latest texts are not here yet (keys.py)
    key  INTEGER NOT NULL,
    core INTEGER NOT NULL,         -- 0: a commonplace, which leads nowhere
    text INTEGER NOT NULL,
    PRIMARY KEY (key, core, text)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS family_edges (  -- a tree over each core's texts; each edge both ways
    text  INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (text, other)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS family_parts (  -- excerpts and expanded texts; each pair both ways
    star      INTEGER NOT NULL,    -- of `text`
    text      INTEGER NOT NULL,
    other     INTEGER NOT NULL,
    contained REAL NOT NULL,       -- the share of `text` that stands in `other`
    PRIMARY KEY (text, other)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS family_parts_star ON family_parts (star);
CREATE TABLE IF NOT EXISTS family_cores (
    core INTEGER PRIMARY KEY,
    size INTEGER NOT NULL          -- texts in it
);
CREATE TABLE IF NOT EXISTS family_stars (
    star   INTEGER PRIMARY KEY,
    core   INTEGER NOT NULL,
    first  INTEGER NOT NULL,       -- the earliest publication, seconds since 1970
    member TEXT NOT NULL,          -- the article published then, whose text is the centre
    parent INTEGER,                -- the earlier star it is a part, or an expanded form, of
    family INTEGER NOT NULL        -- that parent, or else the star itself
);
CREATE INDEX IF NOT EXISTS family_stars_core ON family_stars (core, first, member);
CREATE INDEX IF NOT EXISTS family_stars_parent ON family_stars (parent);
CREATE TABLE IF NOT EXISTS family_members (
    article   TEXT PRIMARY KEY,
    text      INTEGER NOT NULL,
    family    INTEGER NOT NULL,
    outlet    TEXT NOT NULL,
    source    TEXT NOT NULL,       -- the outlet's name as a credit would give it
    published INTEGER NOT NULL,    -- seconds since 1970; when undated, first seen
    trusted   INTEGER NOT NULL,    -- 0: no publication time that can be believed
    title     TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS family_members_text ON family_members (text, published, article);
CREATE INDEX IF NOT EXISTS family_members_family
    ON family_members (family, source, published, article);
CREATE TABLE IF NOT EXISTS family_credits (
    article  TEXT NOT NULL,
    family   INTEGER NOT NULL,
    source   TEXT NOT NULL,        -- who is credited, as `family_members.source` names them
    kind     TEXT NOT NULL,
    strong   INTEGER NOT NULL,     -- 1: the text is theirs; 0: they contributed to it
    evidence TEXT NOT NULL,        -- the very words
    PRIMARY KEY (article, source, kind)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS family_credits_family ON family_credits (family, strong, source);
CREATE TABLE IF NOT EXISTS family_blocks (       -- paragraphs that may be an outlet's blocks
    outlet  TEXT NOT NULL,
    block   INTEGER NOT NULL,
    told    INTEGER NOT NULL,      -- 1: a word of the headline stands in it
    title   BLOB NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (outlet, block, told, title, article)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS family_blocks_article ON family_blocks (article);
CREATE TABLE IF NOT EXISTS families (
    family INTEGER PRIMARY KEY,
    origin TEXT NOT NULL           -- the article that published it first
);
"""
