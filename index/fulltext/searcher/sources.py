"""From one slot of a query to the posting lists that answer it, and what these say together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from operator import sub

from index.fulltext.schema import capitals_form, odd_form
from index.fulltext.searcher.view import SegmentView
from index.fulltext.searcher.vocabulary import expand
from index.query import Phrase, Typo, Wildcard, Word
from index.query.match import asks_for_capitals
from index.text.analysis import Slot, stem_word, terms_of_words
from index.text.analysis.stemming import stems_of

Single = Word | Phrase | Wildcard | Typo
Steps = dict[int, Sequence[int]]
"""By document the first position of a term, and from each position the step to the next."""

_FIELDS = {
    "any": "text", "title": "title", "quote": "text", "author": "author", "speaker": "speaker",
}  # fmt: skip
_OF_NAMES = ("author", "speaker")

_stem_word = lru_cache(maxsize=10_000)(stem_word)


@dataclass(frozen=True, slots=True)
class PostingSource:
    """A posting list with its number of documents, or the part of it that counts.

    `languages`: only documents in one of them; None is all. `odd`: lists of field `stem` with the
    occurrences that do not count, since they have another root.
    """

    field: str
    text: str
    documents: int
    languages: frozenset[str] | None = None
    odd: tuple[str, ...] = ()


def find_sources(view: SegmentView, leaf: Single, slot: Slot) -> list[PostingSource]:
    """The lists of all terms that a slot stands for in a segment."""
    field = leaf.zone if leaf.zone in _OF_NAMES else "text"
    if isinstance(leaf, Word) and asks_for_capitals(leaf) and leaf.zone not in _OF_NAMES:
        return [one for one in [_source(view, "stem", capitals_form(slot.text))] if one.documents]
    tokens = expand(view, _FIELDS[leaf.zone], slot)
    sources = [_source(view, field, token) for token in tokens]
    if isinstance(leaf, Word) and not leaf.exact and leaf.zone not in _OF_NAMES:
        token = terms_of_words(leaf.text).word
        sources += _related(view, leaf.text, token) if token else []
    return [source for source in sources if source.documents]


def _source(view: SegmentView, field: str, text: str) -> PostingSource:
    info = view.term(field, text)
    return PostingSource(field, text, info.documents if info else 0)


def read_weights(view: SegmentView, source: PostingSource) -> Mapping[int, float]:
    """The weight of the term in each document that counts."""
    postings = view.postings(source.field, source.text)
    if postings is None:
        return {}
    rows = zip(postings.documents, postings.weights, strict=True)
    if source.languages is None:
        return dict(rows)
    wanted = view.in_languages(source.languages)
    weights = {document: weight for document, weight in rows if wanted[document]}
    for text in source.odd:
        odd = view.postings("stem", text)
        for document, weight in zip(odd.documents, odd.weights, strict=True) if odd else ():
            weights[document] -= weight
            if not weights[document]:
                del weights[document]
    return weights


def add_weights(found: Iterable[Mapping[int, float]]) -> dict[int, float]:
    """The sum of several terms' weights by document."""
    total: dict[int, float] = {}
    for weights in sorted(found, key=len, reverse=True):
        if not total:
            total = dict(weights)
            continue
        for document, weight in weights.items():
            total[document] = total.get(document, 0) + weight
    return total


def read_steps(view: SegmentView, source: PostingSource, documents: AbstractSet[int]) -> Steps:
    """Where the term stands and counts, in those of the documents in which it does."""
    postings = view.postings(source.field, source.text)
    if postings is None:
        return {}
    if source.languages is None:
        return postings.steps(documents)
    wanted = view.in_languages(source.languages)
    documents = {document for document in documents if wanted[document]}
    found = postings.steps(documents)
    for other in filter(None, (view.postings("stem", text) for text in source.odd)):
        for document, steps in other.steps(documents).items():
            odd = set(accumulate(steps))
            left = [place for place in accumulate(found.pop(document)) if place not in odd]
            if left:
                found[document] = (left[0], *map(sub, left[1:], left))
    return found


def _related(view: SegmentView, word: str, token: str) -> list[PostingSource]:
    """The other forms of a word, each in the languages in which it is one; and the odd roots."""
    sources = []
    languages_of: defaultdict[str, set[str]] = defaultdict(set)
    for language in view.languages:
        if root := _stem_word(word, language):
            sources.append(_source(view, "stem", root))
            for form in _forms(view, root, language):
                languages_of[form].add(language)
    languages_of.pop(token, None)
    for form, languages in languages_of.items():
        odd = [odd_form(language, form) for language in sorted(languages)]
        known = tuple(text for text in odd if view.term("stem", text))
        whole = not known and len(languages) == len(view.languages)
        limit = None if whole else frozenset(languages)
        sources.append(replace(_source(view, "text", form), languages=limit, odd=known))
    return sources


def _forms(view: SegmentView, root: str, language: str) -> Iterator[str]:
    """The forms with that root: those noted, and the one written like it, if it is its own root."""
    yield from view.forms_of(root)
    usual = stems_of(language)
    written = root[len(language) + 1 :]
    if usual is not None and usual[written] == root:
        yield written
