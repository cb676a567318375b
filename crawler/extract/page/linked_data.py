"""schema.org nodes of a page, from JSON-LD, microdata and RDFa, and the one that is its article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crawler.extract.page.loose_json import read_documents
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
LONE_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|@type|isAccessibleForFree)"\s*:\s*"((?:[^"\\\n]|\\.){1,400})"'
)
BLOCKS, BLOCK_CHARACTERS = 200, 3_000_000
# What is one text, whatever it is wrapped in: a list, `{"@value": …}`, a number.
TEXTS = frozenset(
    {"headline", "alternativeheadline", "description", "datepublished", "datemodified", "datecreated",
     "articlebody", "inlanguage", "isaccessibleforfree", "text", "url"}
)  # fmt: skip
ARTICLE_KEYS = frozenset(
    {"headline", "datePublished", "dateModified", "articleBody", "articleSection"}
)
NAMES = 3  # lists and things inside each other that a name may be wrapped in


def read_linked_data(blocks: Iterable[str]) -> tuple[Node, ...]:
    """Every typed node of the blocks, outermost first; what cannot be read is passed over."""
    roots = [root for block in _bounded(blocks) for root in _parse_block(block)]
    return link_nodes(_walk(roots))


def link_nodes(found: Iterable[Node]) -> tuple[Node, ...]:
    """The nodes with the things that they name by `@id` put in, one level deep."""
    nodes = list(found)
    known = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2
    }
    return tuple(_with_references(node, known) for node in nodes)


def find_article(nodes: Iterable[Node], title: str, url: str) -> Node:
    """The node that describes this page's article; an empty one when none does.

    Where a page has several, the one that bears its URL or its title is meant, or else the first.
    """
    found = [
        node
        for node in nodes
        if is_page_node(node) and (types(node) & ARTICLE_TYPES or "articleBody" in node)
    ]
    return max(found, key=lambda node: _fit(node, title, url), default={})


def find_named_article(nodes: Iterable[Node], title: str, url: str) -> Node:
    """As `find_article`, for attributes, which also mark the teasers of other articles.

    Only a node that bears the page's URL or title is meant, or the only one that there is.
    """
    nodes = tuple(nodes)
    found = [node for node in nodes if is_page_node(node) and types(node) & ARTICLE_TYPES]
    best = find_article(found, title, url)
    at_url, in_title, _ = _fit(best, title, url) if best else (False, False, 0)
    return best if at_url or in_title or len(found) == 1 else {}


def is_page_node(node: Node) -> bool:
    """Whether the node stands for the page itself, not for an item of a list on it."""
    return "__foreign__" not in node


def types(node: Node) -> frozenset[str]:
    """The node's types in lower case, without a namespace."""
    named = node.get("@type", ())
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    return frozenset(
        re.split(r"[/#:]", name.strip().rstrip("/"))[-1].lower()
        for name in names
        if isinstance(name, str)
    )


def is_person(value: object) -> bool:
    """Whether a thing is a person, by its type."""
    return isinstance(value, Mapping) and "person" in types(value)


def as_list(value: object) -> list[Any]:
    """A value that may be one, many or none, as a flat list of at most 50."""
    if value is None:
        return []
    if not isinstance(value, list):
        return [value]
    flat: list[Any] = []
    for item in value[:50]:
        flat.extend(as_list(item) if isinstance(item, list) and item is not value else [item])
    return flat[:50]


def name_of(value: object, limit: int = 200) -> str:
    """The name of a thing: a string, or the node's `name`, however often that is wrapped."""
    for _ in range(NAMES):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, Mapping):
            value = value.get("name") or value.get("@value") or value.get("author")
    return field_text(value, limit)


def plain_text(value: object) -> object:
    """A property that is one text, taken out of its lists and typed values; numbers as text."""
    for _ in range(NAMES):
        if isinstance(value, list):
            value = next((item for item in value if item not in (None, "")), None)
        elif isinstance(value, Mapping):
            value = value.get("@value", value.get("name"))
    if isinstance(value, bool) or value is None:
        return value
    return str(value) if isinstance(value, (int, float)) else value


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


def _bounded(blocks: Iterable[str]) -> Iterator[str]:
    """As many blocks as are worth reading: pages have been met with ten thousand."""
    left = BLOCK_CHARACTERS
    for count, block in enumerate(blocks):
        left -= len(block)
        if count >= BLOCKS or left < 0:
            return
        yield block


def _parse_block(block: str) -> list[Any]:
    found = [document for document in read_documents(block) if isinstance(document, (dict, list))]
    if found:
        return found
    fields = dict(LONE_FIELD.findall(block[:200_000]))
    return [fields] if fields else []


def _walk(roots: list[Any]) -> Iterator[Node]:
    """Breadth first, so that a page's own node comes before those nested in it."""
    queue: list[tuple[Any, bool]] = [(root, False) for root in roots]
    for value, foreign in queue:
        if isinstance(value, list):
            queue.extend((item, foreign) for item in value[:200])
        elif isinstance(value, dict):
            node = _plain(value)
            if "@type" in node or "headline" in node:
                yield {**node, "__foreign__": True} if foreign else node
            queue.extend(
                (item, foreign or key.lower() in FOREIGN_KEYS)
                for key, item in node.items()
                if isinstance(item, (dict, list))
            )
        if len(queue) > NODE_LIMIT:
            return


def _plain(node: Mapping[str, Any]) -> dict[str, Any]:
    """A node with schema.org's own names of its properties, and its texts as texts."""
    found: dict[str, Any] = {}
    for raw, value in node.items():
        key = _key(raw)
        found.setdefault(key, plain_text(value) if key.lower() in TEXTS else _listed(value))
    author = found.get("author")
    if isinstance(author, Mapping) and "headline" not in found and ARTICLE_KEYS & set(author):
        # A bracket that was closed too late: the article's own fields are in its author.
        return {**{key: author[key] for key in ARTICLE_KEYS & set(author)}, **found}
    return found


def _key(raw: str) -> str:
    """`schema:headline` and `http://schema.org/headline` are `headline`; `@Type` and `type` are `@type`."""
    if raw.startswith(("schema:", "http:", "https:")):
        raw = re.split(r"[/#:]", raw)[-1]
    return "@type" if raw.lower() in ("@type", "type") else raw


def _listed(value: object) -> object:
    """What JSON-LD wraps into `@list` and `@set`."""
    if isinstance(value, Mapping) and len(value) <= 2:
        return value.get("@list", value.get("@set", value))
    return value


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
