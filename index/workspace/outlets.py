"""outlets.toml: who publishes, where their coverage is listed, and which collections they form."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from index.errors import Fault, UsageError
from index.workspace.addresses import is_private_url
from index.workspace.codes import COUNTRIES, LANGUAGES, suggest_country, suggest_language
from index.workspace.toml_reader import TableReader, did_you_mean, parse_http_url, read_toml

FILE_NAME = "outlets.toml"
DATE_ORDERS = ("day-first", "month-first")
KINDS = ("agency", "national", "regional", "broadcaster", "state", "online")
MAX_DELAY = 600.0

_ID = re.compile(r"[^\W_][\w-]*(\.[\w-]+)*(:\d{1,5})?")
_COLLECTION = re.compile(r"[\w-]+")
_EXPECT = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(hour|day|week)")
_PLACE = re.compile(r"[a-z][a-z0-9]{0,15}\.[^\s.]{1,60}|\.[^\s.]{1,60}")
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One publisher: `lang` and `country` in lower case, `delay` in seconds, `expect` per day.

    `delay` and `expect` are None when the file does not say; `zone` is an IANA name or empty.
    Without `verify_tls` its certificates are not checked: anybody on the way can be it.

    The keys from `charset` on correct what is learned of its pages (`index.habits`): in their place, also
    where they are empty; None says nothing.
    """

    id: str
    name: str = ""
    url: str = ""
    country: str = ""
    lang: tuple[str, ...] = ()
    kind: str = ""
    zone: str = ""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    search: str = ""
    delay: float | None = None
    expect: float | None = None
    verify_tls: bool = True
    charset: str = ""
    date_order: str = ""
    title_parts: tuple[str, ...] | None = None
    headings: tuple[str, ...] | None = None
    bylines: tuple[str, ...] | None = None
    desks: tuple[str, ...] | None = None
    accounts: tuple[str, ...] | None = None

    @property
    def title(self) -> str:
        """The name for people: its own, or else the id."""
        return self.name or self.id

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts it speaks from (`host` or `host:port`, without `www.`), each once."""
        own = [self.id] if _looks_like_host(self.id) else []
        return tuple(dict.fromkeys([*map(_plain_host, own), _host_of(urlsplit(self.home))]))

    @property
    def home(self) -> str:
        """Its front page."""
        return self.url or f"https://{self.id}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Every outlet of a workspace by id, in the order of the file, and the named collections."""

    by_id: Mapping[str, Outlet] = field(default_factory=dict)
    collections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Outlet]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def __contains__(self, outlet_id: object) -> bool:
        return outlet_id in self.by_id

    def get(self, outlet_id: str) -> Outlet:
        """The outlet of that id; raises `UsageError` with the nearest one."""
        if outlet_id in self.by_id:
            return self.by_id[outlet_id]
        raise UsageError(f"no such outlet: {outlet_id}", hint=self.suggest(outlet_id))

    def of_url(self, url: str) -> Outlet | None:
        """The outlet whose host is the longest suffix of the URL's host; None when there is none.

        Never raises: an unreadable URL belongs to nobody.
        """
        try:
            host = _host_of(urlsplit(url))
        except ValueError:
            return None
        by_host = {own: outlet for outlet in self for own in outlet.hosts}
        return next((by_host[part] for part in _suffixes(host) if part in by_host), None)

    def expand(self, names: Sequence[str]) -> tuple[str, ...]:
        """The outlet ids behind ids and `@collections`, each once; raises `UsageError`."""
        found: dict[str, None] = {}
        for name in names:
            ids = self._collection(name[1:]) if name.startswith("@") else (self.get(name).id,)
            found.update(dict.fromkeys(ids))
        return tuple(found)

    def select(
        self, *, use: Sequence[str] = (), add: Sequence[str] = (), drop: Sequence[str] = ()
    ) -> tuple[Outlet, ...]:
        """A story's outlets: those used (all when none is named) and added, less those dropped.

        Raises `UsageError` for a name that is not declared.
        """
        wanted = [*(self.expand(use) if use else self.by_id), *self.expand(add)]
        dropped = set(self.expand(drop))
        return tuple(self.by_id[name] for name in dict.fromkeys(wanted) if name not in dropped)

    def collections_of(self, outlet_id: str) -> tuple[str, ...]:
        """The names of the collections that hold an outlet."""
        return tuple(name for name, ids in self.collections.items() if outlet_id in ids)

    def suggest(self, name: str) -> str:
        """What may be meant by an unknown id or `@collection`, as a hint."""
        known = [*self.by_id, *(f"@{collection}" for collection in self.collections)]
        return did_you_mean(name, known) or "see: pressclip outlet list"

    def _collection(self, name: str) -> tuple[str, ...]:
        if name in self.collections:
            return self.collections[name]
        raise UsageError(f"no such collection: @{name}", hint=self.suggest(f"@{name}"))


def load_outlets(path: Path, faults: list[Fault], *, allow_private: bool = False) -> Outlets:
    """The outlets of a file (none when it is absent); every fault is added to `faults`.

    Raises `StorageError` when the file cannot be read.
    """
    table = read_toml(path, faults, name=FILE_NAME) if path.exists() else None
    if table is None:
        return Outlets()
    reader = TableReader(table, faults, file=FILE_NAME)
    by_id: dict[str, Outlet] = {}
    for entry in reader.tables("outlet"):
        outlet = read_outlet(entry, allow_private=allow_private)
        if outlet.id in by_id:
            entry.fault("id", f'"{outlet.id}" stands twice')
        if outlet.id:
            by_id[outlet.id] = outlet
    outlets = Outlets(by_id=by_id, collections=_read_collections(reader, by_id))
    reader.finish()
    return outlets


def outlet_values(outlet: Outlet) -> dict[str, Any]:
    """The keys of outlets.toml that differ from their defaults, in the order of the fields."""
    values: dict[str, Any] = {}
    for item in fields(outlet):
        value = getattr(outlet, item.name)
        if value in ("", None) or value == () == item.default:  # an empty correction is one
            continue
        key = "tz" if item.name == "zone" else item.name
        values[key] = list(value) if isinstance(value, tuple) else value
    if outlet.expect is not None:
        values["expect"] = f"{outlet.expect:g}/day"
    return values


def parse_expect(text: str) -> float:
    """Articles a day behind `20/day`, `2/hour` or `5/week`; raises `ValueError`."""
    match = _EXPECT.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError('is not a yield such as "20/day", "2/hour" or "5/week"')
    return float(match[1]) / _DAYS[match[2]]


def parse_zone(text: str) -> str:
    """The IANA name of a time zone as it stands; raises `ValueError` when there is no such zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError('is not a time zone such as "Europe/Paris" or "UTC"') from error
    return text


def is_collection_name(text: str) -> bool:
    """Whether a text can name a collection."""
    return bool(_COLLECTION.fullmatch(text))


def read_outlet(entry: TableReader, *, allow_private: bool) -> Outlet:
    """The outlet of one table; what is wrong with it is added to the reader's faults."""
    outlet = Outlet(
        id=entry.parsed("id", _parse_id) or "",
        name=entry.text("name"),
        url=entry.parsed("url", parse_http_url) or "",
        country=_read_country(entry),
        lang=entry.codes("lang", LANGUAGES, suggest_language),
        kind=entry.choice("kind", KINDS, ""),
        zone=entry.parsed("tz", parse_zone) or "",
        feeds=entry.parsed_list("feeds", parse_http_url),
        sitemaps=entry.parsed_list("sitemaps", parse_http_url),
        sections=entry.parsed_list("sections", parse_http_url),
        search=entry.parsed("search", _parse_search) or "",
        delay=entry.number("delay", low=0, high=MAX_DELAY),
        expect=entry.parsed("expect", parse_expect),
        verify_tls=entry.flag("verify_tls", True),
        charset=entry.parsed("charset", _parse_charset) or "",
        date_order=entry.choice("date_order", DATE_ORDERS, ""),
        title_parts=_corrected(entry, "title_parts"),
        headings=_corrected(entry, "headings"),
        bylines=entry.parsed_list("bylines", _parse_place) if "bylines" in entry else None,
        desks=_corrected(entry, "desks"),
        accounts=_corrected(entry, "accounts"),
    )
    if "id" not in entry:
        entry.fault("id", "is missing", 'write id = "example.com"')
    elif outlet.id and not outlet.url and not _looks_like_host(outlet.id):
        entry.fault("url", "is missing, and the id is no host name", "give the front page as url")
    if not allow_private:
        _refuse_private(entry, outlet)
    entry.finish()
    return outlet


def _refuse_private(entry: TableReader, outlet: Outlet) -> None:
    addresses = {
        "url" if outlet.url else "id": (outlet.home,)
        if outlet.url or _looks_like_host(outlet.id)
        else (),
        "feeds": outlet.feeds,
        "sitemaps": outlet.sitemaps,
        "sections": outlet.sections,
        "search": (outlet.search,) if outlet.search else (),
    }
    for key, urls in addresses.items():
        for url in filter(is_private_url, urls):
            entry.fault(
                key,
                f"{url} is a private address",
                "it needs allow_private = true in workspace.toml",
            )


def _read_country(entry: TableReader) -> str:
    code = entry.text("country").lower()
    if code and not entry.check_code("country", code, COUNTRIES, suggest_country):
        return ""
    return code


def _read_collections(
    reader: TableReader, by_id: Mapping[str, Outlet]
) -> dict[str, tuple[str, ...]]:
    table = reader.table("collections")
    collections: dict[str, tuple[str, ...]] = {}
    for name in table:
        collections[name] = table.texts(name)
        if not is_collection_name(name):
            table.fault(name, "is not a valid collection name", "letters, digits, - and _")
        for outlet_id in collections[name]:
            if outlet_id not in by_id:
                hint = did_you_mean(outlet_id, list(by_id)) or "declare it with [[outlet]]"
                table.fault(name, f'no outlet has the id "{outlet_id}"', hint)
    return collections


def _corrected(entry: TableReader, key: str) -> tuple[str, ...] | None:
    """The texts that are in the place of what is learned; None if the key is absent."""
    return entry.texts(key) if key in entry else None


def _parse_charset(text: str) -> str:
    try:
        return codecs.lookup(text).name
    except LookupError as error:
        raise ValueError('is not a charset such as "windows-1250"') from error


def _parse_place(text: str) -> str:
    if not _PLACE.fullmatch(text.lower()):
        raise ValueError('is not an element such as "span.author" or ".author"')
    return text.lower()


def _parse_id(text: str) -> str:
    if not _ID.fullmatch(text) or text != text.lower() or len(text) > 253:
        raise ValueError('is not an id: lower case, such as "apnews.com"')
    return text


def _parse_search(text: str) -> str:
    plain = text.replace("{query}", "q").replace("{page}", "1")
    if "{query}" not in text or "{" in plain or "}" in plain:
        raise ValueError("needs {query} and may have {page}, and no other braces")
    parse_http_url(plain)
    return text


def _looks_like_host(outlet_id: str) -> bool:
    return "." in outlet_id or outlet_id.partition(":")[0] == "localhost"


def _plain_host(host: str) -> str:
    return host.lower().removeprefix("www.")


def _host_of(parts: SplitResult) -> str:
    """`host` or `host:port` without `www.`, the trailing dot and the scheme's own port."""
    host = _plain_host((parts.hostname or "").rstrip("."))
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return ""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return host if parts.port in (None, default) else f"{host}:{parts.port}"


def _suffixes(host: str) -> Iterator[str]:
    """The host and its parents, longest first; for each the form with the port before the bare."""
    name, colon, port = host.partition(":")
    labels = name.split(".")
    for start in range(len(labels)):
        suffix = ".".join(labels[start:])
        if colon:
            yield f"{suffix}:{port}"
        yield suffix
