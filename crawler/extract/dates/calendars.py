"""Dates of other calendars to Gregorian ones: Jalali, Hijri, Buddhist, Minguo and the Japanese eras."""

from __future__ import annotations

import re
from datetime import date

from crawler.extract.dates.cldr_names import fold_name

Found = tuple[int, int, int, tuple[int, int]]

JALALI = (
    "فروردین|حمل|وری", "اردیبهشت|ثور|غویی", "خرداد|جوزا|غبرګولی", "تیر|سرطان|چنګاښ", "مرداد|اسد|زمری",
    "شهریور|سنبله|وږی", "مهر|میزان|تله", "آبان|عقرب|لړم", "آذر|قوس|لیندۍ", "دی|جدی|مرغومی",
    "بهمن|دلو|سلواغه", "اسفند|حوت|کب",
)  # fmt: skip
HIJRI = (
    "محرم|muharram", "صفر|safar", "ربيع الأول|ربیع الاول|rabi al-awwal",
    "ربيع الآخر|ربيع الثاني|ربیع الثانی|rabi al-thani",
    "جمادى الأولى|جمادی الاول|jumada al-awwal", "جمادى الآخرة|جمادى الثانية|جمادی الثانی|jumada al-thani",
    "رجب|rajab", "شعبان|shaban", "رمضان|ramadan|ramazan", "شوال|shawwal",
    "ذو القعدة|ذی القعدہ|dhu al-qidah",
    "ذو الحجة|ذی الحجہ|dhu al-hijjah",
)  # fmt: skip
SOLAR_LANGUAGES, SOLAR_COUNTRIES = (
    frozenset({"fa", "ps", "prs", "mzn", "lrc"}),
    frozenset({"ir", "af"}),
)
LUNAR_LANGUAGES = frozenset({"ar", "ur", "sd", "ug"})
JAPANESE_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
ERA_DATE = re.compile(
    r"(令和|平成|昭和|大正|明治)\s*(\d{1,2}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
ERA_SHORT = re.compile(r"(?<![A-Za-z])([RHS])\.?(\d{1,2})[./](\d{1,2})[./](\d{1,2})(?!\d)")
SHORT_ERAS = {"R": 2018, "H": 1988, "S": 1925}
MINGUO = re.compile(
    r"(?:中華)?民國\s*(\d{2,3})\s*[年/.\-]\s*(\d{1,2})\s*[月/.\-]\s*(\d{1,2})"
    r"|(?<!\d)(1[0-2]\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
OLD_NUMERIC = re.compile(
    r"(?<!\d)(1[34]\d\d)\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)"
    r"|(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\6\s?(1[34]\d\d)(?!\d)"
)
YEAR = r"(?P<year>1[34]\d\d)(?!\d)"
DAY = r"(?<!\d)(?P<day>\d{1,2})"
BUDDHIST = range(2490, 2620)


def _written(months: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(
        f"(?P<m{number}>{names})" for number, names in enumerate(map(_folded, months), 1)
    )
    return re.compile(rf"{DAY}\s*(?:{names})[\s،,]+(?:ماه|سال)?\s*{YEAR}|(?!)", re.IGNORECASE)


def _folded(names: str) -> str:
    return "|".join(map(fold_name, names.split("|")))


JALALI_DATE, HIJRI_DATE = _written(JALALI), _written(HIJRI)


def find_other(text: str, language: str = "", country: str = "") -> Found | None:
    """The Gregorian year, month and day of the first date of another calendar, and its span.

    `text` has ASCII digits. A date of numbers alone is read so only where the language or country
    keeps that calendar.
    """
    if match := ERA_DATE.search(text):
        years = 1 if match[2] == "元" else int(match[2])
        return JAPANESE_ERAS[match[1]] + years, int(match[3]), int(match[4]), match.span()
    if language == "ja" and (match := ERA_SHORT.search(text)):
        return SHORT_ERAS[match[1]] + int(match[2]), int(match[3]), int(match[4]), match.span()
    if (match := MINGUO.search(text)) and (match[1] or language.startswith("zh")):
        year, month, day = (int(match[1 + part] or match[4 + part]) for part in range(3))
        return 1911 + year, month, day, match.span()
    return _arabic(text, language, country)


def _arabic(text: str, language: str, country: str) -> Found | None:
    if not re.search(r"(?<!\d)1[34]\d\d(?!\d)", text):
        return None
    folded = fold_spans(text)
    if match := JALALI_DATE.search(folded):
        return _converted(
            "jalali", int(match["year"]), _month_of(match), int(match["day"]), match.span()
        )
    if match := HIJRI_DATE.search(folded):
        return _converted(
            "hijri", int(match["year"]), _month_of(match), int(match["day"]), match.span()
        )
    match = OLD_NUMERIC.search(text)
    solar = language in SOLAR_LANGUAGES or country in SOLAR_COUNTRIES
    if match is None or not (solar or language in LUNAR_LANGUAGES):
        return None
    parts = (match[1], match[3], match[4]) if match[1] else (match[8], match[7], match[5])
    year, month, day = map(int, parts)
    return _converted("jalali" if solar else "hijri", year, month, day, match.span())


def fold_spans(text: str) -> str:
    """The text with each character folded alone, so that places in it stay what they are."""
    return "".join((fold_name(char) or " ")[:1] if not char.isspace() else " " for char in text)


def _month_of(match: re.Match[str]) -> int:
    return next(number for number in range(1, 13) if match[f"m{number}"])


def _converted(
    calendar: str, year: int, month: int, day: int, span: tuple[int, int]
) -> Found | None:
    found = from_jalali(year, month, day) if calendar == "jalali" else from_hijri(year, month, day)
    return (found.year, found.month, found.day, span) if found else None


def from_jalali(year: int, month: int, day: int) -> date | None:
    """The Gregorian date of one of the Iranian calendar; None if there is none."""
    from persiantools.jdatetime import JalaliDate

    try:
        found = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)


def from_hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian date of one of the Islamic calendar of Umm al-Qura; None if there is none."""
    from hijridate import Hijri

    try:
        found = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)
