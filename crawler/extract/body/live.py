"""The entries of a live blog: from schema.org's liveBlogUpdate, or else from blocks that bear a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.body.prune import is_beside, paragraph_size
from crawler.extract.body.rescue import strip_html
from crawler.extract.dates.clues import read_clues
from crawler.extract.dates.parse import Clues, parse_moment
from crawler.extract.kinds import is_called_article, is_live_page
from crawler.extract.page import Page, element_text
from crawler.extract.page.linked_data import types
from crawler.extract.text import field_text, fold, paragraphs
from index.article import LiveEntry

MOST = 2_000  # entries read of one page
TITLE_LIMIT = 300
TEXT_LIMIT = 20_000
CLIMB = 6  # elements between a time and the block it is in
CALLED, UNCALLED = 3, 5  # timed blocks that make entries, on a page called live and on any other
PROSE = 0.5  # of an uncalled page's paragraphs must be in them
WORDS = 8  # of an entry, on an uncalled page


def read_entries(page: Page, zone: str) -> tuple[LiveEntry, ...]:
    """The entries of a page in its order; none for a page that is not a live blog.

    A page that calls itself an article but no live blog is one when at least five sibling blocks
    with different times hold most of its prose, none of them a teaser or a reader's comment.
    """
    clues = read_clues(page, zone)
    told = [entry for node in _updates(page) if (entry := _from_node(node, clues))]
    if told:
        return tuple(_with_seen_headlines(page, told))
    return tuple(_from_blocks(page, clues))


def text_with_entries(lines: Sequence[str], entries: Sequence[LiveEntry]) -> list[str]:
    """What is before the first entry, then the entries, a line a headline or paragraph."""
    whole = " ".join(fold(f"{entry.title} {entry.text}") for entry in entries)
    intro: list[str] = []
    for line in lines:
        if fold(line) in whole:
            break
        intro.append(line)
    else:
        intro = intro[:1]  # no entry among the lines: all but the first may stand anywhere
    return [*intro, *(line for entry in entries for line in _lines(entry))]


def are_the_text(page: Page, entries: Sequence[LiveEntry], lines: Sequence[str]) -> bool:
    """Whether entries are what a page tells: it calls itself live, or half its text is in them.

    The short texts of a list of other articles, each with its time, may be more than the article.
    """
    if is_live_page(page):
        return True
    whole = " ".join(fold(f"{entry.title} {entry.text}") for entry in entries)
    held = sum(len(line) for line in lines if fold(line) in whole)
    return held >= PROSE * sum(map(len, lines))


def _lines(entry: LiveEntry) -> list[str]:
    return [line for line in (entry.title, *entry.text.split("\n")) if line]


def _updates(page: Page) -> Iterator[Mapping[str, Any]]:
    if "liveblogposting" not in types(page.article):
        return
    given = page.article.get("liveBlogUpdate")
    for node in (given if isinstance(given, list) else [given])[:MOST]:
        if isinstance(node, Mapping):
            yield node


def _from_node(node: Mapping[str, Any], clues: Clues) -> LiveEntry | None:
    title = field_text(node.get("headline") or node.get("name"), TITLE_LIMIT)
    body = node.get("articleBody") or node.get("description") or ""
    lines = paragraphs(strip_html(body[:TEXT_LIMIT])) if isinstance(body, str) else []
    if lines and fold(lines[0]) == fold(title):
        lines = lines[1:]
    if not lines and not title:
        return None
    when = _moment(node.get("datePublished") or node.get("dateModified"), clues)
    return LiveEntry(published=when, title=title, text="\n".join(lines))


def _with_seen_headlines(page: Page, entries: Sequence[LiveEntry]) -> Iterator[LiveEntry]:
    """The entries, without the headlines that only the linked data has (`Update 12`)."""
    seen = fold(page.tree.text_content())
    for entry in entries:
        if not entry.text or fold(entry.title) in seen:
            yield entry
        else:
            yield replace(entry, title="")


def _moment(text: object, clues: Clues) -> datetime | None:
    found = parse_moment(text, clues) if isinstance(text, str) else None
    return found.value if found and found.precision in ("second", "minute") else None


# Blocks of the page


def _from_blocks(page: Page, clues: Clues) -> list[LiveEntry]:
    called = is_live_page(page)
    blocks = _timed_siblings(page.tree)
    read = [(block, _from_block(block, time, clues)) for block, time in blocks]
    entries = [(block, entry) for block, entry in read if entry]
    if len(entries) < (CALLED if called else UNCALLED):
        return []
    if not called and not (is_called_article(page) and _behaves_so(page.tree, entries)):
        return []
    return [entry for _, entry in entries][:MOST]


def _timed_siblings(tree: HtmlElement) -> list[tuple[HtmlElement, HtmlElement]]:
    """The largest group of siblings that bear a time each, with the first time of each."""
    groups: dict[HtmlElement, dict[HtmlElement, HtmlElement]] = defaultdict(dict)
    for time in tree.iter("time"):
        if not time.get("datetime"):
            continue
        child = time
        for parent in list(time.iterancestors())[:CLIMB]:
            groups[parent].setdefault(child, time)
            child = parent
    likely = [list(group.items()) for group in groups.values() if len(group) >= CALLED]
    return max(likely, key=len, default=[])


def _from_block(block: HtmlElement, time: HtmlElement, clues: Clues) -> LiveEntry | None:
    """The entry in a block; None for a teaser, a comment, or a time without prose."""
    if any(is_beside(element) for element in (block, *block.iterancestors())):
        return None
    heading = next(block.iter("h2", "h3", "h4", "h5"), None)
    if heading is not None and _leads_away(heading):
        return None
    title = element_text(heading, TITLE_LIMIT)
    lines = [
        line
        for element in block.iter("p", "li", "blockquote")
        if not any(inner is not element for inner in element.iter("p", "li"))
        and (line := element_text(element, TEXT_LIMIT, joint=" "))
        and fold(line) != fold(element_text(time, 100))
    ]
    when = _moment(time.get("datetime"), clues)
    if when is None or not lines:
        return None
    return LiveEntry(published=when, title=title, text="\n".join(lines))


def _leads_away(heading: HtmlElement) -> bool:
    """Whether a heading is a link to another page, as that of a teaser is."""
    parent = heading.getparent()
    links = [*heading.iter("a"), *([parent] if parent is not None and parent.tag == "a" else [])]
    return any((link.get("href") or "#").partition("#")[0] not in ("", "?") for link in links)


def _behaves_so(tree: HtmlElement, entries: Sequence[tuple[HtmlElement, LiveEntry]]) -> bool:
    times = {entry.published for _, entry in entries}
    wordy = all(len(fold(entry.text).split()) >= WORDS for _, entry in entries)
    prose = sum(paragraph_size(block) for block, _ in entries)
    return len(times) == len(entries) and wordy and prose >= PROSE * paragraph_size(tree)
