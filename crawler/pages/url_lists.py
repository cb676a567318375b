"""The addresses in a list that somebody made: plain lines, or a table or JSON of another tool.

Zotero, Media Cloud and GDELT write CSV with a column `url`; news-please writes JSON with a key `url`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

COLUMNS = ("url", "sourceurl", "link", "article_url")
"""Names of the column with the address, in small letters; the first that is there counts."""
_DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}

Numbered = tuple[int, str]  # a line or an entry, from 1, and the address in it


def read_list(text: str, name: str) -> list[Numbered]:
    """The addresses of a list, empty where an entry has none; `name` tells by its ending what it is.

    Raises `ValueError` for a table without such a column, or JSON that cannot be read.
    """
    ending = "." + name.lower().rpartition(".")[2]
    if ending in _DELIMITERS:
        return list(_of_table(text, _DELIMITERS[ending]))
    if ending in (".json", ".jsonl", ".ndjson"):
        return list(_of_json(text))
    lines = enumerate((line.strip() for line in text.splitlines()), start=1)
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _of_table(text: str, delimiter: str) -> Iterator[Numbered]:
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        known = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
        column = next((known[name] for name in COLUMNS if name in known), None)
        if column is None:
            raise ValueError(
                f"no column {', '.join(COLUMNS[:2])} or {COLUMNS[2]} in its first line"
            )
        for row in rows:
            yield rows.line_num, (row.get(column) or "").strip()
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num}: {error}") from error


def _of_json(text: str) -> Iterator[Numbered]:
    """One object, a list of them, or one a line."""
    try:
        whole = json.loads(text)
        entries: Iterable[Any] = whole if isinstance(whole, list) else [whole]
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        entries = [_object(line, number) for number, line in enumerate(lines, start=1)]
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    for number, entry in enumerate(entries, start=1):
        yield number, _address_of(entry)


def _object(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"line {number}: no JSON") from error


def _address_of(entry: Any) -> str:
    if isinstance(entry, str):
        return entry.strip()
    if not isinstance(entry, Mapping):
        return ""
    known = {str(name).casefold(): value for name, value in entry.items()}
    found = next((known[name] for name in COLUMNS if known.get(name)), "")
    return found.strip() if isinstance(found, str) else ""
