"""The days a URL names: an article's day in its path, an archive's month in a sitemap's name."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from crawler.refusal import Refusal
from crawler.urls.parts import query_pairs, read_url, split_pair

_YEAR = r"(?<!\d)(?P<year>(?:199|20\d)\d)"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_NUMERIC = (
    re.compile(_YEAR + r"(?P<sep>[-/_.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)"),
    re.compile(_YEAR + r"(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(_YEAR + r"[-/_.](?P<month>\d{1,2})(?!\d)"),
    re.compile(_YEAR + r"(?P<month>0[1-9]|1[0-2])(?!\d)"),
)
_NAMED = (
    re.compile(_YEAR + r"[-/_](?P<name>[a-z]{3,9})(?:[-/_](?P<day>\d{1,2}))?(?![\da-z])"),
    re.compile(r"(?<![a-z])(?P<name>[a-z]{3,9})[-/_]" + _YEAR + r"(?!\d)"),
)
_YEAR_ALONE = re.compile(_YEAR + r"(?!\d)")
_YEAR_NAMES = ("yyyy", "year", "y", "jahr", "annee")
_MONTH_KEYS = ("mm", "month", "m", "monat", "mois")
_DAY_KEYS = ("dd", "day", "d", "tag", "jour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A stretch of days, both ends included; `precision` is what was named: day, month or year."""

    first: date
    last: date
    precision: str


def named_days(url: str) -> Days | None:
    """The day, month or year that a URL's path or query names, the finest first; None if none.

    Only 1990 to 2099. A year alone may as well be a number (`sitemap-2010.xml`): the caller
    decides what to make of that precision.
    """
    parts = read_url(url)
    if isinstance(parts, Refusal):
        return None
    from_query = _of_query(parts.query)
    if from_query is not None:
        return from_query
    return _of_text(unquote(parts.path).lower())


def _of_text(text: str) -> Days | None:
    for pattern in _NUMERIC:
        for found in pattern.finditer(text):
            named = found.groupdict()
            if days := _days(named["year"], named["month"], named.get("day")):
                return days
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            month = _month_number(found["name"])
            if month and (days := _days(found["year"], month, found.groupdict().get("day"))):
                return days
    alone = _YEAR_ALONE.search(text)
    return _days(alone["year"], None, None) if alone else None


def _of_query(query: str) -> Days | None:
    if not query:
        return None
    values = dict(map(split_pair, query_pairs(query)))
    year = _number_of(values, _YEAR_NAMES)
    if year and re.fullmatch(r"(?:199|20\d)\d", year):
        return _days(year, _number_of(values, _MONTH_KEYS), _number_of(values, _DAY_KEYS))
    dated = (
        _of_text(value)
        for value in values.values()
        if _NUMERIC[0].search(value) or _NUMERIC[1].search(value)
    )
    return next(filter(None, dated), None)


def _number_of(values: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((values[name] for name in names if values.get(name, "").isdecimal()), None)


def _month_number(name: str) -> str | None:
    place = _MONTHS.find(name[:3])
    return str(place // 4 + 1) if place >= 0 and place % 4 == 0 else None


def _days(year: str, month: str | None, day: str | None) -> Days | None:
    try:
        if month is None:
            return Days(first=date(int(year), 1, 1), last=date(int(year), 12, 31), precision="year")
        if day is None:
            end = monthrange(int(year), int(month))[1]
            first, last = date(int(year), int(month), 1), date(int(year), int(month), end)
            return Days(first=first, last=last, precision="month")
        only = date(int(year), int(month), int(day))
        return Days(first=only, last=only, precision="day")
    except ValueError:
        return None
