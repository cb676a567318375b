"""The expressions that are answered without libxml2 find what it finds."""

from __future__ import annotations

import random
from functools import cache

import pytest
import trafilatura.external
import trafilatura.xpaths
from lxml.etree import XPath
from lxml.html import HtmlElement, fromstring

from crawler.extract.page.parsers import load_stop_words
from crawler.extract.page.quick_paths import NotQuickError, QuickPath, quick_path, quickened

WORDS = """
post entry article-content articleBody story-body comments Comments commentary comment-list social share-
sidebar related most-popular nav subnav Nav menu teaser Teaser bottom link border hide- hidden message
mvp-post-add-box infinite-scroll elementor-share-buttons cookie author main main-content author-name caption
display:none header-bottom x y z meta widget fulltext Fulltext page-content reply-
""".split()  # noqa: SIM905
TAGS = ("div", "section", "p", "span", "ul", "aside", "article", "details", "h1", "main", "item")
NAMES = ("id", "class", "style", "role", "aria-hidden", "data-component", "itemprop", "data-x")
RE = {"re": "http://exslt.org/regular-expressions"}


@cache
def page(seed: int) -> HtmlElement:
    """A tree of 300 elements named by chance, in an order of attributes by chance."""
    chance = random.Random(seed)
    parts: list[str] = []
    for _ in range(300):
        names = chance.sample(NAMES, chance.choice((0, 1, 1, 2, 3)))
        said = "".join(
            f' {name}="{" ".join(chance.sample(WORDS, chance.choice((0, 1, 1, 2))))}"'
            for name in names
        )
        parts.append(f"<{(tag := chance.choice(TAGS))}{said}>text")
        parts.append(f"</{tag}>" if chance.random() < 0.7 else "")
    return fromstring(f"<html><body>{''.join(parts)}</body></html>")


PATHS = [
    path
    for name, paths in vars(trafilatura.xpaths).items()
    if name.isupper() and isinstance(paths, list)
    for path in paths
    if isinstance(path, XPath)
] + [
    XPath(".//*[self::p][contains(@id|@class, 'x')][@style]"),
    XPath(".//*[@class or @id='x'][not(.//h1) or @role]"),
    XPath(".//*[re:test(@class, 'a(?:b|r)|[|]|^x$|po.t')]", namespaces=RE),
    XPath(r".//*[re:test(@class, '\(|x')]", namespaces=RE),
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.path.strip()[:40])
def test_an_expression_finds_what_libxml2_finds(path: XPath) -> None:
    quick = quickened(XPath(path.path, namespaces=RE))
    for seed in range(3):
        tree = page(seed)
        assert quick(tree) == path(tree)


def test_most_of_what_finds_boilerplate_is_answered_quickly() -> None:
    names = ("OVERALL_DISCARD_XPATH", "REMOVE_COMMENTS_XPATH", "TEASER_DISCARD_XPATH")
    paths = [path for name in names for path in getattr(trafilatura.xpaths, name)]
    quick = [path if isinstance(path, QuickPath) else quickened(path) for path in paths]
    assert all(isinstance(path, QuickPath) for path in quick)


@pytest.mark.parametrize(
    "path",
    [
        "//*[@class='x']",
        ".//p",
        ".//*[position() > 2]",
        ".//*[@class='x']/p",
        ".//*[@id|@class='x']",
        "(.//*[@class='x'])[1]|(.//main)[1]",
        ".//*[not(@class)]",
        ".//*[re:test(@class, 'x?')]",
    ],
)
def test_an_expression_of_another_kind_is_left_to_libxml2(path: str) -> None:
    expression = XPath(path, namespaces=RE)
    with pytest.raises(NotQuickError):
        quick_path(expression)
    assert quickened(expression) is expression


def test_stop_words_are_read_before_a_page_asks_for_them() -> None:
    load_stop_words()
    assert "the" in (trafilatura.external.JT_STOPLIST or ())
