"""Blocks where the markup has none: layout tables, `<br><br>`, text beside elements, tags left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lxml.etree import XPath, strip_tags
from lxml.html import Element, HtmlElement

from crawler.extract.text import UNSPACED

# Tags that are left open, and then hold what follows.
UNCLOSED = ("nav", "button", "dialog", "select", "datalist", "aside", "footer")
INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "i", "img",
     "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
     "u", "var", "wbr", "ruby", "rb", "rt", "rp", "br")
)  # fmt: skip
NO_DATA = ("table", "h1", "article")  # of which none is in a cell of data
STYLING = ("font", "nobr")
UNFOLDED = "data-unfolded"  # the attribute of a block that was this part of a table
TABLE_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup")
# What may hold text beside its blocks, and does, or breaks its lines.
HOLDERS = frozenset(
    {
        "div",
        "td",
        "section",
        "article",
        "main",
        "body",
        "center",
        "blockquote",
        "header",
        "form",
        "p",
    }
)
# Each expression begins with what is rare: libxml2 asks its parts of every element, from the left.
HOLDING = XPath("(//br | //text()[string-length() > 24][string-length(normalize-space()) > 24])/..")
UNLINKED = XPath(".//text()[string-length() > 40][not(ancestor::a)]", smart_strings=False)
# Read out by a program for the blind alone: `opens in a new tab`.
HIDDEN = XPath("//@style[contains(., 'clip:rect(0') or contains(., 'clip: rect(0')]/..")
SENTENCE = re.compile(rf"[^\s.!?…]{{2}}[.!?…][\"”»“’')\]]*(?:\s|$)|[{UNSPACED}][。！？．]|[।؟۔։]")
# Characters of sentences: of a paragraph, of a cell that is hardly data, of one that surely is none,
# of a page whose furniture is looked at.
PARAGRAPH, CELL, COLUMN, PAGE = 60, 200, 450, 300
CELL_PARAGRAPHS, CELLS, ROWS = 2, 4, 400
SHORTEST = 12  # characters between two blocks that may be a paragraph
NEIGHBOURS, SIBLINGS = 6, 400


def lay_out(tree: HtmlElement) -> None:
    """Gives a page's tree the blocks that its reader sees; the words and their order stay."""
    strip_tags(tree, *STYLING)
    for element in HIDDEN(tree):
        element.drop_tree()
    _close_furniture(tree)
    for table in reversed(list(tree.iter("table"))):  # the inner before the outer
        if is_layout(table):
            for part in table.iter(*TABLE_PARTS):
                part.set(UNFOLDED, str(part.tag))
                part.tag = "div"
    for holder in HOLDING(tree):
        if holder.tag not in HOLDERS or (holder.tag == "p" and _breaks(holder) < 2):
            continue
        if not _is_plain(holder) or _breaks(holder) > 1:
            _part(holder)
        else:
            _name_paragraphs(holder)


def _breaks(holder: HtmlElement) -> int:
    return sum(1 for child in holder if child.tag == "br")


def prose_size(text: str) -> int:
    """The characters of a text up to its last full stop: what it has of sentences."""
    return max((match.end() for match in SENTENCE.finditer(text)), default=0)


def prose_of(element: HtmlElement) -> int:
    """The characters of sentences that are in an element outside its links."""
    return sum(prose_size(text) for text in UNLINKED(element))


def is_layout(table: HtmlElement) -> bool:
    """Whether a table lays out the page or a box of it: one row or column, tables or prose in its cells."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    rows = [
        [cell for cell in row if cell.tag in ("td", "th")] for row in islice(table.iter("tr"), ROWS)
    ]
    if len(rows) <= 1 or max(map(len, rows)) <= 1 or _has_inside(table):
        return True
    cells = [cell for row in rows for cell in row]
    sizes = [prose_of(cell) for cell in cells]
    wordy = sum(size >= CELL for size in sizes)
    longest = max(sizes, default=0)
    return CELLS * wordy >= len(cells) or longest >= COLUMN or any(map(_has_paragraphs, cells))


def _has_inside(table: HtmlElement) -> bool:
    return any(one is not table for one in islice(table.iter(*NO_DATA), 2))


def _has_paragraphs(cell: HtmlElement) -> bool:
    count = sum(1 for child in cell if child.tag == "p")
    return count >= CELL_PARAGRAPHS and prose_of(cell) >= CELL


def _close_furniture(tree: HtmlElement) -> None:
    """Makes blocks of furniture that holds most of the page's prose: its end tag was forgotten."""
    sizes = {element: prose_of(element) for element in tree.iter(*UNCLOSED)}
    total = prose_of(tree) if max(sizes.values(), default=0) > PAGE / 2 else 0
    for element, size in sizes.items():
        if total >= PAGE and 2 * size > total:
            element.tag = "div"


def _name_paragraphs(holder: HtmlElement) -> None:
    """Makes paragraphs of `<div>`s that are marked up alike, where two of prose stand together."""
    if holder.tag not in ("div", "section", "center") or not _is_prose(holder):
        return
    beside = chain(
        islice(holder.itersiblings(preceding=True), NEIGHBOURS),
        islice(holder.itersiblings(), NEIGHBOURS),
    )
    if not any(one.tag in ("p", "div") and _is_plain(one) and _is_prose(one) for one in beside):
        return
    tag, name = holder.tag, holder.get("class")
    for one in _siblings(holder, tag):
        if one.get("class") == name and _is_plain(one):
            one.tag = "p"


def _siblings(element: HtmlElement, tag: str) -> Iterable[HtmlElement]:
    """The element, and what is beside it under that tag."""
    return [
        element,
        *islice(element.itersiblings(tag, preceding=True), SIBLINGS),
        *islice(element.itersiblings(tag), SIBLINGS),
    ]


def _is_plain(element: HtmlElement) -> bool:
    return all(child.tag in INLINE for child in element)


def _is_prose(element: HtmlElement) -> bool:
    return prose_size("".join(element.itertext())) >= PARAGRAPH


def _part(holder: HtmlElement) -> None:
    """Puts each run of text between the blocks and double breaks of an element into a `<p>` of its own."""
    if holder.tag == "p":
        holder.tag = "div"
    parts = list(_runs(holder))
    holder.text = None
    for child in list(holder):
        holder.remove(child)
    holder.extend(parts)


def _runs(holder: HtmlElement) -> Iterator[HtmlElement]:
    run = _new_run(holder.text)
    children = list(holder)
    broken = False
    for place, child in enumerate(children):
        if child.tag not in INLINE:
            yield from _filled(run)
            run, child.tail, broken = _new_run(child.tail), None, False
            yield child
        elif child.tag == "br" and (broken or _is_doubled(children, place)):
            yield from _filled(run)
            run, broken = _new_run(child.tail), _is_blank(child.tail)
        else:
            run.append(child)
            broken = False
    yield from _filled(run)


def _new_run(text: str | None) -> HtmlElement:
    run = Element("p")
    run.text = text
    return run


def _filled(run: HtmlElement) -> Iterator[HtmlElement]:
    """The run, unless nothing is in it; one that is too short for a paragraph as a block."""
    if len(run) == 0 and _is_blank(run.text):
        return
    if len("".join(run.itertext()).strip()) < SHORTEST:
        run.tag = "div"
    yield run


def _is_doubled(children: list[HtmlElement], place: int) -> bool:
    """Whether another break follows a break at once."""
    following = children[place + 1 : place + 2]
    return _is_blank(children[place].tail) and bool(following) and following[0].tag == "br"


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()
