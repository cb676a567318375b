"""Paragraphs and subheadings that the extractor drops from amid an article are put back."""

from __future__ import annotations

import pytest

from crawler.extract.body import read_body
from crawler.extract.body.blocks import read_blocks
from crawler.extract.body.gaps import fill_gaps
from crawler.extract.page import read_page
from crawler.extract.page.markup import parse, read_markup

TITLE = "Ranchers report a silent balloon"
URL = "https://courier.example/2023/02/ranchers-report"
PROSE = [
    f"{number} ranching families north of Harlow told the sheriff that they had seen it for two hours."
    for number in ("Three", "Four", "Five", "Six", "Seven", "Eight")
]
LINKED = "The sheriff, too, has written down what was seen north of Harlow on Thursday."
MOSTLY_LINK = (
    "<p>The sheriff, too, <a href='/log'>has written down what was seen north of Harlow</a>"
    " on Thursday.</p>"
)


def page(*pieces: str) -> str:
    """A page with three paragraphs before these pieces and three after them."""
    before, after = ("".join(f"<p>{line}</p>" for line in part) for part in (PROSE[:3], PROSE[3:]))
    return (
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
        f"{before}{''.join(pieces)}{after}</article></body></html>"
    )


def filled(*pieces: str) -> list[str]:
    """The six paragraphs, with what is put between them from a page with these pieces in the middle."""
    tree = parse(page(*pieces))
    assert tree is not None
    return fill_gaps(PROSE, read_blocks(tree), URL)


@pytest.mark.parametrize(
    ("piece", "line"),
    [
        (MOSTLY_LINK, LINKED),
        ("<h2>Who saw it first</h2>", "Who saw it first"),
        ("<h3><a href='#first'>Who saw it first</a></h3>", "Who saw it first"),
        ("<h3><a href='https://county.example/log'>The log</a></h3>", "The log"),
    ],
    ids=["mostly-link", "subheading", "anchor", "thing-of-another-site"],
)
def test_what_stands_between_two_paragraphs_as_they_do_is_the_article_s(
    piece: str, line: str
) -> None:
    assert filled(piece) == [*PROSE[:3], line, *PROSE[3:]]


@pytest.mark.parametrize(
    "piece",
    [
        "<p><a href='/fair'>County fair moves its rodeo to the old racetrack.</a></p>",
        "<p>Read more: <a href='/fair'>County fair moves its rodeo to the old racetrack.</a></p>",
        "<h3><a href='/2023/02/fair'>County fair moves its rodeo to the old racetrack</a></h3>",
        "<div class=box><p class=teaser>The fair, <a href='/fair'>held by the river</a>, moves.</p></div>",
        MOSTLY_LINK.replace("Thursday.", "Thursday"),
    ],
    ids=["link", "label", "headline", "other-markup", "no-sentence"],
)
def test_links_to_other_articles_stay_out(piece: str) -> None:
    assert filled(piece) == PROSE


def test_a_whole_list_of_such_paragraphs_stays_out() -> None:
    many = [
        MOSTLY_LINK.replace("sheriff", who)
        for who in ("mayor", "nurse", "smith", "miller", "grocer")
    ]
    assert filled(*many) == PROSE


def test_an_address_that_cannot_be_read_costs_nothing() -> None:
    assert filled("<h3><a href='http://[half'>Who saw it first</a></h3>")[0] == PROSE[0]


def test_the_text_of_a_page_has_the_paragraph_that_is_mostly_link() -> None:
    markup = read_markup(page(MOSTLY_LINK))
    assert markup is not None
    assert read_body(read_page(markup, URL), TITLE)[0] == [*PROSE[:3], LINKED, *PROSE[3:]]


def test_what_is_far_from_the_line_before_is_not_looked_at() -> None:
    assert filled("<div>A box.</div>" * 100, MOSTLY_LINK) == PROSE
