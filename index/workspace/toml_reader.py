"""The user's TOML files: read with every fault collected."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from index.errors import Fault, QuerySyntaxError, StorageError, UsageError

Value = TypeVar("Value")
Number = TypeVar("Number", int, float)

MAX_BYTES = 8 * 1024 * 1024
MAX_URL = 2048
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
# A literal string that an apostrophe has just ended: 'Ballon d' followed by more text.
_ENDED_LITERAL = re.compile(r"(?<!')'(?!')[^']*\w'$")
_DURATION = re.compile(r"(\d{1,6})\s*(s|min|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}


def read_toml(path: Path, faults: list[Fault], *, name: str) -> dict[str, Any] | None:
    """The tables of a file; None after adding a `Fault` that names line and column.

    `name` is what messages call the file. Raises `StorageError` when it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{name}: cannot be read: {error.strerror}") from error
    text = _decode(data, faults, name)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(_syntax_fault(name, text, str(error)))
    except ValueError as error:  # a number of thousands of digits
        faults.append(Fault(file=name, key="", message=str(error).partition(";")[0]))
    except RecursionError:
        faults.append(Fault(file=name, key="", message="nested too deeply"))
    return None


def parse_duration(text: str) -> timedelta:
    """`30min`, `1h`, `6h`, `7d`, `2w`; raises `ValueError` on anything else."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None or int(match[1]) == 0:
        raise ValueError('is not a duration such as "1h", "30min" or "7d"')
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def format_duration(span: timedelta) -> str:
    """The inverse of `parse_duration`, in the largest unit that fits: `1h`, `90min`, `7d`."""
    seconds = int(span.total_seconds())
    units = {"d": 86400, "h": 3600, "min": 60}
    for unit, size in units.items():
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def parse_http_url(text: str) -> str:
    """The URL as it stands when it is http or https and names a host; else raises `ValueError`."""
    if len(text) > MAX_URL or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError(f"is not a URL: spaces, control characters or over {MAX_URL} characters")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a URL that begins with http:// or https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "holds a user name or password; URLs are stored and shown, so leave it out"
        )
    if parts.port == 0:  # reading the port also refuses those over 65535
        raise ValueError("has port 0")
    return text


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`did you mean X?` for the nearest known word, or empty."""
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), known, n=1, cutoff=0.75)
    return f"did you mean {close[0]}?" if close else ""


class TableReader:
    """Takes typed values out of one TOML table; what is wrong becomes a `Fault`, not an exception.

    Every getter returns its default after adding a fault; `finish` reports the keys nobody took.
    """

    def __init__(
        self, table: Mapping[str, Any], faults: list[Fault], *, file: str, prefix: str = ""
    ) -> None:
        self._table = table
        self._faults = faults
        self._taken: set[str] = set()
        self.file = file
        self.prefix = prefix

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def fault(self, key: str, message: str, suggestion: str = "") -> None:
        """Record a fault of the named key; what is quoted of the file is cut to a line."""
        found = Fault(
            file=self.file,
            key=_one_line(self._path(key)),
            message=_one_line(message),
            suggestion=suggestion,
        )
        self._faults.append(found)

    def text(self, key: str, default: str = "") -> str:
        """A string without control characters other than newline and tab."""
        value = self._take(key, str, "text in quotes", default)
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", value):
            self.fault(key, "holds control characters")
            return default
        return value.strip()

    def flag(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        return self._take(key, bool, "true or false", default)

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number within the bounds."""
        value = self._take(key, int, "a whole number", default)
        return self._within(key, value, default, low, high)

    def number(self, key: str, *, low: float, high: float) -> float | None:
        """A number within the bounds, or None when the key is absent."""
        if key not in self._table:
            return None
        is_int = type(self._table[key]) is int
        value = self._take(key, int if is_int else float, "a number", low)
        return float(self._within(key, value, low, low, high))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, each once; one lone string counts as a list of one."""
        value = self._table.get(key, [])
        self._taken.add(key)
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.fault(key, "must be a list of texts", 'write ["one", "two"]')
            return ()
        if not all(item.strip() for item in items):
            self.fault(key, "holds an empty text")
        return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """One of the allowed words."""
        value = self.text(key, default)
        if value == default or value in allowed:
            return value
        hint = did_you_mean(value, allowed) or f"one of {', '.join(allowed)}"
        self.fault(key, f'"{value}" is not known here', hint)
        return default

    def parsed(self, key: str, parse: Callable[[str], Value]) -> Value | None:
        """The text of the key as `parse` reads it; its `ValueError` becomes the fault."""
        text = self.text(key)
        return self._parse(key, text, parse) if text else None

    def parsed_list(self, key: str, parse: Callable[[str], Value]) -> tuple[Value, ...]:
        """Each text of a list as `parse` reads it; what it refuses becomes a fault each."""
        values = (self._parse(key, text, parse) for text in self.texts(key))
        return tuple(value for value in values if value is not None)

    def codes(
        self, key: str, known: frozenset[str], suggest: Callable[[str], str]
    ) -> tuple[str, ...]:
        """A list of codes of a standard, in lower case."""
        codes = tuple(dict.fromkeys(code.lower() for code in self.texts(key)))
        return tuple(code for code in codes if self.check_code(key, code, known, suggest))

    def check_code(
        self,
        key: str,
        code: str,
        known: frozenset[str],
        suggest: Callable[[str], str],
        *,
        words: Sequence[str] = (),
    ) -> bool:
        """Whether the code is of the standard; a fault with the likely one when it is not.

        `words` are what else may be in its place.
        """
        if code in known or code in words:
            return True
        what = "a language (two letters, ISO 639-1)" if "en" in known else "a country (ISO 3166-1)"
        meant = suggest(code)
        hint = f"did you mean {meant}?" if meant else did_you_mean(code, words)
        self.fault(key, f'"{code}" is not {what}', hint)
        return False

    def query(
        self,
        key: str,
        *,
        saved: Mapping[str, str] | None = None,
        collections: Mapping[str, Sequence[str]] | None = None,
    ) -> str:
        """A query in the language of `pressclip search`; its syntax error becomes the fault.

        `saved` are the queries it may name; `collections` those that `outlet:@name` may, if known.
        """
        text = self.text(key)
        if not text:
            if isinstance(self._table.get(key), str):
                self.fault(key, "is empty")
            return ""
        from index.query import expand_collections, parse

        try:
            tree = parse(text, saved=saved or {})
            if collections is not None:
                expand_collections(tree, collections)
        except QuerySyntaxError as error:
            self.query_fault(key, error.query, error.column, str(error), error.hint)
        except UsageError as error:
            self.fault(key, str(error), error.hint)
        return text

    def query_fault(self, key: str, query: str, column: int, message: str, hint: str) -> None:
        """Record a fault of a query, with the column it begins in (from 0; less is the first)."""
        place = max(0, column)
        self._faults.append(
            Fault(
                file=self.file,
                key=self._path(key),
                message=f"{message} (column {place + 1})",
                suggestion=hint,
                excerpt=query,
                column=place,
            )
        )

    def table(self, key: str) -> TableReader:
        """The reader of a sub-table; an empty one when the key is absent or no table."""
        value = self._take(key, dict, f"a table: [{self._path(key)}]", {})
        return TableReader(value, self._faults, file=self.file, prefix=self._path(key))

    def skip(self, key: str) -> None:
        """Take a key that has its fault already."""
        self._taken.add(key)

    def tables(self, key: str) -> list[TableReader]:
        """The readers of an array of tables (`[[key]]`), numbered from 1 in messages."""
        value = self._table.get(key, [])
        self._taken.add(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(key, "must be an array of tables", f"write [[{key}]] above each")
            return []
        return [
            TableReader(item, self._faults, file=self.file, prefix=f"{self._path(key)} {number}")
            for number, item in enumerate(value, start=1)
        ]

    def finish(self) -> None:
        """A fault for every key that nobody took."""
        for key in self._table:
            if key not in self._taken:
                self.fault(key, "no such key", did_you_mean(key, sorted(self._taken)))

    def _path(self, key: str) -> str:
        return ".".join(part for part in (self.prefix, key) if part)

    def _take(self, key: str, kind: type[Value], wanted: str, default: Value) -> Value:
        self._taken.add(key)
        value = self._table.get(key, default)
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        self.fault(key, f"must be {wanted}")
        return default

    def _within(self, key: str, value: Number, default: Number, low: float, high: float) -> Number:
        if low <= value <= high:
            return value
        self.fault(key, f"{value} is out of range", f"from {low:g} to {high:g}")
        return default

    def _parse(self, key: str, text: str, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(text)
        except ValueError as error:
            shown = re.sub(r"(?<=//)[^/@\s]*@", "…@", text)  # no password is told
            self.fault(key, f'"{shown}" {error}')
            return None


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:300]}…"


def _decode(data: bytes, faults: list[Fault], name: str) -> str | None:
    if len(data) > MAX_BYTES:
        faults.append(Fault(file=name, key="", message="is larger than 8 MiB"))
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.append(
            Fault(
                file=name, key=f"line {line}", message="is not UTF-8", suggestion="save it as UTF-8"
            )
        )
        return None


def _syntax_fault(name: str, text: str, message: str) -> Fault:
    lines = text.split("\n")
    position = _POSITION.search(message)
    if position is None or position[1] is None:
        number, column = len(lines), len(lines[-1]) + 1
    else:
        number, column = int(position[1]), int(position[2])
    line = lines[number - 1]
    before, rest = line[: column - 1], line[column - 1 :]
    glued = before == before.rstrip()  # the dogs' bark: a space, but then another quote
    trapped = bool(_ENDED_LITERAL.search(before.rstrip())) and (
        "'" in rest or (glued and rest != "")
    )
    problem = _POSITION.sub("", message).strip().lower()
    return Fault(
        file=name,
        key=f"line {number}, column {column}",
        message="an apostrophe ends a text in '…'" if trapped else problem,
        suggestion="use '''…'''" if trapped else "",
        excerpt=line,
        column=column - 1,
    )
