"""Attribute bombs: whatever stands around them, libxml2 never gets to see one."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.extract.page.attributes import ATTRIBUTE_LIMIT, tame
from crawler.extract.page.markup import parse
from crawler.lists.sections import parse_list_page

MANY = " ".join(f"a{number}" for number in range(40_000))
BOMBS = {
    "bare": f"<p {MANY}>",
    "with values": "<p " + " ".join(f"a{number}=''" for number in range(40_000)) + ">",
    "no blanks": "<p " + "".join(f"a{number}=''" for number in range(40_000)) + ">",
    "slashes": f"<p/{MANY.replace(' ', '/')}>",
    "less-than in a value": f'<p x="<" {MANY}>',
    "greater-than in values": "<p " + " ".join(f"a{number}='>'" for number in range(40_000)) + ">",
    "quote in a name": f'<p x" {MANY} y">',
    "behind a comment": f'<!-- <p x=" --><p {MANY} y=">',
    "behind a script": f"<script>'<p x=\"'</script><p {MANY} y=\">",
    "behind a title": f'<title><p x="</title><p {MANY} y=">',
    "behind a doctype": f'<!doctype <p y="><p {MANY} y=">',
    "control in the tag": f"<\x01p {MANY}>",
    "no end": f"<p {MANY}",
    "end tag": f"<p>x</p {MANY}>",
}


def most_attributes(markup: str) -> int:
    tree = parse(markup)
    return (
        max((len(element.attrib) for element in tree.iter()), default=0) if tree is not None else 0
    )


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_costs_no_time(bomb: str) -> None:
    start = time.process_time()
    assert most_attributes(f"{bomb} text <b>more</b>") <= ATTRIBUTE_LIMIT
    parse_list_page(bomb.encode(), url="https://prairie-courier.example/")
    assert time.process_time() - start < 10


@pytest.mark.parametrize("unit", ["<a x='", "<a x=\"<b y='", "<a <", "\"'<a=", "<a/='>"])
def test_the_guard_itself_is_linear(unit: str) -> None:
    start = time.process_time()
    tame(unit.encode() * (3_000_000 // len(unit)))
    assert time.process_time() - start < 10


def test_an_ordinary_page_passes_unchanged() -> None:
    page = b"<p title='1 < 2' class=x>A <b data-x=\"<i>\">word</b>" + b"<br id=y/>" * 1000
    assert tame(page) is page


def test_a_long_value_keeps_its_meaning() -> None:
    tree = parse(f"<p data-x='<b>{'word ' * 500}'>text</p>")
    assert tree is not None
    assert tree.find(".//p").get("data-x").startswith("<b>word word")


SOME = " ".join(f"b{number}" for number in range(ATTRIBUTE_LIMIT + 100))
PIECES = (
    *(
        "<p ",
        "<p",
        "</p ",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<title>",
        "</title>",
        "<![CDATA[",
    ),
    *(
        "]]>",
        "<?x ",
        "<!x ",
        '"',
        "'",
        "=",
        ">",
        "<",
        "/",
        " ",
        "\n",
        "x",
        "\xa0",
        "\x00",
        SOME,
        SOME,
    ),
)


@example(pieces=["<p ", "x", "=", '"', ">", "<p ", SOME, '"', ">"])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_surroundings_hide_a_bomb(pieces: list[str]) -> None:
    assert most_attributes("".join(pieces)) <= ATTRIBUTE_LIMIT
