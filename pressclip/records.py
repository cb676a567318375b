"""What a desk gives: plain frozen records. Times are aware and in UTC; None is what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of the desk, as it was read last.

    `language` is ISO 639-1 or empty, `words` a count, `family` the id of the text that it shares with
    its reprints, `versions` how many texts were seen of it. `removed` is since when it is gone from
    its address. `record` holds every field of an export by name, with times and days as such
    (docs/formats.md).
    """

    id: str
    url: str
    outlet: str
    title: str
    authors: tuple[str, ...]
    published: datetime | None
    published_day: date | None
    updated: datetime | None
    first_seen: datetime
    language: str
    kind: str
    section: str
    tags: tuple[str, ...]
    lead: str
    text: str
    words: int
    family: str
    versions: int
    removed: datetime | None
    record: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text that was seen of an article; `number` counts from 1, `seen` is when it was fetched."""

    article: str
    number: int
    seen: datetime
    title: str
    authors: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of an article from a version to the next.

    `kind` is what was changed (`headline`, `added`, `removed`, …), `silent` that nothing announced
    it, `paragraph` where, from 0. The older text was seen last at `seen_before`, the newer at `seen`.
    """

    article: str
    outlet: str
    title: str
    url: str
    kind: str
    silent: bool
    before: str
    after: str
    paragraph: int | None
    version_before: int
    version: int
    seen_before: datetime
    seen: datetime
    updated: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation: `text[start:end]` of its article. `speaker` is None where nobody is named."""

    article: str
    outlet: str
    published: datetime | None
    text: str
    speaker: str | None
    named: str | None
    cue: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a family: `origin`, `exact`, `reprint`, `excerpt` or `expanded`.

    `contained` is the share (0 to 1) of its text that stands in the origin's, `contains` the share of
    the origin's that stands in it, `similarity` what both have in common. `published` is the time by
    which it was out.
    """

    article: str
    outlet: str
    kind: str
    published: datetime
    similarity: float
    contained: float
    contains: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A text with everybody who carried it, by time of publication; the origin is among them."""

    id: str
    origin: str
    size: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a desk looks for. `since` and `until` are the first and last day of publication, None for open."""

    id: str
    title: str
    about: str
    since: date | None
    until: date | None
    languages: tuple[str, ...]
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many articles an interval has; `interval` is its first day, None for those without a date.

    `group` is the value of what the timeline is by; None where it is by nothing, or has no value.
    """

    interval: date | None
    group: str | None
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A measure of a group: `published`, or a frame of the story.

    `share` is `count` of `total` with an interval of 95 %, `low` to `high` (0 to 1), that rests on
    drawing `outlets` or `articles` (`drawn`). All are None where nothing is known.
    """

    group: str
    articles: int
    texts: int
    outlets: int
    measure: str
    count: int | None
    total: int | None
    share: float | None
    low: float | None
    high: float | None
    drawn: str | None
