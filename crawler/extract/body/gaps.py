"""Paragraphs and subheadings that the extractor dropped from amid an article, put back in place.

trafilatura leaves out a paragraph that is mostly link, also where it is a sentence, and some
subheadings. What is between two paragraphs of the text, and is marked up as they are, is part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.body.blocks import Block, locate
from crawler.extract.body.trim import is_notice, is_sentence
from crawler.extract.page import element_text
from crawler.extract.text import squeeze
from crawler.urls import clean, registered_domain

HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
PARAGRAPH_LIMIT = 5_000
CLIMB = 5  # elements from a paragraph up to what holds all of them
WRAPPED = 20  # paragraphs of one block between two boxes; each is looked at for each gap
LINKED = 0.9  # the share of a paragraph beyond which it is nothing but a link
REACH = 60  # blocks between two lines; lines that begin alike are found in the wrong place
USUAL = 3  # paragraphs that are marked up alike
FEW = 4  # pieces that are lost in one place; more are a block of another kind

Way = tuple[tuple[str, ...], HtmlElement]


def fill_gaps(
    lines: Sequence[str],
    blocks: Sequence[Block],
    url: str,
    *,
    cut: Sequence[str] = (),
    ends: bool = True,
) -> list[str]:
    """The lines with what the page has between them and beside them, marked up as they are, and they lack.

    At most four pieces in one place, none of the lines that were `cut` off; none before and after
    the text without `ends`. `url` is the page's own: a heading that leads to another page of its
    site is the headline of that.
    """
    places = {block.key: place for place, block in enumerate(blocks)}
    known = squeeze(" ".join((*lines, *cut)))
    filled: list[str] = []
    found = locate(lines, blocks)
    last: int | None = None
    for line, block in zip(lines, found, strict=True):
        place = None if block is None else places[block.key]
        if place is not None:
            if last is not None and last + 1 < place <= last + REACH:
                filled += _missing(blocks[last : place + 1], known, url)
            last = place
        filled.append(line)
    return (
        filled
        if not ends
        else _with_ends(filled, [block for block in found if block], blocks, known)
    )


def _with_ends(
    lines: list[str], found: Sequence[Block], blocks: Sequence[Block], known: str
) -> list[str]:
    """The lines with the paragraphs right before and after them that are marked up as most of them are."""
    usual = Counter(
        way for block in found if block.element.tag == "p" for way in _ways(block.element)
    )
    ways = {way for way, count in usual.items() if count >= USUAL and 2 * count >= len(found)}
    if not ways:
        return lines
    places = {block.key: place for place, block in enumerate(blocks)}
    first, last = places[found[0].key], places[found[-1].key]
    before = _more(reversed(blocks[max(0, first - REACH) : first]), ways, known)
    after = _more(blocks[last + 1 : last + REACH], ways, known)
    return [*reversed(before), *lines, *after]


def _more(blocks: Iterable[Block], ways: Container[Way], known: str) -> list[str]:
    found: list[str] = []
    for block in blocks:
        element = block.element
        if element.tag != "p" or not any(way in ways for way in _ways(element)):
            continue
        if not _is_prose(element, block.text):
            break
        if squeeze(block.text) not in known:
            found.append(element_text(element, PARAGRAPH_LIMIT))
    return found if len(found) <= FEW else []


def _missing(blocks: Sequence[Block], known: str, url: str) -> list[str]:
    """The pieces of the article between the first and the last of these blocks."""
    ends = blocks[0].element, blocks[-1].element
    ways = [way for end in ends for way in _ways(end)]
    parents = [end.getparent() for end in ends]
    found: list[str] = []
    for block in blocks[1:-1]:
        element = block.element
        if element.tag == "p":
            fits = any(way in ways for way in _ways(element)) and _is_prose(element, block.text)
        elif element.tag in HEADINGS:
            fits = element.getparent() in parents and _is_subheading(element, block.text, url)
        else:
            continue
        if fits and squeeze(block.text) not in known:
            found.append(element_text(element, PARAGRAPH_LIMIT))
    return found if len(found) <= FEW else []


def _ways(element: HtmlElement) -> list[Way]:
    """What holds an element, the nearest first, each with the tags and classes on the way to it.

    The way goes on above a block of nothing but such elements, as of the paragraphs between two boxes.
    """
    ways: list[Way] = []
    way: tuple[str, ...] = ()
    below = element
    for above in islice(element.iterancestors(), CLIMB):
        way = (*way, str(below.tag), below.get("class") or "")
        ways.append((way, above))
        if len(above) > WRAPPED or any(one.tag != below.tag for one in above):
            break
        below = above
    return ways


def _is_prose(element: HtmlElement, text: str) -> bool:
    linked = sum(len(element_text(link, PARAGRAPH_LIMIT)) for link in element.iter("a"))
    return is_sentence(text) and not is_notice(text) and linked < LINKED * len(text)


def _is_subheading(element: HtmlElement, text: str, url: str) -> bool:
    """Whether a heading is one of the text, and not the headline of another article of the site."""
    hrefs = (link.get("href") or "#" for link in element.iter("a"))
    leads = (clean(href, url) for href in hrefs if not href.startswith("#"))
    site = registered_domain(url)
    return (
        bool(squeeze(text))
        and not is_notice(text)
        and all(registered_domain(address) != site for address in leads)
    )
