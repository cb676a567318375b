"""Writes crawler/extract/dates/names.txt: month names and times of day of every language in CLDR.

    python docs/month_names.py           after an update of Babel; tests/test_crawler_dates_matrix.py compares

A line a language: code, twelve months, then am, pm, night, noon, midnight; forms of one are parted by `|`.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import get_month_names

TABLE = Path(__file__).parent.parent / "crawler" / "extract" / "dates" / "names.txt"
COLUMNS = (*map(str, range(1, 13)), "am", "pm", "night", "noon", "midnight")
HALVES = {
    "am": "am", "morning1": "am", "morning2": "am", "pm": "pm", "afternoon1": "pm", "afternoon2": "pm",
    "evening1": "pm", "evening2": "pm", "night1": "night", "night2": "night", "noon": "noon",
    "midnight": "midnight",
}  # fmt: skip
SCRIPTS_OF_NO_PAPER = ("Dsrt", "Shaw")
LATE_MORNINGS = {"zh": {"凌晨": "am", "中午": "noon"}}
"""Names that stand for another part of the day than CLDR files them under."""


def table() -> str:
    """The whole table as text."""
    languages: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for identifier in sorted(localedata.locale_identifiers()):
        try:
            locale = Locale.parse(identifier)
        except (UnknownLocaleError, ValueError):
            continue
        if locale.script not in SCRIPTS_OF_NO_PAPER:
            _add(languages[locale.language], locale)
    lines = []
    for language, found in sorted(languages.items()):
        cells = ["|".join(found.get(column, ())) for column in COLUMNS]
        if any(cells):
            lines.append("\t".join([language, *cells]))
    return "\n".join(lines) + "\n"


def _add(found: dict[str, dict[str, None]], locale: Locale) -> None:
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale).items():
                if len(name.strip(" .")) > 1 and not any(map(str.isdigit, name)):
                    found[str(number)][_bare(name)] = None
    for widths in locale.day_periods.values():
        for names in (widths.get("wide", {}), widths.get("abbreviated", {})):
            for period, name in names.items():
                column = LATE_MORNINGS.get(locale.language, {}).get(name) or HALVES.get(period)
                if column and _bare(name):
                    found[column][_bare(name)] = None


def _bare(name: str) -> str:
    return " ".join(name.lower().strip(" .").split())


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
