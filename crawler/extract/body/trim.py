"""Both ends of a text: where navigation, related stories and notices of the site cling to it."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from lxml.html import HtmlElement

from crawler.extract.body.blocks import Block, find_container, locate
from crawler.extract.dates.parse import parse_moment
from crawler.extract.page import element_text
from crawler.extract.phrases import phrase_pattern, phrases
from crawler.extract.text import is_unspaced, squeeze

WEAK_LENGTH, NOTICE_LENGTH = 100, 300
ENDING = re.compile(r"[.!?…。！？؟।։:;\"”»“‘’'）)\]】」』]$")
NOTICE = phrase_pattern("notice")
LABEL = re.compile(rf"^(?:{phrases('label')})(?!\w)\s*(?:[:…|.\-–—]|$)", re.IGNORECASE)
BIO = phrase_pattern("bio")
SHORTEST_TITLE, GLUED = 20, 60  # letters and digits of a headline, and of a kicker before it
BIO_LENGTH, SHORTEST_NAME = 400, 4
WORD = re.compile(r"\w")
# What is left of a stamp whose dates stood in elements of their own: `(Updated )`.
BARE_STAMP = re.compile(rf"^\W*(?:{phrases('updated')})\w*\W*$", re.IGNORECASE)
TAIL_LIMIT, HEAD_LIMIT = 30, 8
DATE_WORDS = 10
LINK_LIMIT, GROWTH = 300, 3  # one letter casefolds to three at most: `ΐ`
LINKED, LINKED_LIMIT, FEW_LINKED = 0.5, 2_000, 3


class LinkTexts(Container[str]):
    """The texts of a page's links; holds the letters and digits of each, made out when they are asked for."""

    def __init__(self, tree: HtmlElement) -> None:
        self._texts = [element_text(link, LINK_LIMIT) for link in tree.iter("a")]

    def __contains__(self, key: object) -> bool:
        """Whether a link says just that; one that is too short for it is not looked at."""
        return isinstance(key, str) and any(
            len(text) * (1 if text.isascii() else GROWTH) >= len(key) and squeeze(text) == key
            for text in self._texts
        )


def trim_ends(
    lines: Sequence[str], title: str, blocks: Sequence[Block], links: Container[str]
) -> list[str]:
    """The lines without what is not the article's at both ends.

    Only weak lines go: the headline again and what is before it, lines without a word, only a link,
    a notice of the site, or a short unpunctuated line or table row that is outside the element that
    holds most of the text.
    """
    found = locate(lines, blocks)
    container = find_container(lines, found)

    def is_cut(place: int) -> bool:
        return _is_cut(lines[place], found[place], container, squeeze(title), links)

    start, end = _after_headline(lines, title), len(lines)
    linked = _count_linked(found)
    while (
        end > start
        and end > len(lines) - TAIL_LIMIT
        and (is_cut(end - 1) or end > len(lines) - linked)
    ):
        end -= 1
    while start < min(end, HEAD_LIMIT) and is_cut(start):
        start += 1
    return list(lines[start:end] or lines)


def _after_headline(lines: Sequence[str], title: str) -> int:
    """Where the text begins behind its headline, when only weak lines are before that: a kicker."""
    key, start = squeeze(title), 0
    for place, line in enumerate(lines[:HEAD_LIMIT] if key else ()):
        if _repeats(squeeze(line), key):
            start = place + 1
        elif start or not is_weak(line):
            break
    return start


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the headline again, alone or with a kicker or a date glued to it."""
    glued = len(title) >= SHORTEST_TITLE and line.startswith(title) | line.endswith(title)
    return line == title or (glued and len(line) <= len(title) + GLUED)


def drop_bios(lines: Sequence[str], names: Sequence[str]) -> list[str]:
    """The lines without those at the end that tell who the authors are: `Ana Ruiz covers water`."""
    openings = tuple(squeeze(name) for name in names if len(squeeze(name)) >= SHORTEST_NAME)
    end = len(lines)
    while end > 1 and openings and _is_bio(lines[end - 1], openings):
        end -= 1
    return list(lines[:end])


def _is_bio(line: str, openings: tuple[str, ...]) -> bool:
    return (
        len(line) <= BIO_LENGTH
        and squeeze(line).startswith(openings)
        and BIO.search(line) is not None
    )


def _is_cut(
    line: str, block: Block | None, container: HtmlElement | None, title: str, links: Container[str]
) -> bool:
    if not WORD.search(line) or is_notice(line) or squeeze(line) == squeeze(title):
        return True
    if squeeze(line) in links or BARE_STAMP.search(line):
        return True
    if not is_weak(line) or line.startswith("- "):
        return False
    if is_dateline(line):
        return True
    return block is None or not _stands_in(block.element, container)


def _count_linked(found: Sequence[Block | None]) -> int:
    """How many lines at the end are mostly links; 0 for more than three, which are a list of the text."""
    count = next((k for k, block in enumerate(reversed(found)) if not is_linked(block)), 0)
    return count if count <= FEW_LINKED else 0


def is_linked(block: Block | None) -> bool:
    """Whether most of a paragraph is links: it leads elsewhere."""
    if block is None:
        return False
    linked = sum(len(squeeze(element_text(one, LINKED_LIMIT))) for one in block.element.iter("a"))
    return linked > LINKED * len(squeeze(block.text))


def is_label(line: str) -> bool:
    """Whether a line begins as those that lead elsewhere do: `Read more: …`."""
    return LABEL.search(line) is not None


def is_notice(line: str) -> bool:
    """Whether a line is the site's and not the article's: `Read more:`, `Sign up for …`."""
    return len(line) <= NOTICE_LENGTH and bool(NOTICE.search(line) or LABEL.search(line))


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return ENDING.search(line) is not None


def is_weak(line: str) -> bool:
    """A short line that ends like no sentence, or a table row of nothing but such cells."""
    cells = line.strip("| ").split(" | ") if line.startswith("|") else [line]
    limit = WEAK_LENGTH // 2 if is_unspaced(line) else WEAK_LENGTH
    return all(len(cell) < limit and not ENDING.search(cell) for cell in cells)


def is_dateline(line: str) -> bool:
    """Whether a short line is a date and next to nothing else."""
    return (
        any(map(str.isdigit, line))
        and len(line.split()) <= DATE_WORDS
        and parse_moment(line) is not None
    )


def _stands_in(element: HtmlElement, container: HtmlElement | None) -> bool:
    return container is not None and (
        element is container or any(one is container for one in element.iterancestors())
    )
