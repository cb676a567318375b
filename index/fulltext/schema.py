"""What the index knows of an article: fields, columns, and how their values are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from index.fulltext.segments.layout import Layout
from index.query.leaves import MAX_DISTANCE

FORMAT = 6
"""Of the index: raise it with any change of fields, tokens or weights, and the index is rebuilt."""

# One field holds text, lead and headline one after the other, so that a word costs one list; the gaps
# between them are wider than any proximity, and where lead and headline begin is a column. The text is
# first, since steps from 0 to the first word and on to the next mostly fit a byte. The weights make it
# BM25F: a word of the headline counts as three of the text (Robertson, Zaragoza and Taylor 2004,
# "Simple BM25 extension to multiple weighted fields"). `bench/gates/search.py` measures them.
GAP = MAX_DISTANCE + 1
TITLE_WEIGHT, LEAD_WEIGHT = 3, 2

NEVER = -(2**63)  # the column value of an article without that date
QUARTER = timedelta(minutes=15)
"""In such steps a column holds days: no zone is offset from UTC by a part of one."""

NO_QUARTER = -(2**31)
SEPARATOR = "\x1f"  # between the names of one article in a column
MENTIONED = "~"  # before the name of a story that an article only mentions

QUOTED = '"'
"""The term of field `stem` that holds where quotations begin and end in the text."""

FOREVER = 2**63 - 1
"""The column value of what stands to this day."""

EDITED, PAYWALLED, MENTION, BORDERLINE, DATE_CONFLICT, REMOVED = 1, 2, 4, 8, 16, 32

LAYOUT = Layout(
    terms=("author", "speaker", "stem", "text", "title"),
    positional=frozenset({"author", "speaker", "stem", "text"}),
    measured=frozenset({"text"}),
    listed=frozenset({"author", "speaker", "text"}),
    numbers={
        "code": "q", "family": "q", "published": "q", "seen": "q", "flags": "B",
        "quarter": "i", "lead_at": "I", "title_at": "I", "since": "q", "until": "q", "version": "I",
        "changed": "H",
    },
    names=("outlet", "language", "section", "authors", "stories", "kind", "agency", "speakers"),
)  # fmt: skip

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def build_schema() -> Any:
    """The schema of the index in Whoosh's terms; stock Whoosh can open and search it."""
    from whoosh.analysis.tokenizers import RegexTokenizer
    from whoosh.columns import NumericColumn, RefBytesColumn
    from whoosh.fields import COLUMN, TEXT, FieldType, Schema
    from whoosh.formats import Existence, Positions

    words: Any = RegexTokenizer(r"\S+")
    number: Any = NumericColumn
    name: Any = RefBytesColumn
    columns = {field: COLUMN(number(code)) for field, code in LAYOUT.numbers.items()}
    names = {field: COLUMN(name()) for field in LAYOUT.names}
    return Schema(
        text=TEXT(analyzer=words),
        stem=FieldType(format=Positions(), analyzer=words),
        author=FieldType(format=Positions(), analyzer=words),
        speaker=FieldType(format=Positions(), analyzer=words),
        title=FieldType(format=Existence(), analyzer=words),
        **columns,
        **names,
    )


def encode_id(identity: str) -> int:
    """An article's id as a number, so that ids and families are columns; `decode_id` inverts it.

    Raises `ValueError` for an id that is longer than eleven signs or not in base 36.
    """
    if len(identity) > 11 or not identity.isascii() or not identity.isalnum():
        raise ValueError(f"not an article's id: {identity!r}")
    return int("1" + identity.lower(), 36)


def decode_id(code: int) -> str:
    """The inverse of `encode_id`."""
    digits = []
    while code:
        code, digit = divmod(code, 36)
        digits.append("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    return "".join(reversed(digits))[1:]


def odd_form(language: str, form: str) -> str:
    """The term of field `stem` under which the words stand whose root is not the form's usual one."""
    return f"!{language}:{form}"


def capitals_form(form: str) -> str:
    """The term of field `stem` under which a form stands where it is written in capitals."""
    return f"^{form}"


def quoted_places(ranges: Iterable[tuple[int, int]]) -> list[int]:
    """The places of `QUOTED` for the first and last positions of quotations.

    Twice the first and twice the last plus one: places must rise from one to the next.
    """
    return [place for first, last in ranges for place in (2 * first, 2 * last + 1)]


def quoted_ranges(places: Iterable[int]) -> list[tuple[int, int]]:
    """The inverse of `quoted_places`."""
    ends = list(places)
    return [(first // 2, last // 2) for first, last in zip(ends[::2], ends[1::2], strict=True)]


def to_micros(moment: datetime | None) -> int:
    """Microseconds since 1970, exact, or `NEVER`."""
    return NEVER if moment is None else (moment - _EPOCH) // _MICROSECOND


def to_quarter(moment: datetime | None) -> int:
    """Quarters of an hour since 1970, or `NO_QUARTER`."""
    return NO_QUARTER if moment is None else (moment - _EPOCH) // QUARTER
