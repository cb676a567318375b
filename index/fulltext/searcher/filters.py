"""Filters and periods, decided from columns for the documents that are left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Literal

from index.fulltext.schema import (
    BORDERLINE,
    DATE_CONFLICT,
    EDITED,
    MENTION,
    NEVER,
    PAYWALLED,
    REMOVED,
    SEPARATOR,
    encode_id,
    to_micros,
)
from index.fulltext.searcher.view import SegmentView
from index.query import CHANGES
from index.query.match import filter_key

UNKNOWN = "und"  # the language of an article that has none

FLAG_BITS = {
    "edited": EDITED,
    "removed": REMOVED,
    "paywalled": PAYWALLED,
    "date-conflict": DATE_CONFLICT,
    "mention": MENTION,
    "borderline": BORDERLINE,
}
_NAMES = {
    "outlet": "outlet",
    "lang": "language",
    "section": "section",
    "story": "stories",
    "kind": "kind",
    "agency": "agency",
}
_CODES = {"id": "code", "group": "family"}


def filter_documents(
    view: SegmentView, field: str, values: Sequence[str], scope: AbstractSet[int]
) -> AbstractSet[int]:
    """Those of the scope whose field has one of the values.

    Tags, notes and countries are not in the index; `index.corpus` turns them into ids and outlets.
    """
    keys = {filter_key(field, value) for value in values}
    if field in _NAMES:
        return _named(view, field, keys, scope)
    if field in _CODES:
        return _coded(view, _CODES[field], keys, scope)
    if field == "changed":
        return _changed(view, keys, scope)
    if field == "is":
        return set[int]().union(*(_flagged(view, key, scope) for key in keys))
    return set()


def period_documents(
    view: SegmentView,
    field: Literal["date", "seen"],
    start: datetime | None,
    end: datetime | None,
    scope: AbstractSet[int],
) -> set[int]:
    """Those of the scope with `start <= date < end`."""
    moments = view.numbers("published" if field == "date" else "seen")
    low = NEVER + 1 if start is None else to_micros(start)
    high = 2**63 if end is None else to_micros(end)
    return {document for document in scope if low <= moments[document] < high}


def own_names(field: str, name: str) -> list[str]:
    """The values of a field that a column's name stands for."""
    if field in ("story", "author", "speaker"):
        return [part for part in name.split(SEPARATOR) if part]
    if field == "lang":
        return [name or UNKNOWN]
    return [name] if name else []


def flag_test(view: SegmentView, flag: str) -> Callable[[int], bool]:
    """Whether a document has the flag, as `is:` knows them; never for an unknown flag."""
    if flag in ("original", "reprint"):
        codes, families = view.numbers("code"), view.numbers("family")
        original = flag == "original"
        return lambda document: (codes[document] == families[document]) is original
    if flag == "undated":
        published = view.numbers("published")
        return lambda document: published[document] == NEVER
    flags, bit = view.numbers("flags"), FLAG_BITS.get(flag, 0)
    return lambda document: bool(flags[document] & bit)


def _named(view: SegmentView, field: str, keys: set[str], scope: AbstractSet[int]) -> set[int]:
    column = view.names(_NAMES[field])
    wanted = {
        number
        for number, name in enumerate(column.names)
        if any(filter_key(field, own) in keys for own in own_names(field, name))
    }
    numbers = column.numbers
    return {document for document in scope if numbers[document] in wanted} if wanted else set()


def _coded(view: SegmentView, field: str, keys: Iterable[str], scope: AbstractSet[int]) -> set[int]:
    wanted = {code for key in keys if (code := _code(key))}
    codes = view.numbers(field)
    return {document for document in scope if codes[document] in wanted} if wanted else set()


def _code(key: str) -> int:
    try:
        return encode_id(key)
    except ValueError:
        return 0


def changes_of(bits: int) -> list[str]:
    """The kinds of change that a column's value stands for."""
    return [kind for place, kind in enumerate(CHANGES) if bits >> place & 1]


def _changed(view: SegmentView, kinds: AbstractSet[str], scope: AbstractSet[int]) -> set[int]:
    column = view.numbers("changed")
    wanted = sum(1 << place for place, kind in enumerate(CHANGES) if kind in kinds)
    return {document for document in scope if column[document] & wanted}


def _flagged(view: SegmentView, flag: str, scope: AbstractSet[int]) -> AbstractSet[int]:
    if flag in FLAG_BITS:
        return scope & view.flagged(FLAG_BITS[flag])
    return set(filter(flag_test(view, flag), scope))
