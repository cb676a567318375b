"""The records of a desk: plain and frozen. Times are aware and in UTC; None means unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of the desk, with its newest text.

    >>> article = desk.article("https://prairie-courier.example/balloon")
    >>> article.language, article.versions, article.published.day
    ('en', 2, 4)

    `language` is an ISO 639-1 code or empty, `words` the number of words. `family` is the id of the
    text that it shares with its reprints, `versions` the number of texts that were seen of it.
    `removed` is the time since which it is gone from its address. `record` holds every field of an
    export by name; times are `datetime`, days are `date` (docs/formats.md).
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
    """One text that was seen of an article (`Desk.versions`).

    >>> desk.versions("https://prairie-courier.example/balloon").first(1)[0].number
    1

    `number` counts from 1; `seen` is when it was fetched.
    """

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
    """One change of an article from one version to the next (`Desk.edits`).

    >>> edit = desk.edits("barns").first(1)[0]
    >>> edit.before, edit.version_before, edit.version
    ('Balloon seen over the elevators', 1, 2)

    `kind` is what changed (`headline`, `added`, `removed`, …), `paragraph` where, counted from 0.
    `silent` means that nothing announced the change. The older text was last seen at `seen_before`,
    the newer one first at `seen`.
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
    """A quotation (`Desk.quotes`): `text[start:end]` of its article.

    >>> quote = desk.quotes().first(1)[0]
    >>> desk.article(quote.article).text[quote.start : quote.end]
    'We followed it for two days over the plains,'

    `speaker` is the full name, `named` the name as the article gives it there, and `cue` the word
    beside it (*said*). Each is None if there is none.
    """

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
    """An article of a family; `kind` is `origin`, `exact`, `reprint`, `excerpt` or `expanded`.

    >>> member = desk.families().first(1)[0].members[1]
    >>> member.kind, member.contained, round(member.contains, 2)
    ('reprint', 1.0, 0.81)

    `contained` is the share (0 to 1) of its text that is also in the origin's text. `contains` is
    the share of the origin's text that is in this one, `similarity` the share that both have in
    common. `published` is the time by which it was published.
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
    """A text and every article that printed it, by time of publication (`Desk.families`).

    >>> family = desk.families().first(1)[0]
    >>> family.size, family.members[0].article == family.origin
    (2, True)
    """

    id: str
    origin: str
    size: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a desk looks for (`Desk.stories`).

    >>> story = desk.story("balloon")
    >>> str(story.since), story.languages
    ('2023-01-28', ('en', 'fr'))

    `since` and `until` are the first and last day of publication; None means open.
    """

    id: str
    title: str
    about: str
    since: date | None
    until: date | None
    languages: tuple[str, ...]
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The number of articles in an interval (`Desk.timeline`).

    >>> [count.articles for count in desk.timeline("balloon", interval="year")]
    [3]

    `interval` is its first day, None for articles without a date. `group` is the value of the facet
    that the timeline is by; None without a facet, or for articles without a value.
    """

    interval: date | None
    group: str | None
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A measure of a group (`Desk.compare`): `published`, or a frame of the story.

    >>> row = desk.compare("balloon", by="lang").first(1)[0]
    >>> row.group, row.articles, row.texts, row.measure
    ('en', 3, 2, 'published')

    `share` is `count` / `total`, and `low` to `high` its 95 % interval, all from 0 to 1. `drawn`
    names what the interval samples: `outlets` or `articles`. All are None if unknown.
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
