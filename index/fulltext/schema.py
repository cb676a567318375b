"""What the index knows of an article: fields, columns, and the turning of an article into them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from index.article import Article
from index.fulltext.segments.layout import Document, Entry, Layout
from index.fulltext.segments.postings import encode_positions
from index.query import CHANGES, MAX_DISTANCE
from index.store import Standing, StoredArticle
from index.text.analysis import analyse_text, primary_language
from index.text.analysis.forms import Forms, forms_of
from index.text.analysis.places import Places
from index.text.zones import body_of, lead_of

FORMAT = 4
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
        "quarter": "i", "lead_at": "I", "title_at": "I", "since": "q", "until": "q", "version": "I",
        "changed": "H",
    },
    names=("outlet", "language", "section", "authors", "stories", "kind", "agency"),
)  # fmt: skip

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

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


def to_document(
    stored: StoredArticle, standing: Standing | None = None, changed: Collection[str] = ()
) -> Document:
    """What is indexed of an article as it is, or as it stood for a time.

    `changed` are the kinds of what its edits had changed by then.

    Raises `ValueError` for an id that is not in base 36.
    """
    article = stored.article
    text = _read_text(article)
    return Document(
        terms={
            "author": _author_entries(article.authors, article.language),
            "stem": {term: _entry(text, places) for term, places in text.odd.items()},
            "text": _token_entries(text),
            "title": dict.fromkeys(_headline_terms(text), _PRESENT),
        },
        lengths={"text": text.length},
        roots={text.language: text.roots},
        numbers={
            "code": encode_id(stored.id),
            "family": encode_id(stored.family),
            "published": to_micros(article.published),
            "seen": to_micros(stored.first_seen),
            "flags": _flags(stored),
            "quarter": _quarter(article.published),
            "lead_at": text.lead_at,
            "title_at": text.title_at,
            "since": to_micros(standing.since if standing else None),
            "until": to_micros(standing.until) if standing and standing.until else FOREVER,
            "version": stored.versions,
            "changed": sum(1 << CHANGES.index(kind) for kind in changed),
        },
        names={
            "outlet": article.outlet,
            "language": text.language,
            "section": article.section,
            "kind": article.kind,
            "agency": article.agency,
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


def capitals_form(form: str) -> str:
    """The term of field `stem` under which a form stands where it is written in capitals."""
    return f"^{form}"


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
    """Where the tokens of text, lead and headline stand, one after the other.

    Lead and headline begin at `lead_at` and `title_at`. `odd` has the places of odd words, by their
    roots and by their `odd_form`, `roots` the usual roots of the tokens: see `index.text.analysis.forms`.
    """

    language: str
    tokens: Places
    headline: Sequence[str]
    lead: Sequence[str]
    odd: dict[str, list[int]]
    roots: dict[str, str]
    lead_at: int
    title_at: int

    @property
    def length(self) -> int:
        """The weighted sum of the words."""
        weighted = len(self.lead) * LEAD_WEIGHT + len(self.headline) * TITLE_WEIGHT
        return self.lead_at - GAP + weighted


def _read_text(article: Article) -> _Text:
    language = primary_language(article.language)
    forms = forms_of(language)
    forms.forget()
    tokens, odd = Places(), dict[str, list[int]]()
    lead_at = len(forms.read(body_of(article), 0, tokens, odd)) + GAP
    lead = forms.read(lead_of(article), lead_at, tokens, odd)
    title_at = lead_at + len(lead) + GAP
    headline = forms.read(article.title, title_at, tokens, odd)
    return _Text(
        language=language,
        headline=headline,
        lead=lead,
        tokens=tokens,
        odd=_by_root(forms, language, odd),
        roots={token: root for token in tokens.first if (root := forms.roots.get(token))},
        lead_at=lead_at,
        title_at=title_at,
    )


def _by_root(forms: Forms, language: str, words: dict[str, list[int]]) -> dict[str, list[int]]:
    """From the places of odd words to those of their roots, odd forms and forms in capitals."""
    found: dict[str, list[int]] = {}
    for word, places in words.items():
        terms = [forms.odd[word], odd_form(language, forms[word])] if word in forms.odd else []
        if word in forms.capitals:
            terms.append(capitals_form(forms[word]))
        for term in terms:
            found[term] = sorted(found[term] + places) if term in found else places
    return found


def _token_entries(text: _Text) -> _Entries:
    first, more = text.tokens.first, text.tokens.more
    entries = dict(zip(first, map(_LONE_ENTRIES.__getitem__, first.values()), strict=True))
    for token in {*text.lead, *text.headline}.difference(more):
        entries[token] = _entry(text, [first[token]])
    for token, places in more.items():
        entries[token] = _entry(text, places)
    return entries


def _entry(text: _Text, places: Sequence[int]) -> Entry:
    weight = len(places)
    if places[-1] >= text.lead_at:
        for place in places:
            if place >= text.lead_at:
                weight += (LEAD_WEIGHT if place < text.title_at else TITLE_WEIGHT) - 1
    return weight, encode_positions(places)


def _headline_terms(text: _Text) -> list[str]:
    odd = [term for term, places in text.odd.items() if places[-1] >= text.title_at]
    return [*text.headline, *odd]


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
