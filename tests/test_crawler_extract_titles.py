"""Headlines: what of an h1 is the headline, and when a lone h1 is believed against the markup."""

from __future__ import annotations

import pytest

from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup
from crawler.extract.title import read_title, site_names

HEADLINE = "Ferry stays ashore as the quay is mended"


def title(heading: str, *, head: str = "", says: str = "Harbour") -> str:
    markup = read_markup(
        f"<html><head><title>{says}</title>{head}</head><body>{heading}<p>Text.</p></body></html>"
    )
    assert markup is not None
    return read_title(read_page(markup, "https://gazette.example/x"))[0]


@pytest.mark.parametrize(
    ("part", "own"),
    [
        ('<span class="kicker">At the harbour</span> {}', HEADLINE),
        (
            '<span class="page__roofline">Am Hafen</span> {}',
            "Fähre bleibt an Land, bis der Kai heil ist",
        ),
        ('<span class="dachzeile">Hafen</span> <span>{}</span>', "Die Fähre bleibt heute an Land"),
        (
            '<div class="volanta">En el puerto</div>{}',
            "El ferri queda en tierra mientras arreglan el muelle",
        ),
        (
            '<span class="article-surtitre">Au port</span> {}',
            "Le bac reste à quai pendant les travaux",
        ),
        ("{} <small>4 February 2023</small>", HEADLINE),
        ('{} <div class="mobile_by_line">by Ana Quill</div>', HEADLINE),
        ('<span class="visually-hidden">Headline:</span> {}', HEADLINE),
        ('{} <span class="sr-only">Gazette</span>', HEADLINE),
        ('{} <span class="sub-headline">Passengers wait</span>', HEADLINE),
    ],
)
def test_foreign_parts_of_an_h1_are_no_headline(part: str, own: str) -> None:
    assert title(f"<h1>{part.format(own)}</h1>") == own


@pytest.mark.parametrize(
    "heading",
    [
        '<span class="kicker">Harbour:</span> Ferry stays ashore',
        '<span class="kicker">Harbour</span><span class="visually-hidden">:</span> Ferry stays ashore',
        '<span class="dachzeile">Harbour</span> – <span>Ferry stays ashore</span>',
    ],
)
def test_a_kicker_that_is_joined_to_the_headline_belongs_to_it(heading: str) -> None:
    assert title(f"<h1>{heading}</h1>").startswith("Harbour")


def test_a_label_alone_is_not_cut_to_nothing() -> None:
    heading = '<h1><span class="label">Ferry ashore</span></h1>'
    assert title(heading, says="Ferry ashore") == "Ferry ashore"


@pytest.mark.parametrize(
    "heading",
    [HEADLINE, "Die Fähre bleibt heute an Land", "Паром останется на берегу до весны"],
)
def test_a_lone_h1_is_believed_where_the_markup_words_it_anew(heading: str) -> None:
    assert title(f"<h1>{heading}</h1>", says="Boat service: all about the works") == heading


@pytest.mark.parametrize("heading", ["Harbour news", "gazette.example - News of the harbour"])
def test_an_h1_that_names_a_section_or_the_site_is_not(heading: str) -> None:
    assert title(f"<h1>{heading}</h1>", says=HEADLINE) == HEADLINE


def test_readings_above_characters_are_left_out_of_the_words() -> None:
    heading = "<ruby>港<rt>みなと</rt></ruby>の<ruby>船<rt>ふね</rt></ruby>は明日まで動かない"
    assert title(f"<h1>{heading}</h1>") == "港の船は明日まで動かない"


def test_readings_in_brackets_stay_as_they_are_shown() -> None:
    heading = "<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の船は明日まで動かない"
    assert title(f"<h1>{heading}</h1>") == "港(みなと)の船は明日まで動かない"


@pytest.mark.parametrize("tail", ["Kaiblatt", "At sea | Kaiblatt", "Kaiblatt – News of the quay"])
def test_what_stands_behind_the_headline_in_the_title_is_the_sites_name(tail: str) -> None:
    markup = read_markup(
        f"<html><head><title>{HEADLINE} | {tail}</title></head><body><h1>{HEADLINE}</h1></body></html>"
    )
    assert markup is not None
    assert "kaiblatt" in " ".join(site_names(read_page(markup, "https://gazette.example/x")))
