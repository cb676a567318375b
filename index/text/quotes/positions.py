"""Where the quotations of an article are among the words of its text, and who spoke."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from index.article import Article
from index.text.analysis import token_starts
from index.text.quotes.attribute import quotes_of
from index.text.zones import body_of

_SIGNS = frozenset('“„«「『"‘»—–')


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The first and last position of each quotation of the text, in order, terms too; the speakers."""

    ranges: tuple[tuple[int, int], ...] = ()
    speakers: tuple[str, ...] = ()


NOTHING = Quoted()


def quoted_in(article: Article) -> Quoted:
    """The quotations of an article by the positions of their words, and each speaker once."""
    if _SIGNS.isdisjoint(article.text):
        return NOTHING
    quotes = quotes_of(article)
    if not quotes:
        return NOTHING
    starts = token_starts(body_of(article))
    ranges = []
    for quote in quotes:
        first, last = bisect_left(starts, quote.start), bisect_left(starts, quote.end) - 1
        if first <= last:
            ranges.append((first, last))
    speakers = dict.fromkeys(quote.speaker for quote in quotes if quote.speaker)
    return Quoted(ranges=tuple(ranges), speakers=tuple(speakers))
