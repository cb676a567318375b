"""Text that a page's embedded data holds paragraph by paragraph, as `__NEXT_DATA__` often does."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from crawler.extract.page.states import read_states
from crawler.extract.text import TAG, one_line

TEXT_KEYS = ("text", "content", "html", "value", "body")
NESTED_KEYS = ("children", "content", "model", "data", "attrs", "node")
OTHER_BLOCKS = frozenset(
    {"image", "picture", "video", "embed", "ad", "advert", "related", "newsletter", "link", "caption",
     "promo", "tweet", "oembed", "recirculation", "interstitial-link", "button"}
)  # fmt: skip
FIELD_KEYS = frozenset(
    {
        "articlebody",
        "body",
        "bodyhtml",
        "body_html",
        "content",
        "contents",
        "html",
        "text",
        "rendered",
        "story",
    }
)
LONG = 300
FEWEST = 3  # blocks of a text
BLOCK_LIMIT, DEPTH, NODES = 5_000, 6, 200_000


def read_block_lists(script: str) -> Iterator[list[str]]:
    """The paragraphs of each list of text blocks in the data that a script holds."""
    for data in read_states(script):
        for blocks in _lists(data):
            lines = [line for block in blocks if (line := _text_of(block, DEPTH))]
            if len(lines) >= FEWEST:
                yield lines


def read_long_fields(script: str) -> Iterator[str]:
    """The long texts that are in one field of data which a script holds inside a string."""
    for data in read_states(script):
        for node in _objects(data):
            yield from (
                value
                for key, value in node.items()
                if key.lower() in FIELD_KEYS and isinstance(value, str) and len(value) >= LONG
            )


def _lists(data: Any) -> Iterator[list[Any]]:
    """Every list of at least three objects, breadth first and bounded."""
    queue: list[Any] = [data]
    for value in queue:
        if len(queue) > NODES:
            return
        if isinstance(value, dict):
            queue.extend(item for item in value.values() if isinstance(item, (dict, list)))
        elif isinstance(value, list):
            if sum(isinstance(item, dict) for item in value[:BLOCK_LIMIT]) >= FEWEST:
                yield value[:BLOCK_LIMIT]
            queue.extend(item for item in value[:BLOCK_LIMIT] if isinstance(item, (dict, list)))


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Every object, breadth first and bounded."""
    queue: list[Any] = [data]
    for value in queue:
        if len(queue) > NODES:
            return
        if isinstance(value, dict):
            yield value
            queue.extend(item for item in value.values() if isinstance(item, (dict, list)))
        elif isinstance(value, list):
            queue.extend(item for item in value[:BLOCK_LIMIT] if isinstance(item, (dict, list)))


def _text_of(block: Any, depth: int) -> str:
    """The text of a block, or of the pieces in it; "" for what is no text."""
    if isinstance(block, str):
        return one_line(TAG.sub("", unescape(block)), len(block))
    if depth == 0 or not isinstance(block, dict):
        return ""
    if str(block.get("type") or block.get("__typename") or "").lower() in OTHER_BLOCKS:
        return ""
    for key in (*TEXT_KEYS, *NESTED_KEYS):
        value = block.get(key)
        if isinstance(value, str) and key in TEXT_KEYS and value.strip():
            return _text_of(value, depth)
        if isinstance(value, (dict, list)):
            pieces = value if isinstance(value, list) else [value]
            if text := "".join(_spaced(piece, depth - 1) for piece in pieces):
                return one_line(text, len(text))
    return ""


def _spaced(piece: Any, depth: int) -> str:
    """A piece of a sentence with the space that it ends or begins with."""
    if isinstance(piece, dict) and isinstance(piece.get("text"), str):
        return str(piece["text"])
    return _text_of(piece, depth)
