"""Times told from now, such as `2 hours ago`, in the languages of the news."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from crawler.extract.phrases import phrase_pattern, phrases
from index.article import Precision

# Months and years are too coarse to be of use.
UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
LENGTH = 60
ONE = r"an?|une?|un[ao]?|un['’]|uma?|ein(?:e[rnm]?)?|een|bir|ett?|en"
# `час назад`, `منذ ساعتين`: no number before a unit in the singular, or in the Arabic dual.
NUMBER = rf"(?:(?P<number>\d{{1,3}}|{ONE})\s*|(?=(?:{phrases('ago_alone')})(?!\w)))"
DUAL = "ين"
UNIT = "|".join(f"(?P<{name}>{phrases(f'ago_{name}')})" for name in UNITS)
BEFORE = re.compile(rf"\b(?:{phrases('ago_before')})\s+{NUMBER}\s*(?:{UNIT})\b", re.IGNORECASE)
AFTER = re.compile(
    rf"(?<!\w){NUMBER}(?:{UNIT})\.?\s*(?:{phrases('ago_after')})(?!\w)", re.IGNORECASE
)
YESTERDAY = phrase_pattern("ago_yesterday")


def parse_relative(text: str, fetched: datetime) -> tuple[datetime, Precision] | None:
    """The moment that a short text names from the time of the fetch, or None."""
    text = text[:LENGTH]
    if match := AFTER.search(text) or BEFORE.search(text):
        return _ago(match, fetched)
    if YESTERDAY.search(text):
        return _midnight(fetched - UNITS["day"]), "day"
    return None


def _ago(match: re.Match[str], fetched: datetime) -> tuple[datetime, Precision]:
    unit = next(UNITS[name] for name in UNITS if match[name])
    said = match["number"] or ""
    number = int(said) if said.isdecimal() else 2 if match[0].endswith(DUAL) else 1
    moment = fetched - number * unit
    if unit < UNITS["day"]:
        return moment.replace(second=0, microsecond=0), "minute"
    return _midnight(moment), "day"


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
