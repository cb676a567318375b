"""The data that a page's scripts start from: JSON, assignments, `JSON.parse`, Next's rows, Nuxt's table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

ASSIGNED = re.compile(r"(?:^|[=(:])\s*(?=[{\[])")
PARSED = re.compile(
    r"""JSON\.parse\(\s*(?:decodeURIComponent\()?\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""",
    re.DOTALL,
)
FLIGHT = re.compile(r"""__next_f\.push\(\[\s*1\s*,\s*("(?:[^"\\]|\\.)*")\s*\]\)""", re.DOTALL)
ROW = re.compile(r"^[0-9a-f]+:(?:[A-Z]+)?(?=[\[{\"])", re.MULTILINE)
STARTS, ROWS = 40, 400
SMALL = 200  # characters of data that hold no text
TABLE_DEPTH, TABLE_SIZE = 12, 50_000
PARAGRAPHS = frozenset({"p", "h2", "h3", "h4", "li", "blockquote"})


def join_chunks(scripts: Sequence[str]) -> list[str]:
    """The scripts, with those that push one stream of Next's rows as one."""
    chunks = [script for script in scripts if "__next_f" in script]
    return [*(script for script in scripts if "__next_f" not in script), "\n".join(chunks)]


def read_states(script: str) -> Iterator[Any]:
    """Every larger object or list of the data in a script, in order; never raises.

    Rows of Next's server components come one by one; elements among them (`["$", "p", …]`) as a
    list of text blocks. Nuxt's table of indexes is put together again.
    """
    if "__next_f" in script:
        yield from _flight(script)
        return
    for match in PARSED.finditer(script):
        value = _loaded(_unquoted(match[1]))
        if isinstance(value, (dict, list)):
            yield value
    decoder, place = json.JSONDecoder(strict=False), 0
    for _ in range(STARTS):
        found = ASSIGNED.search(script, place)
        if found is None:
            return
        try:
            value, place = decoder.raw_decode(script, found.end())
        except (ValueError, RecursionError):
            place = found.end() + 1
            continue
        if place - found.end() >= SMALL:
            yield _from_table(value) if _is_table(value) else value


def _unquoted(literal: str) -> str:
    """The text of a JavaScript string literal; "" where it is none."""
    inner = literal[1:-1]
    if literal[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"').replace('\\\\"', '\\"')
    text = _loaded(f'"{inner}"')
    return text if isinstance(text, str) else ""


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _flight(script: str) -> Iterator[Any]:
    """The rows of the chunks together: a row may begin in one push and end in the next."""
    stream = "".join(_unquoted(match[1]) for match in FLIGHT.finditer(script))
    decoder = json.JSONDecoder(strict=False)
    for count, match in enumerate(ROW.finditer(stream)):
        if count >= ROWS:
            return
        try:
            value, _ = decoder.raw_decode(stream, match.end())
        except (ValueError, RecursionError):
            continue
        yield value
        if blocks := [{"text": text} for text in _elements(value, TABLE_DEPTH * 3)]:
            yield blocks


def _elements(value: Any, depth: int) -> Iterator[str]:
    """The texts of the paragraphs among React's elements, in order."""
    if depth == 0 or not isinstance(value, (list, dict)):
        return
    if isinstance(value, list) and value[:1] == ["$"] and len(value) > 3:
        props = value[3] if isinstance(value[3], dict) else {}
        if value[1] in PARAGRAPHS:
            yield "".join(_words(props.get("children"), depth))
            return
        yield from _elements(props.get("children"), depth - 1)
        return
    for item in value if isinstance(value, list) else value.values():
        yield from _elements(item, depth - 1)


def _words(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        if value[:1] == ["$"] and len(value) > 3:
            props = value[3] if isinstance(value[3], dict) else {}
            yield from _words(props.get("children"), depth - 1)
        else:
            for item in value:
                yield from _words(item, depth - 1)


def _is_table(value: Any) -> bool:
    """Whether a list is Nuxt's table: objects and lists in it hold the places of their values."""
    if not isinstance(value, list) or len(value) < 4:
        return False
    held = [item for item in value if isinstance(item, dict)]
    return bool(held) and all(
        isinstance(place, int) for item in held[:20] for place in item.values()
    )


def _from_table(table: list[Any]) -> list[Any]:
    """The objects of a table with their values in their places, to some depth."""
    budget = [TABLE_SIZE]

    def value_at(place: Any, depth: int) -> Any:
        budget[0] -= 1
        if not isinstance(place, int) or not 0 <= place < len(table) or budget[0] < 0 or depth == 0:
            return None
        value = table[place]
        if isinstance(value, dict):
            return {key: value_at(inner, depth - 1) for key, inner in value.items()}
        if isinstance(value, list):
            tagged = bool(value) and isinstance(value[0], str)  # ["Reactive", 1]
            return [value_at(inner, depth - 1) for inner in (value[1:] if tagged else value)]
        return value

    return [value_at(0, TABLE_DEPTH)]
