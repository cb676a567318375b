"""Dates as people write them → periods: a start is the earliest it can mean, an end the latest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from index.errors import UsageError

Bounds = tuple[datetime | None, datetime | None]

_HINT = "dates look like 2023-02-04, 2023-02, 7d, today, 2023-02-01..2023-02-10"
_HINT_ONE = "a date looks like 2023-02-04, 2023-02-04T12:00, 2023-02, 7d, today"
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_EARLIEST = datetime(1000, 1, 2, tzinfo=UTC)

_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = {
    name[:length]: number
    for number, name in enumerate(_MONTH_NAMES, start=1)
    for length in (3, 4, len(name))
}
_WEEKDAYS = {
    name[:length]: number for number, name in enumerate(_DAY_NAMES) for length in (3, len(name))
}
_UNITS = {"min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}


@dataclass(frozen=True, slots=True)
class _Span:
    """What an expression covers: `first <= moment < last`; `recent` reaches from there to now."""

    first: datetime
    last: datetime
    recent: bool = False


@dataclass(frozen=True, slots=True)
class _Clock:
    """The moment and the zone in which relative dates and whole days are counted."""

    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def days(self, first: date, after: date) -> _Span:
        return _Span(self.midnight(first), self.midnight(after))


def parse_period(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> Bounds:
    """The period that `text` names, as UTC bounds `start <= moment < end`; None is open.

    Days, weeks, months and years are whole ones in `zone`. `A..B`, `A..`, `..B`, `>A`, `>=A`,
    `<A`, `<=A`, one date, or a span that reaches to today (`7d`, `"last 2 weeks"`). `*` is any
    date. Raises `UsageError`.
    """
    clock = _clock(now, zone)
    try:
        start, end = _bounds(" ".join(text.replace("…", "..").casefold().split()), clock)
    except (OverflowError, ValueError) as error:
        raise UsageError(f"no such date: {text}", hint=_HINT) from error
    if start is not None and end is not None and start >= end:
        raise UsageError(f"the period ends before it begins: {text}", hint=_HINT)
    return start, end


def parse_since(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> datetime:
    """The earliest moment that `text` can mean; raises `UsageError`."""
    return _one(text, now, zone).first


def parse_until(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> datetime:
    """The first moment after the latest that `text` can mean; raises `UsageError`."""
    return _one(text, now, zone).last


def parse_moment(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> datetime:
    """The moment to look back to that `text` means: a minute's beginning, but a day's end.

    So it is of months and years; what has not ended yet means now. Raises `UsageError`.
    """
    span = _one(text, now, zone)
    if span.last - span.first < timedelta(hours=1):
        return span.first
    return min(span.last - timedelta(microseconds=1), _clock(now, zone).now)


def write_period(start: datetime | None, end: datetime | None, zone: tzinfo = UTC) -> str:
    """The inverse of `parse_period` in the same zone: days where both bounds are midnights."""
    if start is None and end is None:
        return "*"
    if start is not None and end is not None and end == _next_midnight(start, zone):
        return _write_first(start, zone)
    first = "" if start is None else _write_first(start, zone)
    last = "" if end is None else _write_last(end, zone)
    return f"{first}..{last}"


def _clock(now: datetime | None, zone: tzinfo) -> _Clock:
    moment = datetime.now(UTC) if now is None else now.astimezone(UTC)
    return _Clock(moment.replace(microsecond=0), zone)


def _one(text: str, now: datetime | None, zone: tzinfo) -> _Span:
    try:
        return _read(" ".join(text.casefold().split()), _clock(now, zone))
    except (OverflowError, ValueError) as error:
        raise UsageError(f"no such date: {text}", hint=_HINT_ONE) from error


def _bounds(text: str, clock: _Clock) -> Bounds:
    if text == "*":
        return None, None
    if ".." in text:
        left, _, right = text.partition("..")
        if not left.strip() and not right.strip():
            raise ValueError(text)
        start = _read(left.strip(), clock).first if left.strip() else None
        end = _read(right.strip(), clock).last if right.strip() else None
        return start, end
    if comparison := re.match(r"([<>])(=?)\s*(.+)", text):
        return _compared(comparison[1], bool(comparison[2]), _read(comparison[3], clock))
    span = _read(text, clock)
    return span.first, _latest(clock, span) if span.recent else span.last


def _compared(sign: str, equal: bool, span: _Span) -> Bounds:
    if sign == ">":
        return (span.first if equal else span.last), None
    return None, (span.last if equal else span.first)


def _latest(clock: _Clock, span: _Span) -> datetime:
    if span.last - span.first < timedelta(hours=1):
        return clock.now + _SECOND
    return clock.midnight(clock.today + _DAY)


def _read(text: str, clock: _Clock) -> _Span:
    for pattern, reader in _readers():
        if found := pattern.fullmatch(text):
            span = reader(found, clock)
            if span.first >= _EARLIEST:
                return span
    raise ValueError(text)


def _read_date(found: re.Match[str], clock: _Clock) -> _Span:
    year, month, day = int(found["year"]), found["month"], found["day"]
    if month is None:
        return clock.days(date(year, 1, 1), date(year + 1, 1, 1))
    if day is None:
        return clock.days(date(year, int(month), 1), _month_on(date(year, int(month), 1), 1))
    whole = date(year, int(month), int(day))
    return clock.days(whole, whole + _DAY)


def _read_moment(found: re.Match[str], clock: _Clock) -> _Span:
    offset, fraction = found["offset"], found["fraction"]
    stamp = f"{found['date']}T{found['clock']}{fraction or ''}{(offset or '').upper()}"
    moment = datetime.fromisoformat(stamp)
    first = (moment if offset else moment.replace(tzinfo=clock.zone)).astimezone(UTC)
    if fraction:
        return _Span(first, first + timedelta(microseconds=1))
    return _Span(first, first + (_SECOND if found["second"] else timedelta(minutes=1)))


def _read_week_number(found: re.Match[str], clock: _Clock) -> _Span:
    monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    return clock.days(monday, monday + 7 * _DAY)


def _read_named_day(found: re.Match[str], clock: _Clock) -> _Span:
    first = clock.today - (_DAY if found[0] == "yesterday" else timedelta())
    return clock.days(first, first + _DAY)


def _read_now(_found: re.Match[str], clock: _Clock) -> _Span:
    return _Span(clock.now, clock.now + _SECOND)


def _read_weekday(found: re.Match[str], clock: _Clock) -> _Span:
    """The newest such day that has begun; `last` leaves today out."""
    back = (clock.today.weekday() - _WEEKDAYS[found["name"]]) % 7
    if found["last"] and back == 0:
        back = 7
    first = clock.today - back * _DAY
    return clock.days(first, first + _DAY)


def _read_calendar_unit(found: re.Match[str], clock: _Clock) -> _Span:
    """A week, month or year of the calendar (`last month`); weeks start on Monday."""
    steps = -1 if found[1] == "last" else 0
    today = clock.today
    if found[2] == "week":
        first = today + timedelta(days=7 * steps - today.weekday())
        return clock.days(first, first + 7 * _DAY)
    if found[2] == "month":
        first = _month_on(today.replace(day=1), steps)
        return clock.days(first, _month_on(first, 1))
    return clock.days(date(today.year + steps, 1, 1), date(today.year + steps + 1, 1, 1))


def _read_month(found: re.Match[str], clock: _Clock) -> _Span:
    """A named month, with a day and a year if given; without a year the newest that has begun."""
    month, day = _MONTHS[found["name"]], found["day"]
    wanted = date(int(found["year"] or clock.today.year), month, int(day or 1))
    if found["year"] is None and wanted > clock.today:
        wanted = wanted.replace(year=wanted.year - 1)
    return clock.days(wanted, wanted + _DAY if day else _month_on(wanted, 1))


def _read_ago(found: re.Match[str], clock: _Clock) -> _Span:
    """`7d`, `3 hours ago`, `last 2 weeks`: the day (or the second) so long ago."""
    count, unit = int(found["count"]), _UNITS.get(found["unit"], found["unit"])
    recent = not found["ago"]
    if unit in ("minute", "hour"):
        moment = clock.now - timedelta(**{f"{unit}s": count})
        return _Span(moment, moment + _SECOND, recent=recent)
    first = _days_back(clock.today, count, unit)
    span = clock.days(first, first + _DAY)
    return _Span(span.first, span.last, recent=recent)


def _days_back(today: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    month = _month_on(today.replace(day=1), -count * (12 if unit == "year" else 1))
    return min(month + timedelta(days=today.day - 1), _month_on(month, 1) - _DAY)


def _month_on(first: date, months: int) -> date:
    """The first day of the month so many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _next_midnight(start: datetime, zone: tzinfo) -> datetime | None:
    local = start.astimezone(zone)
    if local.time() != time():
        return None
    return datetime.combine(local.date() + _DAY, time(), zone).astimezone(UTC)


def _write_first(start: datetime, zone: tzinfo) -> str:
    return _write_day(start, zone) or _write_moment(start)


def _write_last(end: datetime, zone: tzinfo) -> str:
    local = end.astimezone(zone)
    if _write_day(end, zone):
        return (local.date() - _DAY).isoformat()
    if end.microsecond:
        return _write_moment(end - timedelta(microseconds=1), "microseconds")
    return _write_moment(end - _SECOND)


def _write_day(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    midnight = datetime.combine(local.date(), time(), zone).astimezone(UTC)
    return local.date().isoformat() if midnight == moment else ""


def _write_moment(moment: datetime, precision: str = "auto") -> str:
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SPELLINGS: tuple[tuple[str, Callable[[re.Match[str], _Clock], _Span]], ...] = (
    (r"(?P<year>\d{4})(?:[-/](?P<month>\d\d?)(?:[-/](?P<day>\d\d?))?)?", _read_date),
    (
        r"(?P<date>\d{4}-\d\d-\d\d)[t ](?P<clock>\d\d:\d\d(?P<second>:\d\d)?)"
        r"(?P<fraction>\.\d{1,6})? ?(?P<offset>z|[+-]\d\d:?\d\d)?",
        _read_moment,
    ),
    (r"(\d{4})-?w(\d\d?)", _read_week_number),
    (r"today|yesterday", _read_named_day),
    (r"now", _read_now),
    (rf"(?P<last>last )?(?P<name>{'|'.join(_WEEKDAYS)})", _read_weekday),
    (r"(this|last) (week|month|year)", _read_calendar_unit),
    (
        rf"(?:(?P<day>\d\d?)(?:st|nd|rd|th)? )?(?P<name>{_NAMES})\.?(?:,? (?P<year>\d{{4}}))?",
        _read_month,
    ),
    (
        rf"(?P<name>{_NAMES})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?",
        _read_month,
    ),
    (
        r"(?:(?:the )?(?:last|past) )?(?P<count>\d{1,5}) ?"
        r"(?P<unit>minute|min|hour|h|day|d|week|w|month|mo|year|y)s?(?P<ago> ago)?",
        _read_ago,
    ),
)


@cache
def _readers() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Clock], _Span]], ...]:
    """Each spelling with who reads it; compiled for the first date, since most queries have none."""
    return tuple((re.compile(pattern, re.ASCII), reader) for pattern, reader in _SPELLINGS)
