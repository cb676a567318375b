"""How the hits divide: by outlet, language, day, author, section, story, flag; from columns alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import chain, product
from typing import TYPE_CHECKING, NamedTuple

from index.fulltext.schema import MENTIONED, NEVER, NO_QUARTER, QUARTER
from index.fulltext.searcher.filters import FLAG_BITS, changes_of, flag_test, own_names
from index.fulltext.searcher.view import SegmentView
from index.query import FLAGS

if TYPE_CHECKING:
    from index.fulltext.searcher.rank import Matches

FACETS = (
    "outlet", "collection", "lang", "country", "day", "kind", "agency", "section", "author", "speaker",
    "story", "is", "changed",
)  # fmt: skip
GROUPS = tuple(name for name in FACETS if name != "day")
"""By what a chart or a table may have rows."""

OF_OUTLET = ("country", "collection")
"""What the index does not know of: values of an article's outlet."""

Groups = Mapping[str, Sequence[str]]
"""By outlet the countries, or the collections, that it counts for."""

UNDATED = ""  # the day of articles without a date

_COLUMNS = {
    "outlet": "outlet",
    "lang": "language",
    "author": "authors",
    "speaker": "speakers",
    "section": "section",
    "story": "stories",
    "kind": "kind",
    "agency": "agency",
}
_FEW = 24
"""Names up to which a search for each is quicker than to count all."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def count_values(matches: Matches, facet: str, *, zone: tzinfo = UTC) -> Counter[str]:
    """Matching articles by value, unordered; one with several values counts for each.

    Counted once for the same matches; who asks must not change it.

    `day` is the day of publication in the zone, `UNDATED` without one. `OF_OUTLET` are not here: the
    index knows only outlets.
    """
    key = facet, zone
    if key not in matches.counted:
        matches.counted[key] = _count_values(matches, facet, zone)
    return matches.counted[key]


def _count_values(matches: Matches, facet: str, zone: tzinfo) -> Counter[str]:
    if facet == "changed":
        bits = Counter(chain.from_iterable(part.column("changed") for part in matches.parts))
        return _count_each((changes_of(value), count) for value, count in bits.items())
    if facet == "day":
        return _count_days(matches, zone)
    if facet == "is":
        return _count_flags(matches)
    counted: Counter[str] = Counter()
    for part in matches.parts:
        column = part.view.names(_COLUMNS[facet])
        for number, count in _tally(part.pick(column.numbers), len(column.names)):
            for name in _shown_names(facet, column.names[number]):
                counted[name] += count
    return counted


def _tally(numbers: Sequence[int], names: int) -> Iterable[tuple[int, int]]:
    """How often each number is there, of that many that may: of few, by a search for each."""
    if names > _FEW:
        return Counter(numbers).items()
    data = bytes(numbers)
    found = ((number, data.count(number)) for number in range(names))
    return [(number, count) for number, count in found if count]


def count_groups(counted: Mapping[str, int], groups: Groups) -> Counter[str]:
    """Counts by value → counts by the value's groups; values without one count for none."""
    return _count_each((groups.get(value, ()), count) for value, count in counted.items())


class Valued(NamedTuple):
    """A matching article by its number and that of its family, with its values of some facets.

    The values stand facet by facet; there is `""` where it has none.
    """

    code: int
    family: int
    values: tuple[tuple[str, ...], ...]

    def cells(self) -> Iterator[tuple[str, ...]]:
        """Each choice of one value a facet."""
        return product(*self.values)


def read_values(
    matches: Matches, facets: Sequence[str], groups: Mapping[str, Groups], *, zone: tzinfo = UTC
) -> Iterator[Valued]:
    """Every matching article with its values; `groups` are the outlets' own of `OF_OUTLET`."""
    for part in matches.parts:
        readers = [value_reader(part.view, name, groups.get(name, {}), zone) for name in facets]
        codes, families = part.view.numbers("code"), part.view.numbers("family")
        for document in part.documents:
            row = tuple(read(document) for read in readers)
            yield Valued(codes[document], families[document], row)


def value_reader(
    view: SegmentView, facet: str, groups: Groups, zone: tzinfo
) -> Callable[[int], tuple[str, ...]]:
    """From a document to its values of a facet, `("",)` where it has none."""
    if facet == "day":
        quarters = view.numbers("quarter")
        return lambda document: (day_of(quarters[document], zone),)
    if facet == "is":
        tests = [(flag, flag_test(view, flag)) for flag in FLAGS]
        return lambda document: tuple(flag for flag, test in tests if test(document)) or ("",)
    if facet == "changed":
        bits = view.numbers("changed")
        return lambda document: tuple(changes_of(bits[document])) or ("",)
    column = view.names("outlet" if facet in OF_OUTLET else _COLUMNS[facet])
    of_outlet = facet in OF_OUTLET
    values = [
        tuple(groups.get(name, ())) if of_outlet else tuple(_shown_names(facet, name))
        for name in column.names
    ]
    numbers = column.numbers
    return lambda document: values[numbers[document]] or ("",)


def _shown_names(facet: str, name: str) -> list[str]:
    names = own_names(facet, name)
    return names if facet != "story" else [one for one in names if not one.startswith(MENTIONED)]


def _count_each(counted: Iterable[tuple[Iterable[str], int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for values, count in counted:
        for value in values:
            found[value] += count
    return found


def _count_days(matches: Matches, zone: tzinfo) -> Counter[str]:
    quarters: Counter[int] = Counter()
    for part in matches.parts:
        quarters.update(part.column("quarter"))
    days: Counter[str] = Counter()
    for quarter, count in quarters.items():
        days[day_of(quarter, zone)] += count
    return days


@lru_cache(maxsize=10_000)
def day_of(quarter: int, zone: tzinfo) -> str:
    """The day of a quarter of an hour in a zone, `UNDATED` without one."""
    if quarter == NO_QUARTER:
        return UNDATED
    return (_EPOCH + quarter * QUARTER).astimezone(zone).date().isoformat()


def _count_flags(matches: Matches) -> Counter[str]:
    """As `flag_test` would tell, but a column at a time: document by document takes five times as long."""
    counted: Counter[str] = Counter()
    for part in matches.parts:
        total = len(part.documents)
        originals = bytes(part.pick(part.view.originals)).count(1)
        counted["original"] += originals
        counted["reprint"] += total - originals
        counted["undated"] += part.column("published").count(NEVER)
        for value, count in Counter(part.column("flags")).items():
            for flag, bit in FLAG_BITS.items():
                counted[flag] += count if value & bit else 0
    return +counted
