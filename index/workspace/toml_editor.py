"""A TOML file changed table by table: what is not changed stays as it was, byte for byte.

tomlkit keeps comments and layout, but moves tables together when an array of tables is split by
another table (0.15), and takes seconds for thousands of tables. So the file is cut at its headers,
and tomlkit sees only the table that changes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from index.errors import ConfigError, Fault, UsageError
from index.files import write_atomic
from index.workspace.toml_reader import read_toml

_HEADER = re.compile(r"[ \t]*\[\[?[ \t]*([\w.-]+)[ \t]*\]\]?[ \t]*(?:#.*)?")


class TomlText:
    """The text of a TOML file as a list of tables, each with the comment that is above it.

    `tables[0]` is what precedes the first header.
    """

    def __init__(self, text: str) -> None:
        self.tables = split_tables(text)

    def __str__(self) -> str:
        return "".join(self.tables)

    def places(self, name: str) -> list[int]:
        """Where the tables of that name stand (`[name]` and `[[name]]`)."""
        return [place for place, table in enumerate(self.tables) if table_name(table) == name]

    def change(self, place: int, change: Callable[[Any], None]) -> None:
        """Let `change` edit the keys of one table; its comments and layout survive."""
        import tomlkit  # 60 ms: only the commands that edit pay for it

        document = tomlkit.parse(self.tables[place])
        table: Any = document[table_name(self.tables[place])]
        change(table[0] if isinstance(table, list) else table)
        self.tables[place] = tomlkit.dumps(document)

    def add(self, header: str, values: Mapping[str, Any], *, after: int | None = None) -> None:
        """Put a new table behind another, or at the end; one blank line is above it."""
        place = len(self.tables) if after is None else after + 1
        before = "".join(self.tables[:place])
        if before and not before.endswith("\n\n"):
            self.tables[place - 1] += "\n" if before.endswith("\n") else "\n\n"
        gap = "\n" if place < len(self.tables) else ""
        lines = [header, *(f"{key} = {_as_toml(value)}" for key, value in values.items())]
        self.tables.insert(place, "\n".join(lines) + "\n" + gap)


def edit_toml(path: Path, change: Callable[[TomlText], None], *, name: str) -> None:
    """Apply `change` to the tables of a file, which need not exist yet, and write it whole.

    Raises `ConfigError` when the file is not a TOML, `UsageError` when it is laid out in a way the
    change cannot follow, `StorageError` when it cannot be written.
    """
    faults: list[Fault] = []
    if path.exists() and read_toml(path, faults, name=name) is None:
        raise ConfigError(faults)
    text = TomlText(path.read_bytes().decode("utf-8-sig") if path.exists() else "")
    change(text)
    try:
        tomllib.loads(str(text).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{name}: cannot be edited as it is laid out: {error}",
            hint="write tables under headers of their own, as [[outlet]] and [collections]",
        ) from error
    write_atomic(path, str(text))


def split_tables(text: str) -> list[str]:
    """The text cut above every table header and the comment lines that touch it.

    A line that looks like a header inside a text or a list of several lines is none: what is cut
    must be TOML by itself.
    """
    tables = [""]
    for line in text.splitlines(keepends=True):
        if _HEADER.fullmatch(line.rstrip("\r\n")) and _is_toml(tables[-1]):
            body, comment = _cut_comment(tables[-1])
            tables[-1] = body
            tables.append(comment)
        tables[-1] += line
    return tables


def table_name(table: str) -> str:
    """The name in the header of a table's text; empty for what precedes the first header."""
    for line in table.splitlines():
        if found := _HEADER.fullmatch(line):
            return found[1]
        if line.strip() and not line.lstrip().startswith("#"):
            return ""
    return ""


def _cut_comment(text: str) -> tuple[str, str]:
    """The text without the comment lines at its very end, and these."""
    lines = text.splitlines(keepends=True)
    end = len(lines)
    while end and lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return "".join(lines[:end]), "".join(lines[end:])


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _as_toml(value: Any) -> str:
    import tomlkit

    item: Any = tomlkit.item(value)
    if isinstance(value, list) and len(value) > 1:
        item.multiline(True)
    return str(item.as_string())
