"""A date as feeds and sitemaps write it, to a moment in UTC: by the reader of all dates."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract.dates.parse import EARLIEST, Clues, parse_moment

LATEST = datetime(2100, 1, 1, tzinfo=UTC)
# `Sat, 4 Feb 2023`: what a list writes in numbers only is of no country, and mostly European.
LIST_CLUES = Clues(month_first=False)

_TEXT_LIMIT = 100


def parse_date(text: str) -> datetime | None:
    """The moment a list's date means; None if it is none between 1990 and 2100.

    Halves of the day and names of zones are kept; no zone means UTC.
    """
    text = text[:_TEXT_LIMIT].strip()
    moment = _standard(text)
    if moment is None and any(map(str.isdigit, text)):
        read = parse_moment(text, LIST_CLUES)
        moment = read.value if read else None
    return moment if moment and EARLIEST <= moment < LATEST else None


def _standard(text: str) -> datetime | None:
    """A whole ISO 8601 stamp, as most lists write them: read at once."""
    if len(text) < 19 or text[4:5] != "-" or not text.isascii():
        return None
    try:
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
