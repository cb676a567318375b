"""Date texts to moments: ISO and its bent forms, epochs, and written dates of many languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

from index.article import Precision

TEXT_LIMIT = 120
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LOCALES = (
    "en", "es", "pt", "fr", "de", "de_AT", "it", "nl", "pl", "ru", "uk", "tr", "cs", "ro", "el", "hu",
    "sv", "da", "nb", "fi", "bg", "sr", "hr", "ca", "id", "vi", "th", "hi", "ar", "ar_SY", "he", "af", "sw",
)  # fmt: skip
EXTRA_MONTHS = {"sept": 9, "setiembre": 9, "set": 9, "mär": 3, "maerz": 3, "feber": 2, "jänner": 1}
# Hours from UTC of the abbreviations that news sites write after a time. Those that mean different
# zones in different countries (IST, CST, BST in Asia) are left out.
ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "et": -5, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "brt": -3, "art": -3, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "мск": 3, "wib": 7, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10,
    "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip

TIME = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])\s*(?:[:.h时時]|h |uhr )\s*([0-5]\d)(?:\s*[:分]\s*([0-5]\d)(?:[.,]\d{1,9})?)?"
    r"\s*(a\.?m\.?|p\.?m\.?)?"
    r"|(?<!\d)(1[0-2]|0?[1-9])\s*(a\.?m\.?|p\.?m\.?)\b",
    re.IGNORECASE,
)
OFFSET = re.compile(r"\s*\(?(?:(?:utc|gmt)\s*)?([+-])\s*(\d{1,2}):?(\d\d)?(?!\d)", re.IGNORECASE)
ZONE_NAME = re.compile(
    rf"\s*\(?({'|'.join(sorted(ZONES, key=len, reverse=True))})(?!\w)", re.IGNORECASE
)
YEAR = r"((?:19|20|25)\d\d)"
ISO = re.compile(rf"(?<!\d){YEAR}\s?([-/.])\s?(\d{{1,2}})\s?\2\s?(\d{{1,2}})(?!\d)")
COMPACT = re.compile(
    rf"(?<!\d){YEAR}(0[1-9]|1[0-2])([0-2]\d|3[01])(?:[T_ ]?([01]\d|2[0-3])([0-5]\d)([0-5]\d)?)?(?!\d)"
)
HAN = re.compile(rf"{YEAR}\s*[年년]\s*(\d{{1,2}})\s*[月월]\s*(\d{{1,2}})\s*[日일号]?")
NUMERIC = re.compile(rf"(?<!\d)(\d{{1,2}})\s?([./-])\s?(\d{{1,2}})\s?\2\s?({YEAR}|\d\d)(?![\d])")
EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?")
MONTH_ONLY = re.compile(r"((?:19|20)\d\d)-(\d\d)")
ARABIC_DIGITS = {ord(digit): str(number) for number, digit in enumerate("٠١٢٣٤٥٦٧٨٩")}
AFTERNOON = re.compile(r"오후|下午|午後|晚上|बजे शाम")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment in UTC and how exactly it is known; a day or month stands at its first second.

    `day` is the calendar day as written, which the offset may part from the day in UTC. `zone` is
    the offset as written (`UTC+03:00`), else the zone that was asked for; empty where none is known.
    """

    value: datetime
    precision: Precision
    day: date
    zone: str = ""


def find_zone(name: str) -> tzinfo:
    """The zone of that IANA name; UTC when there is none."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def parse_moment(text: str, *, zone: tzinfo = UTC, month_first: bool = False) -> Moment | None:
    """The first date in a short text, or None. `zone` holds for times that name none.

    `month_first` decides 02/03/2023. An impossible offset or time costs the time, not the date.
    """
    text = unicodedata.normalize("NFKC", text[:TEXT_LIMIT]).strip().translate(ARABIC_DIGITS)
    if whole := EPOCH.fullmatch(text):
        return _from_epoch(int(whole[1]))
    if whole := MONTH_ONLY.fullmatch(text):
        return _day(int(whole[1]), int(whole[2]), 1, "month")
    found = _find_day(text, month_first)
    if found is None:
        return None
    year, month, day, span = found
    return _with_time(year, month, day, text, span, zone)


def _find_day(text: str, month_first: bool) -> tuple[int, int, int, tuple[int, int]] | None:
    """Year, month, day and the span of the date in the text."""
    if match := ISO.search(text):
        return int(match[1]), int(match[3]), int(match[4]), match.span()
    if match := HAN.search(text):
        return int(match[1]), int(match[2]), int(match[3]), match.span()
    if match := NUMERIC.search(text):
        return _numeric(match, month_first)
    if match := COMPACT.search(text):
        return int(match[1]), int(match[2]), int(match[3]), match.span()
    return _written(text)


def _numeric(match: re.Match[str], month_first: bool) -> tuple[int, int, int, tuple[int, int]]:
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    swapped = (month_first and match[2] == "/" and second <= 31 and first <= 12) or second > 12
    return (year, first, second, match.span()) if swapped else (year, second, first, match.span())


def _written(text: str) -> tuple[int, int, int, tuple[int, int]] | None:
    for pattern in _written_patterns():
        if match := pattern.search(text):
            month = month_names()[_key(match["month"])]
            return int(match["year"]), month, int(match["day"]), match.span()
    return None


@cache
def month_names() -> dict[str, int]:
    """Month names and abbreviations of CLDR for the languages of LOCALES, folded, to 1–12."""
    names = dict(EXTRA_MONTHS)
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    if not any(map(str.isdigit, name)) and len(_key(name)) > 1:
                        names.setdefault(_key(name), number)
    return names


@cache
def _written_patterns() -> tuple[re.Pattern[str], ...]:
    """Day, month and year in the orders in use, with any known month name."""
    names = "|".join(re.escape(name) for name in sorted(month_names(), key=len, reverse=True))
    # The Levant writes both names of a month: نيسان / أبريل.
    month, year = (
        rf"(?P<month>{names})(?!\w)\.?(?:\s*/\s*[^\W\d_]+)?",
        r"(?P<year>(?:19|20|25)\d\d)(?!\d)",
    )
    day = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
    orders = (
        rf"{day}[\s.,\-/]*(?:de\s|of\s|d['’])?\s*{month}[\s.,\-/]*(?:del?\s|of\s)?\s*{year}",
        rf"(?<!\w){month}\s*{day}(?!\d)\s*,?\s*{year}",
        rf"{year}\.?\s*{month}\s*{day}(?!\d)",
        rf"(?<!\w){month}\s+{day}(?=(?P<time>\s+[\d:]{{5,8}})\s+(?:[A-Z]{{2,5}}\s+)?{year})",  # Java's
    )
    return tuple(re.compile(order, re.IGNORECASE) for order in orders)


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).lower().strip(" .")


def _with_time(
    year: int, month: int, day: int, text: str, span: tuple[int, int], zone: tzinfo
) -> Moment | None:
    if 2500 < year < 2600:  # the Buddhist era of Thai sites
        year -= 543
    whole = _day(year, month, day, "day")
    clock = TIME.search(text, span[1]) or TIME.search(text[: span[0]])
    compact = COMPACT.search(text)
    if whole is None:
        return None
    if compact is not None and compact[4]:
        hour, minute, second, after = (
            int(compact[4]),
            int(compact[5]),
            int(compact[6] or 0),
            compact.end(),
        )
        precision: Precision = "second" if compact[6] else "minute"
    elif clock is not None:
        hour, minute, second, after = _clock(clock, text)
        precision = "second" if clock[3] else "minute"
    else:
        return whole
    if not (hour or minute or second):  # midnight sharp is a day without a time
        return whole
    offset = _offset(text[after : after + 20])
    known = str(offset or zone) if offset or zone is not UTC else ""
    return _at(whole, hour, minute, second, offset or zone, precision, known)


def _at(
    whole: Moment,
    hour: int,
    minute: int,
    second: int,
    zone: tzinfo,
    precision: Precision,
    known: str,
) -> Moment:
    try:
        local = whole.value.replace(hour=hour, minute=minute, second=second, tzinfo=zone)
        return Moment(value=local.astimezone(UTC), precision=precision, day=whole.day, zone=known)
    except (ValueError, OverflowError):
        return whole


def _clock(match: re.Match[str], text: str) -> tuple[int, int, int, int]:
    hour, half = int(match[1] or match[5]), (match[4] or match[6] or "").lower()
    if (half.startswith("p") or AFTERNOON.search(text)) and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return hour, int(match[2] or 0), int(match[3] or 0), match.end()


def _offset(text: str) -> tzinfo | None:
    if match := OFFSET.match(text):
        delta = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if delta <= timedelta(hours=14):
            return timezone(-delta if match[1] == "-" else delta) if delta else UTC
        return None
    if match := ZONE_NAME.match(text):
        hours = ZONES[match[1].lower()]
        return timezone(timedelta(hours=hours)) if hours else UTC
    return None


def _from_epoch(seconds: int) -> Moment | None:
    value = datetime.fromtimestamp(seconds, UTC)
    return Moment(value=value, precision="second", day=value.date(), zone="UTC")


def _day(year: int, month: int, day: int, precision: Precision) -> Moment | None:
    try:
        return Moment(
            value=datetime(year, month, day, tzinfo=UTC),
            precision=precision,
            day=date(year, month, day),
        )
    except ValueError:
        return None
