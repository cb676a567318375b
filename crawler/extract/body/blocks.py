"""The page's short blocks in reading order: where in the page a line of text stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.page import element_text
from crawler.extract.text import squeeze

TAGS = (
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div", "span", "section", "header", "td", "a",
    "blockquote", "strong", "b", "em", "dd", "dt", "figcaption", "ul",
)  # fmt: skip
INLINE = frozenset(
    ("a", "b", "strong", "em", "i", "span", "br", "font", "u", "small", "mark", "img", "abbr", "time")
)  # fmt: skip
CHILDREN, BLOCK_LIMIT, TEXT_LIMIT = 12, 6_000, 1_500
KEY = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block element with few children, and its text on one line."""

    element: HtmlElement
    text: str
    key: str


@lru_cache(maxsize=1)
def read_blocks(tree: HtmlElement) -> Sequence[Block]:
    """The first 6,000 blocks of the page that have text, in page order, outer before inner.

    The last answer is kept: a pruned tree, which nobody cuts any more, is asked for its text and again
    for its kind.
    """
    blocks: list[Block] = []
    for element in islice(tree.iter(*TAGS), BLOCK_LIMIT):
        if (
            len(element) <= CHILDREN
            and _has_own_text(element)
            and (text := element_text(element, TEXT_LIMIT))
        ):
            blocks.append(Block(element=element, text=text, key=line_key(text)))
    return blocks


def _has_own_text(element: HtmlElement) -> bool:
    """Whether the element is more than a wrapper of other blocks."""
    text = element.text
    return bool(text and not text.isspace()) or (len(element) > 0 and element[0].tag in INLINE)


def line_key(line: str) -> str:
    """The key under which a line of text is found among the blocks."""
    return squeeze(line[: 2 * KEY])[:KEY]


def locate(lines: Sequence[str], blocks: Sequence[Block]) -> list[Block | None]:
    """For each line the innermost block that begins with the same text; None when there is none."""
    known: Mapping[str, Block] = {block.key: block for block in blocks if block.key}
    return [known.get(line_key(line)) for line in lines]


def find_container(lines: Sequence[str], found: Sequence[Block | None]) -> HtmlElement | None:
    """The element that is the parent of most of the text."""
    sizes: Counter[HtmlElement] = Counter()
    for line, block in zip(lines, found, strict=True):
        parent = None if block is None else block.element.getparent()
        if parent is not None:
            sizes[parent] += len(line)
    return sizes.most_common(1)[0][0] if sizes else None
