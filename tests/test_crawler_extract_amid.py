"""What stands amid a text and is not the article's: advertisements, pointers, credits, bylines, lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from index.article import Article
from index.capture import Capture

TITLE = "Ferry stays ashore as the quay is mended"
WORDS = (
    "The ferry to the northern island stayed ashore on Saturday while workers mended the old quay, "
    "the harbour office said in a short note to its passengers in the morning."
)
PROSE = [f"{WORDS} {count} boats lay beside it." for count in ("Four", "Five", "Six", "Seven")]


def text_with(*amid: str, before: str = "", author: str = "") -> list[str]:
    """The lines of a page that has some elements amid its prose."""
    named = f'<meta name="author" content="{author}">' if author else ""
    first, *others = [f"<p>{line}</p>" for line in PROSE]
    html = (
        f"<html><head><title>{TITLE}</title>{named}</head><body><article><h1>{TITLE}</h1>{before}"
        f"{first}{others[0]}{''.join(amid)}{others[1]}{others[2]}</article></body></html>"
    )
    capture = Capture(
        url="https://gazette.example/2023/02/04/ferry",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=html.encode(),
        fetched=datetime(2023, 2, 5, tzinfo=UTC),
    )
    found = extract(capture)
    assert isinstance(found, Article)
    return found.text.split("\n\n")


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Article continues below this ad",
        "– Anzeige –",
        "Publicidad",
        "La suite après cette publicité",
        "Continua dopo la pubblicità",
        "Реклама",
        "Annons",
    ],
)
def test_a_line_that_only_says_advertisement_is_left_out(line: str) -> None:
    assert text_with(f"<p>{line}</p>") == PROSE


@pytest.mark.parametrize(
    "line",
    [
        "Read more: <a href='/a'>Old quay was built by hand</a>",
        "ALSO READ: <a href='/a'>Old quay was built by hand</a>",
        "Lesen Sie auch: <a href='/a'>Alter Kai wurde von Hand gebaut</a>",
        "Lees ook: <a href='/a'>Oude kade is met de hand gebouwd</a>",
        "Читайте также: <a href='/a'>Старый причал строили вручную</a>",
    ],
)
def test_a_pointer_to_another_story_amid_the_text_is_left_out(line: str) -> None:
    assert text_with(f"<p>{line}</p>") == PROSE


def test_a_sentence_that_begins_like_a_pointer_stays() -> None:
    line = "Related: the harbour office had said as much in its own report of the year before last."
    assert line in text_with(f"<p>{line}</p>")


@pytest.mark.parametrize(
    "line",
    [
        "(Photo: Harbour Museum)",
        "Photos by Ana Quill",
        "Image: Ana Quill",
        "Foto: Jana Reet / Hafenblatt",
        "Fot. Ewa Nadbrzeżna",
        "Фото: Вечерний причал",
        "Crédits photos : Le Quai",
    ],
)
def test_a_line_that_only_credits_a_picture_is_left_out(line: str) -> None:
    assert text_with(f"<p>{line}</p>") == PROSE


@pytest.mark.parametrize(
    "line",
    [
        "Photos by the crew show how deep the crack in the quay had become by the end of the week.",
        "Images of the quay were shown.",
    ],
)
def test_a_sentence_about_pictures_stays(line: str) -> None:
    assert line in text_with(f"<p>{line}</p>")


def test_a_short_list_of_other_stories_is_left_out_with_its_announcement() -> None:
    items = "".join(
        f"<li>Boats: <a href='/{n}'>Harbour story number {n} of the year</a></li>" for n in range(3)
    )
    assert text_with(f"<p>Our stories on the harbour:</p><ul>{items}</ul>") == PROSE


def test_a_list_of_the_article_stays() -> None:
    items = "".join(f"<li>Boat number {n} lies at the pier</li>" for n in range(3))
    found = text_with(f"<p>These boats wait:</p><ul>{items}</ul>")
    assert [line for line in found if "Boat number" in line]


def test_a_table_of_contents_stays() -> None:
    items = "".join(
        f"<li>Part {n}: <a href='#{n}'>Chapter {n} of the works at the quay</a></li>"
        for n in range(3)
    )
    assert [line for line in text_with(f"<ul>{items}</ul>") if "Chapter" in line]


@pytest.mark.parametrize("line", ["Ana Quill", "By Ana Quill", "By Ana Quill, Harbourtown"])
def test_the_byline_behind_a_standfirst_is_no_text(line: str) -> None:
    lead = "<p>Passengers must wait until spring, says the office of the harbour.</p>"
    found = text_with(before=f"{lead}<p>{line}</p>", author="Ana Quill")
    assert line not in found
    assert found[-4:] == PROSE


def test_the_headline_with_a_kicker_glued_to_it_is_no_text() -> None:
    assert text_with(before=f"<h2><b>At the harbour</b>{TITLE}</h2>") == PROSE
