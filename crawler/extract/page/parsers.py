"""Parsers whose trees make their elements in C: lxml.html asks a function for each that it touches."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from lxml.etree import ElementDefaultClassLookup
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser, HtmlProcessingInstruction

# What lxml.html gives forms and inputs beyond this, nobody here asks.
CLASSES = ElementDefaultClassLookup(
    element=HtmlElement,
    comment=HtmlComment,
    pi=HtmlProcessingInstruction,
    entity=HtmlEntity,
)
OTHERS = ("trafilatura.utils", "htmldate.utils")  # each has one parser for all of its pages


def new_parser() -> HTMLParser:
    """A parser of decoded pages, without comments and processing instructions."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(CLASSES)
    return parser


@cache
def quicken_others() -> None:
    """Lets the parsers of the extractors that we ask make their elements in the same way; loads them."""
    for module in OTHERS:
        parser = getattr(import_module(module), "HTML_PARSER", None)
        if isinstance(parser, HTMLParser):
            parser.set_element_class_lookup(CLASSES)
