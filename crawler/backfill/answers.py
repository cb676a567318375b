"""JSON as services send it: read, or refused where something else came in its place."""

from __future__ import annotations

import json
from typing import Any

from crawler.extract.page.decode import decode
from crawler.lists.xml import is_html, refuse_html, unpack
from crawler.refusal import Refusal

LIMIT = 64 * 2**20  # bytes of an answer, unpacked
_SHOWN = 120


def read_text(body: bytes, content_type: str = "") -> str | Refusal:
    """The text of an answer that must not be a web page; an empty one is an empty text."""
    plain = unpack(body, LIMIT)
    if isinstance(plain, Refusal):
        return plain
    text = decode(plain, content_type or "text/plain; charset=utf-8").strip()
    return refuse_html(text) if is_html(text) else text


def read_json(body: bytes, content_type: str = "", *, by_line: bool = False) -> Any | Refusal:
    """The value of an answer in JSON; a refusal `html`, `bot-wall`, `empty` or `not-json`.

    With `by_line` each line is a value, and the answer is their list.
    """
    text = read_text(body, content_type)
    if isinstance(text, Refusal):
        return text
    if not text:
        return Refusal(code="empty", detail="nothing was served")
    try:
        if by_line:
            return [json.loads(line, strict=False) for line in text.split("\n") if line.strip()]
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return Refusal(code="not-json", detail=f"it says: {' '.join(text.split())[:_SHOWN]}")


def rows_of(value: Any, name: str = "") -> list[dict[str, Any]]:
    """The objects in a list, or in a field of an object that is one; what is none is left out."""
    found = value.get(name) if name and isinstance(value, dict) else value
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def text_of(row: dict[str, Any], name: str, limit: int = 2_000) -> str:
    """A field that is text; empty when it is none."""
    value = row.get(name)
    return value[:limit].strip() if isinstance(value, str) else ""
