"""One article, one record: every row of the table that says when two addresses are one article."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.ingest.identity import likeness
from crawler.urls import Likeness, Link, are_one, canonical, decide_address
from index.archive import Archive
from index.article import Article
from index.capture import Capture, Listing
from index.store import Store

Run = Callable[..., Any]
SITE = "https://prairie-courier.example"
SLUG = f"{SITE}/2023/02/balloon-seen-over-missile-fields"
OTHER = f"{SITE}/2023/02/mayor-of-elm-fork-resigns-at-last"
SCRIPT = f"{SITE}/article.php"


@pytest.mark.parametrize(
    ("page", "canonical_said", "og", "url", "code", "claims"),
    [
        # nothing declared
        (SLUG, "", "", SLUG, "own", ()),
        (f"{SLUG}?utm_source=x#top", "", "", SLUG, "own", ()),
        (f"{SLUG}?output=1", "", "", f"{SLUG}?output=1", "own", (SLUG,)),
        (f"{SLUG}?page=1", "", "", f"{SLUG}?page=1", "own", (SLUG,)),
        (f"{SLUG}?page=2", "", "", f"{SLUG}?page=2", "own", ()),
        (f"{SLUG}?id=4", "", "", f"{SLUG}?id=4", "own", ()),
        (f"{SCRIPT}?id=1", "", "", f"{SCRIPT}?id=1", "own", ()),
        # the page's own address, spelled otherwise
        (SLUG, f"{SLUG}/?utm_source=y", "", f"{SLUG}/", "own", ()),
        # the same path without parameters
        (f"{SLUG}?output=1", SLUG, "", SLUG, "bare", (SLUG,)),
        (f"{SLUG}?page=1", SLUG, "", SLUG, "first-page", (SLUG,)),
        (f"{SLUG}?page=1&output=1", SLUG, "", SLUG, "bare", (SLUG,)),
        (f"{SLUG}?page=2", SLUG, "", f"{SLUG}?page=2", "drops-number", ()),
        (f"{SLUG}?id=4", SLUG, "", f"{SLUG}?id=4", "drops-number", ()),
        (f"{SCRIPT}?id=1", SCRIPT, "", f"{SCRIPT}?id=1", "drops-number", ()),
        (f"{SCRIPT}?story=ferry-4", SCRIPT, "", f"{SCRIPT}?story=ferry-4", "drops-number", ()),
        (f"{SCRIPT}?view=ferry", SCRIPT, "", f"{SCRIPT}?view=ferry", "drops-parameter", (SCRIPT,)),
        (f"{SCRIPT}?id=1&lang=en", f"{SCRIPT}?id=1", "", f"{SCRIPT}?id=1", "bare", ()),
        # another address of the site
        (SLUG, OTHER, "", OTHER, "declared", ()),
        (SLUG, OTHER, OTHER, OTHER, "declared", ()),
        (SLUG, OTHER, SLUG, SLUG, "contradicted", (OTHER,)),
        (f"{SITE}/?p=4711", SLUG, "", SLUG, "declared", ()),
        # no article's
        (SLUG, f"{SITE}/", "", SLUG, "front", ()),
        (f"{SITE}/?p=4711", f"{SITE}/", "", f"{SITE}/?p=4711", "front", ()),
        (SLUG, f"{SITE}/news", "", SLUG, "list", ()),
        (SLUG, f"{SITE}/", OTHER, OTHER, "front", ()),
        (SLUG, "https://harbour-daily.example/balloon-seen-over-missile-fields", "", SLUG, "elsewhere", ()),
        (SLUG, "javascript:void(0)", "", SLUG, "unreadable", ()),
        # a copy in an archive is at its publisher's address
        (f"https://web.archive.org/web/20230204101500/{SLUG}?page=1", SLUG, "", SLUG, "first-page", (SLUG,)),
    ],
)  # fmt: skip
def test_the_address_is_decided_by_what_is_declared_and_what_it_drops(
    page: str, canonical_said: str, og: str, url: str, code: str, claims: tuple[str, ...]
) -> None:
    said = [(who, one) for who, one in (("canonical", canonical_said), ("og:url", og)) if one]
    found = decide_address(page, said)
    assert found.url == url
    assert next((one.code for one in found.said), "own") == code
    assert found.claims == tuple(map(canonical, claims))


@pytest.mark.parametrize(
    ("link", "alike", "is_same", "code"),
    [
        ("own", "equal", True, "same-address"),
        ("own", "alike", True, "same-address"),
        ("own", "other", True, "same-address"),
        ("declared", "equal", True, "declared-and-equal"),
        ("declared", "alike", True, "declared-and-alike"),
        ("declared", "other", False, "declared-but-other"),
        ("redirect", "equal", True, "redirect-and-equal"),
        ("redirect", "alike", True, "redirect-and-alike"),
        ("redirect", "other", False, "redirect-but-other"),
        ("claim", "equal", True, "claim-and-equal"),
        ("claim", "alike", False, "claim-not-equal"),
        ("claim", "other", False, "claim-not-equal"),
    ],
)
def test_two_are_one_by_their_link_and_their_likeness(
    link: Link, alike: Likeness, is_same: bool, code: str
) -> None:
    found = are_one(link, alike)
    assert (found.is_same, found.code) == (is_same, code)


TEXTS = {
    "ferry": (
        "The spy balloon passed over the landing when the ferry came in, its captain said on Friday. He took"
        " a picture of it with his telephone. Nobody on board was afraid, and the boat left in time."
    ),
    "library": (
        "A spy balloon is no bird, the librarian of Elm Fork wrote on the door, after forty children had"
        " asked her for books about one. She has ordered three. The room stays open until nine this week."
    ),
    "mayor": (
        "He did not want to speak of any spy balloon, the mayor told the council, but of the bridge, which"
        " has waited for its paint since autumn. The council laughed and voted for grey, by seven to four."
    ),
}


def text(topic: str) -> str:
    return TEXTS[topic]


def article(title: str, body: str) -> Article:
    now = datetime(2023, 2, 4, tzinfo=UTC)
    return Article(url=SLUG, canonical_url=SLUG, outlet="x", title=title, text=body, fetched=now)


@pytest.mark.parametrize(
    ("title", "body", "alike"),
    [
        ("The Ferry", text("ferry"), "equal"),
        ("the ferry!", text("ferry") + " One more line.", "equal"),
        ("The ferry", text("ferry") * 3, "alike"),
        ("A boat", text("ferry"), "alike"),
        (
            "The ferry",
            "Something else was written here since, by somebody else, of something else.",
            "alike",
        ),
        (
            "A boat",
            "Something else was written here since, by somebody else, of something else.",
            "other",
        ),
    ],
)
def test_title_and_text_are_equal_alike_or_other(title: str, body: str, alike: str) -> None:
    assert likeness(article("The ferry", text("ferry")), article(title, body)) == alike


NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)


def page(topic: str, *, head: str = "") -> bytes:
    title = f"The old {topic} of Harrow Bend is seen again"
    lines = "".join(f"<p>{line}.</p>" for line in text(topic).split(". "))
    data = json.dumps(
        {"@type": "NewsArticle", "headline": title, "datePublished": "2023-02-04T10:00:00Z"}
    )
    linked = f'<script type="application/ld+json">{data}</script>'
    return (
        f"<html lang=en><head><title>{title}</title>{linked}{head}</head><body><h1>{title}</h1>{lines}"
    ).encode()


def read(
    desk: Path, pressclip: Run, *pages: tuple[str, bytes], listed: str = ""
) -> list[list[str]]:
    """The addresses of each article that an archive of these pages comes to."""
    with Archive(desk / "data" / "archive") as archive:
        for number, (url, body) in enumerate(pages):
            archive.append(
                Capture(
                    url=url, status=200, headers=(), body=body, fetched=NOON + timedelta(hours=number),
                    listing=Listing(channel="feed", url=listed if number else ""),
                )
            )  # fmt: skip
    assert pressclip("replay", "-j", "1").status == 0
    with Store.open(desk / "data" / "pressclip.db") as store:
        held = store.articles.get(store.articles.all_ids()).values()
        return sorted(sorted({one.article.canonical_url, *one.aliases}) for one in held)


def canonical_link(url: str) -> str:
    return f"<link rel=canonical href='{url}'>"


def test_the_bare_address_and_its_forms_are_one_article(desk: Path, pressclip: Run) -> None:
    forms = [f"{SLUG}?page=1", f"{SLUG}?output=1", SLUG]
    same = page("ferry", head=canonical_link(SLUG))
    assert len(read(desk, pressclip, *((url, same) for url in forms))) == 1


@pytest.mark.parametrize("order", [1, -1], ids=["form first", "form last"])
def test_forms_that_declare_nothing_are_one_where_title_and_text_are_equal(
    desk: Path, pressclip: Run, order: int
) -> None:
    pages = [(f"{SLUG}?output=1", page("ferry")), (SLUG, page("ferry"))][::order]
    [addresses] = read(desk, pressclip, *pages)
    assert addresses == [SLUG, f"{SLUG}?output=1"]
    with Store.open(desk / "data" / "pressclip.db") as store:
        [held] = store.articles.get(store.articles.all_ids()).values()
        assert held.article.canonical_url == SLUG


def test_forms_with_other_texts_stay_two_articles(desk: Path, pressclip: Run) -> None:
    pages = [(f"{SLUG}?output=1", page("ferry")), (SLUG, page("library"))]
    assert len(read(desk, pressclip, *pages)) == 2


@pytest.mark.parametrize("declared", [SCRIPT, f"{SITE}/"], ids=["a bare script", "the front page"])
def test_numbers_of_a_script_stay_two_articles_whatever_they_declare(
    desk: Path, pressclip: Run, declared: str
) -> None:
    head = canonical_link(declared)
    pages = [
        (f"{SCRIPT}?id={number}", page(topic, head=head))
        for number, topic in enumerate(("ferry", "mayor"))
    ]
    assert len(read(desk, pressclip, *pages)) == 2


def test_a_canonical_that_a_template_writes_into_every_page_joins_nothing(
    desk: Path, pressclip: Run
) -> None:
    head = canonical_link(SLUG)
    pages = [
        (f"{SITE}/2023/02/the-{topic}-of-harrow-bend-again", page(topic, head=head))
        for topic in ("ferry", "mayor", "library")
    ]
    assert len(read(desk, pressclip, *pages)) == 3


def test_a_redirect_to_another_article_is_no_edit_of_the_first(desk: Path, pressclip: Run) -> None:
    pages = [(SLUG, page("ferry")), (OTHER, page("library"))]
    assert len(read(desk, pressclip, *pages, listed=SLUG)) == 2
    with Store.open(desk / "data" / "pressclip.db") as store:
        held = store.articles.get(store.articles.all_ids()).values()
        assert {one.versions for one in held} == {1}


def test_an_article_that_moved_is_one_with_what_its_old_address_leads_to(
    desk: Path, pressclip: Run
) -> None:
    pages = [(SLUG, page("ferry")), (OTHER, page("ferry"))]
    assert len(read(desk, pressclip, *pages, listed=SLUG)) == 1


def test_articles_that_were_held_as_two_become_one_by_a_replay_that_says_so(
    desk: Path, pressclip: Run
) -> None:
    read(desk, pressclip, (SLUG, page("ferry")), (OTHER, page("ferry")))
    database = desk / "data" / "pressclip.db"
    with Store.open(database) as store:
        [first], [second] = store.articles.find(SLUG), store.articles.find(OTHER)
        assert first != second
    with Archive(desk / "data" / "archive") as archive:
        archive.append(
            Capture(
                url=OTHER, status=200, headers=(), fetched=NOON + timedelta(days=1),
                body=page("ferry", head=canonical_link(SLUG)), listing=Listing(channel="feed"),
            )
        )  # fmt: skip
    said = pressclip("replay", "-j", "1", "--yes")
    assert f"now one with {first}" in said.err
    with Store.open(database) as store:
        assert store.articles.find(SLUG) == store.articles.find(OTHER) == [first]
