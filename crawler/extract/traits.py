"""What a page shows of its outlet's habits, without regard to what is known of the outlet already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from zlib import crc32
from zoneinfo import ZoneInfo

from crawler.extract.authors.places import places_of
from crawler.extract.dates import Dates
from crawler.extract.fields import read_section, read_site_name
from crawler.extract.page import Page
from crawler.extract.page.decode import sure_charset
from crawler.extract.page.walk import Walk
from crawler.extract.text import fold
from index.article import DateEvidence
from index.capture import Capture
from index.habits.values import DateOrder, Traits

TITLE, HEADINGS, NAMES, MOMENTS = 300, 5, 6, 4
ELEMENTS, SKETCH, LEAST_CLASSES = 4_000, 48, 6
FRAME = frozenset(
    {"div", "section", "header", "article", "main", "nav", "footer", "aside", "ul", "h1", "p"}
)
# Names that a build makes up again (`sc-1x2f3`) say nothing of a template.
CLASS = re.compile(r"[a-z][a-z_-]{2,30}")
OFFSET = re.compile(r"UTC([+-])(\d\d):(\d\d)")
NUMBERS = re.compile(r"\D*(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(?:19|20)\d\d(?!\d)")
EAST, WEST, QUARTER = 14 * 60, -12 * 60, 15
SETTLED = re.compile(r"\((day|month) first, by ")


def read_traits(
    page: Page, capture: Capture, dates: Dates, heard: Mapping[str, Sequence[str]]
) -> Traits:
    """The traits of a page but its language; asked before anything is cut out of its tree.

    `heard` are the authors by witness.
    """
    markup = (name for who in ("json-ld", "meta", "microdata") for name in heard.get(who, ()))
    named = tuple(dict.fromkeys(markup))[:NAMES]
    bylined = tuple(heard.get("byline", ()))[:NAMES]
    shown: tuple[str, ...] = ()
    if named:
        text = fold(page.walk.text)
        shown = tuple(name for name in named if fold(name) in text)
    country = page.url.partition("//")[2].partition("/")[0].rpartition(".")[2]
    titles = dict.fromkeys(text[:TITLE] for text in (page.title, page.first("og:title")) if text)
    return Traits(
        titles=tuple(titles),
        headings=tuple(heading[:TITLE] for heading in page.headings[:HEADINGS]),
        name=read_site_name(page),
        section=read_section(page),
        charset=sure_charset(capture.body, capture.header("Content-Type"), country=country),
        offsets=tuple(dict.fromkeys(_offsets(dates.evidence)))[:MOMENTS],
        order=_order(dates.evidence),
        named=named,
        shown=shown,
        bylined=bylined,
        signed=places_of(page.walk, (*shown, *bylined)),
        template=sketch(page.walk),
    )


def sketch(walk: Walk) -> tuple[int, ...]:
    """The least hashes of the class names of a page's frame: like pages share most; () for too few names.

    A bottom-k sketch (Cohen and Kaplan, 2007), of 48 hashes.
    """
    framed = (name for tag, name in zip(walk.tags, walk.classes, strict=True) if tag in FRAME)
    labels = {name[:300] for name in islice(framed, ELEMENTS)}
    names = set(filter(CLASS.fullmatch, chain.from_iterable(map(str.split, labels))))
    if len(names) < LEAST_CLASSES:
        return ()
    return tuple(sorted(crc32(name.encode()) for name in names)[:SKETCH])


def _offsets(evidence: Sequence[DateEvidence]) -> Iterator[tuple[str, int]]:
    """Moments that the page gives with the offset of its clock, or once in UTC and once by that clock."""
    exact = [
        (one, one.value)
        for one in evidence
        if one.role != "seen" and one.value and one.precision in ("second", "minute")
    ]
    for one, value in exact:
        if not one.source.startswith("listing") and (match := OFFSET.fullmatch(one.zone)):
            minutes = int(match[2]) * 60 + int(match[3])
            yield _moment(value), minutes if match[1] == "+" else -minutes
    shown = [(one.role, _written(one)) for one, _ in exact if one.source.startswith("visible")]
    for one, value in exact:
        if one.zone != "UTC" or one.source.startswith(("visible", "last-modified")):
            continue
        for role, written in shown:
            if role != one.role or written is None:
                continue
            apart = written - value.replace(tzinfo=None, second=0, microsecond=0)
            minutes, rest = divmod(apart, timedelta(minutes=1))
            if not rest and minutes % QUARTER == 0 and WEST <= minutes <= EAST:
                yield _moment(value), minutes


def _written(one: DateEvidence) -> datetime | None:
    """A visible time as it is in the page; None if it names an offset of its own."""
    if one.value is None or OFFSET.fullmatch(one.zone):
        return None
    try:
        zone = ZoneInfo(one.zone) if one.zone and one.zone != "UTC" else UTC
    except (KeyError, ValueError, OSError):
        return None
    return one.value.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _order(evidence: Sequence[DateEvidence]) -> DateOrder:
    """The order of the page's dates of numbers, where a number over 12 or another date bears it out."""
    found: set[DateOrder] = set()
    for one in evidence:
        if one.value is None or not one.source.startswith(("visible", "json-ld", "meta", "micro")):
            continue
        if match := SETTLED.search(one.source):
            found.add("day-first" if match[1] == "day" else "month-first")
        elif numbers := NUMBERS.match(one.raw):
            first, second = int(numbers[1]), int(numbers[2])
            if first > 12 >= second:
                found.add("day-first")
            elif second > 12 >= first:
                found.add("month-first")
    return found.pop() if len(found) == 1 else ""
