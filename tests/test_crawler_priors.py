"""What is known of an outlet, and what its lists say, beside what a page says itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from index.article import Article
from index.capture import Capture, Listing
from index.habits.priors import priors_of
from index.habits.values import NO_PRIORS, Habits, Learned, Priors
from index.workspace.outlets import Outlet

TEXT = (
    "<p>The ferry to the island stayed ashore on Saturday after its engine failed in the harbour.</p>"
    "<p>Two hundred people waited on the quay until the evening, when a second boat took them over.</p>"
    "<p>The company said that the engine would be looked at on Monday, and that tickets stay valid.</p>"
)


def capture(html: str, *, listing: Listing | None = None, charset: str = "utf-8") -> Capture:
    return Capture(
        url="https://tidewater.example/ferry",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=f"<html><head>{html}</body></html>".encode(charset),
        fetched=datetime(2023, 2, 6, tzinfo=UTC),
        listing=listing or Listing(channel="feed"),
    )


def read(html: str, priors: Priors = NO_PRIORS, listing: Listing | None = None) -> Article:
    found = extract(capture(html, listing=listing), priors=priors)
    assert isinstance(found, Article), found
    return found


def test_a_part_of_the_titles_that_is_known_is_cut_off() -> None:
    html = (
        f"<title>Ferry stays ashore – All the news from the water’s edge</title></head><body>{TEXT}"
    )
    assert read(html).title != "Ferry stays ashore"
    known = Priors(title_parts=("All the news from the water’s edge",))
    assert read(html, known).title == "Ferry stays ashore"


def test_an_h1_that_stands_on_every_page_is_no_headline() -> None:
    html = f"<title>News</title></head><body><h1>The voice of the water</h1><h2>Ferry stays ashore</h2>{TEXT}"
    listing = Listing(channel="feed", title="Ferry stays ashore")
    assert read(html, listing=listing).title != "Ferry stays ashore"
    known = Priors(headings=("The voice of the water",), title_parts=("News",))
    assert read(html, known, listing).title == "Ferry stays ashore"


def test_the_feeds_title_tells_which_h1_is_the_headline() -> None:
    html = f"</head><body><h1>Live from the water</h1><h1>Ferry stays ashore after engine fails</h1>{TEXT}"
    listing = Listing(channel="feed", title="Ferry stays ashore after its engine fails")
    assert read(html, listing=listing).title == "Ferry stays ashore after engine fails"


def test_the_text_of_a_link_is_no_witness_of_the_title() -> None:
    html = f"</head><body><h1>Ferry stays ashore</h1><h1>Read more about it here</h1>{TEXT}"
    listing = Listing(channel="link", title="Read more about it here")
    assert read(html, listing=listing).title == "Ferry stays ashore"


def test_a_feed_names_the_authors_and_the_section_of_a_page_that_does_not() -> None:
    html = f"<title>Ferry stays ashore</title></head><body><h1>Ferry stays ashore</h1>{TEXT}"
    listing = Listing(channel="feed", authors="Mara Quill; Joss Hale", section="Harbour")
    found = read(html, listing=listing)
    assert (found.authors, found.witnesses["authors"]) == (("Mara Quill", "Joss Hale"), "listing")
    assert found.section == "Harbour"


def test_a_page_that_names_its_author_is_believed_before_the_feed() -> None:
    html = f"<meta name=author content='Ida Brook'></head><body><h1>Ferry stays ashore</h1>{TEXT}"
    assert read(html, listing=Listing(channel="feed", authors="Mara Quill")).authors == (
        "Ida Brook",
    )


def test_an_account_is_no_author_and_a_desk_stands_behind_a_person() -> None:
    html = (
        "<meta name=author content='{}'></head><body><h1>Ferry stays ashore</h1>"
        f"<div class=w-line>Mara Quill</div>{TEXT}"
    )
    known = Priors(accounts=("Rolf Redmann",), desks=("Ferry Notes",), bylines=("div.w-line",))
    for name in ("Rolf Redmann", "Ferry Notes"):
        assert read(html.format(name)).authors == (name,)
        assert read(html.format(name), known).authors == ("Mara Quill",)


def test_a_desk_is_kept_where_nobody_else_is_named() -> None:
    html = f"<meta name=author content='Ferry Notes'></head><body><h1>Ferry stays ashore</h1>{TEXT}"
    assert read(html, Priors(desks=("Ferry Notes",))).authors == ("Ferry Notes",)


def test_a_date_of_numbers_is_read_in_the_outlets_order() -> None:
    html = f"</head><body><h1>Ferry stays ashore</h1><p class=date>05.02.2023</p>{TEXT}"
    slashed = html.replace("05.02.2023", "02/05/2023")
    assert str(read(slashed, Priors(date_order="month-first")).published_day) == "2023-02-05"


def test_the_outlets_charset_is_read_where_the_letters_are_too_few_to_tell() -> None:
    page = capture(f"</head><body><h1>Przyszłość portu</h1>{TEXT}", charset="iso8859-2")
    found = extract(page, priors=Priors(charset="iso8859-2"))
    assert isinstance(found, Article)
    assert found.title == "Przyszłość portu"


def test_what_outlets_toml_says_stands_in_the_place_of_what_was_learned() -> None:
    one = Learned(value="News", pages=5, of=5)
    habits = Habits(
        pages=5, title_parts=(one,), charset=replace(one, value="cp1252"), bylines=(one,)
    )
    known = priors_of(Outlet(id="a.example", title_parts=(), charset="cp1250"), habits)
    assert (known.title_parts, known.charset, known.bylines) == ((), "cp1250", ("News",))
    assert known.source == {
        "title_parts": "outlets.toml",
        "charset": "outlets.toml",
        "bylines": "learned",
    }


@pytest.mark.parametrize(
    ("listed", "published"),
    [
        ("Sat, 04 Feb 2023 17:42:00 +0000", "2023-02-04T17:42:00+00:00"),
        ("Sat, 04 Feb 2023 10:42:00 -0700", "2023-02-04T17:42:00+00:00"),
        ("Sat, 04 Feb 2023 17:55:00 +0000", "2023-02-04T10:42:00+00:00"),
        ("Sat, 04 Feb 2023 17:42:00", "2023-02-04T10:42:00+00:00"),
        ("", "2023-02-04T10:42:00+00:00"),
    ],
    ids=["in UTC", "with an offset", "another minute", "without a zone", "no date"],
)
def test_the_lists_zone_tells_a_time_that_the_page_gives_without_one(
    listed: str, published: str
) -> None:
    html = f"</head><body><h1>Ferry stays ashore</h1><p class=date>2023-02-04 10:42</p>{TEXT}"
    found = read(html, listing=Listing(channel="feed", published=listed))
    assert found.published is not None
    assert (found.published.isoformat(), str(found.published_day)) == (published, "2023-02-04")


def test_a_known_zone_counts_before_the_lists() -> None:
    html = f"</head><body><h1>Ferry stays ashore</h1><p class=date>2023-02-04 10:42</p>{TEXT}"
    listing = Listing(channel="feed", published="Sat, 04 Feb 2023 17:42:00 +0000")
    found = read(html, Priors(zone="Europe/Berlin"), listing)
    assert found.published == datetime(2023, 2, 4, 9, 42, tzinfo=UTC)
