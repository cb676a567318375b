"""Whose report it is, where it was filed, how long it is, and who all wrote it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crawler.extract.authors import read_authors
from crawler.extract.authors.agencies import read_agency, read_place
from crawler.extract.page import Page, read_page
from crawler.extract.page.markup import read_markup
from index.article import Article, TextZone
from index.families.credits import find_credits
from index.text.zones import count_words
from tests.conftest import ARTICLES
from tests.test_crawler_extract_zones import BODY, HEADLINE, read


def article(text: str, **more: object) -> Article:
    return replace(ARTICLES[5], text=text, authors=(), **more)  # type: ignore[arg-type]


def page(inner: str) -> Page:
    markup = read_markup(f"<html><body>{inner}</body></html>")
    assert markup is not None
    return read_page(markup, "https://courier.example/x")


@pytest.mark.parametrize(
    ("text", "agency", "place"),
    [
        ("WASHINGTON, Feb 4 (Reuters) - The balloon was seen.", "Reuters", "WASHINGTON"),
        ("HARLOW, Mont. (AP) — The balloon was seen.", "AP", "HARLOW, Mont"),
        ("Berlin (dpa) – Der Ballon wurde gesehen.", "dpa", "Berlin"),
        ("Madrid, 4 feb (EFE).- El globo fue visto.", "EFE", "Madrid"),
        ("МОСКВА, 4 фев — РИА Новости. Шар видели.", "RIA Novosti", "МОСКВА"),
        ("新华社北京2月4日电 气球被看见。", "Xinhua", "北京"),
        ("【ワシントン共同】気球が見えた。", "Kyodo", "ワシントン"),
        ("(서울=연합뉴스) 풍선이 보였다.", "Yonhap", "서울"),
        ("HARLOW, Mont. — The balloon was seen.", "", "HARLOW, Mont"),
        ("The balloon — white and slow — was seen.", "", ""),
        ("IT was seen (twice) — by two ranchers.", "", ""),
        ("A balloon was seen over the county (and lost).", "", ""),
    ],
)
def test_the_dateline_names_agency_and_place(text: str, agency: str, place: str) -> None:
    assert (read_agency(article(text)), read_place(article(text))) == (agency, place)


def test_a_dateline_behind_the_standfirst_is_read() -> None:
    lead, line = "A pale sphere drifted by.", "HARLOW, Mont. (AP) — The balloon was seen."
    told = article(f"{lead}\n\n{line}", zones=(TextZone(kind="lead", start=0, end=len(lead)),))
    assert (read_agency(told), read_place(told)) == ("AP", "HARLOW, Mont")


def test_the_source_organization_of_linked_data_is_a_witness_of_the_credit() -> None:
    node = {
        "@type": "NewsArticle",
        "headline": "Balloon over the county",
        "sourceOrganization": {"@type": "Organization", "name": "Reuters"},
    }
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    found = read(f"{HEADLINE}<div>BODY</div>", head=head)
    assert found.witnesses["sourceOrganization"] == "Reuters"
    assert found.agency == "Reuters"
    assert [(one.source, one.kind) for one in find_credits(found)] == [("reuters", "source")]


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Four words stand here.", "en", 4),
        ("气球被看见，两天。", "zh", 7),
        ("気球が見えた。", "ja", 6),
        ("บอลลูน 2", "th", 6),
        ("풍선이 보였다.", "ko", 2),
        ("", "en", 0),
    ],
)
def test_length_is_in_words_or_in_characters(text: str, language: str, count: int) -> None:
    assert count_words(article(text, language=language)) == count


def test_a_caption_in_the_text_is_not_counted() -> None:
    zone = TextZone(kind="caption", start=0, end=11)
    assert count_words(article("Two elevators\n\nFour words stand here.", zones=(zone,))) == 5


PERSON = "<span itemprop=author itemscope itemtype='https://schema.org/Person'>{}</span>"


@pytest.mark.parametrize(
    "markup",
    [
        PERSON.format("<a itemprop=name>Ana Ruiz</a>")
        + PERSON.format("<b itemprop=name>Bo Li</b>"),
        "<span itemprop=author>Ana Ruiz</span><p>x</p><div><span itemprop=author>Bo Li</span></div>",
        "<meta itemprop=author content='Ana Ruiz'><meta itemprop=author content='Bo Li'>",
        "<div itemprop=author content='Ana Ruiz'>AR</div><div itemprop=author content='Bo Li'>BL</div>",
    ],
    ids=["persons", "apart", "meta", "content"],
)
def test_all_authors_of_microdata_are_read(markup: str) -> None:
    found = read_authors(page(f"<div itemscope>{HEADLINE}{markup}<p>{BODY[0]}</p></div>"))
    assert found[0] == ("Ana Ruiz", "Bo Li")


def test_the_authors_of_comments_and_other_articles_are_not_the_articles() -> None:
    inner = (
        f"<div itemscope>{HEADLINE}<span itemprop=author>Ana Ruiz</span></div>"
        "<div itemscope><span itemprop=author>Reader One</span></div>"
        "<div itemscope><span itemprop=author>Cy Writer</span></div>"
    )
    assert read_authors(page(inner)) == (("Ana Ruiz",), "microdata")


BIO = "Ana Ruiz covers water, ranching and the county courthouse for the paper, and lives in Harrow Bend."


@pytest.mark.parametrize(
    "end",
    [
        f"<p>{BIO}</p>",
        f"<div itemprop=author itemscope><p itemprop=description>{BIO}</p></div>",
        f"<div itemscope itemtype='https://schema.org/Person'><p>{BIO}</p></div>",
    ],
    ids=["a-line", "author", "person"],
)
def test_what_is_said_of_the_author_at_the_end_is_not_the_articles(end: str) -> None:
    found = read(f"{HEADLINE}<p class=byline>By Ana Ruiz</p><div>BODY{end}</div>")
    assert found.authors == ("Ana Ruiz",)
    assert found.text == "\n\n".join(BODY)


def test_a_last_paragraph_about_somebody_else_or_what_the_author_saw_stays() -> None:
    for last in ("Cy Miller is a rancher who saw it first.", "Ana Ruiz saw the balloon, too."):
        found = read(f"{HEADLINE}<p class=byline>By Ana Ruiz</p><div>BODY<p>{last}</p></div>")
        assert found.text.endswith(last)
