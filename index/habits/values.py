"""What one page shows of its outlet's habits, what is learned of many, and what the reading is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, Self

from index.article import isoformat, parse_iso

WRITTEN, LEARNED = "outlets.toml", "learned"  # where a prior is from

DateOrder = Literal["", "day-first", "month-first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a page shows of its outlet's habits, whatever was known of the outlet when it was read.

    `titles` are the title element and og:title, `headings` the h1 elements, as written. `charset` is
    empty for a page whose bytes do not tell (plain ASCII). `offsets` are moments that the page writes
    with its own clock, each with the minutes that this clock is before UTC. `order` is how it writes
    dates of numbers, where another date bears it out. `named` are the authors that the markup gives,
    `shown` those of them that a reader sees, `bylined` those of the visible byline, `signed` where an
    author's name stands alone (`span.author`).
    `template` are hashes of the class names of its frame.
    """

    titles: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    name: str = ""
    section: str = ""
    language: str = ""
    charset: str = ""
    offsets: tuple[tuple[str, int], ...] = ()
    order: DateOrder = ""
    named: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    bylined: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    template: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; keys of a later release are left out."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: _frozen(value) for name, value in data.items() if name in known})


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One habit: the value, on how many pages it was seen, of how many that could show it."""

    value: str
    pages: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChange:
    """Since when an outlet's pages are built otherwise; `before` and `after` are pages of each kind."""

    since: datetime
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What is learned of an outlet from its newest `pages`; a tuple has the most frequent first.

    `title_parts` are beside the headline in its titles (name, section), `headings` are h1 elements
    that are no headlines. `zone` is an IANA name. `bylines` are elements that hold an author's name
    alone, `accounts` names that only the markup gives, and on nearly all pages. `cut` are the parts,
    learned or written, that were taken off the titles of what was read before.
    """

    pages: int = 0
    name: Learned | None = None
    title_parts: tuple[Learned, ...] = ()
    headings: tuple[Learned, ...] = ()
    sections: tuple[Learned, ...] = ()
    language: Learned | None = None
    charset: Learned | None = None
    zone: Learned | None = None
    date_order: Learned | None = None
    bylines: tuple[Learned, ...] = ()
    desks: tuple[Learned, ...] = ()
    accounts: tuple[Learned, ...] = ()
    template: TemplateChange | None = None
    cut: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values, without what is empty."""
        told = {name: value for name, value in asdict(self).items() if value}
        if self.cut:
            told["cut"] = sorted(self.cut)
        if self.template is not None:
            told["template"]["since"] = isoformat(self.template.since)
        return told

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; keys of a later release are left out."""
        known = {item.name for item in fields(cls)} - {"pages", "template", "cut"}
        values: dict[str, Any] = {
            name: tuple(Learned(**one) for one in value)
            if isinstance(value, list | tuple)
            else Learned(**value)
            for name, value in data.items()
            if name in known
        }
        if change := data.get("template"):
            values["template"] = TemplateChange(**{**change, "since": parse_iso(change["since"])})
        return cls(pages=data.get("pages", 0), cut=frozenset(data.get("cut", ())), **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priors:
    """What is known of an outlet before one of its pages is read: from outlets.toml, else learned.

    `title_parts` and `headings` are texts as they stand, `bylines` elements (`span.author`, `.author`).
    `zone` is an IANA name, `country` as in ISO 3166-1; empty values say nothing.
    """

    zone: str = ""
    country: str = ""
    date_order: DateOrder = ""
    language: str = ""
    charset: str = ""
    title_parts: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    source: Mapping[str, str] = field(default_factory=dict)

    @property
    def month_first(self) -> bool | None:
        """The order of a date of numbers; None when nothing is known."""
        return None if not self.date_order else self.date_order == "month-first"

    @property
    def home(self) -> str | None:
        """The country in whose way dates are written; None: that of the zone. A learned zone names none."""
        return self.country or ("" if self.source.get("zone") == LEARNED else None)


NO_PRIORS = Priors()
NO_TRAITS = Traits()
NO_HABITS = Habits()


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
