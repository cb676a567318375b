"""Titles, authors and the smaller fields: which witness wins, and what is cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.extract.authors import read_authors, read_signature
from crawler.extract.authors.names import split_names
from crawler.extract.fields import (
    read_description,
    read_image,
    read_section,
    read_site_name,
    read_tags,
)
from crawler.extract.language import read_language
from crawler.extract.page import Page, read_page
from crawler.extract.page.linked_data import read_linked_data
from crawler.extract.page.markup import read_markup
from crawler.extract.title import read_title

URL = "https://www.prairie-courier.example/news/7311"


def page(html: str, *, linked: Any = None, url: str = URL) -> Page:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    markup = read_markup(f"<html>{script}{html}</html>")
    assert markup is not None
    return read_page(markup, url)


SITE = "<meta property='og:site_name' content='Prairie Courier'>"


@pytest.mark.parametrize(
    ("html", "title", "witness"),
    [
        ("<title>Balloon seen | Prairie Courier</title>", "Balloon seen", "title"),
        (
            "<title>Prairie Courier: Balloon seen - Local</title><h1>Balloon seen</h1>",
            "Balloon seen",
            "h1",
        ),
        (
            "<title>Balloon seen over town</title><h1>Prairie Courier</h1>",
            "Balloon seen over town",
            "title",
        ),
        (
            "<meta property='og:title' content='Balloon seen over the fields'><h1>Menu</h1>"
            "<h1>Balloon seen over the fields</h1>",
            "Balloon seen over the fields",
            "h1",
        ),
        (
            "<title>Ranchers see balloon over fields</title>"
            "<h1>Local News Ranchers see balloon over fields</h1>",
            "Ranchers see balloon over fields",
            "h1",
        ),
        (
            "<meta property='og:title' content='Two ranchers see a balloon'><title>A balloon is seen</title>"
            "<h1>Two ranchers and a sheriff saw it: the balloon</h1>",
            "Two ranchers and a sheriff saw it: the balloon",
            "h1",
        ),
        ("<title>老茶馆重新开张_社会频道_海湾网</title>", "老茶馆重新开张", "title"),
        ("<title>老茶馆重新开张 - 海湾网</title><h1>老茶馆重新开张</h1>", "老茶馆重新开张", "h1"),
        (
            "<meta property='og:title' content='A &amp;quot;balloon&amp;quot; seen'>",
            'A "balloon" seen',
            "og:title",
        ),
        ("<h1>One<br>balloon seen</h1><title>One balloon seen</title>", "One balloon seen", "h1"),
        ("<p>nothing</p>", "", ""),
    ],
)
def test_the_headline_is_found(html: str, title: str, witness: str) -> None:
    assert read_title(page(SITE + html)) == (title, witness)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Dana Whitlock and Omar Reyes", ["Dana Whitlock", "Omar Reyes"]),
        ("by Dana Whitlock, Prairie Courier Staff | Updated May 4", ["Dana Whitlock"]),
        ("Von Jonas Feldkamp und Eva Lütz", ["Jonas Feldkamp", "Eva Lütz"]),
        ("Por Lucía Arancibia y Nicanor Barahona", ["Lucía Arancibia", "Nicanor Barahona"]),
        ("Par Hélène Castaing et Yann Le Gall", ["Hélène Castaing", "Yann Le Gall"]),
        ("di Chiara Molinari", ["Chiara Molinari"]),
        ("Автор: Ирина Ковалёва", ["Ирина Ковалёва"]),
        ("Autor: Marta Zielonka, Piotr Gawron", ["Marta Zielonka", "Piotr Gawron"]),
        ("记者 林晓岚", ["林晓岚"]),
        ("박준석 기자", ["박준석"]),
        ("بقلم: سلمى الحداد", ["سلمى الحداد"]),
        ("Dana Whitlock / Omar Reyes", ["Dana Whitlock", "Omar Reyes"]),
        ("Nelson C.J.", ["Nelson C.J."]),
        ("June May", ["June May"]),
        ("Reuters December 24, 2023", ["Reuters"]),
        ("Associated Press", ["Associated Press"]),
        ("Staff Reporter", []),
        ("https://www.facebook.com/prairie", []),
        ("dana@prairie-courier.example", []),
        ("Photograph by Omar Reyes", []),
        ("12 min read", []),
        ("", []),
    ],
)
def test_names_are_told_from_what_stands_beside_them(byline: str, names: list[str]) -> None:
    assert split_names([byline]) == names


PERSON = {"@type": "Person", "name": "Dana Whitlock"}
PAPER = {"@type": "Organization", "name": "Prairie Courier"}


@pytest.mark.parametrize(
    ("author", "names"),
    [
        (PERSON, ("Dana Whitlock",)),
        ([PERSON, PAPER], ("Dana Whitlock",)),
        ("Dana Whitlock", ("Dana Whitlock",)),
        ({"@type": "Person", "givenName": "Dana", "familyName": "Whitlock"}, ("Dana Whitlock",)),
        ({"@type": "Organization", "name": "Reuters"}, ("Reuters",)),
        (PAPER, ()),
        ({"@id": "#dana"}, ("Dana Whitlock",)),
        ([[PERSON]], ("Dana Whitlock",)),
        (7, ()),
    ],
    ids=["person", "both", "string", "parts", "agency", "outlet", "reference", "nested", "number"],
)
def test_authors_of_linked_data_are_persons_first(author: Any, names: tuple[str, ...]) -> None:
    article = {"@type": "NewsArticle", "headline": "A balloon", "author": author}
    graph = {"@graph": [article, {"@type": "Person", "@id": "#dana", "name": "Dana Whitlock"}]}
    assert read_authors(page(SITE, linked=graph))[0] == names


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<h1>A balloon</h1><p class=byline>By Dana Whitlock</p>", ("Dana Whitlock",)),
        ("<h1>A balloon</h1><div>By <a href=/d>Dana Whitlock</a></div>", ("Dana Whitlock",)),
        (
            "<h1>A balloon</h1><p>By <b>Dana Whitlock</b> and Omar Reyes</p>",
            ("Dana Whitlock", "Omar Reyes"),
        ),
        (
            "<h1>A balloon</h1><div class=authors><a class=author href=/d>Dana Whitlock</a>"
            "<a class=author href=/o>Omar Reyes</a></div>",
            ("Dana Whitlock", "Omar Reyes"),
        ),
        ("<h1>A balloon</h1><p>By the way, nobody saw it.</p>", ()),
        (
            "<h1>A balloon</h1><div class=related><p class=author>Eve Other</p></div><p rel=author>Bo Li</p>",
            ("Bo Li",),
        ),
        (
            "<h1>A balloon</h1>"
            + "".join(f"<div><span class=author>Writer Number{n}</span></div>" for n in "ABCD"),
            (),
        ),
    ],
    ids=["class", "link", "inline", "several", "sentence", "related", "list"],
)
def test_authors_are_found_in_the_visible_byline(html: str, names: tuple[str, ...]) -> None:
    assert read_authors(page(f"<body>{html}</body>"))[0] == names


def test_a_visible_byline_that_names_one_more_is_believed() -> None:
    linked = {"@type": "NewsArticle", "headline": "A balloon", "author": PERSON}
    html = "<body><h1>A balloon</h1><p class=byline>By Dana Whitlock and Omar Reyes</p></body>"
    assert read_authors(page(html, linked=linked)) == (("Dana Whitlock", "Omar Reyes"), "byline")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["本报记者 王建宏 张文攀"], ("王建宏", "张文攀")),
        (["土豆丰收了。", "（记者 胡晓蓉）"], ("胡晓蓉",)),
        (["作者：芊草凡凡 时间：2005-08-22"], ("芊草凡凡",)),
        (["[류영상 기자 a@mk.example]"], ("류영상",)),
        (["记者在现场看到，茶馆已经开门。"], ()),
        (["Nobody signs here."], ()),
        ([], ()),
    ],
)
def test_a_text_may_be_signed(lines: list[str], names: tuple[str, ...]) -> None:
    assert read_signature(lines)[0] == names


def test_the_smaller_fields_are_read() -> None:
    linked = {
        "@type": "NewsArticle",
        "headline": "A balloon",
        "articleSection": ["Local", "Sky"],
        "keywords": "balloon, air force , balloon",
        "image": [{"@type": "ImageObject", "url": "/lead.jpg"}],
        "publisher": PAPER,
        "description": "What the <b>ranchers</b> saw.",
    }
    found = page("", linked=linked)
    assert read_section(found) == "Local"
    assert read_tags(found) == ("balloon", "air force")
    assert read_image(found) == "https://www.prairie-courier.example/lead.jpg"
    assert read_site_name(found) == "Prairie Courier"
    assert read_description(found) == "What the ranchers saw."


def test_the_section_may_be_the_last_step_of_the_breadcrumb() -> None:
    steps = [{"@type": "ListItem", "name": name} for name in ("Home", "Local", "A balloon")]
    assert (
        read_section(page("", linked={"@type": "BreadcrumbList", "itemListElement": steps}))
        == "Local"
    )


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:image/png;base64,AA", "http://[bad", "x" * 3000]
)
def test_an_image_is_an_address_or_none(address: str) -> None:
    found = read_image(page(f"<meta property='og:image' content='{address}'>"))
    assert found == "" or found.startswith("https://www.prairie-courier.example/")


@pytest.mark.parametrize(
    ("block", "headline"),
    [
        ('{"@type":"NewsArticle","headline":"A balloon",}', "A balloon"),
        ('<!--\n{"@type":"NewsArticle","headline":"A balloon"}\n-->', "A balloon"),
        ('//<![CDATA[\n{"@type":"NewsArticle","headline":"A balloon"}\n//]]>', "A balloon"),
        ('{"@type":"NewsArticle","headline":"A\nballoon"}', "A\nballoon"),
        (
            "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;A balloon&quot;}",
            "A balloon",
        ),
        ('{"@type":"NewsArticle","headline":"A balloon"};', "A balloon"),
        ('{"@type":"NewsArticle","headline":"A balloon","author":"He said "no""}', "A balloon"),
        ('[[{"@type":["Article","NewsArticle"],"headline":"A balloon"}]]', "A balloon"),
    ],
    ids=["comma", "comment", "cdata", "newline", "entities", "semicolon", "quotes", "lists"],
)
def test_linked_data_is_read_tolerantly(block: str, headline: str) -> None:
    assert [node["headline"] for node in read_linked_data([block])] == [headline]


@pytest.mark.parametrize(
    "block", ["", "null", "7", "[", '"x"', "{" * 5000, '{"@type":7}'], ids=repr
)
def test_broken_linked_data_is_passed_over(block: str) -> None:
    assert all(not node.get("headline") for node in read_linked_data([block]))


def test_the_article_of_the_page_is_chosen_among_others() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Another",
        "author": "Eve Other",
        "url": "https://x.example/1",
    }
    own = {"@type": "NewsArticle", "headline": "A balloon", "author": "Dana Whitlock", "url": URL}
    graph = [
        {"@type": "ItemList", "itemListElement": [{"item": {**other, "url": URL}}]},
        other,
        own,
    ]
    assert page("<title>A balloon</title>", linked=graph).article["headline"] == "A balloon"


@pytest.mark.parametrize(
    ("text", "html", "language"),
    [
        (
            "The council met on Tuesday to hear what the ranchers had seen above their fields. "
            * 2,
            "lang=de",
            "en",
        ),
        (
            "Die Fähre bleibt wegen des hohen Wassers für Wochen am Ufer liegen, sagte der Fährmann. "
            * 2,
            "",
            "de",
        ),
        ("停业三年的老茶馆星期六重新开张。", "", "zh"),
        ("廃校の体育館に望遠鏡が完成した。", "", "ja"),
        ("찻집이 다시 문을 열었다.", "lang=en", "ko"),
        ("Kort tekst.", "lang=nb-NO", "no"),
        (
            "The council heard what the ranchers had seen above their fields and barns on Friday.",
            "lang=de",
            "en",
        ),
        ("The council heard what the ranchers had seen.", "lang=de", "de"),
        ("The council heard what the ranchers had seen.", "", "en"),
        ("The council heard what they saw.", "", ""),
        (
            "Le maire a répondu : « The balloon is gone », puis il a repris la séance du conseil.",
            "",
            "fr",
        ),
        (
            "Kommunen åpnet den nye broen lørdag, og brannbilen kjørte først over elven. " * 3,
            "lang=no",
            "no",
        ),
        ("x", "", ""),
    ],
)
def test_the_language_is_told(text: str, html: str, language: str) -> None:
    markup = read_markup(f"<html {html}><body><p>x</p></body></html>")
    assert markup is not None
    assert read_language(text, read_page(markup, URL))[0] == language
