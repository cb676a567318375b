"""Parsers whose trees make their elements in C: lxml.html asks a function for each that it touches."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from lxml.etree import ElementDefaultClassLookup, XPath
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser, HtmlProcessingInstruction

from crawler.extract.page.quick_paths import quickened

# What lxml.html gives forms and inputs beyond this, nobody here asks.
CLASSES = ElementDefaultClassLookup(
    element=HtmlElement,
    comment=HtmlComment,
    pi=HtmlProcessingInstruction,
    entity=HtmlEntity,
)
OTHERS = ("trafilatura.utils", "htmldate.utils")  # each has one parser for all of its pages
PATHS = "trafilatura.xpaths"  # its lists of expressions, which the rest of it holds too


def new_parser() -> HTMLParser:
    """A parser of decoded pages, without comments and processing instructions."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(CLASSES)
    return parser


@cache
def quicken_others() -> None:
    """Lets the extractors that we ask do the same work in less time; loads them.

    Their parsers make elements as ours do, and their expressions are answered by `QuickPath`.
    """
    for module in OTHERS:
        parser = getattr(import_module(module), "HTML_PARSER", None)
        if isinstance(parser, HTMLParser):
            parser.set_element_class_lookup(CLASSES)
    for paths in vars(import_module(PATHS)).values():
        if isinstance(paths, list) and all(isinstance(path, XPath) for path in paths):
            paths[:] = map(quickened, paths)


def load_stop_words() -> None:
    """Reads the stop words of trafilatura's last resort, .3 s of CPU, before a page asks for them."""
    from justext.core import classify_paragraphs
    from trafilatura import external

    # As a set its hash, by which justext knows it again, is made once, and not for every page.
    external.JT_STOPLIST = frozenset(external.jt_stoplist_init())  # type: ignore[assignment]
    classify_paragraphs([], external.JT_STOPLIST)
