"""Lines amid a text that are not the article's: advertisements, pointers, credits, lists of links."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from crawler.extract.authors.names import strip_prefix
from crawler.extract.body.blocks import Block
from crawler.extract.body.trim import is_dateline, is_label, is_linked, is_weak
from crawler.extract.page import element_text
from crawler.extract.phrases import phrases
from crawler.extract.text import fold, squeeze

POINTER_LIMIT, CREDIT_LIMIT, BYLINE_LIMIT = 200, 90, 80
DATE_LETTERS = 14  # of a date that ends in a point
HEAD = 5  # lines that a byline or a date may be among
RUN, MOST_LINKED, MOSTLY = 2, 0.3, 0.5  # lines of a list that lead elsewhere, and their shares
ADVERTISEMENT = re.compile(rf"\W*(?:{phrases('advertisement')})\W*", re.IGNORECASE)
CREDIT = re.compile(rf"[(\[\s]*(?:{phrases('photo_credit')})", re.IGNORECASE)


def drop_amid(
    lines: Sequence[str], found: Sequence[Block | None], authors: Collection[str]
) -> list[str]:
    """The lines that are the article's own.

    `found` are the blocks of the page that the lines are; `authors` the names of who wrote it.
    """
    names = frozenset(map(fold, authors))
    gone = {
        place
        for place, (line, block) in enumerate(zip(lines, found, strict=True))
        if _is_advertisement(line)
        or _is_credit(line)
        or _is_pointer(line, block)
        or (place < HEAD and _is_byline(line, names))
    }
    gone |= _lists_of_links(lines, found)
    return [line for place, line in enumerate(lines) if place not in gone] or list(lines)


def _is_advertisement(line: str) -> bool:
    return len(line) <= CREDIT_LIMIT and ADVERTISEMENT.fullmatch(line) is not None


def _is_credit(line: str) -> bool:
    """Whether a line only says whose picture is there: `(Photo: Acorn TV)`."""
    return (
        len(line) <= CREDIT_LIMIT and CREDIT.match(line) is not None and is_weak(line.rstrip(")]"))
    )


def _is_pointer(line: str, block: Block | None) -> bool:
    """Whether a line leads to another article: `Read more: …`, most of it a link."""
    return len(line) <= POINTER_LIMIT and is_label(line) and is_linked(block)


def _is_byline(line: str, names: Collection[str]) -> bool:
    if len(line) > BYLINE_LIMIT:
        return False
    if is_dateline(line) and (is_weak(line) or sum(map(str.isalpha, line)) <= DATE_LETTERS):
        return True
    if not is_weak(line):
        return False
    said = fold(strip_prefix(line))
    return any(
        said == name or (said.startswith(f"{name} ") and fold(line) != said) for name in names
    )


def _lists_of_links(lines: Sequence[str], found: Sequence[Block | None]) -> set[int]:
    """The places of short lists whose every line is a link, with the line that announces each.

    A list that is much of the text is the article, one within the page its table of contents.
    """
    gone: set[int] = set()
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].startswith("- ") and _leads_away(found[end]):
            end += 1
        if end - start >= RUN:
            gone.update(range(start, end))
            if start and lines[start - 1].endswith(":") and is_weak(lines[start - 1].rstrip(":")):
                gone.add(start - 1)
        start = max(end, start + 1)
    size = sum(len(lines[place]) for place in gone)
    return gone if size <= MOST_LINKED * sum(map(len, lines)) else set()


def _leads_away(block: Block | None) -> bool:
    """Whether most of a block is links to other pages."""
    if block is None or len(block.text) > POINTER_LIMIT:
        return False
    links = list(block.element.iter("a"))
    linked = sum(len(squeeze(element_text(one, POINTER_LIMIT))) for one in links)
    away = all(not (one.get("href") or "#").startswith("#") for one in links)
    return away and linked >= MOSTLY * len(squeeze(block.text)) > 0
