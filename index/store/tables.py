"""The tables of the database, as they are in a new one; `migrations` brings older ones to this."""

DDL = """
CREATE TABLE IF NOT EXISTS captures (
    id       INTEGER PRIMARY KEY,
    url      TEXT NOT NULL,
    fetched  TEXT NOT NULL,
    status   INTEGER NOT NULL,
    outlet   TEXT NOT NULL,
    channel  TEXT NOT NULL,
    file     TEXT NOT NULL,
    "offset" INTEGER NOT NULL,
    length   INTEGER NOT NULL,
    digest   TEXT NOT NULL,
    outcome  TEXT,                -- NULL: archived, not yet decided
    article  TEXT,
    beside   INTEGER,             -- the capture of the page that this one completes
    UNIQUE (file, "offset")
);
CREATE INDEX IF NOT EXISTS captures_beside ON captures (beside) WHERE beside IS NOT NULL;
CREATE INDEX IF NOT EXISTS captures_by_url ON captures (url, fetched);
CREATE INDEX IF NOT EXISTS captures_by_article ON captures (article);
CREATE INDEX IF NOT EXISTS captures_undecided ON captures (id) WHERE outcome IS NULL;

CREATE TABLE IF NOT EXISTS revision (newest INTEGER NOT NULL);
INSERT INTO revision SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM revision);

CREATE TABLE IF NOT EXISTS identity (name TEXT NOT NULL);  -- of this very database, for its index
INSERT INTO identity SELECT lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT 1 FROM identity);

CREATE TABLE IF NOT EXISTS articles (
    id         TEXT PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,      -- the identity of its URL
    revision   INTEGER NOT NULL UNIQUE,   -- the number of its last change
    kept       INTEGER NOT NULL,          -- in the corpus: 1 as coverage, 2 as a mention only; or 0
    family     TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    versions   INTEGER NOT NULL,
    capture    INTEGER NOT NULL REFERENCES captures (id),
    text       TEXT NOT NULL,
    record     TEXT NOT NULL,             -- the article as JSON, without its text
    url        TEXT GENERATED ALWAYS AS (record ->> 'url') VIRTUAL,
    title      TEXT GENERATED ALWAYS AS (record ->> 'title') VIRTUAL,
    outlet     TEXT GENERATED ALWAYS AS (record ->> 'outlet') VIRTUAL,
    language   TEXT GENERATED ALWAYS AS (record ->> 'language') VIRTUAL,
    published  TEXT GENERATED ALWAYS AS (record ->> 'published') VIRTUAL,
    fetched    TEXT GENERATED ALWAYS AS (record ->> 'fetched') VIRTUAL
);
CREATE INDEX IF NOT EXISTS articles_by_family ON articles (family);
CREATE INDEX IF NOT EXISTS articles_by_outlet ON articles (outlet, kept);
CREATE INDEX IF NOT EXISTS articles_by_sight ON articles (first_seen, id);

CREATE TABLE IF NOT EXISTS aliases (
    key     TEXT PRIMARY KEY,
    url     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id)
);
CREATE INDEX IF NOT EXISTS aliases_by_article ON aliases (article);
CREATE INDEX IF NOT EXISTS aliases_by_url ON aliases (url);

CREATE TABLE IF NOT EXISTS versions (
    article TEXT NOT NULL REFERENCES articles (id),
    seen    TEXT NOT NULL,
    capture INTEGER NOT NULL REFERENCES captures (id),
    record  TEXT NOT NULL,                -- the whole article as JSON
    PRIMARY KEY (article, seen)
);

CREATE TABLE IF NOT EXISTS removals (     -- each time an article was seen to be gone from its address
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    seen    TEXT NOT NULL,
    code    TEXT NOT NULL,                -- http-404, http-410, soft-404, redirect-home
    ended   TEXT,                         -- when it was there again; NULL: it is gone
    PRIMARY KEY (article, seen)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS verdicts (
    article  TEXT NOT NULL REFERENCES articles (id),
    story    TEXT NOT NULL,
    decision TEXT NOT NULL,
    score    REAL NOT NULL,
    reasons  TEXT NOT NULL,
    alone    REAL NOT NULL DEFAULT 0,     -- the score where the queries alone put it on the story
    PRIMARY KEY (article, story)
);
CREATE INDEX IF NOT EXISTS verdicts_by_story ON verdicts (story, decision);

CREATE TABLE IF NOT EXISTS labels (       -- what a person decided; wins over verdicts
    key      TEXT NOT NULL,               -- articles.key, which a replay gives again
    story    TEXT NOT NULL,
    decision TEXT NOT NULL,
    at       TEXT NOT NULL,
    note     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (key, story)
);

CREATE TABLE IF NOT EXISTS tags (         -- what a person wrote on articles
    key TEXT NOT NULL,                    -- articles.key, as of labels
    tag TEXT NOT NULL,
    at  TEXT NOT NULL,
    PRIMARY KEY (key, tag)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tags_by_name ON tags (tag);
CREATE TABLE IF NOT EXISTS notes (
    key  TEXT PRIMARY KEY,
    note TEXT NOT NULL,
    at   TEXT NOT NULL
) WITHOUT ROWID;

CREATE VIEW IF NOT EXISTS decisions AS    -- the verdicts, with labels in force
SELECT verdicts.article, verdicts.story, coalesce(labels.decision, verdicts.decision) AS decision,
       verdicts.score, verdicts.reasons, verdicts.alone, labels.note
FROM verdicts JOIN articles ON articles.id = verdicts.article
LEFT JOIN labels ON labels.key = articles.key AND labels.story = verdicts.story;

CREATE TABLE IF NOT EXISTS judgings (     -- what the verdicts of a story were made with
    story    TEXT PRIMARY KEY,
    digest   TEXT NOT NULL,               -- of the parts of its file that they depend on
    revision INTEGER NOT NULL,            -- changes up to this one were judged
    learned  TEXT NOT NULL,               -- from which articles and labels the profile is
    profile  TEXT                         -- JSON; NULL: too little is known for one
);

CREATE TABLE IF NOT EXISTS compared (     -- what articles are compared by
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    brief    INTEGER NOT NULL,            -- 1: no text beside headline and lead
    undated  INTEGER NOT NULL,            -- 1: it is not known when it was published
    terms    BLOB NOT NULL,               -- hashes of six bytes, those of the headline first
    titled   INTEGER NOT NULL,            -- how many those are
    keys     BLOB NOT NULL,               -- the same of spellings that travel
    keyed    INTEGER NOT NULL,
    quotes   BLOB NOT NULL,               -- the same of what it quotes
    words    BLOB NOT NULL                -- hashes of three bytes: the stems of all words
);
CREATE TRIGGER IF NOT EXISTS compared_stale AFTER UPDATE OF text, record ON articles
WHEN old.text IS NOT new.text OR old.record IS NOT new.record BEGIN
    DELETE FROM compared WHERE article = new.id;
END;
CREATE TABLE IF NOT EXISTS drafts (       -- verdicts but for what labels teach, where they have a say
    story   TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    draft   TEXT NOT NULL,                -- JSON
    PRIMARY KEY (story, article)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS drafts_by_article ON drafts (article);

CREATE TABLE IF NOT EXISTS encodings (    -- what headline and opening mean; with pressclip[semantic]
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    model    TEXT NOT NULL,               -- the encoder; vectors of two are not compared
    title    BLOB NOT NULL,               -- 512 signed bytes; empty where there are no words
    opening  BLOB NOT NULL,
    compared INTEGER NOT NULL DEFAULT 0   -- 1: its translations were looked for
);
CREATE TABLE IF NOT EXISTS encoded_seeds ( -- the same of the headlines in story files
    text   TEXT NOT NULL,
    model  TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text, model)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS translations (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    other   TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    share   REAL NOT NULL,                -- of the shorter's paragraphs that the other has
    PRIMARY KEY (article, other)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS translations_other ON translations (other);
CREATE TRIGGER IF NOT EXISTS encodings_stale AFTER UPDATE OF text, record ON articles
WHEN old.text IS NOT new.text OR old.record ->> 'title' IS NOT new.record ->> 'title'
    OR old.record ->> 'language' IS NOT new.record ->> 'language' BEGIN
    DELETE FROM encodings WHERE article = new.id;
    DELETE FROM translations WHERE article = new.id OR other = new.id;
END;

CREATE TABLE IF NOT EXISTS runs (
    id       INTEGER PRIMARY KEY,
    started  TEXT NOT NULL,
    ended    TEXT,
    command  TEXT NOT NULL,
    exit     INTEGER
);

CREATE TABLE IF NOT EXISTS ledger (
    id      INTEGER PRIMARY KEY,
    run     INTEGER REFERENCES runs (id),
    capture INTEGER REFERENCES captures (id),   -- NULL: nothing came
    at      TEXT NOT NULL,
    url     TEXT NOT NULL,
    key     TEXT NOT NULL,
    outlet  TEXT NOT NULL,
    channel TEXT NOT NULL,
    outcome TEXT NOT NULL,                -- a code: kept, off-story, http-404, robots, …
    detail  TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS ledger_by_key ON ledger (key);
CREATE INDEX IF NOT EXISTS ledger_by_outlet ON ledger (outlet, at);

CREATE TABLE IF NOT EXISTS boilerplate (  -- paragraphs that are taken out of an outlet's texts
    outlet TEXT NOT NULL,
    block  INTEGER NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (outlet, block)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS frontier (
    key        TEXT PRIMARY KEY,
    url        TEXT NOT NULL,
    outlet     TEXT NOT NULL,
    site       TEXT NOT NULL,             -- the registered domain, for politeness
    score      REAL NOT NULL,
    state      TEXT NOT NULL,             -- waiting, later (until due), taken, done
    attempts   INTEGER NOT NULL DEFAULT 0,
    depth      INTEGER NOT NULL DEFAULT 0,  -- links followed from a listed page
    due        TEXT NOT NULL,
    discovered TEXT NOT NULL,
    channels   TEXT NOT NULL,             -- every channel that named it: ' feed  sitemap '
    listing    TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS frontier_waiting ON frontier (site, score DESC)
    WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS frontier_later ON frontier (due) WHERE state = 'later';
CREATE INDEX IF NOT EXISTS frontier_taken ON frontier (key) WHERE state = 'taken';
CREATE TABLE IF NOT EXISTS queues (       -- how much of the frontier waits, by site; kept by the triggers
    site    TEXT PRIMARY KEY,
    waiting INTEGER NOT NULL,
    later   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS frontier_grows AFTER INSERT ON frontier
WHEN new.state IN ('waiting', 'later') BEGIN
    INSERT INTO queues VALUES (new.site, new.state = 'waiting', new.state = 'later')
    ON CONFLICT (site) DO UPDATE SET
        waiting = waiting + excluded.waiting, later = later + excluded.later;
END;
CREATE TRIGGER IF NOT EXISTS frontier_moves AFTER UPDATE OF state ON frontier
WHEN old.state <> new.state BEGIN
    INSERT INTO queues VALUES (
        new.site,
        (new.state = 'waiting') - (old.state = 'waiting'), (new.state = 'later') - (old.state = 'later')
    ) ON CONFLICT (site) DO UPDATE SET
        waiting = waiting + excluded.waiting, later = later + excluded.later;
END;
CREATE TRIGGER IF NOT EXISTS frontier_shrinks AFTER DELETE ON frontier
WHEN old.state IN ('waiting', 'later') BEGIN
    UPDATE queues SET
        waiting = waiting - (old.state = 'waiting'), later = later - (old.state = 'later')
    WHERE site = old.site;
END;

CREATE TABLE IF NOT EXISTS lists (
    url           TEXT PRIMARY KEY,
    outlet        TEXT NOT NULL,
    channel       TEXT NOT NULL,
    parent        TEXT NOT NULL DEFAULT '',  -- the index or first page that named it
    modified      TEXT,                   -- its lastmod there
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    digest        TEXT NOT NULL DEFAULT '',
    windows       TEXT NOT NULL DEFAULT '',  -- the stories' windows it was read for
    fetched       TEXT,                   -- the last answer, whatever it was; NULL: not visited yet
    changed       TEXT,                   -- the last answer with something new
    items         INTEGER NOT NULL DEFAULT 0,
    failures      INTEGER NOT NULL DEFAULT 0,
    outcome       TEXT NOT NULL DEFAULT '',
    ttl           INTEGER NOT NULL DEFAULT 0,  -- seconds between visits that it asks for
    rate          REAL NOT NULL DEFAULT 0,     -- new URLs a day, smoothed
    usual         REAL NOT NULL DEFAULT 0,     -- the same when there was news last
    pace          INTEGER NOT NULL DEFAULT 0,  -- seconds between visits that this comes to
    next_due      TEXT
);
CREATE INDEX IF NOT EXISTS lists_by_parent ON lists (parent) WHERE parent <> '';

CREATE TABLE IF NOT EXISTS watched (      -- times that visits to a list account for
    list   TEXT NOT NULL,
    outlet TEXT NOT NULL,
    began  TEXT NOT NULL,
    ended  TEXT NOT NULL,
    PRIMARY KEY (list, began)
);
CREATE INDEX IF NOT EXISTS watched_by_outlet ON watched (outlet, began);

CREATE TABLE IF NOT EXISTS rechecks (
    article       TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    due           TEXT,                   -- NULL: settled
    checked       TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS rechecks_due ON rechecks (due) WHERE due IS NOT NULL;

CREATE TABLE IF NOT EXISTS hosts (        -- sites that fail, by registered domain
    site     TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,            -- runs in a row without an answer
    outcome  TEXT NOT NULL,
    retry_at TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS robots (
    origin  TEXT PRIMARY KEY,
    fetched TEXT NOT NULL,
    status  INTEGER NOT NULL,
    body    BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS feed_texts (   -- whole texts of feeds, for pages that may be refused
    key  TEXT PRIMARY KEY,
    page BLOB NOT NULL                    -- HTML, packed by zlib
);

CREATE TABLE IF NOT EXISTS reservations (  -- tdmrep.json: which texts are reserved from mining
    origin  TEXT PRIMARY KEY,
    fetched TEXT NOT NULL,
    status  INTEGER NOT NULL,
    body    BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS articles_expiring ON articles (record ->> 'unavailable_after')
    WHERE record ->> 'unavailable_after' IS NOT NULL;

CREATE TABLE IF NOT EXISTS tombstones (   -- what was forgotten and is not fetched again
    kind TEXT NOT NULL,                   -- article, outlet
    name TEXT NOT NULL,                   -- the SHA-256 of an article's key; an outlet's id
    at   TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS rewrites (     -- archive files whose place a new one is about to take
    old TEXT PRIMARY KEY,
    new TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS asked (        -- requests to sources of past coverage, by story
    story      TEXT NOT NULL,
    source     TEXT NOT NULL,
    key        TEXT NOT NULL,             -- a file, an interval, an outlet, an encyclopedia's article
    url        TEXT NOT NULL,
    part       TEXT NOT NULL,
    outcome    TEXT NOT NULL,             -- answered, missing, a refusal's code; empty: not made yet
    at         TEXT NOT NULL,
    bytes      INTEGER NOT NULL DEFAULT 0,
    records    INTEGER NOT NULL DEFAULT 0,
    candidates INTEGER NOT NULL DEFAULT 0,
    wanted     INTEGER NOT NULL DEFAULT 0,
    queries    TEXT NOT NULL DEFAULT '',  -- a digest of the story's queries that judged the answer
    PRIMARY KEY (story, source, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (      -- how sources of past coverage are, across runs
    source       TEXT PRIMARY KEY,
    asked        TEXT,
    paused_until TEXT,
    outcome      TEXT NOT NULL,
    detail       TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS imports (      -- how far archives of the web were read by crawl --warc
    url   TEXT NOT NULL,
    scope TEXT NOT NULL,                  -- the outlet and the day that were asked for
    place INTEGER,                        -- the byte to go on from; NULL when it was read to its end
    at    TEXT NOT NULL,
    validator TEXT NOT NULL DEFAULT '',   -- what its server called that state of it (ETag, Last-Modified)
    PRIMARY KEY (url, scope)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copies (       -- where archives have copies of pages
    key      TEXT NOT NULL,               -- the identity of the page's URL
    captured TEXT NOT NULL,
    address  TEXT NOT NULL,
    start    INTEGER NOT NULL,            -- the first of its bytes there
    url      TEXT NOT NULL,
    archive  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    length   INTEGER NOT NULL,            -- of its bytes; 0: all
    outcome  TEXT NOT NULL DEFAULT '',    -- what its page came to; empty: not fetched
    PRIMARY KEY (key, captured, address, start)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS traits (       -- what a page shows of its outlet's habits
    article TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    outlet  TEXT NOT NULL,
    fetched TEXT NOT NULL,
    digest  INTEGER NOT NULL,             -- of the words of its text
    traits  TEXT NOT NULL                 -- JSON
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS traits_by_outlet ON traits (outlet, fetched);
CREATE INDEX IF NOT EXISTS traits_by_digest ON traits (outlet, digest);
CREATE TABLE IF NOT EXISTS habits (       -- what was learned of an outlet from those
    outlet TEXT PRIMARY KEY,
    habits TEXT NOT NULL                  -- JSON
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revisits (     -- how visits that asked for news only were answered, counted
    outlet TEXT NOT NULL,
    about  TEXT NOT NULL,                 -- page, feed, sitemap, section; lastmod
    answer TEXT NOT NULL,                 -- unmodified, same, changed
    number INTEGER NOT NULL,
    newest TEXT NOT NULL,
    PRIMARY KEY (outlet, about, answer)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (       -- identities that articles claim and that are not believed alone
    key     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claims_by_article ON claims (article);
CREATE TABLE IF NOT EXISTS saves (        -- articles that a public archive was asked to save
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    asked    TEXT NOT NULL,
    outcome  TEXT NOT NULL,               -- asked, saved, or the archive's code for why not
    job      TEXT NOT NULL,               -- what its answer is asked by, while it is asked
    tries    INTEGER NOT NULL,
    captured TEXT,                        -- when the archive captured the page
    address  TEXT NOT NULL                -- where its copy is to be had
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS merges (       -- the desks whose rows were taken into this one
    desk   TEXT NOT NULL,                 -- the identity of its database
    place  TEXT NOT NULL,                 -- its folder
    at     TEXT NOT NULL,
    entry  INTEGER NOT NULL DEFAULT 0,    -- its ledger was taken up to this line
    remark TEXT NOT NULL DEFAULT '',      -- what people wrote there was taken up to this moment
    since  INTEGER,                       -- our revision before it; NULL: all that was taken is judged
    PRIMARY KEY (desk, place)
) WITHOUT ROWID;
"""
