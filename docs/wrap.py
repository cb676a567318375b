"""Wraps the paragraphs and lists of Markdown pages at 100 columns: `python docs/wrap.py FILE…`.

Code, tables, headings and paragraphs that fit already stay as they are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

WIDTH = 100
ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
BLOCK = re.compile(r"^\s*(?:[-+*#>|]|\d+\.)(?:\s|$)")  # no line of a paragraph may begin like this
WORD = re.compile(r"(?:`[^`]*`|\S)+")  # code is not torn apart
ALONE = ("```", "|", "#", "<!--", "[[[", "]]]")


def wrapped(text: str) -> str:
    """The page with no paragraph wider than `WIDTH` characters."""
    return "\n".join(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[str]:
    code, at = False, 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.lstrip().startswith("```"):
            code = not code
        if code or not line.strip() or line.lstrip().startswith(ALONE) or line.startswith("    "):
            yield line
            continue
        item = ITEM.match(line)
        first = item[0] if item else line[: len(line) - len(line.lstrip())]
        block = [line[len(first) :]]
        while at < len(lines) and _goes_on(lines[at]):
            block.append(lines[at].strip())
            at += 1
        yield from _paragraph(block, first)


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(ALONE) and not ITEM.match(line)


def _paragraph(block: list[str], first: str) -> Iterator[str]:
    indent = " " * len(first)
    if max(len(first) + len(line) for line in block) <= WIDTH:
        yield first + block[0]
        yield from (indent + line for line in block[1:])
        return
    rows: list[list[str]] = [[]]
    for word in WORD.findall(" ".join(block)):
        if rows[-1] and len(first) + len(" ".join([*rows[-1], word])) > WIDTH:
            rows.append([])
        rows[-1].append(word)
    for upper, lower in pairwise(rows):
        while BLOCK.match(" ".join(lower)) and len(upper) > 1:
            lower.insert(0, upper.pop())
    yield first + " ".join(rows[0])
    yield from (indent + " ".join(row) for row in rows[1:])


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(wrapped(path.read_text("utf-8")), "utf-8")
