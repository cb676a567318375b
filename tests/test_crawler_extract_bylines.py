"""Bylines: who is named by where it stands and what it links to, and what beside a name is none."""

from __future__ import annotations

import pytest

from crawler.extract.authors import read_authors
from crawler.extract.authors.names import split_names
from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup

TITLE = "Ferry stays ashore as the quay is mended"
HEADLINE = f"<h1>{TITLE}</h1>"


def authors(body: str, *, head: str = "") -> tuple[str, ...]:
    markup = read_markup(
        f"<html><head><title>{TITLE} | Harbour Gazette</title>{head}</head><body>{body}</body></html>"
    )
    assert markup is not None
    return read_authors(read_page(markup, "https://gazette.example/x"))[0]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/author/ana-quill/", "Ana Quill"),
        ("https://gazette.example/autoren/jana-reet", "Jana Reet"),
        ("/autores/luz-marea/", "Luz Marea"),
        ("/auteur/odile-quai", "Odile Quai"),
        ("/autorzy/ewa-nadbrzezna", "Ewa Nadbrzeżna"),
        ("/yazarlar/deniz-liman", "Deniz Liman"),
        ("/staff/bo-li", "Bo Li"),
    ],
)
def test_a_link_to_an_authors_page_beside_the_headline_names_the_author(
    address: str, name: str
) -> None:
    assert authors(f'{HEADLINE}<div class="x1"><a href="{address}">{name}</a></div>') == (name,)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/harbour/ana-quill", "Ana Quill"),
        ("/author/ana-quill", "All stories"),
        ("/team/", "Our Team"),
        ("/authors/", "Ana Quill"),
    ],
)
def test_other_links_name_nobody(address: str, text: str) -> None:
    assert authors(f'{HEADLINE}<div class="x1"><a href="{address}">{text}</a></div>') == ()


def test_links_to_the_authors_of_other_stories_name_nobody() -> None:
    cards = "".join(
        f'<div class="related"><h3>Story {n}</h3><a href="/author/{n}">Writer Number{n}</a></div>'
        for n in "ABC"
    )
    assert authors(f"{HEADLINE}<p>The ferry stays ashore.</p>{cards}") == ()


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="card wide">{HEADLINE}<p class="byline">By Ana Quill</p></div>',
        f'<div class="page menu-open">{HEADLINE}<span class="autor">Ana Quill</span></div>',
        f'<main class="feed-layout"><div class="author">Ana Quill</div>{HEADLINE}</main>',
    ],
    ids=["card", "menu", "feed, above the headline"],
)
def test_a_byline_that_shares_its_box_with_the_headline_is_the_articles(body: str) -> None:
    others = '<div class="card"><p class="byline">Eve Other</p></div>'
    assert authors(body + others) == ("Ana Quill",)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ana Quill, CNN meteorologist", ["Ana Quill"]),
        ("Ana Quill, CNN Senior Supreme Court Analyst", ["Ana Quill"]),
        ("Ana Quill, Meteorologist", ["Ana Quill"]),
        ("Ana Quill Senior Contributor", ["Ana Quill"]),
        (
            "Ana Quill (Redakteurin. M.A. in the study of harbours, ferries and quays)",
            ["Ana Quill"],
        ),
        ("Aleš Vávra před 2 hodinami", ["Aleš Vávra"]),
        ("Über Jana Reet", ["Jana Reet"]),
        ("Facebook, Twitter, Drucken, Ana Quill", ["Ana Quill"]),
        ("fot. PAP, Ewa Quill", []),
        ("Zuletzt geändert am", []),
        ("Zgłoś błąd na stronie", []),
        ("João da Silva", ["João da Silva"]),
        ("J. I. da silva", ["J. I. da silva"]),
        ("LUCY HALE", ["LUCY HALE"]),
        ("Mona hassan", ["Mona hassan"]),
    ],
)
def test_what_stands_beside_a_name_is_cut_off(byline: str, names: list[str]) -> None:
    assert split_names([byline]) == names


@pytest.mark.parametrize("word", ["Von", "Meteorologist", "Politics", "Weather", "Facebook"])
def test_a_single_word_in_an_element_of_its_own_beside_a_name_is_no_author(word: str) -> None:
    assert split_names([word, "Ana Quill"]) == ["Ana Quill"]
    assert split_names(["Reuters", "Ana Quill"]) == ["Reuters", "Ana Quill"]


def test_the_outlets_own_word_behind_a_name_is_cut_off() -> None:
    head = '<meta property="og:site_name" content="Harbour Gazette">'
    line = '<span class="author">Ana Quill Gazette</span>'
    assert authors(HEADLINE + line, head=head) == ("Ana Quill",)


def test_buttons_beside_a_linked_name_leave_the_name() -> None:
    line = '<div class="byline"><a href="/q">Ana Quill</a> <a href="/f">Facebook</a></div>'
    assert authors(HEADLINE + line) == ("Ana Quill",)
