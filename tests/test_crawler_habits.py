"""An outlet is learned by the crawl and the replay, shown, used for the next page and corrected."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import extract_page
from index.archive import Archive
from index.capture import Capture, Listing
from index.habits.values import Habits, Priors, TemplateChange
from index.store import Store, StoreWriter

Run = Callable[..., Any]
OUTLET = "prairie-courier.example"
NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
SLOGAN = "All that moves between the river and the railway"
NAMES = ("Mara Quill", "Joss Hale", "Ida Brook", "Tom Reed", "Ann Vale", "Lee Moss")
TOPICS = ("balloon", "ferry", "library", "bridge", "orchard", "railway")


def page(number: int, *, named: bool = True) -> str:
    topic, name = TOPICS[number], NAMES[number]
    title = f"The old {topic} of Harrow Bend is seen again"
    day = f"2023-02-0{number + 1}"
    data = {
        "@type": "NewsArticle",
        "datePublished": f"{day}T18:30:00Z",
        "author": {"@type": "Person", "name": name},
    }
    linked = f'<script type="application/ld+json">{json.dumps(data)}</script>' if named else ""
    return (
        f"<html lang=en><head><title>{title} – {SLOGAN}</title>{linked}</head><body class=site>"
        f"<div class=top-bar></div><h1>{title}</h1><div class=w-line>{name}</div>"
        f"<p class=when>{day} 11:30</p>"
        f"<p>People in Harrow Bend saw the {topic} on Friday, and a spy balloon above it, they said.</p>"
        f"<p>The sheriff asked them to write down what they saw of the {topic}, and when it was that they"
        f" saw it, so that somebody could find out what had happened to the {topic} since the winter.</p>"
        f"<p>Nobody was hurt. The {topic} will be looked at on Monday by two people from the county.</p>"
        "</body></html>"
    )


def capture(number: int, *, named: bool = True) -> Capture:
    return Capture(
        url=f"https://{OUTLET}/2023/the-old-{TOPICS[number]}-of-harrow-bend", status=200, headers=(),
        body=page(number, named=named).encode(), fetched=NOON + timedelta(days=number),
        listing=Listing(channel="feed"),
    )  # fmt: skip


@pytest.fixture
def learned(desk: Path, pressclip: Run) -> Path:
    """A desk that has read five pages of an outlet, and one that names no author in its markup."""
    with Archive(desk / "data" / "archive") as archive:
        for number in range(6):
            archive.append(capture(number, named=number < 5))
    assert pressclip("replay", "-j", "1").status == 0
    return desk


def shown(pressclip: Run) -> dict[str, Any]:
    return dict(json.loads(pressclip("outlet", "show", OUTLET, "--json").out)["learned"])


def test_a_page_shows_its_habits_whatever_is_known_of_its_outlet() -> None:
    traits = extract_page(capture(0)).traits
    assert traits.titles == (f"The old balloon of Harrow Bend is seen again – {SLOGAN}",)
    assert (traits.named, traits.shown, traits.signed) == (
        ("Mara Quill",),
        ("Mara Quill",),
        ("div.w-line",),
    )
    assert traits.offsets == (("2023-02-01T18:30Z", -420),)
    known = Priors(zone="America/Denver", title_parts=(SLOGAN,), accounts=("Mara Quill",))
    assert extract_page(capture(0), priors=known).traits == traits


def test_what_was_learned_is_shown_with_the_pages_that_show_it(
    learned: Path, pressclip: Run
) -> None:
    found = shown(pressclip)
    assert found["title_parts"] == [{"value": SLOGAN, "pages": 6, "of": 6}]
    assert found["bylines"] == [{"value": "div.w-line", "pages": 5, "of": 5}]
    assert found["zone"]["value"] == "America/Denver"


def test_the_next_reading_uses_what_was_learned(learned: Path, pressclip: Run) -> None:
    with Store.open(learned / "data" / "pressclip.db") as store:
        [identity] = store.articles.find(capture(5).url)
        assert store.articles.get([identity])[identity].article.authors == ()
    said = pressclip("replay", "-j", "1", "--dry-run")
    assert "1 authors" in said.err
    assert "Lee Moss" in said.err
    assert pressclip("replay", "-j", "1", "--yes").status == 0
    assert pressclip("replay", "-j", "1").err.splitlines()[0] == "nothing changes"


def test_outlets_toml_corrects_what_was_learned(learned: Path, pressclip: Run) -> None:
    file = learned / "outlets.toml"
    file.write_text(file.read_text().replace(f'id = "{OUTLET}"', f'id = "{OUTLET}"\nbylines = []'))
    assert "1 authors" not in pressclip("replay", "-j", "1", "--dry-run").err
    assert (
        "div.w-line (5 of 5); outlets.toml: none"
        in pressclip("outlet", "show", OUTLET, "-f", "table").out
    )
    assert shown(pressclip)["bylines"]


def test_forgetting_an_article_forgets_what_its_page_showed(learned: Path, pressclip: Run) -> None:
    assert pressclip("--no-input", "forget", capture(0).url).status == 0
    with Store.open(learned / "data" / "pressclip.db") as store:
        assert len(store.habits.traits(OUTLET, 100)) == 5
    assert shown(pressclip)["pages"] == 5


def test_an_outlet_that_nobody_knows_is_no_outlet(learned: Path, pressclip: Run) -> None:
    said = pressclip("outlet", "show", "prairie-curier.example")
    assert said.status == 2
    assert "did you mean prairie-courier.example?" in said.err


def test_an_article_that_is_held_is_explained_from_its_archived_page(
    learned: Path, pressclip: Run
) -> None:
    with Store.open(learned / "data" / "pressclip.db") as store:
        [identity] = store.articles.find(capture(5).url)
    told = json.loads(pressclip("extract", identity, "--explain", "--json").out)
    assert told["authors"] == ["Lee Moss"]  # by what has been learned since
    heard = told["explain"]["heard"]
    won = {(one["field"], one["source"]) for one in heard if one["won"]}
    assert {
        ("authors", "usual byline"),
        ("charset", "bytes"),
        ("kind", "article"),
        ("address", "own"),
    } <= won
    assert told["explain"]["known_by"]["bylines"] == "learned"
    assert told["explain"]["changed_by"]["authors"] == ["bylines", "desks", "accounts"]


def test_a_version_is_explained_and_what_is_not_held_is_said(learned: Path, pressclip: Run) -> None:
    with Store.open(learned / "data" / "pressclip.db") as store:
        [identity] = store.articles.find(capture(0).url)
    said = pressclip("extract", identity, "--version", "1", "--explain")
    assert "known of the outlet" in said.out
    assert "title_parts, headings" in said.out
    for arguments, error in (
        ((identity, "--version", "2"), "has 1 version"),
        (("zzzzz",), "no such article: zzzzz"),
        (("page.html", "--version", "1"), "no such file"),
        ((identity, "--url", "https://x.example/"), "--url works only with an HTML file"),
    ):
        said = pressclip("extract", *arguments)
        assert said.status == 2
        assert error in said.err


def test_one_text_at_three_addresses_under_other_headlines_is_kept_and_marked(
    desk: Path, pressclip: Run
) -> None:
    same = page(0).split("<p>People", 1)[1]
    with Archive(desk / "data" / "archive") as archive:
        for number in range(4):
            body = (
                page(number).split("<p>People", 1)[0]
                + "<p>People"
                + (same if number else page(5).split("<p>People", 1)[1])
            )
            archive.append(replace(capture(number), body=body.encode()))
    assert pressclip("replay", "-j", "1").status == 0
    with Store.open(desk / "data" / "pressclip.db") as store:
        held = store.articles.get(store.articles.all_ids()).values()
        said = sorted(one.article.witnesses.get("kind", "") for one in held)
    assert said == ["", *["its text stands at 3 addresses of the outlet"] * 3]


def test_status_says_that_an_outlets_pages_are_built_otherwise(
    corpus: Path, pressclip: Run
) -> None:
    # At noon, so that it is the same day in UTC and in the zone of the desk.
    since = (datetime.now(UTC) - timedelta(days=3)).replace(hour=12)
    change = TemplateChange(since=since, before=9, after=4)
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        store.habits.learn(OUTLET, Habits(pages=13, template=change))
        store.habits.learn("old.example", Habits(template=replace(change, since=NOON)))
    said = pressclip("status", "-f", "table").out
    assert f"{OUTLET}: built otherwise since {since:%Y-%m-%d}: 4 pages unlike the 9 before" in said
    assert f"look: pressclip outlet show {OUTLET}" in said
    assert "old.example" not in said
    assert json.loads(pressclip("status", "--json").out)["rebuilt"][OUTLET]["after"] == 4


def test_what_visits_came_to_is_counted_and_told(corpus: Path, pressclip: Run) -> None:
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for about, answer, number in (
            ("page", "same", 6),
            ("feed", "unmodified", 2),
            ("lastmod", "same", 5),
        ):
            for _ in range(number):
                store.habits.count_answer(OUTLET, about, answer, NOON)
    said = pressclip("outlet", "show", OUTLET, "-f", "table").out
    assert "a 304 never comes: the same bytes in 6 of 6 visits" in said
    assert "304 works: 2 of 2 visits saved" in said
    assert "tells nothing" in said
    assert json.loads(pressclip("outlet", "show", OUTLET, "--json").out)["visits"]["page"] == {
        "same": 6
    }
