"""Date texts to moments: ISO and its bent forms, epochs, and written dates of every language.

The one reader of dates: for pages, lists, live blogs and imports.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from crawler.extract.dates.calendars import BUDDHIST, find_other
from crawler.extract.dates.clock import Clock, find_clock
from crawler.extract.dates.order import is_month_first
from crawler.extract.dates.timezones import read_zone
from crawler.extract.dates.written import find_written
from index.article import Precision

TEXT_LIMIT = 120
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
YEAR = r"((?:19|20|25)\d\d)"
ISO = re.compile(rf"(?<!\d){YEAR}\s?([-/.])\s?(\d{{1,2}})\s?\2\s?(\d{{1,2}})(?!\d)")
COMPACT = re.compile(
    rf"(?<!\d){YEAR}(0[1-9]|1[0-2])([0-2]\d|3[01])(?:[T_ ]?([01]\d|2[0-3])([0-5]\d)([0-5]\d)?)?(?!\d)"
)
HAN = re.compile(rf"{YEAR}\s*[年년]\s*(\d{{1,2}})\s*[月월]\s*(\d{{1,2}})\s*[日일号號]?")
NUMERIC = re.compile(rf"(?<!\d)(\d{{1,2}})\s?([./-])\s?(\d{{1,2}})\s?\2\s?({YEAR}|\d\d)(?![\d])")
EPOCH = re.compile(r"(?:/Date\()?(-?\d{9,10})(\d{3}|\d{6}|\d{9})?(?:\.\d+)?(?:[+-]\d{4}\)/|\)/)?")
MONTH_ONLY = re.compile(r"((?:19|20)\d\d)-(\d\d)")
WEEK = re.compile(r"((?:19|20)\d\d)-?W(\d\d)-?([1-7])")
# Years in Chinese numerals, of which papers write whole dates.
NUMERALS = re.compile(
    "[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿]{1,3}日"
)
NUMERAL = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
Found = tuple[int, int, int, tuple[int, int]]
Order = Literal["", "day first", "month first", "either"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What is known of where a date was written: for what its text leaves open.

    `zone` holds for times that name none; `language` and `country` are two-letter codes in lower case,
    `month_first` is the order of 02/03/2023 where it is known, None where language and country decide.
    """

    zone: tzinfo = UTC
    language: str = ""
    country: str = ""
    month_first: bool | None = None


NO_CLUES = Clues()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment in UTC and how exactly it is known; a day or month is at its first second.

    `day` is the calendar day as written, which the offset may part from the day in UTC. `zone` is
    the offset as written (`UTC+03:00`), or else the zone that was asked for; empty if none is known.
    `order` says of a date of numbers which it must have (`day first`), or that it may have `either`.
    """

    value: datetime
    precision: Precision
    day: date
    zone: str = ""
    order: Order = ""


def parse_moment(text: str, clues: Clues = NO_CLUES) -> Moment | None:
    """The first date in a short text, or None.

    An impossible offset or time costs the time, not the date.
    """
    text = _plain(text)
    if whole := EPOCH.fullmatch(text):
        return _from_epoch(int(whole[1]))
    if whole := MONTH_ONLY.fullmatch(text):
        return _day(int(whole[1]), int(whole[2]), 1, "month")
    found, order = _find_day(text, clues)
    if found is None:
        return None
    year, month, day, span = found
    if year in BUDDHIST:
        year -= 543
    whole_day = _day(year, month, day, "day", order)
    return None if whole_day is None else _with_time(whole_day, text, span, clues)


def _plain(text: str) -> str:
    """The text with the digits of any script as 0 to 9."""
    text = unicodedata.normalize("NFKC", text[:TEXT_LIMIT]).strip()
    if not text.isascii():
        text = "".join(
            char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char))
            for char in text
        )
        if NUMERALS.search(text):
            text = NUMERALS.sub(lambda one: _in_digits(one[0]), text)
    return text


def _in_digits(text: str) -> str:
    """A date in Chinese numerals as one in digits: 二〇二三年二月四日."""
    year, rest = text.split("年")
    month, rest = rest.split("月")
    return (
        "".join(str(NUMERAL[char]) for char in year)
        + f"年{_numeral(month)}月{_numeral(rest.removesuffix('日'))}日"
    )


def _numeral(text: str) -> int:
    tens, ten, ones = text.replace("廿", "二十").rpartition("十")
    return (NUMERAL.get(tens, 1) * 10 if ten else 0) + NUMERAL.get(ones, 0)


def _find_day(text: str, clues: Clues) -> tuple[Found | None, Order]:
    """Year, month, day and the span of the date in the text, and its order if it is of numbers."""
    if match := ISO.search(text):
        return (int(match[1]), int(match[3]), int(match[4]), match.span()), ""
    if match := HAN.search(text):
        return (int(match[1]), int(match[2]), int(match[3]), match.span()), ""
    if match := WEEK.search(text):
        return _of_week(match), ""
    if match := NUMERIC.search(text):
        return _numeric(match, clues)
    if match := COMPACT.search(text):
        return (int(match[1]), int(match[2]), int(match[3]), match.span()), ""
    written = find_written(text, clues.language)
    if written is None or written[0] < 1900:
        written = find_other(text, clues.language, clues.country)
    return written, ""


def _of_week(match: re.Match[str]) -> Found | None:
    try:
        day = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day.year, day.month, day.day, match.span()


def _numeric(match: re.Match[str], clues: Clues) -> tuple[Found, Order]:
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    if second > 12:
        return (year, first, second, match.span()), "month first"
    if first > 12:
        return (year, second, first, match.span()), "day first"
    swapped = match[2] != "." and is_month_first(clues.month_first, clues.language, clues.country)
    either: Order = "" if first == second else "either"
    month, day = (first, second) if swapped else (second, first)
    return (year, month, day, match.span()), either


def _with_time(whole: Moment, text: str, span: tuple[int, int], clues: Clues) -> Moment:
    """The day with the time that is behind it, else before it."""
    compact = COMPACT.match(text, span[0])
    if compact is not None and compact[4]:
        clock: Clock | None = Clock(
            hour=int(compact[4]),
            minute=int(compact[5]),
            second=int(compact[6] or 0),
            exact=compact[6] is not None,
            end=compact.end(),
        )
    else:
        clock = _clock_beside(text, span, clues.language)
    if clock is None:
        return whole
    named = read_zone(text[clock.end : clock.end + 40], clues.country)
    midnight = not (clock.hour or clock.minute or clock.second)
    if midnight and not (clock.halved and named):  # else a day whose time was left at zero
        return whole
    zone = named or clues.zone
    known = str(zone) if named or clues.zone is not UTC else ""
    try:
        local = whole.value.replace(
            hour=clock.hour, minute=clock.minute, second=clock.second, tzinfo=zone
        )
        value = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return whole
    precision: Precision = "second" if clock.exact else "minute"
    offset = local.utcoffset() or timedelta()
    if named and offset:
        known = f"UTC{'-' if offset < timedelta() else '+'}{_hours(abs(offset))}"
    return Moment(value=value, precision=precision, day=whole.day, zone=known, order=whole.order)


def _clock_beside(text: str, span: tuple[int, int], language: str) -> Clock | None:
    """The time behind a date, amid it (`Sat Feb 04 10:15:30 +0000 2023`) or before it."""
    blanked = text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]
    if (behind := find_clock(" " * span[1] + text[span[1] :], language)) is not None:
        return behind
    inside = re.search(r"\d{1,2}:\d\d(?::\d\d)?", text[span[0] : span[1]])
    if inside is not None:
        start = span[0] + inside.start()
        return find_clock(" " * start + text[start : span[1]], language)
    return find_clock(blanked, language)


def _hours(delta: timedelta) -> str:
    minutes = int(delta.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _from_epoch(seconds: int) -> Moment | None:
    try:
        value = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Moment(value=value, precision="second", day=value.date(), zone="UTC")


def _day(year: int, month: int, day: int, precision: Precision, order: Order = "") -> Moment | None:
    try:
        value = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    return Moment(value=value, precision=precision, day=value.date(), order=order)
