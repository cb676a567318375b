"""Text that a page's embedded data holds paragraph by paragraph, as `__NEXT_DATA__` often does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from typing import Any

from crawler.extract.text import TAG, one_line

TEXT_KEYS = ("text", "content", "html", "value", "body")
NESTED_KEYS = ("children", "content", "model", "data", "attrs", "node")
OTHER_BLOCKS = frozenset(
    {"image", "picture", "video", "embed", "ad", "advert", "related", "newsletter", "link", "caption",
     "promo", "tweet", "oembed", "recirculation", "interstitial-link", "button"}
)  # fmt: skip
FEWEST = 3  # blocks of a text
BLOCK_LIMIT, DEPTH, NODES = 5_000, 6, 200_000


def read_block_lists(script: str) -> Iterator[list[str]]:
    """The paragraphs of each list of text blocks in a script that is JSON or assigns it to a name."""
    start = script.find("{")
    if start < 0 or start > 200:
        return
    try:
        data, _ = json.JSONDecoder(strict=False).raw_decode(script, start)
    except (ValueError, RecursionError):
        return
    for blocks in _lists(data):
        lines = [line for block in blocks if (line := _text_of(block, DEPTH))]
        if len(lines) >= FEWEST:
            yield lines


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
