"""Lists of outlets as other programs keep them: OPML of feed readers, newsboat's urls, CSV."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from index.errors import ConfigError, Fault, UsageError
from index.workspace.outlets import Outlet, Outlets, is_collection_name, outlet_values, read_outlet
from index.workspace.toml_reader import TableReader, did_you_mean, parse_http_url

LIST_KEYS = ("lang", "feeds", "sitemaps", "sections")
CSV_COLUMNS = (
    "id", "name", "url", "country", "lang", "kind", "tz", "feeds", "sitemaps", "sections",
    "search", "delay", "expect", "collections",
)  # fmt: skip

# Hosts that carry the feeds of others: the feed's address does not say whose it is.
_CARRIERS = frozenset(
    {"feeds.feedburner.com", "feeds2.feedburner.com", "feedproxy.google.com", "rss.app"}
)
_NEWSBOAT = re.compile(r"^(?:https?://\S|(?:query|exec|filter):)")
_NOT_IN_NAMES = re.compile(r"[^\w-]+")
_FEED_LABEL = re.compile(r"^(?:www|rss|feeds?|rssfeeds?|xml)\d?\.(?=[^.]+\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The outlets of a list, who joins which collection, a line for each entry that names none."""

    outlets: tuple[Outlet, ...]
    collections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def read_outlet_list(data: bytes, *, name: str, allow_private: bool = False) -> Imported:
    """The outlets of an OPML or CSV file or of newsboat's `urls`, told apart by how it begins.

    Raises `UsageError` for a file that is none of them, `ConfigError` with all faults of a CSV.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_opml(data, name=name, allow_private=allow_private)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: neither OPML nor CSV in UTF-8") from error
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    if _NEWSBOAT.match(next(lines, "").lstrip('"')):  # a table begins with the names of its columns
        return read_newsboat(text, allow_private=allow_private)
    return read_csv(text, name=name, allow_private=allow_private)


def read_newsboat(text: str, *, allow_private: bool = False) -> Imported:
    """One outlet for each site of newsboat's `urls`; its tags are collections, `~…` is the title.

    What is not a feed of the web there (`query:`, `exec:`, `filter:`, `file:`) is left out, and told.
    Form: https://newsboat.org/releases/2.39/docs/newsboat.html#_feeds_file
    """
    found: dict[str, Outlet] = {}
    members: dict[str, list[str]] = {}
    left_out: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            feed, *words = shlex.split(line, comments=False)
        except ValueError as error:
            left_out.append(f"{line[:200]}: {error}")
            continue
        title = next((word[1:] for word in words if word.startswith("~")), "")
        try:
            outlet = _outlet_of_feed(title, "", feed, allow_private=allow_private)
        except ValueError as error:
            left_out.append(f"{feed[:200]}: {error}")
            continue
        found[outlet.id] = merge_outlets(found[outlet.id], outlet) if outlet.id in found else outlet
        for tag in (word for word in words if not word.startswith(("~", "!"))):
            collection = _NOT_IN_NAMES.sub("-", tag).strip("-")
            if is_collection_name(collection):
                members.setdefault(collection, []).append(outlet.id)
    collections = {tag: tuple(dict.fromkeys(ids)) for tag, ids in members.items()}
    return Imported(
        outlets=tuple(found.values()), collections=collections, left_out=tuple(left_out)
    )


def read_opml(data: bytes, *, name: str, allow_private: bool = False) -> Imported:
    """One outlet for each site of an OPML list, with all its feeds; raises `UsageError`."""
    reader = _OpmlReader()
    reader.feed(_decode_xml(data))
    if not reader.is_opml:
        raise UsageError(f"{name}: no OPML: it has no <opml> element")
    found: dict[str, Outlet] = {}
    left_out: list[str] = []
    for title, home, feed in reader.entries:
        try:
            outlet = _outlet_of_feed(title, home, feed, allow_private=allow_private)
        except ValueError as error:
            left_out.append(f"{feed[:200]}: {error}")
            continue
        found[outlet.id] = merge_outlets(found[outlet.id], outlet) if outlet.id in found else outlet
    return Imported(outlets=tuple(found.values()), left_out=tuple(left_out))


def read_csv(text: str, *, name: str, allow_private: bool = False) -> Imported:
    """One outlet a row; the first row names columns of `CSV_COLUMNS`, lists are split at spaces.

    Raises `ConfigError` with every fault of every row.
    """
    faults: list[Fault] = []
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise UsageError(f"{name}: no CSV: {error}") from error
    columns = [column or "" for column in (rows[0] if rows else ())]
    _check_columns(columns, name, faults)
    outlets = [
        read_outlet(
            TableReader(_as_values(row), faults, file=name, prefix=f"row {number}"),
            allow_private=allow_private,
        )
        for number, row in enumerate(rows, start=2)
    ]
    collections = _read_memberships(rows, name, faults)
    if faults:
        raise ConfigError(faults)
    return Imported(outlets=tuple(outlets), collections=collections)


def csv_rows(outlets: Outlets) -> Iterator[dict[str, Any]]:
    """A row for each outlet, by the names of `CSV_COLUMNS`; lists are joined by spaces."""
    for outlet in outlets:
        values = outlet_values(outlet)
        row = {key: values.get(key, "") for key in CSV_COLUMNS}
        row.update({key: " ".join(row[key]) for key in LIST_KEYS})
        row["collections"] = " ".join(outlets.collections_of(outlet.id))
        yield row


def opml_lines(outlets: Iterable[Outlet]) -> Iterator[str]:
    """The lines of an OPML 2.0 file: an outline for each outlet, its feeds within."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield "  <head><title>outlets</title></head>"
    yield "  <body>"
    for outlet in outlets:
        yield f"    <outline text={quoteattr(outlet.title)} htmlUrl={quoteattr(outlet.home)}>"
        for feed in outlet.feeds:
            text, url = quoteattr(outlet.title), quoteattr(feed)
            yield f'      <outline type="rss" text={text} xmlUrl={url}/>'
        yield "    </outline>"
    yield "  </body>"
    yield "</opml>"


def merge_into(known: Outlets, found: Iterable[Outlet]) -> tuple[Outlet, ...]:
    """What the outlets found are once joined with those that are there, by id or by host."""
    merged: dict[str, Outlet] = {}
    for outlet in found:
        present = known.by_id.get(outlet.id) or known.of_url(outlet.home)
        name = present.id if present else outlet.id
        before = merged.get(name, present)
        merged[name] = merge_outlets(before, outlet) if before else outlet
    return tuple(merged.values())


def merge_outlets(known: Outlet, other: Outlet) -> Outlet:
    """What is known, with the lists of the other added and its values where there were none."""
    changes: dict[str, Any] = {
        key: tuple(dict.fromkeys((*getattr(known, key), *getattr(other, key)))) for key in LIST_KEYS
    }
    for key in ("name", "url", "country", "kind", "zone", "search", "delay", "expect"):
        value = getattr(known, key)
        changes[key] = getattr(other, key) if value in ("", None) else value
    return replace(known, **changes)


class _OpmlReader(HTMLParser):
    """Collects title, front page and feed of every outline with a feed, in the order of the file.

    Two of three lists of the wild are no XML (bare ampersands, quotes and tags in attributes), so
    they are read as browsers read markup; entities of a DTD mean nothing here.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_opml = False
        self.entries: list[tuple[str, str, str]] = []
        self._homes = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_opml = self.is_opml or tag == "opml"
        if tag != "outline":
            return
        values = {name: (value or "").strip() for name, value in attrs}
        home = values.get("htmlurl") or self._homes[-1]
        self._homes.append(home)
        if feed := values.get("xmlurl"):
            self.entries.append((values.get("title") or values.get("text") or "", home, feed))

    def handle_endtag(self, tag: str) -> None:
        if tag == "outline" and len(self._homes) > 1:
            self._homes.pop()


def _decode_xml(data: bytes) -> str:
    """The text by its encoding declaration, UTF-8 where there is none; bad bytes are replaced."""
    declared = re.match(rb"""[^>]{0,99}encoding=["']([\w.-]{1,40})""", data)
    try:
        return data.decode(declared[1].decode() if declared else "utf-8-sig", "replace")
    except LookupError:
        return data.decode("utf-8-sig", "replace")


def _outlet_of_feed(title: str, home: str, feed: str, *, allow_private: bool) -> Outlet:
    """The outlet of one feed, by its front page if it has one; raises `ValueError`."""
    try:
        url = parse_http_url(home)
    except ValueError:
        url = ""
    host = (urlsplit(url or parse_http_url(feed)).hostname or "").rstrip(".")
    if host in _CARRIERS:
        raise ValueError("carries feeds for others, and no htmlUrl says whose this is")
    name = "".join(char for char in title if char.isprintable() or char.isspace())
    values: dict[str, Any] = {
        "id": _FEED_LABEL.sub("", host), "name": " ".join(name.split()), "feeds": [feed]
    }  # fmt: skip
    faults: list[Fault] = []
    reader = TableReader(values | ({"url": url} if url else {}), faults, file="")
    outlet = read_outlet(reader, allow_private=allow_private)
    if faults:
        raise ValueError("; ".join(f"{fault.key}: {fault.message}" for fault in faults))
    return outlet


def _check_columns(columns: Sequence[str], name: str, faults: list[Fault]) -> None:
    for column in columns:
        if column not in CSV_COLUMNS:
            hint = did_you_mean(column, CSV_COLUMNS) or f"known: {', '.join(CSV_COLUMNS)}"
            faults.append(
                Fault(file=name, key="row 1", message=f'no column "{column}"', suggestion=hint)
            )


def _read_memberships(
    rows: Sequence[Mapping[str, str | None]], name: str, faults: list[Fault]
) -> dict[str, tuple[str, ...]]:
    """The ids of each collection named in the rows."""
    members: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows, start=2):
        for collection in (row.get("collections") or "").split():
            if not is_collection_name(collection):
                message = f'"{collection}" is not a valid collection name'
                faults.append(Fault(file=name, key=f"row {number}", message=message))
            members[collection] = (*members.get(collection, ()), row.get("id") or "")
    return members


def _as_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as a table of outlets.toml; empty cells and the collections are left out."""
    values: dict[str, Any] = {}
    for key, cell in row.items():
        if not isinstance(cell, str) or not cell.strip() or key not in CSV_COLUMNS:
            continue
        text = cell.strip()
        if key in LIST_KEYS:
            values[key] = text.split()
        elif key == "delay":
            values[key] = _number(text)
        elif key != "collections":
            values[key] = text
    return values


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
