"""A page as its witnesses see it: tree, meta elements, linked data, headings, links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.headline import Headline, find_headline
from crawler.extract.page.items import read_items
from crawler.extract.page.linked_data import (
    Node,
    find_article,
    find_named_article,
    read_linked_data,
)
from crawler.extract.page.markup import Markup
from crawler.extract.page.walk import Walk, walk_tree
from crawler.extract.phrases import class_pattern
from crawler.extract.text import field_text, is_unspaced, one_line

META_LIMIT = 500
HEADING_LIMIT = 20
PIECES = 100
HEADING_PART = class_pattern("heading_part_class")
UNSEEN = class_pattern("unseen_class")
FOREIGN_PARTS, LEAST_WORDS, LEAST_SIGNS = 4, 2, 6
JOINTS = (":", "-", "–", "—", "：")
SEPARATORS = " :|/-–—•·"
PUNCTUATION = " :|/-–—•·,."
ENTITY = re.compile(r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|[a-z]{2,6});")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is read from the tree once and asked for many times.

    `meta` maps a lower-case name, property, itemprop or http-equiv to its contents in page order;
    `article` is the JSON-LD node of the page's article, `item` that of microdata or RDFa; each is empty
    when there is none.
    """

    url: str
    tree: HtmlElement
    walk: Walk
    headline: Headline
    meta: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    article: Node
    items: tuple[Node, ...]
    item: Node
    title: str
    canonical: str
    headings: tuple[str, ...]
    has_password: bool
    linked_headlines: int
    scripts: tuple[str, ...]
    noscript: tuple[str, ...]

    def first(self, *names: str) -> str:
        """The first content of the first of these meta names that has one; else ""."""
        return next((self.meta[name][0] for name in names if name in self.meta), "")


def read_page(markup: Markup, url: str) -> Page:
    """The witnesses of a parsed page; the tree is shared, with a space set after line breaks."""
    tree = markup.tree
    walk = walk_tree(tree)
    nodes = read_linked_data(markup.linked_data)
    items = read_items(tree)
    title = unescaped(element_text(tree.find(".//title"), 500))
    return Page(
        url=url,
        tree=tree,
        walk=walk,
        headline=find_headline(walk, title),
        meta=_read_meta(tree),
        nodes=nodes,
        article=find_article(nodes, title, url),
        items=items,
        item=find_named_article(items, title, url),
        title=title,
        canonical=_read_canonical(tree),
        headings=_read_headings(tree),
        has_password=tree.find(".//input[@type='password']") is not None,
        linked_headlines=_count_linked_headlines(tree),
        scripts=markup.scripts,
        noscript=markup.noscript,
    )


def element_text(element: HtmlElement | None, limit: int, *, joint: str = "") -> str:
    """The text of an element on one line, bounded; "" for None. `joint` parts its text nodes."""
    if element is None:
        return ""
    if not len(element):
        return one_line(element.text, limit)
    return one_line(joint.join(islice(element.itertext(), PIECES)), limit)


def unescaped(text: str) -> str:
    """A headline that its site escaped twice (`Quay &amp; harbour`), as a reader should see it."""
    return field_text(text, len(text)) if ENTITY.search(text) else text


def _read_meta(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for count, element in enumerate(tree.iter("meta")):
        if count >= META_LIMIT:
            break
        content = field_text(element.get("content") or element.get("value"), 3000)
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "")[:200].lower().split():
                found.setdefault(name, []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}


def _read_canonical(tree: HtmlElement) -> str:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == "canonical":
            return one_line(element.get("href"), 2_048)
    return ""


def _read_headings(tree: HtmlElement) -> tuple[str, ...]:
    headings: list[str] = []
    for count, element in enumerate(tree.iter("h1")):
        if count >= HEADING_LIMIT:
            break
        for line_break in element.iter("br"):
            line_break.tail = f" {line_break.tail or ''}"
        if text := unescaped(_heading_text(element)):
            headings.append(text)
    return tuple(dict.fromkeys(headings))


def _heading_text(element: HtmlElement) -> str:
    """The text of an h1 without its parts that are no headline: kicker, date, byline, hidden words.

    A kicker that a colon or a dash joins to the headline belongs to it.
    """
    whole = element_text(element, 500)
    foreign = [child for child in element.iterdescendants() if _is_foreign(child)][:FOREIGN_PARTS]
    for child in foreign:
        part = element_text(child, 500)
        rest = whole.replace(part, " ", 1).strip()
        joined = not _is_unseen(child) and (
            part.endswith(JOINTS) or (rest.startswith(JOINTS) and whole.startswith(part))
        )
        if part.strip(PUNCTUATION) and not joined and _is_enough(rest):
            whole = one_line(rest.strip(SEPARATORS), 500)
    return whole


def _is_enough(text: str) -> bool:
    """Whether a text may be a headline: of two words, or of six signs where none parts words."""
    return len(text.split()) >= LEAST_WORDS or (is_unspaced(text) and len(text) >= LEAST_SIGNS)


def _is_unseen(element: HtmlElement) -> bool:
    return UNSEEN.search((element.get("class") or "")[:200].lower()) is not None


def _is_foreign(element: HtmlElement) -> bool:
    if element.tag in ("small", "time"):
        return True
    label = element.get("class") if isinstance(element.tag, str) else None
    return label is not None and (
        HEADING_PART.search(label[:200].lower()) is not None or _is_unseen(element)
    )


def _count_linked_headlines(tree: HtmlElement) -> int:
    """Subheadings that are links, as the teasers of a front page are."""
    count = 0
    for element in tree.iter("h2", "h3", "h4", "h5"):
        parent = element.getparent()
        link = element if parent is not None and parent.tag == "a" else element.find(".//a")
        count += link is not None and len(element_text(link, 300)) >= 20
    return count
