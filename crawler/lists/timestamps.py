"""A date as feeds and sitemaps write it, to a moment in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.extract.dates.parse import parse_moment

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_TEXT_LIMIT = 100
_ISO_START = re.compile(r"\d{4}-\d\d-\d\d")
_RFC_START = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}")


def parse_date(text: str) -> datetime | None:
    """The moment a list's date means; None if it is none between 1990 and 2100.

    RFC 822 and ISO 8601 first, then the written dates of many languages. No zone means UTC.
    """
    text = text[:_TEXT_LIMIT].strip()
    moment = _standard_date(text)
    if moment is None and any(char.isdigit() for char in text):
        read = parse_moment(text)
        moment = read.value if read else None
    return moment if moment and EARLIEST <= moment < LATEST else None


def _standard_date(text: str) -> datetime | None:
    try:
        if _ISO_START.match(text):
            read = datetime.fromisoformat(text)
        elif _RFC_START.match(text):
            read = parsedate_to_datetime(text)
        else:
            return None
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
