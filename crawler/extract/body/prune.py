"""Blocks that are beside the article: cut out of the tree by what their class or id calls them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lxml.etree import strip_elements, strip_tags
from lxml.html import HtmlElement

from crawler.extract.body.layout import lay_out
from crawler.extract.phrases import class_finder

# Elements that hold no prose of the page; the extractor would take each copy of them apart first.
FURNITURE = (
    "nav", "footer", "iframe", "button", "select", "datalist", "textarea", "input", "img", "picture",
    "source", "video", "audio", "canvas", "object", "embed", "map", "dialog", "link", "meta", "frame",
    "track",
)  # fmt: skip
BLOCKS = (
    "div", "section", "aside", "ul", "ol", "li", "p", "dl", "table", "form", "details", "span",
    "figure", "a",
)  # fmt: skip
PERSON_BLOCKS = frozenset({"div", "section", "aside", "ul", "li", "dl", "table"})
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
READERS = class_finder("readers_class")
BESIDE = class_finder("beside_class")
ARTICLE = class_finder("article_class")
SHARE_LIMIT, SUM_LIMIT, REST_MINIMUM = 0.3, 0.5, 600


def prune(tree: HtmlElement) -> list[HtmlElement]:
    """Cuts the blocks beside the article out of the tree, laid out; never one that may hold the article.

    Returns what was cut for its name; furniture such as menus and buttons goes without being told.

    A themed wrapper named after what is in it can hold the article itself. So what has the
    main heading, or much of the page's paragraph text, stays; readers' comments may be long, if
    an article's worth of text is left without them.
    """
    lay_out(tree)
    strip_elements(tree, *FURNITURE, with_tail=False)
    strip_tags(tree, "ruby", "rb", "rt", "rp")  # else each reading becomes a line of its own
    readers: list[HtmlElement] = []
    beside: list[HtmlElement] = []
    for element in tree.iter(*BLOCKS):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _is_person(element):
            beside.append(element)
        elif name != " " and (group := _group(name[:300])):
            (readers if group == "readers" else beside).append(element)
    total = paragraph_size(tree)
    gone = _cut(readers, total - REST_MINIMUM, total - REST_MINIMUM)
    if beside:
        total = paragraph_size(tree) if readers else total
        gone += _cut(beside, SHARE_LIMIT * total, SUM_LIMIT * total)
    return gone


def is_beside(element: HtmlElement) -> bool:
    """Whether an element's class or id names it a readers' corner, or something beside the article."""
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in BLOCKS and name != " " and bool(_group(name[:300]))


def _is_person(element: HtmlElement) -> bool:
    """Whether microdata says that a block, not a name within a line, speaks of a writer."""
    return element.tag in PERSON_BLOCKS and (
        "author" in (element.get("itemprop") or "").lower()
        or (element.get("itemtype") or "").rstrip("/").endswith("schema.org/Person")
    )


def paragraph_size(element: HtmlElement) -> int:
    """Characters of the element's paragraphs outside links: a cheap measure of its prose."""
    size = 0
    for paragraph in element.iter("p"):
        size += len(paragraph.text or "")
        for child in paragraph:
            size += len(child.tail or "") + (0 if child.tag == "a" else len(child.text or ""))
    return size


def _cut(elements: Sequence[HtmlElement], limit: float, sum_limit: float) -> list[HtmlElement]:
    """Drops the outermost of the elements that are small enough, or none if all are too much."""
    outermost: list[HtmlElement] = []
    inside: set[HtmlElement] = set()
    together = 0
    for element in elements:
        if element in inside or element.getparent() is None:
            continue
        size = paragraph_size(element)
        if size <= max(limit, 0) and not _holds_article(element):
            outermost.append(element)
            together += size
            inside.update(element.iter(*BLOCKS))
    if together > max(sum_limit, 0):
        return []
    for element in outermost:
        element.drop_tree()
    return outermost


def _holds_article(element: HtmlElement) -> bool:
    for one in element.iter("h1", "article", "main", "div", "section"):
        if (
            one.tag in ("h1", "article", "main")
            or _is_article(one.get("class") or "")
            or _is_article(one.get("id") or "")
        ):
            return True
    return False


@lru_cache(maxsize=8192)
def _group(name: str) -> str:
    """What a class and id say of a block: `readers`, `beside` the article, or nothing."""
    words = CAMEL.sub("-", name).lower()
    return "readers" if READERS(words) else "beside" if BESIDE(words) else ""


@lru_cache(maxsize=8192)
def _is_article(name: str) -> bool:
    return bool(name) and ARTICLE(CAMEL.sub("-", name[:300]).lower())
