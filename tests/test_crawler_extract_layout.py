"""Blocks where the markup has none: what a reader sees as a paragraph is one."""

from __future__ import annotations

import pytest

from crawler.extract.body import read_body
from crawler.extract.body.layout import is_layout, lay_out, prose_size
from crawler.extract.page import read_page
from crawler.extract.page.markup import parse, read_markup
from crawler.extract.title import read_title

PROSE = [
    f"{number} ferries lay at the quay on Monday, and none of them had left it when the wind went down again."
    for number in ("Three", "Four", "Five", "Six", "Seven", "Eight")
]
TITLE = "Ferries stay at the quay"
MENU = " | ".join(
    f"<a href=/{name}>{name.title()}</a>" for name in ("news", "sport", "harbour", "weather")
)
TEASERS = [
    "The council wants a second bridge over the river and asks who will pay for it next year.",
    "A bakery in the old town has found a letter of 1911 in the wall behind its oven.",
]


def body(html: str) -> list[str]:
    markup = read_markup(f"<html><head><title>{TITLE}</title></head><body>{html}</body></html>")
    assert markup is not None
    return list(read_body(read_page(markup, "https://courier.example/x"), TITLE)[0])


@pytest.mark.parametrize(
    "html",
    [
        f"<div class=story><h1>{TITLE}</h1>{'<br><br>'.join(PROSE)}</div>",
        f"<h1>{TITLE}</h1><font size=2>{'<br>&nbsp;<br>'.join(PROSE)}</font>",
        f"<div><h1>{TITLE}</h1>{''.join(f'<div>{line}</div>' for line in PROSE)}</div>",
        f"<div><h1>{TITLE}</h1>{PROSE[0]}{''.join(f'<p>{line}</p>' for line in PROSE[1:])}</div>",
        f"<nav><a href=/>Front</a><div><h1>{TITLE}</h1>{''.join(f'<p>{x}</p>' for x in PROSE)}</div>",
        f"<button>Menu<div><h1>{TITLE}</h1>{''.join(f'<div>{x}</div>' for x in PROSE)}</div>",
        f"<table><tr><td><h1>{TITLE}</h1>{''.join(f'<p>{x}</p>' for x in PROSE)}",
    ],
    ids=["breaks", "breaks-in-font", "divs", "bare-text", "open-nav", "open-button", "open-table"],
)
def test_a_text_without_paragraphs_is_read_whole(html: str) -> None:
    assert body(html) == PROSE


@pytest.mark.parametrize("glue", ["<br><br>", "</p><p>"])
def test_no_furniture_of_a_table_layout_gets_into_the_text(glue: str) -> None:
    column = MENU.replace(" | ", "<br>")
    page = (
        f"<table width=980><tr><td colspan=3>{MENU}</td></tr><tr><td width=150>{column}</td>"
        f"<td><h1>{TITLE}</h1><p>{glue.join(PROSE)}</p></td><td width=200><b>Also today</b><br>"
        f"{'<br><br>'.join(f'<a href=/t>{line}</a>' for line in TEASERS)}</td></tr>"
        f"<tr><td colspan=3>Imprint {MENU}</td></tr></table>"
    )
    assert body(page) == PROSE


def test_teasers_beyond_the_element_that_holds_the_article_are_cut() -> None:
    column = "".join(f"<p>{line}</p>" for line in PROSE)
    beyond = "".join(f"<div class=row><p>{line}</p></div>" for line in TEASERS)
    assert body(f"<h1>{TITLE}</h1><div id=c1>{column}</div><div id=c2>{beyond}</div>") == PROSE


def test_containers_that_are_marked_up_alike_are_parts_of_one_text() -> None:
    parts = "".join(
        f"<div class=part>{''.join(f'<p>{line}</p>' for line in PROSE[place : place + 2])}</div>"
        for place in range(0, 6, 2)
    )
    assert body(f"<main><h1>{TITLE}</h1>{parts}</main>") == PROSE


def test_a_subheading_of_whole_sentences_below_the_headline_is_the_standfirst() -> None:
    lead = "Nobody crossed the sound on Monday. The harbour master expects the first boat at noon today."
    text = "".join(f"<p>{line}</p>" for line in PROSE)
    assert body(f"<div><h1>{TITLE}</h1><h2>{lead}</h2></div><article>{text}</article>")[0] == lead


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        ("<tr><th>Boat</th><th>Crew</th></tr><tr><td>Ada</td><td>11</td></tr>", False),
        ("<tr><td>Ada</td><td>11</td></tr><tr><td>Bo</td><td><p>9</p></td></tr>", False),
        (f"<tr><td>{PROSE[0]}</td></tr><tr><td>{PROSE[1]}</td></tr>", True),
        (f"<tr><td>Menu</td><td>{' '.join(PROSE)}</td></tr><tr><td>A</td><td>B</td></tr>", True),
        ("<tr><td><table><tr><td>a</td></tr></table></td><td>b</td></tr><tr><td>c</td></tr>", True),
    ],
)
def test_a_table_lays_out_the_page_or_holds_data(rows: str, layout: bool) -> None:
    tree = parse(f"<html><body><table>{rows}</table></body></html>")
    table = None if tree is None else tree.find(".//table")
    assert table is not None
    assert is_layout(table) is layout


def test_a_data_table_of_the_text_stays_a_table() -> None:
    table = "<table><tr><th>Boat</th><th>Crew</th></tr><tr><td>Ada</td><td>11</td></tr></table>"
    text = "".join(f"<p>{line}</p>" for line in PROSE[:4])
    lines = body(f"<article><h1>{TITLE}</h1>{text}{table}<p>{PROSE[4]}</p></article>")
    assert any("Ada" in line and line.startswith("|") for line in lines)


def test_laying_out_keeps_every_word_in_its_order() -> None:
    table = "<table><tr><td>four<td>five</table>"
    html = f"<div>one<br><br>two<i>three</i>{table}{PROSE[0]}<p>six</p>seven</div>"
    tree = parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    before = tree.text_content()
    lay_out(tree)
    assert tree.text_content() == before


def test_prose_is_measured_by_sentences() -> None:
    assert prose_size("Front News Sport Harbour Weather") == 0
    assert prose_size("The boat left. It came") == len("The boat left. ")
    assert prose_size("船在码头。没有人上船") == len("船在码头。")


HEADLINE = "The 5 ferries that the harbour misses most this winter"
GRAPH = f"<meta property=og:title content='{HEADLINE}'>"
SINA = "打造奢华 格兰仕微波炉G80Q23YSL-Q4"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (GRAPH, f"<h1>Missing ferries: harbour, winter</h1><h2>Sea {HEADLINE}</h2>", HEADLINE),
        (GRAPH, f"<h1>{HEADLINE} <small>By Ana Ruiz</small></h1>", HEADLINE),
        (f"<title>{SINA}_家电_科技时代_新浪网</title>", "<p>text</p>", SINA),
    ],
    ids=["h1-for-search-engines", "byline-glued", "sections-of-an-unknown-site"],
)
def test_the_headline_is_what_a_reader_sees(head: str, body: str, title: str) -> None:
    markup = read_markup(f"<html><head>{head}</head><body>{body}</body></html>")
    assert markup is not None
    assert read_title(read_page(markup, "https://courier.example/x"))[0] == title
