"""What a page was asked for, in its address: a query, filters that narrow it, the order, the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlencode

from index.errors import UsageError
from search_cli.asking.narrowing import ORDERS

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.searcher import Sort
    from index.query import Node

MOST_FILTERS = 20
MOST_PAGES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as an address says it.

    `filters` are queries too, each of which must hold besides; `every` lists reprints in rows of
    their own; `new` names what was told before, so that only the rest is listed.
    """

    query: str = ""
    filters: tuple[str, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    every: bool = False
    mentions: bool = False
    new: str = ""

    @classmethod
    def read(cls, given: Sequence[tuple[str, str]]) -> Self:
        """From the pairs of an address; raises `UsageError` for what is not an order or no number."""
        last = dict(given)
        sort = last.get("sort") or "relevance"
        if sort not in ORDERS:
            raise UsageError(f"no such order: {sort}", hint=f"one of: {', '.join(ORDERS)}")
        page = last.get("page") or "1"
        if not (page.isascii() and page.isdigit() and 1 <= int(page[:9]) <= MOST_PAGES):
            raise UsageError(f"no such page: {page}", hint=f"pages are 1 to {MOST_PAGES}")
        filters = tuple(
            dict.fromkeys(value for key, value in given if key == "f" and value.strip())
        )
        if len(filters) > MOST_FILTERS:
            raise UsageError(f"{len(filters)} filters: at most {MOST_FILTERS} at once")
        return cls(
            query=last.get("q", "").strip(),
            filters=filters,
            sort=cast("Sort", sort),
            page=int(page),
            every=bool(last.get("all")),
            mentions=bool(last.get("mentions")),
            new=last.get("new", ""),
        )

    def address(
        self, path: str = "/", more: Mapping[str, str] | None = None, **changes: Any
    ) -> str:
        """The address of the same search with some of it changed; `page` is 1 by default."""
        asked = replace(self, **{"page": 1, **changes})
        pairs = [("q", asked.query), *(("f", text) for text in asked.filters)]
        pairs += [("sort", "" if asked.sort == "relevance" else asked.sort)]
        pairs += [("page", "" if asked.page == 1 else str(asked.page))]
        pairs += [("all", "1" if asked.every else ""), ("mentions", "1" if asked.mentions else "")]
        pairs += [("new", asked.new), *(more or {}).items()]
        kept = [(key, value) for key, value in pairs if value]
        return f"{path}?{urlencode(kept)}" if kept else path

    def with_filter(self, text: str, path: str = "/") -> str:
        """The address of the same search narrowed by one filter more."""
        return self.address(path, filters=tuple(dict.fromkeys((*self.filters, text))))

    def without_filter(self, text: str, path: str = "/") -> str:
        """The address of the same search without one of its filters."""
        return self.address(path, filters=tuple(one for one in self.filters if one != text))

    @property
    def words(self) -> str:
        """The query and its filters as one query of the command line."""
        if not self.filters:
            return self.query or "*"
        parts = [self.query, *self.filters] if self.query else self.filters
        return " ".join(f"({part})" if len(parts) > 1 else part for part in parts)

    def command(
        self, verb: str = "search", arguments: Sequence[str] = (), before: Sequence[str] = ()
    ) -> str:
        """The line for a terminal that finds the same; `before` is there before the query."""
        options = [f"--new={self.new}"] if self.new and verb == "search" else []
        options += ["--mentions"] if self.mentions else []
        options += ["--all"] if self.every and verb == "search" else []
        options += ["--sort", self.sort] if self.sort != "relevance" and verb == "search" else []
        words = [*before, self.words]
        dashed = ["--"] if any(word.startswith("-") for word in words) else []
        return shlex.join(["pressclip", verb, *options, *arguments, *dashed, *words])

    def tree(self, corpus: Corpus) -> Node:
        """What is looked for; raises `QuerySyntaxError` with the part that cannot be read."""
        from index.corpus.narrow import hide_mentions, narrow

        parts = [
            corpus.understand(text, mentions=True) for text in (self.query or "*", *self.filters)
        ]
        whole = narrow(parts[0], parts[1:])
        return whole if self.mentions else hide_mentions(whole)
