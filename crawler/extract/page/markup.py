"""Markup to one tree: what no reader sees is cut out before the parser has to build it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from lxml.etree import ParserError, XMLSyntaxError
from lxml.html import HtmlElement, document_fromstring

from crawler.extract.page.attributes import tame
from crawler.extract.page.parsers import new_parser

# A page of news is some 100 kB once scripts are gone; what is longer is cut, not refused.
MARKUP_LIMIT = 3_000_000
SCRIPT_LIMIT = 2_000_000
# What is later than this in a page is not its article; the extractor is quadratic in some of it.
ELEMENT_LIMIT = 25_000

HIDDEN = ("script", "style", "svg", "noscript", "textarea")
OPENING = re.compile(rf"<(!--|(?:{'|'.join(HIDDEN)})(?=[\s>/]))", re.IGNORECASE)
# libxml2 would end the document at a NUL and refuse the others as text later.
CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
# Noncharacters, and controls written as references: with one of them lxml takes no text of the page.
UNTAKEN_CHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
UNTAKEN_REFERENCE = re.compile(
    rb"&#(?:0*(?:[1-8]|1[124-9]|2[0-9]|3[01]|6553[45])(?![0-9])"
    rb"|[xX]0*(?:[1-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A parsed page: the tree without scripts; the inner texts of JSON-LD, other scripts, noscript."""

    tree: HtmlElement
    linked_data: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    noscript: tuple[str, ...] = ()


def read_markup(text: str) -> Markup | None:
    """The page's markup in one parse, or None when there is no element in it."""
    kept, cut = _split(text)
    tree = parse("".join(kept))
    if tree is None:
        return None
    scripts = [
        (opening, inner)
        for name, opening, inner in cut
        if name == "script" and len(inner) <= SCRIPT_LIMIT
    ]
    return Markup(
        tree=tree,
        linked_data=tuple(inner for opening, inner in scripts if "ld+json" in opening.lower()),
        scripts=tuple(inner for opening, inner in scripts if "ld+json" not in opening.lower()),
        noscript=tuple(inner for name, _, inner in cut if name == "noscript"),
    )


def parse(markup: str) -> HtmlElement | None:
    """The tree of a decoded page, or None; bounded in size, elements and attributes of a tag."""
    plain = markup[:MARKUP_LIMIT].encode("utf-8", "replace").translate(None, CONTROLS)
    source = tame(UNTAKEN_REFERENCE.sub(b"", UNTAKEN_CHARACTER.sub(b"", plain)))
    try:
        tree = document_fromstring(source, parser=new_parser())
    except (ParserError, XMLSyntaxError, ValueError, AssertionError):
        return None
    for reading in list(tree.iter("rt")):  # small above the characters, of which it is not a part
        if (ruby := reading.getparent()) is not None and ruby.find("rp") is None:
            reading.drop_tree()
    if source.count(b"<") > ELEMENT_LIMIT:
        _shorten(tree)
    return tree


def _split(text: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The visible markup in pieces, and (name, opening tag, inner text) of each piece cut out."""
    kept: list[str] = []
    cut: list[tuple[str, str, str]] = []
    position = 0
    for start, end, name, opening, inner in _hidden_parts(text):
        kept.append(text[position:start])
        cut.append((name, opening, inner))
        position = end
    kept.append(text[position:])
    return kept, cut


def _hidden_parts(text: str) -> Iterator[tuple[int, int, str, str, str]]:
    """Start, end, name, opening tag and inner text of comments, scripts, styles, drawings."""
    shouted = {name for name in HIDDEN if f"</{name.upper()}" in text}
    unclosed: set[str] = set()
    position = 0
    while (match := OPENING.search(text, position)) is not None:
        name = match[1].lower()
        position = match.end()
        if name in unclosed:
            continue
        opened = position if name == "!--" else text.find(">", position) + 1
        closed = _find_closing(text, name, opened, shouted) if opened else -1
        if closed < 0:
            unclosed.add(name)
            continue
        end = closed + 3 if name == "!--" else (text.find(">", closed) + 1 or len(text))
        yield match.start(), end, name, text[match.start() : opened], text[opened:closed]
        position = end


def _find_closing(text: str, name: str, start: int, shouted: Container[str]) -> int:
    """Where the nearest end tag begins, in the two spellings that exist; -1 when there is none."""
    if name == "!--":
        return text.find("-->", start)
    closed = text.find(f"</{name}", start)
    if name not in shouted:
        return closed
    upper = text.find(f"</{name.upper()}", start)
    return min(closed, upper) if min(closed, upper) >= 0 else max(closed, upper)


def _shorten(tree: HtmlElement) -> None:
    """Cuts off what follows the 25,000th element of a page."""
    elements = list(tree.iter())
    for element in elements[ELEMENT_LIMIT:]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
