"""Pages that mean harm, or never thought of us: each costs its own page at most, and not much time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from index.article import Article
from index.capture import Capture

PROSE = "".join(
    f"<p>{number} ferries lay at the quay on Monday, and none had left when the wind went down.</p>"
    for number in ("Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
)
TITLE = "Ferries stay at the quay"
SECONDS = 10  # of CPU, on a slow machine under load; most take a hundredth of it
NAMES = (
    "Ana Ruiz", "Иван Петров", "Νίκος Παππάς", "王小明", "山田太郎", "김민수", "محمد علي",
    "דוד לוי", "राम कुमार", "สมชาย ใจดี", "Արամ Պետրոսյան", "გიორგი ბერიძე", "তারেক রহমান",
    "அருண் குமார்",
)  # fmt: skip


def read(body: bytes) -> object:
    capture = Capture(
        url="https://courier.example/news/ferries-stay-4711",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body,
        fetched=datetime(2023, 2, 6, tzinfo=UTC),
    )
    started = time.process_time()
    result = extract(capture)
    assert time.process_time() - started < SECONDS
    return result


def page(head: str = "", body: str = "") -> bytes:
    html = f"<html><head><meta charset=utf-8><title>{TITLE}</title>{head}</head><body>{body}"
    return f"{html}<article><h1>{TITLE}</h1>{PROSE}</article></body></html>".encode()


def fifty_charsets() -> bytes:
    names = ("utf-8", "latin-1", "cp1251", "koi8-r", "big5")
    claims = "".join(f"<meta charset={names[n % 5]}>" for n in range(50))
    return page(claims) + "Ж é 船".encode("cp1251", "ignore")


def the_year_9999() -> bytes:
    return page("<meta property=article:published_time content=9999-12-31T23:59:59-14:00>")


def ten_thousand_blocks() -> bytes:
    block = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "X"}</script>'
    return page(block * 10_000)


def names_in_14_scripts() -> bytes:
    return page("".join(f"<meta name=author content='{name}'>" for name in NAMES))


def tables_nested_1000_deep() -> bytes:
    return page(body="<table><tr><td>" * 1_000 + "deep" + "</td></tr></table>" * 1_000)


def three_kinds_at_once() -> bytes:
    kinds = ("NewsArticle", "Product", "DiscussionForumPosting")
    return page("".join(
        f'<script type="application/ld+json">{{"@type": "{kind}", "name": "{TITLE}"}}</script>'
        for kind in kinds
    ))  # fmt: skip


def nothing_but_breaks() -> bytes:
    return page(body="<div>" + "word<br><br>" * 8_000 + "</div>")


def cells_without_end() -> bytes:
    return page(body="<table>" + "<tr><td>A sentence stands here. <td>b" * 3_000)


PAGES: tuple[Callable[[], bytes], ...] = (
    fifty_charsets, the_year_9999, ten_thousand_blocks, names_in_14_scripts,
    tables_nested_1000_deep, three_kinds_at_once, nothing_but_breaks, cells_without_end,
)  # fmt: skip


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__)
def test_a_bad_page_costs_itself_at_most(make: Callable[[], bytes]) -> None:
    read(make())


def test_what_a_bad_page_says_well_is_still_read() -> None:
    dated = read(the_year_9999())
    assert isinstance(dated, Article)
    assert dated.published is None
    named = read(names_in_14_scripts())
    assert isinstance(named, Article)
    assert set(named.authors) <= set(NAMES)
    assert len(named.authors) >= 12
