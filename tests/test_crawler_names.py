"""The matrix of names: what a byline holds, in the forms that papers use."""

from __future__ import annotations

import json

import pytest

from crawler.extract.authors import read_authors
from crawler.extract.authors.names import split_names
from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jane Doe Staff Writer", ["Jane Doe"]),
        ("Jane Doe, Senior Political Correspondent", ["Jane Doe"]),
        ("Staff Writer Jane Doe", ["Jane Doe"]),
        ("Jane Doe in Berlin", ["Jane Doe"]),
        ("Maria in der Au", ["Maria in der Au"]),
        ("Christoph Hein Chefredakteur", ["Christoph Hein"]),
        ("A comment by Jan Sellner", ["Jan Sellner"]),
        ("Jane M. Doe, M.D.", ["Jane M. Doe"]),
        ("Estelle Getty", ["Estelle Getty"]),
        ("By Tony Gettys", ["Tony Gettys"]),
        ("Anne Post", ["Anne Post"]),
        ("Photo by Getty Images", []),
        ("Prairie Courier Staff", []),
        ("Guardian staff reporter", []),
        ("Quill, Mara; Reed, Tom", ["Mara Quill", "Tom Reed"]),
        ("Quill, Mara", ["Mara Quill"]),
        ("Ana Ruiz and Bo Li", ["Ana Ruiz", "Bo Li"]),
        ("Ana Ruiz und Bo Li", ["Ana Ruiz", "Bo Li"]),
        ("Ana Ruiz y Bo Li", ["Ana Ruiz", "Bo Li"]),
        ("Ayşe Kaya ve Ali Can", ["Ayşe Kaya", "Ali Can"]),
        ("Kovács Éva és Nagy Béla", ["Kovács Éva", "Nagy Béla"]),
        ("Jan Kowalski i Anna Nowak", ["Jan Kowalski", "Anna Nowak"]),
        ("王小明、李大伟", ["王小明", "李大伟"]),
        ("刘国栋 周炜", ["刘国栋", "周炜"]),
        ("牛 镛", ["牛镛"]),
        ("大渡 美咲", ["大渡 美咲"]),
        ("박준석 기자", ["박준석"]),
        ("Ирина Ковалёва и Пётр Лис", ["Ирина Ковалёва", "Пётр Лис"]),
        ("Μαρία Παππά και Νίκος Λάζος", ["Μαρία Παππά", "Νίκος Λάζος"]),
        ("דנה לוי", ["דנה לוי"]),
        ("سلمى الحداد", ["سلمى الحداد"]),
        ("रीता शर्मा", ["रीता शर्मा"]),
        ("สมชาย ใจดี", ["สมชาย ใจดี"]),
        ("გიორგი ბერიძე", ["გიორგი ბერიძე"]),
        ("Արամ Պետրոսյան", ["Արամ Պետրոսյան"]),
        ("রিতা সেন", ["রিতা সেন"]),
        ("சுமதி ராஜன்", ["சுமதி ராஜன்"]),
        ("ሰላም ተስፋዬ", ["ሰላም ተስፋዬ"]),
    ],
)
def test_a_byline_gives_its_names(text: str, names: list[str]) -> None:
    assert split_names([text]) == names


def authors(body: str, author: object = None, head: str = "") -> tuple[str, ...]:
    node = json.dumps({"@type": "NewsArticle", "headline": "A ferry", "author": author})
    linked = f'<script type="application/ld+json">{node}</script>' if author else ""
    html = f"<html><head><title>A ferry</title>{head}{linked}</head><body><h1>A ferry</h1>{body}</body>"
    markup = read_markup(html)
    assert markup is not None
    return read_authors(read_page(markup, "https://courier.example/ferry"))[0]


BYLINE = '<p class="byline">By <b>Jane Doe</b></p>'
DESK = {"@type": "Organization", "name": "Courier Press"}


def test_a_person_in_the_byline_comes_before_an_organization_in_the_markup() -> None:
    assert authors(BYLINE, DESK) == ("Jane Doe",)
    assert authors("", DESK) == ("Courier Press",)


def test_a_person_in_the_byline_comes_before_the_account_that_put_the_page_in() -> None:
    assert authors(BYLINE, {"@type": "Person", "name": "jdoe7"}) == ("Jane Doe",)
    assert authors(BYLINE, {"@type": "Person", "name": "Otto Webb"}) == ("Jane Doe",)


def test_markup_that_a_reader_can_see_keeps_its_author() -> None:
    shown = BYLINE.replace("Jane Doe", "Rob Roe") + "<p>Otto Webb reports from the quay.</p>"
    assert authors(shown, {"@type": "Person", "name": "Otto Webb"}) == ("Otto Webb",)


def test_a_tag_is_no_author() -> None:
    tags = '<meta property="article:tag" content="Results">'
    assert authors('<p class="author">Results</p>', head=tags) == ()
