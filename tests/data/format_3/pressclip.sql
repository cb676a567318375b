BEGIN TRANSACTION;
CREATE TABLE aliases (
    key     TEXT PRIMARY KEY,
    url     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id)
);
INSERT INTO "aliases" VALUES('https://prairie-courier.example/2023/02/04/balloon','https://prairie-courier.example/2023/02/04/balloon','bvg6i');
INSERT INTO "aliases" VALUES('https://harbour-daily.example/2023/02/04/spy-balloon','https://harbour-daily.example/2023/02/04/spy-balloon','kfamt');
INSERT INTO "aliases" VALUES('https://matin.example/2023/02/04/ballon','https://matin.example/2023/02/04/ballon','wyxat');
INSERT INTO "aliases" VALUES('https://prairie-courier.example/2023/02/04/fair','https://prairie-courier.example/2023/02/04/fair','jpsz5');
CREATE TABLE articles (
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
INSERT INTO "articles" VALUES('bvg6i','https://prairie-courier.example/2023/02/04/balloon',28,1,'bvg6i','2023-02-04T13:00:00Z',2,5,'A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.

Officials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.

Two windows were broken, and the school in Harrow Bend was closed on Monday, its head teacher told us in a corrected account.

The county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.

A farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.','{"url":"https://prairie-courier.example/2023/02/04/balloon","canonical_url":"https://prairie-courier.example/2023/02/04/balloon","outlet":"prairie-courier.example","title":"Balloon seen over the elevators","fetched":"2023-02-05T19:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-05T19:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
INSERT INTO "articles" VALUES('kfamt','https://harbour-daily.example/2023/02/04/spy-balloon',29,1,'bvg6i','2023-02-04T15:00:00Z',1,2,'A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.

Officials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.

Nobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us on the telephone that afternoon.

The county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.

A farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.','{"url":"https://harbour-daily.example/2023/02/04/spy-balloon","canonical_url":"https://harbour-daily.example/2023/02/04/spy-balloon","outlet":"harbour-daily.example","title":"Spy balloon crosses prairie","fetched":"2023-02-04T15:00:00Z","authors":["Bo Sample"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T15:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
INSERT INTO "articles" VALUES('wyxat','https://matin.example/2023/02/04/ballon',23,1,'wyxat','2023-02-04T16:00:00Z',1,3,'Un ballon blanc, haut comme un silo, a survolé la prairie samedi, selon le comté, et les habitants sont sortis dans les champs.

Les autorités parlent d''un ballon espion, suivi au radar pendant deux jours avant de dériver vers la mer au large du phare.

Personne n''a été blessé et l''école du village est restée ouverte toute la journée, a dit sa directrice au téléphone.

Le comté demande de signaler tout débris et de ne pas y toucher avant l''arrivée des agents, qui viendront dans la semaine.','{"url":"https://matin.example/2023/02/04/ballon","canonical_url":"https://matin.example/2023/02/04/ballon","outlet":"matin.example","title":"Un ballon inquiète la prairie","fetched":"2023-02-04T16:00:00Z","authors":["Léa Modèle"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"fr","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T16:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
INSERT INTO "articles" VALUES('jpsz5','https://prairie-courier.example/2023/02/04/fair',25,0,'jpsz5','2023-02-04T17:00:00Z',1,4,'The county fair opened on Saturday with pies, sheep and a brass band that had practised all through the winter in the fire station.

Prizes for the largest pumpkin and the straightest furrow were given by the mayor, who had judged both of them alone this year.

Trains ran every twenty minutes, and the last one left the fairground after the lanterns had been put out, the stationmaster said.

The fair goes on until Wednesday, when the horses are sold, and the tents are taken down on the morning after that.','{"url":"https://prairie-courier.example/2023/02/04/fair","canonical_url":"https://prairie-courier.example/2023/02/04/fair","outlet":"prairie-courier.example","title":"County fair opens","fetched":"2023-02-04T17:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T17:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
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
INSERT INTO "asked" VALUES('balloon','gdelt','20230204120000','https://archive.example/gal/20230204120000.gal.json.gz','','answered','2026-11-30T19:31:23.400874Z',5120,40,2,1);
INSERT INTO "asked" VALUES('balloon','wayback','prairie-courier.example','https://archive.example/cdx?url=prairie-courier.example','','','2026-11-30T19:31:23.400950Z',0,0,0,0);
CREATE TABLE boilerplate (  -- paragraphs that are taken out of an outlet's texts
    outlet TEXT NOT NULL,
    block  INTEGER NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (outlet, block)
) WITHOUT ROWID;
CREATE TABLE captures (
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
INSERT INTO "captures" VALUES(1,'https://prairie-courier.example/2023/02/04/balloon','2023-02-04T13:00:00Z',200,'prairie-courier.example','feed','2026/11/pressclip-20261124T103353881370-de545d.warc.gz',293,943,'sha256:B7O6MW3I26TEV2LNHFEIPGQUA2L6IMSIHPMAAPUCZH5LU7RND5TA====','kept','bvg6i',NULL);
INSERT INTO "captures" VALUES(2,'https://harbour-daily.example/2023/02/04/spy-balloon','2023-02-04T15:00:00Z',200,'harbour-daily.example','feed','2026/11/pressclip-20261124T103353881370-de545d.warc.gz',1592,939,'sha256:USEDKWZ3AITNNKZYHOVWAPSTWQK64FIJL7VZKBX5JUNW5WJOH6PA====','kept','kfamt',NULL);
INSERT INTO "captures" VALUES(3,'https://matin.example/2023/02/04/ballon','2023-02-04T16:00:00Z',200,'matin.example','feed','2026/11/pressclip-20261124T103353881370-de545d.warc.gz',2889,863,'sha256:2DQRDN5EPS6R7MO6T7DTKNJG2VVU77IPGVYMA625CPMWEXOEZEDQ====','kept','wyxat',NULL);
INSERT INTO "captures" VALUES(4,'https://prairie-courier.example/2023/02/04/fair','2023-02-04T17:00:00Z',200,'prairie-courier.example','feed','2026/11/pressclip-20261124T103353881370-de545d.warc.gz',4102,837,'sha256:S2RZWFUOSFGRYJ6JKVA72HRGHWUZRS2RPFATLVJZFBMXM6R3WUFQ====','off-story','jpsz5',NULL);
INSERT INTO "captures" VALUES(5,'https://prairie-courier.example/2023/02/04/balloon','2023-02-05T19:00:00Z',200,'prairie-courier.example','feed','2026/11/pressclip-20261124T103353881370-de545d.warc.gz',5298,949,'sha256:2LPN4CUSEWEPGTXYWDLE3WOZ35KMRSITLT6Q4JONPUBM5HATL2TA====','kept','bvg6i',NULL);
INSERT INTO "captures" VALUES(6,'https://matin.example/2023/02/04/gone','2023-02-04T13:00:00Z',404,'matin.example','feed','2026/11/pressclip-20261124T103353881370-de545d.warc.gz',6601,361,'sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====','http-404',NULL,NULL);
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
INSERT INTO "copies" VALUES('https://prairie-courier.example/2023/02/05/waiting','2023-02-05T12:00:00Z','https://archive.example/web/20230205120000id_/https://prairie-courier.example/2023/02/05/waiting',0,'https://prairie-courier.example/2023/02/05/waiting','archive.example','sha1:AAAA',0,'');
CREATE TABLE families (
    family INTEGER PRIMARY KEY,
    origin TEXT NOT NULL           -- the article that published it first
);
INSERT INTO "families" VALUES(1,'bvg6i');
INSERT INTO "families" VALUES(2,'wyxat');
CREATE TABLE "family_blocks" (
    outlet  TEXT NOT NULL,
    block   INTEGER NOT NULL,
    told    INTEGER NOT NULL,
    title   BLOB NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (outlet, block, told, title, article)
) WITHOUT ROWID;
INSERT INTO "family_blocks" VALUES('prairie-courier.example',3008208206288204263,0,X'1FFB61B83444E3F7','bvg6i');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',3412470343794307924,0,X'1FFB61B83444E3F7','bvg6i');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',327656344507354007,0,X'C9EA6DD0A477D347','jpsz5');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',5268526424142933383,0,X'C9EA6DD0A477D347','jpsz5');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',3008208206288204263,0,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',4415233635472731732,0,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',4527353387598508963,0,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('matin.example',5311403848343178387,0,X'49047CD638B9015A','wyxat');
INSERT INTO "family_blocks" VALUES('matin.example',7210588206438962692,0,X'49047CD638B9015A','wyxat');
CREATE TABLE family_cores (
    core   INTEGER PRIMARY KEY,
    size   INTEGER NOT NULL);
INSERT INTO "family_cores" VALUES(1,2);
INSERT INTO "family_cores" VALUES(2,1);
CREATE TABLE family_credits (
    article  TEXT NOT NULL,
    family   INTEGER NOT NULL,
    source   TEXT NOT NULL,        -- who is credited, as `family_members.source` names them
    kind     TEXT NOT NULL,
    strong   INTEGER NOT NULL,     -- 1: the text is theirs; 0: they contributed to it
    evidence TEXT NOT NULL,        -- the very words
    PRIMARY KEY (article, source, kind)
) WITHOUT ROWID;
CREATE TABLE family_edges (  -- a tree over each core's texts; each edge both ways
    text  INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (text, other)
) WITHOUT ROWID;
INSERT INTO "family_edges" VALUES(1,3);
INSERT INTO "family_edges" VALUES(3,1);
CREATE TABLE family_keys (   -- which cores, and which of their texts, a key leads to;
                                           -- those of the latest texts are not here yet (keys.py)
    key  INTEGER NOT NULL,
    core INTEGER NOT NULL,         -- 0: a commonplace, which leads nowhere
    text INTEGER NOT NULL,
    PRIMARY KEY (key, core, text)
) WITHOUT ROWID;
CREATE TABLE family_members (
    article   TEXT PRIMARY KEY,
    text      INTEGER NOT NULL,
    family    INTEGER NOT NULL,
    outlet    TEXT NOT NULL,
    source    TEXT NOT NULL,       -- the outlet's name as a credit would give it
    published INTEGER NOT NULL,    -- seconds since 1970; when undated, first seen
    trusted   INTEGER NOT NULL,    -- 0: no publication time that can be believed
    title     TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "family_members" VALUES('bvg6i',3,1,'prairie-courier.example','prairiecourier',1675512000,1,'Balloon seen over the elevators');
INSERT INTO "family_members" VALUES('kfamt',1,1,'harbour-daily.example','harbourdaily',1675512000,1,'Spy balloon crosses prairie');
INSERT INTO "family_members" VALUES('wyxat',2,2,'matin.example','matin',1675512000,1,'Un ballon inquiète la prairie');
CREATE TABLE family_parts (  -- excerpts and expanded texts; each pair both ways
    star      INTEGER NOT NULL,    -- of `text`
    text      INTEGER NOT NULL,
    other     INTEGER NOT NULL,
    contained REAL NOT NULL,       -- the share of `text` that stands in `other`
    PRIMARY KEY (text, other)
) WITHOUT ROWID;
CREATE TABLE family_stars (
    star   INTEGER PRIMARY KEY,
    core   INTEGER NOT NULL,
    first  INTEGER NOT NULL,
    member TEXT NOT NULL,
    parent INTEGER,
    family INTEGER NOT NULL
);
INSERT INTO "family_stars" VALUES(1,1,1675512000,'bvg6i',NULL,1);
INSERT INTO "family_stars" VALUES(2,2,1675512000,'wyxat',NULL,2);
CREATE TABLE family_texts (  -- one row for each distinct counted text
    text      INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: cores keep it as their name
    identity  BLOB NOT NULL UNIQUE,
    exact     BLOB NOT NULL,       -- the hash of all its counted tokens
    core      INTEGER NOT NULL,    -- texts that are copies of each other, directly or by way of others
    words     INTEGER NOT NULL,
    level     INTEGER NOT NULL,
    signature BLOB NOT NULL,
    keys      BLOB NOT NULL,
    numbers   BLOB NOT NULL,
    names     BLOB NOT NULL,
    title     BLOB NOT NULL,
    titled    INTEGER NOT NULL,
    dropped   BLOB NOT NULL        -- paragraphs that were not counted
, star INTEGER NOT NULL DEFAULT 0);
INSERT INTO "family_texts" VALUES(1,X'BD1FBA69C21FD334800756C43A48F161',X'BD1FBA69C21FD334800756C43A48F161',1,130,0,X'E397BC1F675B9501C89CB33049B4F3A5064DDF4BFBAB08DD9904BF67244BAAC40E2C34A80E6611DBD693C34CB7BB1B253FB86912B6550B6FDA521A2F9A8E8A931442226A0612BB17EED2FC37D017A7A479F0AD34F571D3DA01702F659EA547F2BD4BAD359925966701EB4F5251CCD835188849DBA7DD17A95D24C575B9D194660AFF340051CF15CD3AAA153F164DB5BF63E79795561FC17AD5A329749F4394BFCCEEE2EBF54F19B156FBDB7B8A9D3FBF93263DBF7FD7F6D95819782890783EFF0C4E11623A649C44D84EDB314914BD4B09905C57CA0CF4B7ED177B4D4C064A31DDCADEB5B5E14A197370531B79EF9BC5953DC4D59ADF044309F10500F875BCBE82DD6B559959252EB1C816A1DD84CE8138AAA2E237D913F6',X'2F0D93D2F14BDE0FE52D9DF6B3ADCA000D68B20864CE5918CCB0B79CDBDD8D12F9FB2BF51FDC34096EECAA2E6D298D170A3DC3740389DD0B8F2A08B93CF8561A43482906857F1A002FA5FE5AAC0C3C1433EF497A6CA7ED18CC26B3262603A5188C6709D3DA70A50CB75DA98739B8A90DD4CC66EA84F802004ADF7A94CCAC1217',X'',X'3941D518B07C7D1E02F7102EA2CAC82F2595EE7F14210CB887F52CC5',X'1FFB61B83444E3F7',1,X'',1);
INSERT INTO "family_texts" VALUES(2,X'1F7F0E31FE5638C49BD5D154C266B39D',X'1F7F0E31FE5638C49BD5D154C266B39D',2,91,0,X'9B031B5A481418A304DF2C95EF137A046C1B8F359DC5278F4420BB85DAC1D223BD996D294DE4433D2B8AC9D649877779F60EFA407632E3AE3FA087BA6E9681897D973CE7B574246733F3E9D2D0C6356FC90F723CA648E1821865B197FBF738367A4CEE9CF231B8E7FBAF9B98460694E3313AF655C0E2C4B810B620E5582AB59ED3E3F5EFF423363D8455304017089C1F56A9E92E2FF335181BAEE4F917BC3E2E3A6B666CE96C486496BAFD9A401BFCC153CED177F7237EE2A2AB94F28B6681D0BC3C15CE',X'F24042F6CD810D2D4FE3B78BF7093D0236582B47B68DC71A3025282CED60E9115A8553A6DECCB61444CAF6A726F2A11E87B64E6D7B077D20DAA0C688E407391EA5418CD9FD7B1C1BED84DD82181DFB2A7C3F5576FA119B1E6D35DF21C22A18204BFEC29C0B04CE0F98ED2438ABD47417389D9BB297F91A0C49C503EA0B5E1F17',X'',X'0D8D8BB4',X'49047CD638B9015A',1,X'',2);
INSERT INTO "family_texts" VALUES(3,X'9908A5245F26436903CF49270A2CEEF0',X'9908A5245F26436903CF49270A2CEEF0',1,132,0,X'E397BC1F675B9501C89CB33049B4F3A5064DDF4BFBAB08DD9904BF67244BAAC40E2C34A80E6611DBD693C34CB7BB1B253FB86912B6550B6FDA521A2F9A8E8A931442226A0612BB17EED2FC37D017A7A479F0AD34F571D3DA01702F659EA547F2BFD16E715C7FEF1352BF8A5B1763E0A0EBF7C020188849DB8C408A5C005066E16CC4B75630C03FA751CF15CDD7B842FB7FD200A2F9D394EAE52AC0899F4394BFCCEEE2EBF54F19B156FBDB7B8A9D3FBF93263DBF7FD7F6D95819782890783EFF0C4E11623A649C44D84EDB314914BD4B09905C57CA0CF4B7ED177B4D4C064A31DDCADEB5B5E14A197370531B79EF9BC5953DC4D59ADF044309F10500F875BCBE82DD6B559959252EB1C816A1DD84CE8138AAA2E237D913F6',X'2F0D93D2F14BDE0FE52D9DF6B3ADCA000D68B20864CE5918CCB0B79CDBDD8D12F9FB2BF51FDC34096EECAA2E6D298D170A3DC3740389DD0B2511673BAEBFF709C2725AE8F57B60102FA5FE5AAC0C3C1433EF497A6CA7ED18CC26B3262603A5188C6709D3DA70A50CB75DA98739B8A90DD4CC66EA84F802004ADF7A94CCAC1217',X'',X'B07C7D1E02F7102EA2CAC82F2595EE7F14210CB887F52CC51BCF5CE0',X'1FFB61B83444E3F7',1,X'',1);
CREATE TABLE feed_texts (   -- whole texts of feeds, for pages that may be refused
    key  TEXT PRIMARY KEY,
    page BLOB NOT NULL                    -- HTML, packed by zlib
);
CREATE TABLE frontier (
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
INSERT INTO "frontier" VALUES('https://prairie-courier.example/2023/02/05/waiting','https://prairie-courier.example/2023/02/05/waiting','prairie-courier.example','prairie-courier.example',1.5,'waiting',0,0,'2026-11-24T10:34:15.625763Z','2026-11-24T10:34:15.625763Z',' feed ','{"channel":"feed","url":"https://prairie-courier.example/2023/02/05/waiting","source":"https://prairie-courier.example/feed.xml","outlet":"prairie-courier.example"}');
CREATE TABLE hosts (        -- sites that fail, by registered domain
    site     TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,            -- runs in a row without an answer
    outcome  TEXT NOT NULL,
    retry_at TEXT NOT NULL
);
CREATE TABLE identity (name TEXT NOT NULL);
INSERT INTO "identity" VALUES('0ee4c8f8b1895e55');
CREATE TABLE imports (
    url   TEXT NOT NULL,
    scope TEXT NOT NULL,
    place INTEGER,
    at    TEXT NOT NULL,
    PRIMARY KEY (url, scope)
) WITHOUT ROWID;
CREATE TABLE judgings (     -- what the verdicts of a story were made with
    story    TEXT PRIMARY KEY,
    digest   TEXT NOT NULL,               -- of the parts of its file that they depend on
    revision INTEGER NOT NULL,            -- changes up to this one were judged
    learned  TEXT NOT NULL,               -- from which articles and labels the profile is
    profile  TEXT                         -- JSON; NULL: too little is known for one
);
INSERT INTO "judgings" VALUES('balloon','f06edf2c249a4c2f',29,'0b6642e24ac8a592',NULL);
CREATE TABLE labels (       -- what a person decided; wins over verdicts
    key      TEXT NOT NULL,               -- articles.key, which a replay gives again
    story    TEXT NOT NULL,
    decision TEXT NOT NULL,
    at       TEXT NOT NULL,
    note     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (key, story)
);
CREATE TABLE ledger (
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
INSERT INTO "ledger" VALUES(7,1,NULL,'2023-02-05T08:00:00Z','https://matin.example/prive/a','https://matin.example/prive/a','matin.example','feed','robots','Disallow: /prive/');
INSERT INTO "ledger" VALUES(8,2,1,'2023-02-04T13:00:00Z','https://prairie-courier.example/2023/02/04/balloon','https://prairie-courier.example/2023/02/04/balloon','prairie-courier.example','feed','kept','balloon: text: "spy balloon"; published in the window');
INSERT INTO "ledger" VALUES(9,2,2,'2023-02-04T15:00:00Z','https://harbour-daily.example/2023/02/04/spy-balloon','https://harbour-daily.example/2023/02/04/spy-balloon','harbour-daily.example','feed','kept','balloon: title: "spy balloon"; text: "spy balloon"; published in the window');
INSERT INTO "ledger" VALUES(10,2,3,'2023-02-04T16:00:00Z','https://matin.example/2023/02/04/ballon','https://matin.example/2023/02/04/ballon','matin.example','feed','kept','balloon: title: ballon; text: ballon ×2; published in the window');
INSERT INTO "ledger" VALUES(11,2,4,'2023-02-04T17:00:00Z','https://prairie-courier.example/2023/02/04/fair','https://prairie-courier.example/2023/02/04/fair','prairie-courier.example','feed','off-story','balloon: the query is not met');
INSERT INTO "ledger" VALUES(12,2,5,'2023-02-05T19:00:00Z','https://prairie-courier.example/2023/02/04/balloon','https://prairie-courier.example/2023/02/04/balloon','prairie-courier.example','feed','kept','balloon: text: "spy balloon"; published in the window');
INSERT INTO "ledger" VALUES(13,2,6,'2023-02-04T13:00:00Z','https://matin.example/2023/02/04/gone','https://matin.example/2023/02/04/gone','matin.example','feed','http-404','the server did not give the page');
CREATE TABLE lists (
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
INSERT INTO "lists" VALUES('https://prairie-courier.example/feed.xml','prairie-courier.example','feed','',NULL,'"abc"','','','','2023-02-05T08:00:00Z','2023-02-05T08:00:00Z',5,0,'',0,0.0,0.0,3600,NULL);
CREATE TABLE notes (
    key  TEXT PRIMARY KEY,
    note TEXT NOT NULL,
    at   TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE queues (       -- how much of the frontier waits, by site; kept by the triggers
    site    TEXT PRIMARY KEY,
    waiting INTEGER NOT NULL,
    later   INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "queues" VALUES('prairie-courier.example',1,0);
CREATE TABLE rechecks (
    article       TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    due           TEXT,                   -- NULL: settled
    checked       TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL
);
INSERT INTO "rechecks" VALUES('bvg6i','2023-02-11T13:00:00Z','2023-02-05T19:00:00Z','','');
INSERT INTO "rechecks" VALUES('kfamt','2023-02-04T16:00:00Z','2023-02-04T15:00:00Z','','');
INSERT INTO "rechecks" VALUES('wyxat','2023-02-04T17:00:00Z','2023-02-04T16:00:00Z','','');
CREATE TABLE removals (     -- each time an article was seen to be gone from its address
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    seen    TEXT NOT NULL,
    code    TEXT NOT NULL,                -- http-404, http-410, soft-404, redirect-home
    ended   TEXT,                         -- when it was there again; NULL: it is gone
    PRIMARY KEY (article, seen)
) WITHOUT ROWID;
CREATE TABLE reservations (  -- tdmrep.json: which texts are reserved from mining
    origin  TEXT PRIMARY KEY,
    fetched TEXT NOT NULL,
    status  INTEGER NOT NULL,
    body    BLOB NOT NULL
);
CREATE TABLE revision (newest INTEGER NOT NULL);
INSERT INTO "revision" VALUES(29);
CREATE TABLE rewrites (     -- archive files whose place a new one is about to take
    old TEXT PRIMARY KEY,
    new TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE robots (
    origin  TEXT PRIMARY KEY,
    fetched TEXT NOT NULL,
    status  INTEGER NOT NULL,
    body    BLOB NOT NULL
);
INSERT INTO "robots" VALUES('https://prairie-courier.example','2023-02-05T08:00:00Z',200,X'557365722D6167656E743A202A0A446973616C6C6F773A202F70726976652F0A');
CREATE TABLE runs (
    id       INTEGER PRIMARY KEY,
    started  TEXT NOT NULL,
    ended    TEXT,
    command  TEXT NOT NULL,
    exit     INTEGER
);
INSERT INTO "runs" VALUES(1,'2023-02-05T09:00:00Z','2023-02-05T09:00:09Z','crawl balloon',0);
INSERT INTO "runs" VALUES(2,'2026-11-30T16:45:37.254600Z','2026-11-30T16:45:42.763564Z','replay',0);
CREATE TABLE sources (
    source       TEXT PRIMARY KEY,
    asked        TEXT,
    paused_until TEXT,
    outcome      TEXT NOT NULL,
    detail       TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "sources" VALUES('gdelt','2026-11-24T10:00:00Z',NULL,'','');
CREATE TABLE tags (         -- what a person wrote on articles
    key TEXT NOT NULL,                    -- articles.key, as of labels
    tag TEXT NOT NULL,
    at  TEXT NOT NULL,
    PRIMARY KEY (key, tag)
) WITHOUT ROWID;
CREATE TABLE tombstones (   -- what was forgotten and is not fetched again
    kind TEXT NOT NULL,                   -- article, outlet
    name TEXT NOT NULL,                   -- the SHA-256 of an article's key; an outlet's id
    at   TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE verdicts (
    article  TEXT NOT NULL REFERENCES articles (id),
    story    TEXT NOT NULL,
    decision TEXT NOT NULL,
    score    REAL NOT NULL,
    reasons  TEXT NOT NULL,
    alone    REAL NOT NULL DEFAULT 0,     -- the score where the queries alone put it on the story
    PRIMARY KEY (article, story)
);
INSERT INTO "verdicts" VALUES('wyxat','balloon','on-story',0.917,'["title: ballon","text: ballon ×2","published in the window"]',0.917);
INSERT INTO "verdicts" VALUES('jpsz5','balloon','off-story',0.0,'["the query is not met"]',0.0);
INSERT INTO "verdicts" VALUES('bvg6i','balloon','on-story',0.536,'["text: \"spy balloon\"","shares its text with 1 on-story article","published in the window"]',0.536);
INSERT INTO "verdicts" VALUES('kfamt','balloon','on-story',0.885,'["title: \"spy balloon\"","text: \"spy balloon\"","shares its text with 1 on-story article","published in the window"]',0.885);
CREATE TABLE versions (
    article TEXT NOT NULL REFERENCES articles (id),
    seen    TEXT NOT NULL,
    capture INTEGER NOT NULL REFERENCES captures (id),
    record  TEXT NOT NULL,                -- the whole article as JSON
    PRIMARY KEY (article, seen)
);
INSERT INTO "versions" VALUES('bvg6i','2023-02-04T13:00:00Z',1,'{"url":"https://prairie-courier.example/2023/02/04/balloon","canonical_url":"https://prairie-courier.example/2023/02/04/balloon","outlet":"prairie-courier.example","title":"Balloon seen over the elevators","text":"A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.\n\nOfficials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.\n\nNobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us on the telephone that afternoon.\n\nThe county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.\n\nA farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.","fetched":"2023-02-04T13:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T13:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
INSERT INTO "versions" VALUES('kfamt','2023-02-04T15:00:00Z',2,'{"url":"https://harbour-daily.example/2023/02/04/spy-balloon","canonical_url":"https://harbour-daily.example/2023/02/04/spy-balloon","outlet":"harbour-daily.example","title":"Spy balloon crosses prairie","text":"A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.\n\nOfficials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.\n\nNobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us on the telephone that afternoon.\n\nThe county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.\n\nA farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.","fetched":"2023-02-04T15:00:00Z","authors":["Bo Sample"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T15:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
INSERT INTO "versions" VALUES('wyxat','2023-02-04T16:00:00Z',3,'{"url":"https://matin.example/2023/02/04/ballon","canonical_url":"https://matin.example/2023/02/04/ballon","outlet":"matin.example","title":"Un ballon inquiète la prairie","text":"Un ballon blanc, haut comme un silo, a survolé la prairie samedi, selon le comté, et les habitants sont sortis dans les champs.\n\nLes autorités parlent d''un ballon espion, suivi au radar pendant deux jours avant de dériver vers la mer au large du phare.\n\nPersonne n''a été blessé et l''école du village est restée ouverte toute la journée, a dit sa directrice au téléphone.\n\nLe comté demande de signaler tout débris et de ne pas y toucher avant l''arrivée des agents, qui viendront dans la semaine.","fetched":"2023-02-04T16:00:00Z","authors":["Léa Modèle"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"fr","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T16:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
INSERT INTO "versions" VALUES('jpsz5','2023-02-04T17:00:00Z',4,'{"url":"https://prairie-courier.example/2023/02/04/fair","canonical_url":"https://prairie-courier.example/2023/02/04/fair","outlet":"prairie-courier.example","title":"County fair opens","text":"The county fair opened on Saturday with pies, sheep and a brass band that had practised all through the winter in the fire station.\n\nPrizes for the largest pumpkin and the straightest furrow were given by the mayor, who had judged both of them alone this year.\n\nTrains ran every twenty minutes, and the last one left the fairground after the lanterns had been put out, the stationmaster said.\n\nThe fair goes on until Wednesday, when the horses are sold, and the tents are taken down on the morning after that.","fetched":"2023-02-04T17:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T17:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
INSERT INTO "versions" VALUES('bvg6i','2023-02-05T19:00:00Z',5,'{"url":"https://prairie-courier.example/2023/02/04/balloon","canonical_url":"https://prairie-courier.example/2023/02/04/balloon","outlet":"prairie-courier.example","title":"Balloon seen over the elevators","text":"A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.\n\nOfficials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.\n\nTwo windows were broken, and the school in Harrow Bend was closed on Monday, its head teacher told us in a corrected account.\n\nThe county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.\n\nA farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.","fetched":"2023-02-05T19:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-05T19:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[]}');
CREATE TABLE watched (      -- times that visits to a list account for
    list   TEXT NOT NULL,
    outlet TEXT NOT NULL,
    began  TEXT NOT NULL,
    ended  TEXT NOT NULL,
    PRIMARY KEY (list, began)
);
CREATE INDEX captures_beside ON captures (beside) WHERE beside IS NOT NULL;
CREATE INDEX captures_by_url ON captures (url, fetched);
CREATE INDEX captures_by_article ON captures (article);
CREATE INDEX captures_undecided ON captures (id) WHERE outcome IS NULL;
CREATE INDEX articles_by_family ON articles (family);
CREATE INDEX articles_by_outlet ON articles (outlet, kept);
CREATE INDEX aliases_by_article ON aliases (article);
CREATE INDEX aliases_by_url ON aliases (url);
CREATE INDEX verdicts_by_story ON verdicts (story, decision);
CREATE INDEX tags_by_name ON tags (tag);
CREATE VIEW decisions AS    -- the verdicts, with labels in force
SELECT verdicts.article, verdicts.story, coalesce(labels.decision, verdicts.decision) AS decision,
       verdicts.score, verdicts.reasons, verdicts.alone, labels.note
FROM verdicts JOIN articles ON articles.id = verdicts.article
LEFT JOIN labels ON labels.key = articles.key AND labels.story = verdicts.story;
CREATE INDEX ledger_by_key ON ledger (key);
CREATE INDEX ledger_by_outlet ON ledger (outlet, at);
CREATE INDEX frontier_waiting ON frontier (site, score DESC)
    WHERE state = 'waiting';
CREATE INDEX frontier_later ON frontier (due) WHERE state = 'later';
CREATE INDEX frontier_taken ON frontier (key) WHERE state = 'taken';
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
CREATE INDEX lists_by_parent ON lists (parent) WHERE parent <> '';
CREATE INDEX watched_by_outlet ON watched (outlet, began);
CREATE INDEX rechecks_due ON rechecks (due) WHERE due IS NOT NULL;
CREATE INDEX articles_expiring ON articles (record ->> 'unavailable_after')
    WHERE record ->> 'unavailable_after' IS NOT NULL;
CREATE INDEX family_texts_core ON family_texts (core);
CREATE INDEX family_members_text ON family_members (text, published, article);
CREATE INDEX family_members_family
    ON family_members (family, source, published, article);
CREATE INDEX family_credits_family ON family_credits (family, strong, source);
CREATE INDEX family_stars_core ON family_stars (core, first, member);
CREATE INDEX family_stars_parent ON family_stars (parent);
CREATE INDEX family_texts_star ON family_texts (star);
CREATE INDEX family_parts_star ON family_parts (star);
CREATE INDEX family_blocks_article ON family_blocks (article);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('family_texts',3);
COMMIT;
PRAGMA user_version = 3;
