"""A replay tells what would change before it counts, keeps what people know, and is all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.ingest.replay import replay_archive
from index.archive import Archive
from index.capture import ArchiveRef, Capture, Listing
from index.store import Store, StoreWriter
from index.store.comparison import Comparison, kind_of_change
from index.workspace import Workspace

Run = Callable[..., Any]
NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
TEXTS = {
    "balloon": "A spy balloon as tall as a grain elevator crossed the prairie, the county said.",
    "wind": "The wind took the spy balloon east, the weather station at Cape Sample said on Sunday.",
    "fair": "The county fair opened on Saturday with pies, sheep and a brass band from Harrow Bend.",
}
REST = (
    "Nobody was hurt, and the school stayed open, its head teacher told us on the telephone. The county"
    " asked people to report what falls, to leave it where it lies, and to keep children and dogs away"
    " from the field roads until the fire brigade has been there, which may take until Sunday evening."
)
SHELL = (
    "<html><head><title>Courier</title></head><body><p>Please enable JavaScript.</p></body></html>"
)


def page(name: str) -> str:
    title = f"The {name} of Harrow Bend as people saw it"
    return (
        f'<html lang="en"><head><title>{title}</title>'
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",'
        f' "datePublished": "2023-02-04T10:00:00Z", "author": {{"@type": "Person", "name": "Ann Example"}}}}'
        f"</script></head><body><h1>{title}</h1><p>{TEXTS[name]}</p><p>{REST} {name}.</p></body></html>"
    )


def address(name: str) -> str:
    return f"https://prairie-courier.example/2023/02/04/the-{name}-of-harrow-bend"


@pytest.fixture
def replayed(desk: Path, pressclip: Run) -> Path:
    """A desk whose corpus was read from three archived articles and a page that is none."""
    pages = [*((name, page(name)) for name in TEXTS), ("shell", SHELL)]
    with Archive(desk / "data" / "archive") as archive:
        for number, (name, body) in enumerate(pages):
            archive.append(
                Capture(
                    url=address(name), status=200, headers=(), body=body.encode(),
                    fetched=NOON + timedelta(hours=number), listing=Listing(channel="feed"),
                )
            )  # fmt: skip
    said = pressclip("replay", "-j", "1")
    assert said.status == 0
    assert "no previous database" in said.err
    return desk


def database(desk: Path) -> Path:
    return desk / "data" / "pressclip.db"


def article_id(desk: Path, name: str) -> str:
    with Store.open(database(desk)) as store:
        [identity] = store.articles.find(address(name))
        return identity


def write(desk: Path, statement: str, *values: object) -> None:
    with StoreWriter.open(database(desk)) as store:
        store._connection.execute(statement, values)


def age(desk: Path) -> str:
    """Make the corpus one that an older extractor read: other fields, a page too many, one too few."""
    balloon, fair = article_id(desk, "balloon"), article_id(desk, "fair")
    write(
        desk,
        "UPDATE articles SET text = 'Cut short.', record = json_set(record, '$.title', 'Old title',"
        " '$.published', '2023-02-01T00:00:00Z', '$.authors', json('[\"Prairie Courier\"]')) WHERE id = ?",
        balloon,
    )
    write(
        desk,
        "INSERT INTO articles (id, key, revision, kept, family, first_seen, versions, capture, text, record)"
        " SELECT 'shell', 'https://x/', 9999, 1, 'shell', first_seen, 1,"
        " (SELECT id FROM captures WHERE url = ?), text, json_set(record, '$.title', 'Courier')"
        " FROM articles WHERE id = ?",
        address("shell"),
        balloon,
    )
    for table, column in (("aliases", "article"), ("versions", "article"), ("verdicts", "article"),
                          ("rechecks", "article"), ("articles", "id")):  # fmt: skip
        write(desk, f"DELETE FROM {table} WHERE {column} = ?", fair)
    return balloon


def test_a_replay_of_an_unchanged_corpus_changes_nothing(replayed: Path, pressclip: Run) -> None:
    said = pressclip("replay", "-j", "1")
    assert said.err.splitlines()[0] == "nothing changes"


def test_a_dry_run_tells_what_would_change_and_changes_nothing(
    replayed: Path, pressclip: Run
) -> None:
    balloon = age(replayed)
    before = dump(replayed)
    told = json.loads(pressclip("replay", "--dry-run", "--json", "-j", "1").out)
    assert told["accepted"] is False
    fields = {one["field"]: one for one in told["fields"]}
    assert set(fields) == {"dates", "titles", "authors", "texts"}
    assert all(one["ids"] == [balloon] for one in fields.values())
    assert fields["authors"]["examples"] == [
        {
            "id": balloon,
            "title": "The balloon of Harrow Bend as people saw it",
            "before": "Prairie Courier",
            "after": "Ann Example",
        }
    ]
    assert [(one["id"], one["reason"]) for one in told["lost"]] == [("shell", "js-shell")]
    assert len(told["gained"]) == 1
    assert dump(replayed) == before
    assert not list((replayed / "data").glob("replay.db*"))


def dump(desk: Path) -> list[str]:
    with Store.open(database(desk)) as store:
        return list(store._connection.iterdump())


def test_an_accepted_replay_counts_and_says_so_in_words(replayed: Path, pressclip: Run) -> None:
    balloon = age(replayed)
    said = pressclip("replay", "--yes", "-j", "1")
    assert said.status == 0
    lines = said.err.splitlines()
    assert lines[0] == (
        "what changes: 1 dates, 1 titles, 1 authors, 1 texts, 1 pages lost, 1 articles new"
    )
    place = lines.index("  1 authors: 1 others")
    assert lines[place + 1 : place + 3] == [
        f"    {balloon}  The balloon of Harrow Bend as people saw it",
        "           Prairie Courier → Ann Example",
    ]
    assert "  1 pages lost: 1 js-shell" in lines
    assert all(len(line) <= 80 for line in lines[1:-1])
    with Store.open(database(replayed)) as store:
        assert store.articles.get([balloon])[balloon].article.authors == ("Ann Example",)
        assert store.articles.find("shell") == []
    assert pressclip("search", "grain elevator", "--count").out.strip() == "1"


def test_a_refused_replay_leaves_the_old_corpus(replayed: Path) -> None:
    balloon = age(replayed)
    asked: list[Comparison] = []

    def refuse(changes: Comparison) -> bool:
        asked.append(changes)
        return False

    done = replay_archive(Workspace.load(replayed), accept=refuse, workers=1)
    assert not done.accepted
    assert len(asked[0].fields) == 4
    with Store.open(database(replayed)) as store:
        assert store.articles.get([balloon])[balloon].article.title == "Old title"


def test_what_only_people_and_time_know_survives(replayed: Path, pressclip: Run) -> None:
    wind = article_id(replayed, "wind")
    with StoreWriter.open(database(replayed)) as store:
        store.labels.put(wind, "balloon", "off-story", note="only weather", at=NOON)
    write(replayed, "UPDATE articles SET first_seen = '2023-02-01T00:00:00Z' WHERE id = ?", wind)
    write(replayed, "UPDATE rechecks SET due = NULL, etag = 'kept' WHERE article = ?", wind)
    assert pressclip("replay", "-j", "1").status == 0
    with Store.open(database(replayed)) as store:
        held = store.articles.get([wind])[wind]
        assert not held.kept
        assert held.first_seen == datetime(2023, 2, 1, tzinfo=UTC)
        row = store._connection.execute(
            "SELECT due, etag FROM rechecks WHERE article = ?", (wind,)
        ).fetchone()
    assert row == (None, "kept")


def test_an_article_keeps_its_id_when_its_address_is_read_otherwise(
    replayed: Path, pressclip: Run
) -> None:
    wind = article_id(replayed, "wind")
    for table in ("articles", "aliases"):
        column = "id" if table == "articles" else "article"
        write(
            replayed, f"UPDATE {table} SET key = 'https://older.example/' WHERE {column} = ?", wind
        )
    with StoreWriter.open(database(replayed)) as store:
        store._connection.execute("PRAGMA foreign_keys = OFF")
        store._connection.execute("UPDATE articles SET id = 'older' WHERE id = ?", (wind,))
        for table in ("aliases", "versions", "verdicts", "captures", "rechecks"):
            store._connection.execute(
                f"UPDATE {table} SET article = 'older' WHERE article = ?", (wind,)
            )
    assert pressclip("replay", "--yes", "-j", "1").status == 0
    assert article_id(replayed, "wind") == "older"


def test_a_fault_on_the_way_leaves_the_old_corpus_and_no_draft(
    replayed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(replayed)

    def torn(_: Archive) -> Any:
        yield Capture(
            url=address("balloon"), status=200, headers=(), body=page("balloon").encode(),
            fetched=NOON, ref=ArchiveRef(file="a", offset=0, length=1, digest="sha256:AB"),
        )  # fmt: skip
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "captures", torn)
    with pytest.raises(KeyboardInterrupt):
        replay_archive(Workspace.load(replayed), workers=1)
    assert dump(replayed) == before
    assert not list((replayed / "data").glob("replay.db*"))


def test_dry_run_and_yes_exclude_each_other(desk: Path, pressclip: Run) -> None:
    assert pressclip("replay", "--dry-run", "--yes").status == 2


@pytest.mark.parametrize(
    ("field", "before", "after", "kind"),
    [
        ("dates", "none to the second", "2023-02-04T10:00:00Z to the second", "dated now"),
        ("dates", "2023-02-04T10:00:00Z to the second", "none to the second", "dated no more"),
        ("dates", "2023-02-04T00:00:00Z to the day", "2023-02-05T00:00:00Z to the day", "another day"),
        ("dates", "2023-02-04T10:00:00Z to the second", "2023-02-04T15:00:00Z to the second", "another time"),
        ("dates", "2023-02-04T00:00:00Z to the day", "2023-02-04T00:00:00Z to the minute",
         "more or less exact"),
        ("titles", "Ferry ashore – Post", "Ferry ashore", "shorter"),
        ("titles", "Ferry", "Ferry ashore", "longer"),
        ("titles", "Ferry", "Library", "others"),
        ("authors", "none", "Ida Ray", "named now"),
        ("authors", "Ida Ray, Bo Li", "Ida Ray", "fewer"),
        ("authors", "Ida Ray", "Bo Li", "others"),
        ("kinds", "article", "opinion", "article → opinion"),
        ("languages", "en", "de", "en → de"),
        ("addresses", "https://a.example/x?output=1", "https://a.example/x", "other parameters"),
    ],
)  # fmt: skip
def test_a_change_is_told_by_its_kind(field: str, before: str, after: str, kind: str) -> None:
    assert kind_of_change(field, before, after) == kind
