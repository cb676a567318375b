"""Matches in the lines they are in, read in order; and the order by the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from index.errors import UsageError
from search_cli.asking.narrowing import ORDERS
from search_cli.output.moments import dated
from search_cli.output.render import Row, one_line

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.engine import Answer
    from index.fulltext.searcher import Sort

FIELDS = ("id", "published", "outlet", "language", "zone", "left", "match", "right")
PAGE = 50
SORTED = 50_000  # lines that are sorted by their words at most
_PLACE = re.compile(r"([1-9]|1\d|20)([lLrR])")


def read_places(sort: str) -> list[int]:
    """The words to sort by: `1R,2L` is [1, -2]; none for an order of articles.

    Raises `UsageError` for what is neither.
    """
    if sort in ORDERS:
        return []
    found = [_PLACE.fullmatch(part.strip()) for part in sort.split(",")]
    if not all(found):
        hint = f"1L, 1R, 1R,2R,1L, … or one of: {', '.join(ORDERS)}"
        raise UsageError(f"--sort {one_line(sort)}: no such order", hint=hint)
    return [int(one[1]) * (-1 if one[2] in "lL" else 1) for one in found if one]


def sort_rows(
    rows: Iterator[dict[str, Any]], places: Sequence[int]
) -> tuple[list[dict[str, Any]], bool]:
    """The lines by the words at these places, and whether there were too many to sort them all."""
    held = list(islice(rows, SORTED))
    cut = next(rows, None) is not None
    return sorted(held, key=lambda row: words_at(row, places)), cut


def words_at(row: Row, places: Sequence[int]) -> list[str]:
    """The words beside a match that a line is sorted by, "" where there is none."""
    from index.text.analysis import read_tokens

    sides = {
        True: [token.text for token in read_tokens(row["right"], row["language"])],
        False: [token.text for token in read_tokens(row["left"], row["language"])][::-1],
    }
    words = ((sides[place > 0], abs(place) - 1) for place in places)
    return [side[number] if number < len(side) else "" for side, number in words]


def read_rows(
    corpus: Corpus, matches: Answer, *, sort: Sort, fold: bool, width: int
) -> Iterator[dict[str, Any]]:
    """The lines of all hits in that order, read from the store in pages as they are wanted.

    Raises `UsageError` for a query without words.
    """
    from index.corpus.concordance import contexts_of
    from index.fulltext.searcher.evaluate import leaves_of

    if not leaves_of(matches.tree):
        raise UsageError("the query has no word to show in context")
    ranked = matches.top(sort=sort, fold=fold)
    for start in range(0, len(ranked), PAGE):
        page = ranked[start : start + PAGE]
        found = corpus.store.articles.get([hit.id for hit in page])
        for hit in page:
            if hit.id not in found:
                continue
            article = found[hit.id].article
            marks = corpus.marks_of(matches, hit, found[hit.id])
            for context in contexts_of(article, marks, words=width):
                yield {
                    "id": hit.id,
                    "published": isoformat(article.published),
                    "day": dated(article, corpus.zone, day=True),
                    "outlet": article.outlet,
                    "language": article.language,
                    "zone": context.zone,
                    "left": context.left,
                    "match": context.match,
                    "right": context.right,
                    "place": round(context.place, 4),
                    "words": context.words,
                }
