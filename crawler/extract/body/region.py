"""Where in the page the article stands: what a text has beyond it, at its end, is of something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.extract.body.blocks import Block
from crawler.extract.body.layout import UNFOLDED

HOLDS = 0.7  # the share of a text that the element holds in which its article is
BEYOND = 0.3  # the share of a text that may be cut off as being beyond it


def cut_beyond(lines: Sequence[str], found: Sequence[Block | None]) -> list[str]:
    """The lines without those at the end that are outside the element that holds most of the text.

    `found` are the blocks of the lines. What is in an element marked up as the article's own
    is another part of it. No more than three tenths of a text are cut.
    """
    region = find_region(lines, found)
    if region is None:
        return list(lines)
    above = {region, *region.iterancestors()}
    inside = [block is not None and region in _around(block.element) for block in found]
    end = len(inside) - inside[::-1].index(True)
    beyond = [block.element for block in found[end:] if block is not None]
    size = sum(map(len, lines[end:]))
    if not beyond or size > BEYOND * sum(map(len, lines)) or _is_alike(beyond[0], region, above):
        return list(lines)
    return list(lines[:end])


def find_region(lines: Sequence[str], found: Sequence[Block | None]) -> HtmlElement | None:
    """The innermost element that holds seven tenths of the lines that are found in the page."""
    sizes: Counter[HtmlElement] = Counter()
    total = 0
    for line, block in zip(lines, found, strict=True):
        if block is not None:
            total += len(line)
            for element in block.element.iterancestors():
                sizes[element] += len(line)
    # A Counter keeps its order: of one line's ancestors the inner come before the outer.
    holders = [element for element, size in sizes.items() if total and size >= HOLDS * total]
    return max(holders, key=_depth, default=None)


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _depth(element: HtmlElement) -> int:
    return sum(1 for _ in element.iterancestors())


def _is_alike(element: HtmlElement, region: HtmlElement, above: set[HtmlElement]) -> bool:
    """Whether an element is in a sibling of the region that is marked up as it is."""
    branch = element
    for parent in element.iterancestors():
        if parent in above:
            own = next(one for one in _around(region) if one.getparent() is parent or one is parent)
            cell = own.get(UNFOLDED) in ("td", "th")  # beside a column stands another one
            return own is not parent and not cell and _markup(own) == _markup(branch)
        branch = parent
    return False


def _markup(element: HtmlElement) -> tuple[object, object]:
    return element.tag, element.get("class") or element.get("id")
