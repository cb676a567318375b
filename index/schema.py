"""What the index knows of an article: fields, columns, and the turning of an article into them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from index.analysis import analyse_text, primary_language, split_forms
from index.analysis.forms import forms_of
from index.article import Article
from index.query import MAX_DISTANCE
from index.segments.layout import Document, Entry, Layout
from index.segments.postings import encode_positions
from index.store import Standing, StoredArticle
from index.textzones import body_of, lead_of

FORMAT = 2
"""Of the index: raise it with any change of fields, tokens or weights, and the index is rebuilt."""

# One field holds headline, lead and text one after the other, so that a word costs one list; the gaps
# between them are wider than any proximity, and where lead and text begin is a column. The weights make
# it BM25F: a word of the headline counts as three of the text (Robertson, Zaragoza and Taylor 2004,
# "Simple BM25 extension to multiple weighted fields"). `bench/search_gate.py` measures them.
GAP = MAX_DISTANCE + 1
TITLE_WEIGHT, LEAD_WEIGHT = 3, 2

NEVER = -(2**63)  # the column value of an article without that date
QUARTER = timedelta(minutes=15)
"""In such steps a column tells days: no zone is offset from UTC by a part of one."""

NO_QUARTER = -(2**31)
SEPARATOR = "\x1f"  # between the names of one article in a column
MENTIONED = "~"  # before the name of a story that an article only mentions

FOREVER = 2**63 - 1
"""The column value of what stands to this day."""

EDITED, PAYWALLED, MENTION, BORDERLINE, DATE_CONFLICT, REMOVED = 1, 2, 4, 8, 16, 32

LAYOUT = Layout(
    terms=("author", "stem", "text", "title"),
    positional=frozenset({"author", "stem", "text"}),
    measured=frozenset({"text"}),
    listed=frozenset({"author", "text"}),
    numbers={
        "code": "q", "family": "q", "published": "q", "seen": "q", "flags": "B",
        "quarter": "i", "lead_at": "I", "text_at": "I", "since": "q", "until": "q", "version": "I",
    },
    names=("outlet", "language", "section", "authors", "stories"),
)  # fmt: skip

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_Places = dict[str, list[int]]
_Entries = dict[str, Entry]


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
        title=FieldType(format=Existence(), analyzer=words),
        **columns,
        **names,
    )


def to_document(stored: StoredArticle, standing: Standing | None = None) -> Document:
    """What is indexed of an article as it is, or as it stood for a time.

    Raises `ValueError` for an id that is not in base 36.
    """
    article = stored.article
    text = _read_text(article)
    words = _read_words(text)
    lead_at = text.lead_at
    headline = {token for token, found in words.tokens.items() if found[0] < lead_at}
    return Document(
        terms={
            "author": _author_entries(article.authors, article.language),
            "stem": _entries(text, words.odd),
            "text": _entries(text, words.tokens),
            "title": dict.fromkeys((*headline, *words.odd), _PRESENT),
        },
        lengths={"text": text.length},
        roots={text.language: words.roots},
        numbers={
            "code": encode_id(stored.id),
            "family": encode_id(stored.family),
            "published": to_micros(article.published),
            "seen": to_micros(stored.first_seen),
            "flags": _flags(stored),
            "quarter": _quarter(article.published),
            "lead_at": text.lead_at,
            "text_at": text.text_at,
            "since": to_micros(standing.since if standing else None),
            "until": to_micros(standing.until) if standing and standing.until else FOREVER,
            "version": stored.versions,
        },
        names={
            "outlet": article.outlet,
            "language": text.language,
            "section": article.section,
            "authors": SEPARATOR.join(article.authors),
            "stories": SEPARATOR.join(
                [*stored.stories, *(MENTIONED + name for name in stored.mentions)]
            ),
        },
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


def to_micros(moment: datetime | None) -> int:
    """Microseconds since 1970, exact, or `NEVER`."""
    return NEVER if moment is None else (moment - _EPOCH) // _MICROSECOND


def _quarter(moment: datetime | None) -> int:
    return NO_QUARTER if moment is None else (moment - _EPOCH) // QUARTER


def _flags(stored: StoredArticle) -> int:
    decisions = {verdict.decision for verdict in stored.verdicts}
    return (
        EDITED * (stored.versions > 1)
        | PAYWALLED * stored.article.paywalled
        | MENTION * (bool(stored.mentions) and not stored.stories)
        | BORDERLINE * ("borderline" in decisions)
        | DATE_CONFLICT * stored.article.date_conflict
        | REMOVED * (stored.removal is not None)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """Where the words of headline, lead and text stand, one after the other, by word as written.

    `headline` is the number of the headline's words; lead and text begin at `lead_at` and `text_at`.
    """

    language: str
    places: _Places
    headline: int
    lead_at: int
    text_at: int
    end: int

    @property
    def length(self) -> int:
        """The weighted sum of the words."""
        lead = self.text_at - self.lead_at - GAP
        return self.headline * TITLE_WEIGHT + lead * LEAD_WEIGHT + self.end - self.text_at


@dataclass(frozen=True, slots=True)
class _Words:
    """Where each token stands, and each odd root and its `odd_form`; the tokens' usual roots.

    A root is odd when it is not the usual one of the token: see `index.analysis.forms`.
    """

    tokens: _Places
    odd: _Places
    roots: dict[str, str]


def _read_text(article: Article) -> _Text:
    places: defaultdict[str, list[int]] = defaultdict(list)
    ends: list[int] = []
    for zone in (article.title, lead_of(article), body_of(article)):
        start = ends[-1] + GAP if ends else 0
        words = split_forms(zone)
        for position, word in enumerate(words, start):
            places[word].append(position)
        ends.append(start + len(words))
    headline, lead, text = ends
    return _Text(
        language=primary_language(article.language),
        places=places,
        headline=headline,
        lead_at=headline + GAP,
        text_at=lead + GAP,
        end=text,
    )


def _read_words(text: _Text) -> _Words:
    forms = forms_of(text.language)
    tokens: _Places = {}
    words = _Words(tokens, {}, {})
    for word, found in text.places.items():
        token, root, odd = forms[word]
        if token in tokens:
            _put(tokens, token, found)
        else:
            tokens[token] = found
        if root:
            words.roots[token] = root
        if odd:
            _put(words.odd, odd, found)
            _put(words.odd, odd_form(text.language, token), found)
    return words


def _put(places: _Places, term: str, found: list[int]) -> None:
    """Add positions, which stay in order; lists are shared, so none is changed."""
    known = places.get(term)
    places[term] = found if known is None else sorted(known + found)


def _entries(text: _Text, places: _Places) -> _Entries:
    start = text.text_at
    return {
        term: _LONE_ENTRIES[found[0]]
        if len(found) == 1 and found[0] >= start
        else (_weight(text, found), encode_positions(found))
        for term, found in places.items()
    }


def _weight(text: _Text, positions: Sequence[int]) -> int:
    weight = len(positions)
    for position in positions:
        if position >= text.text_at:
            break
        weight += (TITLE_WEIGHT if position < text.lead_at else LEAD_WEIGHT) - 1
    return weight


class _LoneEntries(dict[int, Entry]):
    """Position → entry of a term that stands there in the text and nowhere else; most do."""

    def __missing__(self, position: int) -> Entry:
        self[position] = entry = 1, encode_positions((position,))
        return entry


_LONE_ENTRIES = _LoneEntries()
_PRESENT: Entry = 1, None


def _author_entries(authors: Sequence[str], language: str) -> _Entries:
    tokens = analyse_text(", ".join(authors), language).tokens
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, token in enumerate(tokens):
        places[token].append(position)
    return {token: (len(found), encode_positions(found)) for token, found in places.items()}
