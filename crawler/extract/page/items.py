"""Microdata and RDFa to the same nodes as JSON-LD: things, their types and properties."""

from __future__ import annotations

from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extract.page.linked_data import FOREIGN_KEYS, Node, link_nodes
from crawler.extract.text import one_line

TYPED = XPath("boolean(//@itemscope or //@typeof)")
MARKED = XPath("//*[@itemprop or @itemscope or @typeof or @property]")
THINGS, PROPERTIES = 200, 2_000
TEXT_LIMIT = 500
ADDRESSES = {"a": "href", "link": "href", "img": "src", "iframe": "src", "area": "href"}
NO_NAMES = frozenset(
    {"articlebody", "text", "comment", "reviewbody"}
)  # long, and read from the tree
PREFIXES = (
    "og:",
    "article:",
    "twitter:",
    "fb:",
    "dc:",
    "dcterms:",
    "al:",
    "foaf:",
    "rdfs:",
    "sioc:",
)


def read_items(tree: HtmlElement) -> tuple[Node, ...]:
    """The typed things of a page's attributes, in page order, at most 200.

    A thing that is in a comment, a list or another part that is not the page's is marked as
    foreign, as in JSON-LD.
    """
    things: dict[HtmlElement, dict[str, Any]] = {}
    properties = 0
    for element in MARKED(tree) if TYPED(tree) else ():
        attributes = element.attrib
        names = _names(attributes.get("itemprop")) or _properties(attributes.get("property"))
        typed = (
            attributes.get("itemtype") if "itemscope" in attributes else attributes.get("typeof")
        )
        if not names and not typed:
            continue
        properties += 1
        if properties > PROPERTIES:
            break
        owner = _owner(element, things) if names or things else None
        value: Any = None
        if typed and len(things) < THINGS and element.tag != "html":
            value = things[element] = {"@type": typed.split()}
            if owner is not None and ("__foreign__" in owner or _is_foreign(names, owner)):
                value["__foreign__"] = True
        if owner is not None:
            for name in names:
                if name.lower() not in NO_NAMES:
                    _add(owner, name, _value(element) if value is None else value)
    return link_nodes(things.values())


def _names(raw: str | None) -> list[str]:
    return [name.rsplit("/", 1)[-1] for name in (raw or "")[:200].split()]


def _properties(raw: str | None) -> list[str]:
    """RDFa's properties of schema.org; Open Graph uses the same attribute."""
    names = (raw or "")[:200].split()
    return [
        name.rpartition(":")[2].rsplit("/", 1)[-1]
        for name in names
        if not name.startswith(PREFIXES)
    ]


def _owner(
    element: HtmlElement, things: dict[HtmlElement, dict[str, Any]]
) -> dict[str, Any] | None:
    return next((things[one] for one in element.iterancestors() if one in things), None)


def _is_foreign(names: list[str], owner: dict[str, Any]) -> bool:
    """Whether a thing inside another is an item of its list, a comment and the like."""
    listed = any("List" in kind for kind in owner["@type"])
    return listed or any(name.lower() in FOREIGN_KEYS for name in names)


def _add(owner: dict[str, Any], name: str, value: Any) -> None:
    if value in (None, ""):
        return
    if name not in owner:
        owner[name] = value
    elif isinstance(owner[name], list):
        owner[name].append(value)
    else:
        owner[name] = [owner[name], value]


def _value(element: HtmlElement) -> str:
    """What a property says: its machine form where there is one, or else its text."""
    for attribute in ("content", "datetime", ADDRESSES.get(str(element.tag), ""), "value"):
        if attribute and (said := element.get(attribute)):
            return one_line(said, TEXT_LIMIT)
    return one_line("".join(element.itertext())[: 4 * TEXT_LIMIT], TEXT_LIMIT)
