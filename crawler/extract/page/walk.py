"""One walk over a page's tree: what its witnesses ask of each element, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The elements of a tree in page order, and column by column what they say; "" for nothing.

    `elements` is kept so that lxml does not make them again for each look. The columns tell how the
    tree was when it was walked: the reading of the text cuts it up.
    """

    text: str
    elements: tuple[HtmlElement, ...]
    tags: tuple[str, ...]
    texts: tuple[str, ...]
    tails: tuple[str, ...]
    classes: tuple[str, ...]
    labels: tuple[str, ...]
    """Class and id together, at most 200 characters."""
    ids: tuple[str, ...]
    properties: tuple[str, ...]
    """What microdata calls them: `itemprop`."""


def walk_tree(tree: HtmlElement) -> Walk:
    """Walks a tree that the page's parser has made: all of it are elements."""
    elements = tuple(tree.iter())
    classes = tuple([element.get("class") or "" for element in elements])
    ids = tuple([element.get("id") or "" for element in elements])
    return Walk(
        text=str(tree.text_content()),
        elements=elements,
        tags=tuple(map(str, map(attrgetter("tag"), elements))),
        texts=tuple([element.text or "" for element in elements]),
        tails=tuple([element.tail or "" for element in elements]),
        classes=classes,
        labels=tuple([f"{name} {ident}"[:200] for name, ident in zip(classes, ids, strict=True)]),
        ids=ids,
        properties=tuple([element.get("itemprop") or "" for element in elements]),
    )
