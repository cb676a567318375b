"""What was found at an outlet, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that answers: how many articles are in it and when the newest was published."""

    url: str
    title: str = ""
    language: str = ""
    entries: int = 0
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSitemap:
    """A sitemap that answers.

    `kind` is `news` (with the news extension), `archive` (an index whose files name a day, month
    or year, see `step`), `index` or `pages`; `first` and `last` are the days its names or entries
    span, None if nothing is dated.
    """

    url: str
    kind: str
    language: str = ""
    publication: str = ""
    urls: int = 0
    step: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSection:
    """A list page that answers, and how many links on it look like articles'."""

    url: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who an outlet is, where its pages say so; empty if they do not."""

    name: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()
    kind: str = ""
    cms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """All that was found at an outlet.

    `failed` are addresses that were tried and did not serve, with the coded reason; common places
    that merely do not exist are left out. `left_untried` counts candidates over the budget.
    """

    url: str
    id: str
    identity: Identity = field(default_factory=Identity)
    crawl_delay: float | None = None
    feeds: tuple[FoundFeed, ...] = ()
    sitemaps: tuple[FoundSitemap, ...] = ()
    sections: tuple[FoundSection, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    left_untried: int = 0

    @property
    def found_nothing(self) -> bool:
        """Whether no channel answers."""
        return not (self.feeds or self.sitemaps or self.sections)
