"""The addresses in a list that somebody made: plain lines, or a table or JSON of another tool.

Zotero, Media Cloud and GDELT's search write CSV with a column `url`; news-please writes JSON with a key
`url`. GDELT's own files (`….export.CSV`, `.mentions.CSV`, `.gkg.csv`) are tables of tabs without a header.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple

COLUMNS = ("url", "sourceurl", "link", "article_url")
"""Names of the column with the address, in small letters; the first that is there counts."""
_DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}

NOTES = ("notes", "note")
"""Names of the column with what somebody wrote on it."""
# Of GDELT's files by how many columns they have: the one with the address.
# http://data.gdeltproject.org/documentation/GDELT-Event_Codebook-V2.0.pdf and the codebook of GKG 2.1
_GDELT = {61: 60, 58: 57, 16: 5, 27: 4}
_TAG = re.compile(r"<[^<>]{0,500}>")
_BREAK = re.compile(r"</(?:p|div|li|h\d)>|<br\s*/?>", re.IGNORECASE)


class Listed(NamedTuple):
    """A line or an entry, from 1, the address in it and the note on it; both may be empty."""

    number: int
    url: str
    note: str = ""


def read_list(text: str, name: str) -> list[Listed]:
    """The addresses of a list, empty if an entry has none; `name` tells by its ending what it is.

    Raises `ValueError` for a table without such a column, or JSON that cannot be read.
    """
    ending = "." + name.lower().rpartition(".")[2]
    width = text.partition("\n")[0].count("\t") + 1
    if ending in _DELIMITERS and width in _GDELT and not _has_header(text, "\t"):
        return list(_of_gdelt(text, _GDELT[width]))
    if ending in _DELIMITERS:
        return list(_of_table(text, _DELIMITERS[ending]))
    if ending in (".json", ".jsonl", ".ndjson"):
        return list(_of_json(text))
    lines = enumerate((line.strip() for line in text.splitlines()), start=1)
    return [Listed(number, line) for number, line in lines if line and not line.startswith("#")]


def _has_header(text: str, delimiter: str) -> bool:
    names = text.partition("\n")[0].strip().casefold().split(delimiter)
    return not set(COLUMNS).isdisjoint(name.strip('" ') for name in names)


def _of_gdelt(text: str, place: int) -> Iterator[Listed]:
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split("\t")
        # Of GKG and mentions some are no pages of the web (citations, DOIs, JSTOR).
        url = cells[place].strip() if len(cells) > place else ""
        yield Listed(number, url if url.startswith(("http://", "https://")) else "")


def _of_table(text: str, delimiter: str) -> Iterator[Listed]:
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        known = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
        column = next((known[name] for name in COLUMNS if name in known), None)
        if column is None:
            raise ValueError(
                f"no column {', '.join(COLUMNS[:2])} or {COLUMNS[2]} in its first line"
            )
        noted = next((known[name] for name in NOTES if name in known), "")
        for row in rows:
            note = plain_note(row.get(noted) or "")
            yield Listed(rows.line_num, (row.get(column) or "").strip(), note)
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num}: {error}") from error


def _of_json(text: str) -> Iterator[Listed]:
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
        yield Listed(number, _address_of(entry), _note_of(entry))


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


def _note_of(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    found = next((entry[name] for name in NOTES if isinstance(entry.get(name), str)), "")
    return plain_note(found)


def plain_note(text: str) -> str:
    """A note as plain text: Zotero writes HTML, a paragraph for each line of it."""
    if "<" in text:
        text = unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
