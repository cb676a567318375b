"""Visible dates: which of a page's dates is the article's, by where it stands and what is said beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.extract.dates import Dates, read_dates
from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup
from index.capture import Capture

FETCHED = datetime(2023, 2, 20, 20, tzinfo=UTC)
TITLE = "Ferry stays ashore as the quay is mended"
HEADLINE = f"<h1>{TITLE}</h1>"
CARDS = "".join(
    f'<div class="card"><h3>Other story {day}</h3><span class="date">{day} Feb 2023</span></div>'
    for day in (11, 12, 13)
)
AGO = "".join(
    f'<li><a href="/{n}">Story {n}</a> <time class="when">{n} hours ago</time></li>' for n in (1, 2)
)


def dates(body: str, *, head: str = "", url: str = "https://courier.example/x") -> Dates:
    markup = read_markup(
        f"<html><head><title>{TITLE} | Courier</title>{head}</head><body>{body}</body></html>"
    )
    assert markup is not None
    capture = Capture(url=url, status=200, headers=(), body=b"", fetched=FETCHED)
    return read_dates(read_page(markup, url), capture, "")


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="card-layout">{HEADLINE}<div class="line">4 February 2023</div></div>{CARDS}',
        f'<div class="page menu-open">{HEADLINE}<p>4. Februar 2023</p></div>',
        f'<div class="teaser-head"><h2>{TITLE}</h2><p>4 février 2023</p></div>{CARDS}',
        f'<main class="related-layout"><p>4 февраля 2023</p>{HEADLINE}</main>',
    ],
    ids=["cards", "menu", "no h1", "above the headline"],
)
def test_what_holds_the_headline_is_no_furniture(body: str) -> None:
    assert dates(body).day == date(2023, 2, 4)


@pytest.mark.parametrize(
    "own",
    [
        '<div class="line">Feb 4, 2023</div>',
        '<time class="when">4 de febrero de 2023</time>',
        "<p>2023年2月4日</p>",
    ],
)
@pytest.mark.parametrize("side", [f'<ul class="now">{AGO}</ul>', f'<div class="row">{AGO}</div>'])
def test_dates_told_from_now_stand_back_behind_a_written_one(own: str, side: str) -> None:
    assert dates(f"{side}{HEADLINE}{own}").day == date(2023, 2, 4)
    assert dates(f"{HEADLINE}{own}{side}").day == date(2023, 2, 4)


def test_a_lone_date_told_from_now_is_believed() -> None:
    found = dates(f'{HEADLINE}<span class="date">3 days ago</span>')
    assert found.day == date(2023, 2, 17)


@pytest.mark.parametrize(
    "lines",
    [
        "<span>Updated:</span><div><time>6 Mar 2022</time></div>"
        "<span>Original:</span><div><time>4 Feb 2022</time></div>",
        "<dt>Aktualisiert</dt><dd>06.03.2022</dd><dt>Veröffentlicht</dt><dd>04.02.2022</dd>",
        "<p><b>Mis à jour</b> <i>6 mars 2022</i> <b>Publié</b> <i>4 février 2022</i></p>",
        "<p><span>Updated on Mar 6, 2022</span> <span>Published on Feb 4, 2022</span></p>",
        "<p><span>Published on Feb 4, 2022</span> <span>Updated on Mar 6, 2022</span></p>",
    ],
    ids=["en", "de", "fr", "own words, update first", "own words"],
)
def test_a_label_in_an_element_of_its_own_tells_publication_from_update(lines: str) -> None:
    found = dates(HEADLINE + lines)
    assert found.day == date(2022, 2, 4)
    assert found.updated is not None
    assert found.updated.date() == date(2022, 3, 6)


@pytest.mark.parametrize(
    "own",
    [
        '<time class="updated">4 February 2023</time>',
        '<span class="entry-date updated">4 February 2023</span>',
        '<time class="meta-updated">4 febbraio 2023</time>',
    ],
)
def test_the_class_updated_of_the_only_date_makes_it_no_update(own: str) -> None:
    assert dates(f"{HEADLINE}{own}{CARDS}").day == date(2023, 2, 4)
    assert dates(HEADLINE + own).updated is None


def test_the_class_updated_is_believed_beside_a_date_of_publication() -> None:
    found = dates(
        f'{HEADLINE}<p><time class="updated">6 Feb 2023</time>'
        '<time class="published">4 Feb 2023</time></p>'
    )
    assert found.day == date(2023, 2, 4)
    assert found.updated is not None


@pytest.mark.parametrize(
    "parts",
    [
        '<time><b class="d">4</b> <b class="m">February</b> <b class="y">2023</b></time>',
        '<div class="post-date"><span>04</span> <span>lutego</span> <span>2023</span></div>',
        '<p class="datum"><span>4.</span> <span>Februar</span> <span>2023</span></p>',
        '<div class="fecha"><i>4</i> de <i>febrero</i> de <i>2023</i></div>',
    ],
)
def test_a_date_in_pieces_is_put_together(parts: str) -> None:
    assert dates(HEADLINE + parts).day == date(2023, 2, 4)


@pytest.mark.parametrize(
    "event",
    [
        '<div class="event-box"><h2>13 Feb 2023</h2></div>',
        "<p>Fair: 10-13 February 2023</p>",
        "<p>Messe vom 10. bis 13. Februar 2023</p>",
        "<p>On Sunday, 12 February 2023, shortly after nine in the evening, the ferry touched the quay.</p>",
    ],
    ids=["event", "span", "span with bis", "sentence"],
)
def test_the_day_of_an_event_is_not_that_of_the_page(event: str) -> None:
    assert dates(f"{HEADLINE}{event}<p>4 February 2023</p>").day == date(2023, 2, 4)


@pytest.mark.parametrize("name", ["dc.date", "date", "dcterms.created"])
def test_when_a_document_was_made_stands_back_behind_a_sure_visible_date(name: str) -> None:
    meta = f'<meta name="{name}" content="2023-02-09">'
    assert dates(f"{HEADLINE}<time>4 Feb 2023</time>", head=meta).day == date(2023, 2, 4)
    assert dates(HEADLINE, head=meta).day == date(2023, 2, 9)


@pytest.mark.parametrize(
    ("host", "raw", "day"),
    [
        ("courier.de", "2023-02-03T23:00:00Z", 4),
        ("courier.jp", "2023-02-03T15:00:00.000Z", 4),
        ("courier.de", "2023-02-03T23:10:00Z", 3),
        ("courier.example", "2023-02-03T23:00:00Z", 3),
        ("courier.co", "2023-02-04T05:00:00Z", 4),
    ],
)
def test_midnight_in_the_country_of_the_page_is_its_day(host: str, raw: str, day: int) -> None:
    meta = f'<meta property="article:published_time" content="{raw}">'
    assert dates(HEADLINE, head=meta, url=f"https://{host}/x").day == date(2023, 2, day)
