"""The pages that the text of an article links to; menus, teasers and related links are not its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.extract.page import Page, element_text
from crawler.extract.text import squeeze
from crawler.urls import canonical

LINKS = 50
ANCHORS = 3_000
PARAGRAPH = 4_000
GROWTH = 3  # one letter casefolds to three at most
BLOCKS = frozenset({"p", "li", "blockquote", "td", "div", "section", "article", "h2", "h3"})


def read_text_links(page: Page, lines: Sequence[str]) -> tuple[str, ...]:
    """The canonical addresses of the first 50 links that are in the paragraphs of a text."""
    own = canonical(page.url)
    wanted = {squeeze(line) for line in lines}
    shortest = min(map(len, wanted), default=0)
    links = dict.fromkeys(
        address
        for anchor, paragraph in _anchors(page.tree, shortest)
        if paragraph in wanted
        and (address := canonical(urljoin(page.url, anchor.get("href") or "")))
        and address != own
    )
    return tuple(islice(links, LINKS))


def _anchors(tree: HtmlElement, shortest: int) -> Iterator[tuple[HtmlElement, str]]:
    """Each link with the letters and digits of the paragraph that it is in; "" for less than these."""
    block: HtmlElement | None = None
    key = ""
    for anchor in islice(tree.iter("a"), ANCHORS):
        around = next((one for one in anchor.iterancestors() if one.tag in BLOCKS), None)
        if around is None:
            continue
        if around is not block:
            text = element_text(around, PARAGRAPH)
            block, key = around, squeeze(text) if GROWTH * len(text) >= shortest else ""
        yield anchor, key
