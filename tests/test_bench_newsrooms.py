"""Generated outlets: the same from the same seed, with the failures and the truth that were asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.made_up.newsrooms import Faults, Known, Plan, generate
from crawler.demo.site import ServedAnswer
from index.workspace import Workspace

EVERY_FAULT = Faults(
    outages=0.1, flaky=0.1, cut=0.1, missing=0.1, moved=0.1, walled=0.1, closed=0.1
)
PLAN = Plan(
    outlets=16, articles=25, seed=3, on_story=0.3, edited=0.1, fresh=0.2, faults=EVERY_FAULT
)
GENERATED = generate(PLAN)


def answer(known: Known, *, visit: int = 9, edition: int = 2) -> ServedAnswer:
    parts = urlsplit(known.url)
    outlet = GENERATED.site.outlets[str(parts.hostname)]
    return outlet.page(parts.path).answer(edition=edition, visit=visit)


def test_equal_plans_give_equal_sites() -> None:
    small = Plan(outlets=3, articles=4, seed=1)
    assert generate(small) == generate(small)
    assert generate(small) != generate(Plan(outlets=3, articles=4, seed=2))


def test_there_are_as_many_articles_as_planned() -> None:
    assert len({known.url for known in GENERATED.known}) == 16 * 25
    share = sum(known.on_story for known in GENERATED.known) / len(GENERATED.known)
    assert 0.2 < share < 0.4


@pytest.mark.parametrize(
    ("fate", "status", "words"),
    [
        ("article", 200, b"<h1"),
        ("flaky", 200, b"<h1"),
        ("cut", 200, b"<h1"),
        ("moved", 200, b"<h1"),
        ("disallowed", 200, b"<h1"),
        ("bot-wall", 200, b"Checking your browser"),
        ("missing", 404, b"not found"),
        ("outage", 503, b"503"),
    ],
)
def test_a_page_has_its_fate(fate: str, status: int, words: bytes) -> None:
    doomed = [known for known in GENERATED.known if known.fate == fate]
    assert doomed
    for known in doomed:
        assert answer(known).status == status
        assert words in answer(known).body


def test_passing_failures_pass() -> None:
    flaky = [known for known in GENERATED.known if known.fate == "flaky"]
    cut = [known for known in GENERATED.known if known.fate == "cut"]
    assert {answer(known, visit=0).status for known in flaky} == {503}
    assert all(answer(known, visit=0).cut for known in cut)


def test_fresh_articles_come_with_the_second_edition_and_are_the_newest() -> None:
    fresh = [known for known in GENERATED.known if known.since == 2]
    assert len(fresh) == 16 * 5
    there = [known for known in fresh if known.fate == "article"]
    assert {answer(known, edition=1).status for known in there} == {404}
    for room in GENERATED.rooms:
        own = [known for known in GENERATED.known if known.outlet == room.id]
        assert [known.since for known in sorted(own, key=lambda known: known.published)][-5:] == [
            2
        ] * 5


def test_edited_articles_differ_in_the_second_edition() -> None:
    edited = [
        known
        for known in GENERATED.known
        if known.edited and known.since == 1 and known.fate == "article"
    ]
    assert edited
    assert all(answer(known, edition=1).body != answer(known).body for known in edited)


def test_every_channel_and_every_design_is_used() -> None:
    channels = Counter(channel for room in GENERATED.rooms for channel in room.channels)
    assert set(channels) == {"rss", "atom", "news-sitemap", "sitemap-index"}
    assert any(not room.channels for room in GENERATED.rooms)
    assert len({room.design for room in GENERATED.rooms}) == 6


def test_feeds_hold_the_newest_only() -> None:
    room = next(room for room in GENERATED.rooms if "rss" in room.channels and not room.outage)
    feed = GENERATED.site.outlets[room.host].pages[room.channels["rss"]].editions[-1].body
    assert feed.count(b"<item>") == PLAN.feed_items


def test_a_workspace_can_be_made_of_it(tmp_path: Path) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "workspace.toml").write_text("delay = 0.0\n", "utf-8")
    (tmp_path / "outlets.toml").write_text(GENERATED.outlets_toml, "utf-8")
    (tmp_path / "stories" / "generated.toml").write_text(GENERATED.story_toml, "utf-8")
    desk = Workspace.load(tmp_path)
    assert len(desk.outlets()) == 16
    assert desk.stories()["generated"].match
