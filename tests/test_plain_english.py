"""Help, documentation and templates speak plainly: no phrase of docs/phrases.toml, no endless line."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 100
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
TEXTS = [
    *PAGES,  # docs/cli.md has the help of every command in it
    *sorted((ROOT / "search_cli" / "help").glob("*.txt")),
    *sorted(
        path
        for path in (ROOT / "search_cli" / "templates").rglob("*")
        if path.suffix in {".html", ".toml", ".txt", ".md", ".j2"}
    ),
]
USUAL = {"cli", "CHANGELOG", "glossary"}  # generated from help, history, the definition
URL = re.compile(r"\w+://[^\s)>\]`]*")  # not measured: an address cannot be broken
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)")


@cache
def rows() -> list[dict[str, str]]:
    """The phrases of docs/phrases.toml."""
    return list(tomllib.loads((ROOT / "docs" / "phrases.toml").read_text("utf-8"))["phrase"])


@cache
def avoided() -> dict[str, str]:
    """Each phrase in small letters, and what to write instead."""
    return {row["avoid"].lower(): row["write"] for row in rows()}


def has(text: str, phrase: str) -> bool:
    """Whether a text in small letters has a phrase, as whole words."""
    return phrase in text and bool(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text))


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of Markdown outside of code and tables, without their addresses."""
    code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code and not line.lstrip().startswith("|"):
            yield number, URL.sub("", line)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_no_text_has_a_phrase_that_we_avoid(path: Path) -> None:
    text = " ".join(path.read_text("utf-8").lower().split())
    found = {phrase: better for phrase, better in avoided().items() if has(text, phrase)}
    assert not found, f"{named(path)}: write instead {found} (docs/phrases.toml)"


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_line_of_a_page_is_longer_than_a_hundred_characters(path: Path) -> None:
    longer = [number for number, line in prose(path.read_text("utf-8")) if len(line) > LONGEST]
    assert not longer, f"{named(path)}: lines {longer} are too long; run: python docs/wrap.py"


@pytest.mark.parametrize("path", [path for path in PAGES if path.stem not in USUAL], ids=named)
def test_a_page_says_desk_and_not_workspace(path: Path) -> None:
    text = path.read_text("utf-8")
    found = [number for number, line in prose(text) if "workspace" in CODE.sub("", line).lower()]
    assert not found, f"{named(path)}: lines {found} call a desk a workspace (docs/glossary.md)"


def messages(source: str) -> Iterator[tuple[int, str]]:
    """The texts in a module that are no docstring, with their lines."""
    tree = ast.parse(source)
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.lineno, node.value


def test_no_message_has_a_phrase_that_we_avoid() -> None:
    rooms = ("search_cli", "crawler", "index", "pressclip")
    found = [
        f"{named(path)}:{number}: {phrase}"
        for path in sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))
        for number, text in messages(path.read_text("utf-8"))
        for said in [" ".join(text.lower().split())]
        for phrase in avoided()
        if has(said, phrase)
    ]
    assert not found


COMMENT = re.compile(r"#[ :].*")


def notes(source: str) -> str:
    """The docstrings and comments of a module, in small letters, without code in backticks."""
    docstrings = (
        node.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    return CODE.sub("", " ".join([*docstrings, *COMMENT.findall(source)])).lower()


def test_no_docstring_or_comment_has_a_phrase_that_we_avoid_in_code() -> None:
    phrases = "|".join(row["avoid"].replace(" ", r"\s+") for row in rows() if row.get("code"))
    avoid = re.compile(rf"\b(?:{phrases})\b")
    rooms = ("pressclip", "index", "crawler", "search_cli", "bench")
    found = [
        f"{named(path)}: {phrase}"
        for path in sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))
        for phrase in avoid.findall(notes(path.read_text("utf-8")))
    ]
    assert not found, "write it as docs/phrases.toml says"
