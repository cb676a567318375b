"""Zones of a page: what its markup and its words say of each part of an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from index.article import Article, ZoneKind
from index.capture import Capture
from index.text.zones import all_zones, lead_of, sayings

BODY = [
    "Ranchers near Harrow Bend looked up on Friday and saw a white balloon high above the grain elevators.",
    "By noon the county had closed the airfield, and the sheriff asked people to stay away from it.",
    "A pilot who flew around it said that it carried a frame as long as two buses and a row of panels.",
    "The school stayed open, its head teacher said, and the pupils drew what they had seen at breakfast.",
    "Nobody was hurt, and late on Saturday the balloon drifted out over the lake and was lost to sight.",
]
STANDFIRST = (
    "For two days a white balloon stood above the county, and nobody could say whose it was."
)


def read(inner: str, *, head: str = "", paragraphs: list[str] | None = None) -> Article:
    text = "".join(f"<p>{one}</p>" for one in (BODY if paragraphs is None else paragraphs))
    html = (
        f"<html lang=en><head><title>Balloon over the county</title>{head}</head>"
        f"<body><article>{inner.replace('BODY', text)}</article></body></html>"
    )
    found = extract(
        Capture(
            url="https://prairie-courier.example/news/balloon-7311",
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=html.encode(),
            fetched=datetime(2023, 2, 6, tzinfo=UTC),
        )
    )
    assert isinstance(found, Article)
    return found


def kinds(article: Article) -> dict[ZoneKind, list[str]]:
    told: dict[ZoneKind, list[str]] = {}
    for zone in all_zones(article):
        told.setdefault(zone.kind, []).append(article.text[zone.start : zone.end])
    return told


HEADLINE = "<h1>Balloon over the county</h1>"


def test_plain_paragraphs_are_all_body() -> None:
    article = read(f"{HEADLINE}<div>BODY</div>")
    assert kinds(article) == {"body": BODY}
    assert article.zones == ()


@pytest.mark.parametrize(
    "markup",
    [
        "<p class='article-standfirst'>{}</p>",
        "<h2 class='subtitle'>{}</h2>",
        "<div class='Vorspann'>{}</div>",
        "<p class=chapo>{}</p>",
        "<p class=entradilla>{}</p>",
        "<h2 class=sottotitolo>{}</h2>",
    ],
)
def test_a_standfirst_is_known_by_its_role(markup: str) -> None:
    article = read(f"{HEADLINE}{markup.format(STANDFIRST)}<div>BODY</div>")
    assert kinds(article) == {"lead": [STANDFIRST], "body": BODY}
    assert lead_of(article) == STANDFIRST


def test_a_standfirst_is_known_by_the_pages_description() -> None:
    head = f"<meta name=description content='{STANDFIRST}'>"
    article = read(f"{HEADLINE}<div><h2>{STANDFIRST}</h2></div><div>BODY</div>", head=head)
    assert kinds(article)["lead"] == [STANDFIRST]


def test_a_first_paragraph_that_is_also_the_description_stays_body() -> None:
    head = f"<meta name=description content='{BODY[0]}'>"
    article = read(f"{HEADLINE}<div>BODY</div>", head=head)
    assert article.zones == ()
    assert lead_of(article) == BODY[0]


@pytest.mark.parametrize("name", ["kicker", "c-eyebrow", "Dachzeile", "antetitulo", "surtitre"])
def test_a_kicker_is_told_beside_the_text(name: str) -> None:
    article = read(f"<span class='{name}'>Sky watch</span>{HEADLINE}<div>BODY</div>")
    assert article.kicker == "Sky watch"
    assert "Sky watch" not in article.text


def test_the_kicker_of_a_related_story_is_not_the_articles() -> None:
    article = read(
        f"{HEADLINE}<div>BODY</div><div class=related-stories><span class=kicker>Sport</span></div>"
    )
    assert article.kicker == ""


def test_captions_and_credits_of_pictures_are_told_beside_the_text() -> None:
    figure = (
        "<figure><img src=a.jpg><figcaption>The balloon at noon."
        " <span class=photo-credit>Ann Example/Harrow Wire</span></figcaption></figure>"
    )
    article = read(f"{HEADLINE}{figure}<div>BODY</div>")
    assert article.text == "\n\n".join(BODY)
    assert sayings(article, "caption") == ("The balloon at noon. Ann Example/Harrow Wire",)
    assert sayings(article, "credit") == ("Ann Example/Harrow Wire",)


def test_a_caption_that_stands_in_the_text_is_marked_there() -> None:
    caption = "The balloon at noon, seen from the airfield of the county, with the panels that hang below it."
    image = f"<div><img src=a.jpg><p class=wp-caption-text>{caption}</p></div>"
    middle = "".join(f"<p>{one}</p>" for one in BODY[:2]) + image
    article = read(f"{HEADLINE}<div>{middle}BODY</div>", paragraphs=BODY[2:])
    if caption in article.text:
        assert kinds(article)["caption"] == [caption]
    assert sayings(article, "caption") == (caption,)


def test_a_menu_styled_as_a_caption_is_no_caption() -> None:
    menu = "<ul><li><span class=caption>Masthead</span></li><li><span class=caption>Archive</span></li></ul>"
    assert read(f"{HEADLINE}<div>BODY</div>{menu}").asides == ()


def test_a_block_quote_is_a_quote_but_not_one_that_is_the_article() -> None:
    quote = "I stood in the yard with my coffee and thought it was the moon until it moved."
    article = read(
        f"{HEADLINE}<div>BODY<blockquote><p>{quote}</p></blockquote><p>{BODY[0]}</p></div>"
    )
    assert kinds(article)["quote"] == [quote]
    framed = read(f"{HEADLINE}<blockquote>BODY</blockquote>")
    assert "quote" not in kinds(framed)


def test_corrections_stand_in_the_text_or_come_from_linked_data() -> None:
    said = "Correction: an earlier version of this story named another county."
    within = read(f"{HEADLINE}<div>BODY<p>{said}</p></div>")
    assert kinds(within)["correction"] == [said]
    linked = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Balloon over the'
        ' county", "correction": {"@type": "CorrectionComment", "text": "The airfield was closed at'
        ' one."}}</script>'
    )
    beside = read(f"{HEADLINE}<div>BODY</div>", head=linked)
    assert sayings(beside, "correction") == ("The airfield was closed at one.",)


def test_an_editors_note_is_marked_by_its_opening_or_its_class() -> None:
    opening = "Editor’s note: this story was first told in the print edition of Saturday."
    classed = "This story was first told in the print edition of Saturday."
    assert kinds(read(f"{HEADLINE}<div><p>{opening}</p>BODY</div>"))["note"] == [opening]
    article = read(f"{HEADLINE}<div>BODY<p class=editors-note>{classed}</p></div>")
    assert sayings(article, "note") == (classed,)
