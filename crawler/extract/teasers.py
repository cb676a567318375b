"""Teasers: headline links with a line or two beside each, what front and section pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.body.blocks import locate, read_blocks
from crawler.extract.page import Page, element_text
from crawler.extract.text import is_unspaced

HEADLINE, HEADLINE_UNSPACED = 20, 8  # characters of a link that may be a headline
ALONE = 0.6  # the share of its block that a link must be not to be in a sentence
TILE_TEXT, TILE_PARTS = 700, 8
LEVELS = 3  # from a line of text up to the tile that it is in


def count_teasers(page: Page, lines: Sequence[str]) -> tuple[int, float]:
    """How many tiles the lines of a text are in, and the share of the text that is in tiles.

    A tile is a small element of its own with a headline's link to another page.
    """
    tiles: set[HtmlElement] = set()
    inside = 0
    for line, block in zip(lines, locate(lines, read_blocks(page.tree)), strict=True):
        tile = None if block is None else _tile_of(block.element)
        if tile is not None:
            tiles.add(tile)
            inside += len(line)
    return len(tiles), inside / max(1, sum(map(len, lines)))


def _tile_of(element: HtmlElement) -> HtmlElement | None:
    for one in islice((element, *element.iterancestors()), LEVELS):
        if one.tag in ("body", "main", "article") and one is not element:
            return None
        if len(one) > TILE_PARTS or len(element_text(one, TILE_TEXT + 1, joint=" ")) > TILE_TEXT:
            return None
        if any(map(_is_headline, islice(one.iter("a"), TILE_PARTS))):
            return one
    return None


def _is_headline(link: HtmlElement) -> bool:
    text = element_text(link, 300)
    shortest = HEADLINE_UNSPACED if is_unspaced(text) else HEADLINE
    if len(text) < shortest or (link.get("href") or "#").startswith("#"):
        return False
    parent = link.getparent()
    if parent is None or parent.tag not in ("p", "li", "span", "em", "strong", "b", "i"):
        return True
    return len(text) >= ALONE * len(element_text(parent, 1_000))
