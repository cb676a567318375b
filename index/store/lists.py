"""What is remembered of feeds, sitemaps and section pages, and the times their visits account for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from index.article import isoformat, parse_iso
from index.store.database import Connection
from index.store.moments import time_of

_MOMENTS = ("modified", "fetched", "changed", "next_due")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A feed, sitemap or section page as its last visits left it.

    `parent` is the index that named it (or the first of a list's pages) and `modified` its lastmod
    there; `fetched` is the last answer, None for one never visited, `changed` the last with
    something new; `windows` are those of the stories it was read for, as text. `ttl` and `pace` are
    seconds between visits, as asked for and as kept to; `rate` is new URLs a day, `usual` the same
    when there was news last; `next_due` is when the next visit is worth it.
    """

    url: str
    outlet: str
    channel: str
    parent: str = ""
    modified: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    windows: str = ""
    fetched: datetime | None = None
    changed: datetime | None = None
    items: int = 0
    failures: int = 0
    outcome: str = ""
    ttl: int = 0
    rate: float = 0.0
    usual: float = 0.0
    pace: int = 0
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from `began` to `ended`."""

    began: datetime
    ended: datetime


_NAMES = tuple(item.name for item in fields(ListPage))
_COLUMNS = ", ".join(_NAMES)


class Lists:
    """Reads and writes list pages on the store's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, url: str) -> ListPage | None:
        """What is remembered of a list; None for a new one."""
        return next(iter(self._select("WHERE url = ?", (url,))), None)

    def all(self) -> dict[str, ListPage]:
        """Every remembered list by its URL."""
        return {page.url: page for page in self._select("ORDER BY url")}

    def children(self, parent: str) -> list[ListPage]:
        """The lists that an index named, or the further pages of a list, in the order they came."""
        return self._select("WHERE parent = ? ORDER BY rowid", (parent,))

    def remember(self, page: ListPage) -> None:
        """Store the state of a list after a visit."""
        marks = ", ".join(f":{name}" for name in _NAMES)
        self._connection.execute(
            f"INSERT OR REPLACE INTO lists ({_COLUMNS}) VALUES ({marks})", _values(page)
        )

    def announce(self, pages: Iterable[ListPage]) -> None:
        """Note lists that another one names, so that a stopped run leaves them to the next."""
        self._connection.executemany(
            "INSERT INTO lists (url, outlet, channel, parent, modified) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET modified = excluded.modified",
            [(p.url, p.outlet, p.channel, p.parent, isoformat(p.modified)) for p in pages],
        )

    def watch(self, url: str, outlet: str, span: Span, *, joined: bool) -> None:
        """Note that a visit accounts for a span; `joined` lengthens the list's newest one."""
        values = (isoformat(span.began), isoformat(span.ended), url)
        if joined and self._lengthen(values):
            return
        self._connection.execute(
            "INSERT OR REPLACE INTO watched (began, ended, list, outlet) VALUES (?, ?, ?, ?)",
            (*values, outlet),
        )

    def watched(self, outlet: str) -> list[Span]:
        """The spans that an outlet's lists account for, oldest first; they may overlap."""
        rows = self._connection.execute(
            "SELECT began, ended FROM watched WHERE outlet = ? ORDER BY began", (outlet,)
        )
        return [Span(time_of(row[0]), time_of(row[1])) for row in rows]

    def newest(self, url: str) -> Span | None:
        """The newest span that a list's visits account for."""
        rows = self._connection.rows(
            "SELECT began, ended FROM watched WHERE list = ? ORDER BY began DESC LIMIT 1", (url,)
        )
        return next((Span(time_of(began), time_of(ended)) for began, ended in rows), None)

    def windows(self) -> dict[str, dict[str, list[Span]]]:
        """By outlet and channel, the spans that lists with items account for."""
        found: dict[str, dict[str, list[Span]]] = {}
        for outlet, channel, began, ended in self._connection.rows(
            "SELECT watched.outlet, channel, began, ended FROM watched"
            " JOIN lists ON lists.url = watched.list WHERE items > 0"
        ):
            span = Span(time_of(began), time_of(ended))
            found.setdefault(outlet, {}).setdefault(channel, []).append(span)
        return found

    def watched_outlets(self) -> list[str]:
        """The outlets of which any list was ever visited."""
        rows = self._connection.rows("SELECT DISTINCT outlet FROM watched")
        return [row[0] for row in rows]

    def _lengthen(self, values: tuple[str | None, str | None, str]) -> bool:
        return bool(
            self._connection.execute(
                "UPDATE watched SET ended = max(ended, ?2) WHERE list = ?3"
                " AND began = (SELECT max(began) FROM watched WHERE list = ?3) AND ?1 <= ?2",
                values,
            ).rowcount
        )

    def _select(self, rest: str, values: tuple[str, ...] = ()) -> list[ListPage]:
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM lists {rest}", values)
        return [_page(dict(zip(_NAMES, row, strict=True))) for row in rows]


def _values(page: ListPage) -> dict[str, Any]:
    values = {name: getattr(page, name) for name in _NAMES}
    return {**values, **{name: isoformat(values[name]) for name in _MOMENTS}}


def _page(row: Mapping[str, Any]) -> ListPage:
    return ListPage(**{**row, **{name: parse_iso(row[name]) for name in _MOMENTS}})
