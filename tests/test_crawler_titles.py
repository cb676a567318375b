"""Titles: what a site glues to them is cut off, what it escaped twice is put right."""

from __future__ import annotations

import pytest

from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup
from crawler.extract.title import read_title


def title_of(head: str, body: str = "<p>x</p>") -> str:
    markup = read_markup(f"<html><head>{head}</head><body>{body}</body></html>")
    assert markup is not None
    return read_title(read_page(markup, "https://selwyn-gazette.example/news/ferry"))[0]


@pytest.mark.parametrize(
    "written",
    [
        "Ferry stays ashore for weeks | Selwyn Gazette",
        "selwyn-gazette.example Ferry stays ashore for weeks",
        "Selwyn Gazette: Ferry stays ashore for weeks",
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(written: str) -> None:
    assert title_of(f"<title>{written}</title>") == "Ferry stays ashore for weeks"


def test_a_section_behind_a_korean_quotation_is_cut_off() -> None:
    head = '<meta property="og:title" content=\'도입 또다시 불발 "당규 개정 왜 밀어붙이나"-정치\'>'
    assert title_of(head) == '도입 또다시 불발 "당규 개정 왜 밀어붙이나"'


@pytest.mark.parametrize("place", ["title", "h1"])
def test_a_title_that_was_escaped_twice_is_put_right(place: str) -> None:
    written = "Quay &amp;amp; harbour: the airship&amp;#39;s long drift"
    head = f"<title>{written}</title>"
    body = f"<h1>{written}</h1>" if place == "h1" else "<p>x</p>"
    assert title_of(head, body) == "Quay & harbour: the airship's long drift"


def test_a_name_with_a_dot_in_a_headline_stays() -> None:
    written = "Node.js drops support for old boats"
    assert title_of(f"<title>{written}</title>") == written
