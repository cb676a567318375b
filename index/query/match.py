"""A query tree against one article in memory, by the same analysis and the same rules as the index.

The rules are in `index.query`. What is not in the article itself (its id, tags, stories, family,
first fetch) comes in as `Facts`; without them such filters match nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING

from index.article import Article
from index.query import (
    And,
    Everything,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Typo,
    Wildcard,
    Word,
    walk,
)
from index.query.spans import Span, near_spans, phrase_spans
from index.text.analysis import (
    Analysis,
    Slot,
    Terms,
    analyse_text,
    holds_paired_script,
    is_capitals,
    primary_language,
    stem_word,
    terms_of_pattern,
    terms_of_typo,
    terms_of_words,
)
from index.text.zones import body_of, lead_of

if TYPE_CHECKING:
    from index.text.quotes.positions import Quoted

TEXT_ZONES = ("title", "lead", "text")
NAME_ZONES = ("author", "speaker")
ZONES = (*TEXT_ZONES, *NAME_ZONES)

Positional = Word | Phrase | Wildcard | Typo | Near


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What filters and periods ask for: folded values by field, and the two dates.

    `values` holds, by field name, what `filter_key` makes of the article's own values.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    published: datetime | None = None
    seen: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One term of a query found in one zone: how often, and the positions where it first is."""

    zone: str
    term: str
    count: int
    first: Span


class ZoneText:
    """One zone's tokens, ready to be asked where something stands; answers are remembered."""

    def __init__(self, analysis: Analysis) -> None:
        self.length = len(analysis.tokens)
        self._tokens = analysis.tokens
        self._stems = analysis.stems
        self._written = analysis.written
        self._places: dict[str, list[int]] = {}
        self._found: dict[Slot, list[int]] = {}
        self._listed = ""

    @property
    def words(self) -> int:
        """About how many words: letters of scripts without spaces count for half a word each."""
        paired = sum(holds_paired_script(token[:1]) for token in self._tokens)
        return self.length - paired // 2

    def pieces(self) -> Iterator[tuple[str, str]]:
        """Token and stem by position."""
        return zip(self._tokens, self._stems, strict=True)

    def positions_of_word(self, token: str, stem: str) -> list[int]:
        """Where the exact token is, or the stem if there is one."""
        exact, inflected = self._index.get(token, []), self._index.get(stem, []) if stem else []
        return sorted({*exact, *inflected}) if exact and inflected else exact or inflected

    def positions_of_capitals(self, token: str) -> list[int]:
        """Where the token stands and is written in capitals."""
        return [place for place in self._index.get(token, []) if is_capitals(self._written[place])]

    def positions_of_slot(self, slot: Slot) -> list[int]:
        """Where a slot's token, or one of the tokens it stands for, is."""
        if slot.kind == "token":
            return self._index.get(slot.text, [])
        if slot not in self._found:
            places = [self._index[token] for token in self._tokens_for(slot)]
            self._found[slot] = sorted(place for some in places for place in some)
        return self._found[slot]

    @property
    def _index(self) -> dict[str, list[int]]:
        """Positions by exact token and by `language:stem`, which no token can be."""
        if not self._places and self.length:
            for stream in (self._tokens, self._stems):
                for place, text in enumerate(stream):
                    self._places.setdefault(text, []).append(place)
        return self._places

    def _tokens_for(self, slot: Slot) -> set[str]:
        if slot.kind == "typo":
            return {token for token in set(self._tokens) if is_typo(slot.text, token)}
        if not self._listed:
            self._listed = "\n".join(set(self._tokens))
        return set(_pattern(slot).findall(self._listed))


class Quoting:
    """Who and what an article quotes, read when it is asked for, which few queries do."""

    def __init__(self, article: Article) -> None:
        self._article = article

    @cached_property
    def ranges(self) -> Sequence[Span]:
        """Where the quotations are in the text."""
        return self._quoted.ranges

    @cached_property
    def speakers(self) -> ZoneText:
        """The names of the speakers, one after the other."""
        return ZoneText(analyse_text(", ".join(self._quoted.speakers), self._article.language))

    @cached_property
    def _quoted(self) -> Quoted:
        from index.text.quotes.positions import quoted_in

        return quoted_in(self._article)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedArticle:
    """An article cut into tokens, zone by zone."""

    article: Article
    language: str
    zones: Mapping[str, ZoneText]
    quoting: Quoting | None = None


def analyse(article: Article) -> AnalysedArticle:
    """The article's zones as tokens: title, lead, text (without captions and credits) and author."""
    texts = {
        "title": article.title,
        "lead": lead_of(article),
        "text": body_of(article),
        "author": ", ".join(article.authors),
    }
    language = primary_language(article.language)
    zones = {name: ZoneText(analyse_text(text, language)) for name, text in texts.items()}
    return AnalysedArticle(
        article=article, language=language, zones=zones, quoting=Quoting(article)
    )


def reworded(analysed: AnalysedArticle, zone: str, change: Callable[[str], str]) -> AnalysedArticle:
    """The article with another text in one of title, lead and text; itself where nothing changes."""
    article = analysed.article
    text = {"title": article.title, "lead": lead_of(article), "text": body_of(article)}[zone]
    new = change(text)
    if new == text:
        return analysed
    cut = ZoneText(analyse_text(new, analysed.language))
    return replace(analysed, zones={**analysed.zones, zone: cut})


def matches(tree: Node, analysed: AnalysedArticle, *, facts: Facts | None = None) -> bool:
    """Whether the query finds the article; `facts` default to what the article itself tells."""
    known = facts_of(analysed.article) if facts is None else facts
    return _matches(tree, analysed, known)


def evidence(tree: Node, analysed: AnalysedArticle) -> list[Evidence]:
    """What of the query stands where: its terms that are not negated, zone by zone."""
    found = []
    for term in _terms(tree):
        for zone in _zones_of(term):
            for choice in _choices(term, zone, analysed):
                if spans := spans_of(choice, zone, analysed):
                    item = Evidence(zone=zone, term=str(choice), count=len(spans), first=spans[0])
                    found.append(item)
    return sorted(dict.fromkeys(found), key=lambda item: (ZONES.index(item.zone), item.first))


def spans_of(node: Node, zone: str, analysed: AnalysedArticle) -> list[Span]:
    """Where a word, phrase, wildcard, Near or an Or of these is in one zone, in order."""
    found = _spans_of(node, zone, analysed)
    if found and isinstance(node, Word | Phrase | Wildcard | Typo) and node.zone == "quote":
        return within(found, _quoting_of(analysed).ranges)
    return found


def within(spans: Iterable[Span], ranges: Sequence[Span]) -> list[Span]:
    """The spans that lie whole in one of the ranges, which are in order and apart."""
    firsts = [first for first, _ in ranges]
    kept = []
    for start, end in spans:
        place = bisect_right(firsts, start) - 1
        if place >= 0 and end <= ranges[place][1]:
            kept.append((start, end))
    return kept


def _spans_of(node: Node, zone: str, analysed: AnalysedArticle) -> list[Span]:
    text = _zone_text(zone, analysed)
    match node:
        case Word(word, where, exact) if _may_stand(where, zone):
            return _word_spans(word, zone, analysed, exact=exact)
        case Phrase(words, where) if _may_stand(where, zone):
            return _terms_spans(_words_terms(words), text)
        case Wildcard(pattern, where) if _may_stand(where, zone):
            return _terms_spans(_pattern_terms(pattern), text)
        case Typo(word, where) if _may_stand(where, zone):
            return _terms_spans(_typo_terms(word), text)
        case Near(parts, distance, ordered):
            spans = []
            for part in parts:  # where one stands nowhere, the others need no look
                if not (places := spans_of(part, zone, analysed)):
                    return []
                spans.append(places)
            return near_spans(spans, distance, ordered=ordered)
        case Or(parts):
            return sorted({span for part in parts for span in spans_of(part, zone, analysed)})
        case _:
            return []


def facts_of(
    article: Article,
    *,
    seen: datetime | None = None,
    more: Mapping[str, Iterable[str]] | None = None,
) -> Facts:
    """The facts an article tells itself, with `more` values by field (id, tag, story, is, …)."""
    flags = [
        name
        for name, holds in (
            ("paywalled", article.paywalled),
            ("undated", article.published is None),
            ("date-conflict", article.date_conflict),
        )
        if holds
    ]
    given = {
        "outlet": [article.outlet],
        "lang": [article.language or "und"],
        "section": [article.section],
        "kind": [article.kind],
        "agency": [article.agency],
        **(more or {}),
    }
    given["is"] = [*flags, *given.get("is", ())]
    values = {
        name: frozenset(filter_key(name, value) for value in found if value)
        for name, found in given.items()
    }
    return Facts(values=values, published=article.published, seen=seen)


def asks_for_capitals(word: Word) -> bool:
    """Whether only what is written in capitals is meant: `=US`, but not `=us` or `US`."""
    return word.exact and is_capitals(word.text) and bool(_words_terms(word.text).word)


def filter_key(name: str, value: str) -> str:
    """What two values of a field are compared by: case and compatibility forms do not count.

    Of a language only the first part does (`pt-BR` is `pt`); an unknown one is `und`.
    """
    folded = unicodedata.normalize("NFKC", value).casefold().strip()
    return primary_language(folded) if name == "lang" else folded


def _matches(node: Node, analysed: AnalysedArticle, facts: Facts) -> bool:
    match node:
        case And(parts):
            return all(_matches(part, analysed, facts) for part in parts)
        case Or(parts):
            return any(_matches(part, analysed, facts) for part in parts)
        case Not(part):
            return not _matches(part, analysed, facts)
        case Everything():
            return True
        case Filter(name, values):
            own = facts.values.get(name, frozenset())
            return any(filter_key(name, value) in own for value in values)
        case Period(name, start, end):
            return _is_within(facts.published if name == "date" else facts.seen, start, end)
        case _:
            return any(spans_of(node, zone, analysed) for zone in _zones_of(node))


def _is_within(moment: datetime | None, start: datetime | None, end: datetime | None) -> bool:
    if moment is None:
        return False
    return (start is None or start <= moment) and (end is None or moment < end)


def _quoting_of(analysed: AnalysedArticle) -> Quoting:
    return analysed.quoting or Quoting(analysed.article)


def _zone_text(zone: str, analysed: AnalysedArticle) -> ZoneText:
    return _quoting_of(analysed).speakers if zone == "speaker" else analysed.zones[zone]


def _zones_of(node: Node) -> tuple[str, ...]:
    """The zones in which a positional node may stand."""
    match node:
        case Word(zone=zone) | Phrase(zone=zone) | Wildcard(zone=zone) | Typo(zone=zone):
            return TEXT_ZONES if zone == "any" else ("text",) if zone == "quote" else (zone,)
        case _:
            named = {zone for leaf in walk(node) for zone in _zones_of_leaf(leaf)}
            return tuple(zone for zone in ZONES if zone in named)


def _zones_of_leaf(node: Node) -> tuple[str, ...]:
    return _zones_of(node) if isinstance(node, Word | Phrase | Wildcard | Typo) else ()


def _may_stand(where: str, zone: str) -> bool:
    if where == "quote":
        return zone == "text"
    return zone in TEXT_ZONES if where == "any" else zone == where


def _word_spans(word: str, zone: str, analysed: AnalysedArticle, *, exact: bool) -> list[Span]:
    text = _zone_text(zone, analysed)
    terms = _words_terms(word)
    if not terms.word:
        return _terms_spans(terms, text)
    if zone not in NAME_ZONES and exact and is_capitals(word):
        return [(place, place) for place in text.positions_of_capitals(terms.word)]
    stem = "" if exact or zone in NAME_ZONES else _stem(word, analysed.language)
    return [(place, place) for place in text.positions_of_word(terms.word, stem)]


def _terms_spans(terms: Terms, text: ZoneText) -> list[Span]:
    standing = []
    for slot in terms.slots:
        positions = text.positions_of_slot(slot)
        if not positions:
            return []
        standing.append((slot.offset, positions))
    return phrase_spans(standing, terms.length)


def _terms(tree: Node) -> Iterator[Positional]:
    """The positional terms that are not negated."""
    match tree:
        case Word() | Phrase() | Wildcard() | Typo() | Near():
            yield tree
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)
        case _:
            return


def _choices(term: Node, zone: str, analysed: AnalysedArticle) -> list[Node]:
    """A Near once for each choice among its ORs that is in the zone; any other term itself."""
    if not isinstance(term, Near):
        return [term]
    standing = [
        [one for one in _alternatives(part) if spans_of(one, zone, analysed)] for part in term.parts
    ]
    return [Near(choice, term.distance, term.ordered) for choice in product(*standing)]


def _alternatives(part: Node) -> list[Node]:
    return (
        [one for each in part.parts for one in _alternatives(each)]
        if isinstance(part, Or)
        else [part]
    )


_words_terms = lru_cache(maxsize=10_000)(terms_of_words)
_pattern_terms = lru_cache(maxsize=10_000)(terms_of_pattern)
_typo_terms = lru_cache(maxsize=10_000)(terms_of_typo)
_stem = lru_cache(maxsize=10_000)(stem_word)


@lru_cache(maxsize=10_000)
def _pattern(slot: Slot) -> re.Pattern[str]:
    """Finds the tokens that fit, in a list with one token on a line."""
    pattern = slot.text if slot.kind == "pattern" else f"{slot.text}*"
    inner = "[^\n]*".join(map(re.escape, pattern.split("*")))
    return re.compile(f"^{inner}$", re.MULTILINE)


def is_typo(word: str, other: str) -> bool:
    """At most one letter put in, left out or changed, or two neighbours swapped."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = next(
        (place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), -1
    )
    if start < 0:
        return True
    left, right = word[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[2:] == right[2:] and left[:2] == right[1::-1])
    return left[1:] == right or left == right[1:]
