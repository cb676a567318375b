"""How the hits divide: by outlet, language, day, author, section, story, flag; from columns alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from index.fulltext.schema import MENTIONED, NO_QUARTER, QUARTER
from index.fulltext.searcher.filters import flag_test, own_names
from index.fulltext.searcher.rank import Matches
from index.query import FLAGS

FACETS = ("outlet", "lang", "country", "day", "author", "section", "story", "is")
UNDATED = ""  # the day of articles without a date

_COLUMNS = {
    "outlet": "outlet",
    "lang": "language",
    "author": "authors",
    "section": "section",
    "story": "stories",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def count_values(matches: Matches, facet: str, *, zone: tzinfo = UTC) -> Counter[str]:
    """Matching articles by value, unordered; one with several values counts for each.

    `day` is the day of publication in the zone, `UNDATED` without one. `country` is not here: the
    index knows only outlets.
    """
    if facet == "day":
        return _count_days(matches, zone)
    if facet == "is":
        return _count_flags(matches)
    counted: Counter[str] = Counter()
    for part in matches.parts:
        column = part.view.names(_COLUMNS[facet])
        numbers = Counter(map(column.numbers.__getitem__, part.documents))
        for number, count in numbers.items():
            for name in own_names(facet, column.names[number]):
                if not (facet == "story" and name.startswith(MENTIONED)):
                    counted[name] += count
    return counted


def count_groups(counted: Mapping[str, int], groups: Mapping[str, str]) -> Counter[str]:
    """Counts by value → counts by the value's group; values without one count for none."""
    found: Counter[str] = Counter()
    for value, count in counted.items():
        if group := groups.get(value, ""):
            found[group] += count
    return found


def _count_days(matches: Matches, zone: tzinfo) -> Counter[str]:
    quarters: Counter[int] = Counter()
    for part in matches.parts:
        quarters.update(part.column("quarter"))
    days: Counter[str] = Counter()
    for quarter, count in quarters.items():
        days[_day_of(quarter, zone)] += count
    return days


def _day_of(quarter: int, zone: tzinfo) -> str:
    if quarter == NO_QUARTER:
        return UNDATED
    return (_EPOCH + quarter * QUARTER).astimezone(zone).date().isoformat()


def _count_flags(matches: Matches) -> Counter[str]:
    counted: Counter[str] = Counter()
    for part in matches.parts:
        for flag in FLAGS:
            counted[flag] += sum(map(flag_test(part.view, flag), part.documents))
    return +counted
