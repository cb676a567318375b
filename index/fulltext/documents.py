"""The turning of an article into what the index knows of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.article import Article
from index.fulltext.schema import (
    BORDERLINE,
    DATE_CONFLICT,
    EDITED,
    FOREVER,
    GAP,
    LEAD_WEIGHT,
    MENTION,
    MENTIONED,
    PAYWALLED,
    QUOTED,
    REMOVED,
    SEPARATOR,
    TITLE_WEIGHT,
    capitals_form,
    encode_id,
    odd_form,
    quoted_places,
    to_micros,
    to_quarter,
)
from index.fulltext.segments.layout import Document, Entry
from index.fulltext.segments.postings import encode_positions
from index.query.tree import CHANGES
from index.store import Standing, StoredArticle
from index.text.analysis import analyse_text, primary_language
from index.text.analysis.forms import Forms, forms_of
from index.text.analysis.places import Places
from index.text.quotes.positions import quoted_in
from index.text.zones import body_of, lead_of

_Entries = dict[str, Entry]


def to_document(
    stored: StoredArticle, standing: Standing | None = None, changed: Collection[str] = ()
) -> Document:
    """What is indexed of an article as it is, or as it stood for a time.

    `changed` are the kinds of what its edits had changed by then.

    Raises `ValueError` for an id that is not in base 36.
    """
    article = stored.article
    text, quoted = _read_text(article), quoted_in(article)
    stems = {term: _entry(text, places) for term, places in text.odd.items()}
    if quoted.ranges:
        stems[QUOTED] = len(quoted.ranges), encode_positions(quoted_places(quoted.ranges))
    return Document(
        terms={
            "author": _author_entries(article.authors, article.language),
            "speaker": _author_entries(quoted.speakers, article.language),
            "stem": stems,
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
            "quarter": to_quarter(article.published),
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
            "speakers": SEPARATOR.join(quoted.speakers),
            "stories": SEPARATOR.join(
                [*stored.stories, *(MENTIONED + name for name in stored.mentions)]
            ),
        },
    )


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
    """Position → entry of a term that is there in the text and nowhere else; most do."""

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
