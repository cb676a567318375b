"""schema.org JSON-LD, read tolerantly: the nodes of a page and the one that is its article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from crawler.extract.text import field_text, fold

Node = Mapping[str, Any]

NODE_LIMIT = 3_000
ARTICLE_TYPES = frozenset(
    {
        "article", "newsarticle", "reportagenewsarticle", "opinionnewsarticle", "analysisnewsarticle",
        "backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle", "advertisercontentarticle",
        "satiricalarticle", "liveblogposting", "blogposting", "socialmediaposting", "report",
        "scholarlyarticle", "techarticle", "medicalscholarlyarticle", "review", "pressrelease",
    }
)  # fmt: skip
# Below these keys lie other pages' nodes, or readers' words.
FOREIGN_KEYS = frozenset(
    {"itemlistelement", "comment", "comments", "relatedlink", "haspart", "citation", "mentions",
     "isrelatedto", "ispartof", "liveblogupdate", "review", "breadcrumb", "potentialaction", "about"}
)  # fmt: skip
JUNK_AROUND = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|"
                         r"(?://\s*)?(?:-->|\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$")  # fmt: skip
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
LONE_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|@type|isAccessibleForFree)"\s*:\s*"((?:[^"\\\n]|\\.){1,400})"'
)


def read_linked_data(blocks: Iterable[str]) -> tuple[Node, ...]:
    """Every typed node of the blocks, outermost first; what cannot be read is passed over."""
    roots = [root for block in blocks for root in _parse_block(block)]
    nodes = list(_walk(roots))
    known = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2
    }
    return tuple(_with_references(node, known) for node in nodes)


def find_article(nodes: Iterable[Node], title: str, url: str) -> Node:
    """The node that describes this page's article; an empty one when none does.

    Where a page has several, the one that bears its URL or its title is meant, else the first.
    """
    found = [
        node
        for node in nodes
        if is_page_node(node) and (types(node) & ARTICLE_TYPES or "articleBody" in node)
    ]
    return max(found, key=lambda node: _fit(node, title, url), default={})


def is_page_node(node: Node) -> bool:
    """Whether the node stands for the page itself, not for an item of a list on it."""
    return "__foreign__" not in node


def types(node: Node) -> frozenset[str]:
    """The node's types in lower case, without a namespace."""
    named = node.get("@type", ())
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    return frozenset(name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str))


def as_list(value: object) -> list[Any]:
    """A value that may be one, many or none, as a list of at most 50."""
    if value is None:
        return []
    return value[:50] if isinstance(value, list) else [value]


def name_of(value: object, limit: int = 200) -> str:
    """The name of a thing: a string, or the node's `name`."""
    if isinstance(value, Mapping):
        named = value.get("name")
        value = named[0] if isinstance(named, list) and named else named
    return field_text(value, limit)


def _fit(node: Node, title: str, url: str) -> tuple[bool, bool, int]:
    page = node.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, Mapping) else page
    path = url.split("?")[0].split("#")[0].rstrip("/")
    at_url = any(
        isinstance(own, str) and path and own.rstrip("/").endswith(path[8:])
        for own in (node.get("url"), page)
    )
    headline = fold(field_text(node.get("headline"), 300))
    return at_url, bool(headline) and headline in fold(title), len(node)


def _parse_block(block: str) -> list[Any]:
    text = JUNK_AROUND.sub("", block.strip())
    for attempt in (_as_is, _repaired, _unescaped):
        try:
            return as_list(attempt(text))
        except (ValueError, RecursionError):
            continue
    fields = dict(LONE_FIELD.findall(text[:200_000]))
    return [fields] if fields else []


def _as_is(text: str) -> Any:
    return json.loads(text, strict=False)


def _repaired(text: str) -> Any:
    """Trailing commas go; a second document after the first is left unread."""
    return json.JSONDecoder(strict=False).raw_decode(
        TRAILING_COMMA.sub(r"\1", text.strip().rstrip(";"))
    )[0]


def _unescaped(text: str) -> Any:
    if "&quot;" not in text:
        raise ValueError("nothing to unescape")
    return json.loads(unescape(text), strict=False)


def _walk(roots: list[Any]) -> Iterator[Node]:
    """Breadth first, so that a page's own node comes before those nested in it."""
    queue: list[tuple[Any, bool]] = [(root, False) for root in roots]
    for value, foreign in queue:
        if isinstance(value, list):
            queue.extend((item, foreign) for item in value[:200])
        elif isinstance(value, dict):
            if "@type" in value or "headline" in value:
                yield {**value, "__foreign__": True} if foreign else value
            queue.extend(
                (item, foreign or key.lower() in FOREIGN_KEYS)
                for key, item in value.items()
                if isinstance(item, (dict, list))
            )
        if len(queue) > NODE_LIMIT:
            return


def _with_references(node: Node, known: Mapping[str, Node]) -> Node:
    """The node with the `{"@id": …}` of its people and images put in, one level deep."""
    wanted = {
        key: [_resolve(item, known) for item in as_list(node[key])]
        for key in ("author", "creator", "publisher", "image")
        if key in node
    }
    return {**node, **wanted} if wanted else node


def _resolve(item: Any, known: Mapping[str, Node]) -> Any:
    if isinstance(item, Mapping) and len(item) <= 2 and "name" not in item:
        return known.get(str(item.get("@id")), item)
    return item
