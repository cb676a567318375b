"""When a page was published and updated: every witness is kept, a rule chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from htmldate import find_date

from crawler.extract.dateline import find_datelines
from crawler.extract.moments import EARLIEST, Moment, find_zone, parse_moment
from crawler.extract.page import Page, element_text
from crawler.extract.phrases import phrase_list
from crawler.extract.relative import parse_relative
from crawler.extract.text import field_text
from crawler.urls.dated import named_days
from index.article import DateEvidence, Precision
from index.capture import Capture

Role = Literal["published", "updated"]

# Clocks differ, and a page may be dated by the end of its day.
TOLERANCE = timedelta(hours=24)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EVIDENCE_LIMIT = 24
RAW_LIMIT = 120
# htmldate's search has no bound of its own: a page with more elements is searched by us only.
SEARCH_LIMIT = 6_000
SURE, LIKELY = 3.0, -1.0
BEST_META = phrase_list("best_published_meta")
PUBLISHED_META = phrase_list("published_meta")
UPDATED_META = phrase_list("updated_meta")
# Days that only some papers write so: /2023/0204/ and /2023/02/230204...
URL_DAY = re.compile(
    r"/(?P<year>20\d\d)/(?:(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])/"
    r"|(?P<m>0[1-9]|1[0-2])/\d\d(?P=m)(?P<d>0[1-9]|[12]\d|3[01])(?!\d\d\d))"
)
AMERICAN = re.compile(r"^en[-_](?:us|ph|ca)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The chosen dates (aware, UTC), the witness of `published`, and all evidence, best first.

    `day` is the calendar day of `published` as its witness wrote it.
    """

    published: datetime | None = None
    precision: Precision = "second"
    day: date | None = None
    updated: datetime | None = None
    witness: str = ""
    evidence: tuple[DateEvidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One date as somebody wrote it, and what it was read as; None when that is impossible."""

    role: Role
    source: str
    raw: str
    moment: Moment | None


def read_dates(page: Page, capture: Capture, zone_name: str) -> Dates:
    """The dates of a page; none is before 1990 or later than a day after the fetch.

    `zone_name` is the IANA zone of times that name no offset; unknown or empty means UTC. The time
    of a capture that came in somebody else's WARC file is hearsay: it bounds nothing.
    """
    reader = _Reader(
        zone=find_zone(zone_name),
        month_first=bool(AMERICAN.match(page.tree.get("lang") or "")),
        fetched=capture.fetched,
        latest=_latest(capture),
    )
    said = [reader.witness(*spoken) for spoken in _spoken(page, capture)]
    if not _valid(said, "published", "json-ld", "meta", "microdata"):
        said = _with_visible(said, reader.visible(page), page, capture, reader)
    return _choose(said)


def _latest(capture: Capture) -> datetime:
    return LATEST if capture.listing.channel == "warc" else capture.fetched + TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    zone: tzinfo
    month_first: bool
    fetched: datetime
    latest: datetime

    def read(self, text: str) -> Moment | None:
        """The possible date of a text that a reader sees, written out or told from now."""
        moment = parse_moment(text, zone=self.zone, month_first=self.month_first)
        if moment is None and (told := parse_relative(text, self.fetched)):
            moment = Moment(
                value=told[0], precision=told[1], day=told[0].astimezone(self.zone).date()
            )
        return moment if self.is_possible(moment) else None

    def is_possible(self, moment: Moment | None) -> bool:
        """Whether the moment is neither before the web nor after the latest that can be."""
        return moment is not None and EARLIEST <= moment.value <= self.latest

    def witness(self, role: Role, source: str, raw: str) -> Witness:
        moment = parse_moment(raw, zone=self.zone, month_first=self.month_first)
        return Witness(
            role=role,
            source=source,
            raw=raw[:RAW_LIMIT],
            moment=moment if self.is_possible(moment) else None,
        )

    def visible(self, page: Page) -> list[tuple[float, Witness]]:
        """The visible dates that are possible, the likeliest first, with their scores."""
        return [
            (
                line.score,
                Witness(role=line.role, source="visible", raw=line.raw, moment=line.moment),
            )
            for line in find_datelines(page.tree, self.read)
        ]


def _valid(witnesses: list[Witness], role: Role, *sources: str) -> list[Witness]:
    """The witnesses of that role, from sources of those families, whose date is possible."""
    return [
        one
        for one in witnesses
        if one.role == role and one.moment and one.source.startswith(sources)
    ]


def _with_visible(
    said: list[Witness],
    visible: list[tuple[float, Witness]],
    page: Page,
    capture: Capture,
    reader: _Reader,
) -> list[Witness]:
    """The witnesses in the order of trust for a page whose markup names no date.

    A sure dateline comes before the URL unless the two contradict each other; htmldate's search
    before a dateline that only may be one.
    """
    sure = [one for score, one in visible if score >= SURE][:6]
    weak = [one for score, one in visible if LIKELY <= score < SURE][:6]
    by_url = _valid(said, "published", "url", "listing")
    if by_url and by_url[0].moment:
        day = by_url[0].moment.day
        agreeing = [
            one
            for one in sure + weak
            if one.role == "published" and one.moment and abs((one.moment.day - day).days) <= 1
        ]
        agreeing.sort(key=lambda one: one.moment is None or one.moment.day != day)
        return [*agreeing[:1], *said, *sure]
    if _valid(sure, "published", "visible"):
        return [*sure, *said, *weak]
    found, month = _search(page, capture), _url_date(page.url, "month")
    searched = [reader.witness("published", "htmldate", found)] if found else []
    by_month = [reader.witness("published", "url", month)] if month else []
    return [*said, *searched, *sure, *weak, *by_month]


def _choose(said: list[Witness]) -> Dates:
    """The first possible date of each role; an update is never earlier than the publication."""
    evidence = tuple(_evidence(one) for one in said[:EVIDENCE_LIMIT])
    published = next((one for one in said if one.role == "published" and one.moment), None)
    updated = next((one.moment.value for one in said if one.role == "updated" and one.moment), None)
    if published is None or published.moment is None:
        return Dates(updated=updated, evidence=evidence)
    moment = published.moment
    return Dates(
        published=moment.value,
        precision=moment.precision,
        day=moment.day,
        updated=updated if updated and updated > moment.value else None,
        witness=published.source,
        evidence=evidence,
    )


def _evidence(one: Witness) -> DateEvidence:
    if one.moment is None:
        return DateEvidence(role=one.role, source=one.source, raw=one.raw)
    return DateEvidence(
        role=one.role,
        source=one.source,
        raw=one.raw,
        value=one.moment.value,
        precision=one.moment.precision,
    )


def _spoken(page: Page, capture: Capture) -> Iterator[tuple[Role, str, str]]:
    """Role, source and written date of all that is said about the page, the most trusted first."""
    yield from _linked("published", page, "datePublished")
    yield from _named("published", page, BEST_META)
    yield from _microdata(page)
    yield from _named("published", page, PUBLISHED_META)
    yield from _linked("published", page, "dateCreated")
    yield from _linked("updated", page, "dateModified")
    yield from _named("updated", page, UPDATED_META)
    if raw := _url_date(page.url, "day"):
        yield "published", "url", raw
    if capture.listing.published:
        yield "published", f"listing {capture.listing.channel}", capture.listing.published
    if modified := capture.header("Last-Modified"):
        yield "updated", "last-modified", modified


def _linked(role: Role, page: Page, key: str) -> Iterator[tuple[Role, str, str]]:
    if raw := field_text(page.article.get(key), RAW_LIMIT):
        yield role, f"json-ld {key}", raw


def _named(role: Role, page: Page, names: tuple[str, ...]) -> Iterator[tuple[Role, str, str]]:
    for name in names:
        if name in page.meta:
            yield role, f"meta {name}", page.meta[name][0]


def _microdata(page: Page) -> Iterator[tuple[Role, str, str]]:
    roles: tuple[tuple[str, Role], ...] = (
        ("datepublished", "published"),
        ("datemodified", "updated"),
    )
    for element in page.tree.iter("time", "span", "div", "p", "abbr"):
        prop = (element.get("itemprop") or "").lower()
        for name, role in roles:
            if name in prop:
                written = element.get("datetime") or element.get("content") or element.get("title")
                yield (
                    role,
                    f"microdata {name}",
                    (written or element_text(element, RAW_LIMIT))[:RAW_LIMIT],
                )


def _url_date(url: str, precision: str) -> str:
    """The date of that precision which the URL names, as YYYY-MM-DD or YYYY-MM; "" for none."""
    if match := URL_DAY.search(url):
        return f"{match['year']}-{match['month'] or match['m']}-{match['day'] or match['d']}"
    days = named_days(url)
    if days is None or days.precision != precision:
        return ""
    return days.first.isoformat() if precision == "day" else days.first.isoformat()[:7]


def _search(page: Page, capture: Capture) -> str:
    """What htmldate finds in the page, as YYYY-MM-DD; "" for nothing.

    Its extensive search is left alone: it loads the grammar of every language, for 2 seconds a
    process, and makes the first of January out of copyright notices.
    """
    if sum(1 for _ in page.tree.iter()) > SEARCH_LIMIT:
        return ""
    found = find_date(
        page.tree,
        original_date=True,
        extensive_search=False,
        url=page.url or None,
        min_date=EARLIEST.replace(tzinfo=None),
        max_date=_latest(capture).astimezone(UTC).replace(tzinfo=None),
    )
    return str(found or "")
