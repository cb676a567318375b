"""The time of day in a date: `3:45 p. m. ET`, `오전 12:10`, `18h30`, `14 Uhr`, `noon`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crawler.extract.dates.cldr_names import Half, fold_name, half_markers

HOUR_WORD = r"uhr|h|時|时|點|点|시|giờ|час(?:ов|а)?|ч|годин[аи]?|o['’]?clock|น"
TIME = re.compile(
    rf"(?<![\d:])([01]?\d|2[0-3])\s*(?:[:.：]|(?:{HOUR_WORD})\s*\.?)\s*([0-5]\d)(?!\d)"
    r"(?:\s*[:.：分분]\s*([0-5]\d)(?:[.,]\d{1,9})?(?!\d))?(?:\s*(?:分|분|min|uhr|น)(?!\w)\.?)?"
    rf"|(?<![\d:.,/-])(2[0-3]|[01]?\d)\s*(?:{HOUR_WORD})(?!\w)",
    re.IGNORECASE,
)
BARE_HOUR = re.compile(r"(?<![\d:.,/-])(1[0-2]|0?[1-9])(?!\d)")
MERIDIEM = re.compile(r"[\s(]*([ap])\.?\s?m(?:\.|(?!\w))", re.IGNORECASE)
HAN = "\u2e80"  # from here on no blank parts words
WORD = re.compile(r"[^\W\d_]{2,}")
NEAR = 18
BETWEEN = " \t\u00a0\u202f(,-–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day as written; `end` is where in the text it ends, `halved` that a half was named."""

    hour: int
    minute: int = 0
    second: int = 0
    exact: bool = False
    halved: bool = False
    end: int = 0


def find_clock(text: str, language: str = "") -> Clock | None:
    """The first time of day in a text, or None."""
    if match := TIME.search(text):
        hour = int(match[1] or match[4])
        half, end = _half_around(text, match.start(), match.end(), language)
        return Clock(
            hour=_in_half(hour, half),
            minute=int(match[2] or 0),
            second=int(match[3] or 0),
            exact=match[3] is not None,
            halved=half is not None,
            end=end,
        )
    for match in BARE_HOUR.finditer(text):
        half, end = _half_around(text, match.start(), match.end(), language)
        if half is not None:
            return Clock(hour=_in_half(int(match[1]), half), halved=True, end=end)
    return _named(text, language)


def _named(text: str, language: str) -> Clock | None:
    """Noon, which stands without a number."""
    for word in WORD.finditer(text):
        name = fold_name(word[0])
        if (name, "noon") in _starting(language).get(name[:1], ()):
            return Clock(hour=12, halved=True, end=word.end())
    return None


def _half_around(text: str, start: int, end: int, language: str) -> tuple[Half | None, int]:
    """The half that is named right behind a time or right before it, and where all of it ends."""
    if match := MERIDIEM.match(text, end):
        return ("am" if match[1].lower() == "a" else "pm"), match.end()
    behind = fold_name(text[end : end + NEAR].lstrip(BETWEEN))
    for marker, half in _starting(language).get(behind[:1], ()):
        if behind.startswith(marker) and not behind[len(marker) :][:1].isalpha():
            return half, min(len(text), end + len(marker) + 1)
    before = fold_name(text[max(0, start - NEAR) : start].rstrip(BETWEEN))
    for marker, half in _ending(language).get(before[-1:], ()):
        apart = marker[0] >= HAN or not before[: -len(marker)][-1:].isalpha()
        if before.endswith(marker) and apart:
            return half, end
    return None, end


@cache
def _starting(language: str) -> dict[str, list[tuple[str, Half]]]:
    """The markers by their first character, the longest first."""
    found: dict[str, list[tuple[str, Half]]] = {}
    for marker, half in half_markers(language):
        found.setdefault(marker[0], []).append((marker, half))
    return found


@cache
def _ending(language: str) -> dict[str, list[tuple[str, Half]]]:
    found: dict[str, list[tuple[str, Half]]] = {}
    for marker, half in half_markers(language):
        found.setdefault(marker[-1], []).append((marker, half))
    return found


def _in_half(hour: int, half: Half | None) -> int:
    """The hour of 24 that an hour of 12 is in a half of the day; `night` is late or early."""
    if half == "night":
        half = "am" if hour < 6 or hour == 12 else "pm"
    if half == "midnight":
        return 0 if hour == 12 else hour
    if half in ("pm", "noon") and hour < (12 if half == "pm" else 6):
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour
