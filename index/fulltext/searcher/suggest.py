"""Words of the corpus that may have been meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.fulltext.searcher.view import SegmentView
from index.fulltext.searcher.vocabulary import expand
from index.text.analysis import Slot, terms_of_words

_LEAST_LETTERS = 3


def suggest_words(
    views: Sequence[SegmentView], word: str, *, limit: int = 3
) -> list[tuple[str, int]]:
    """Words of the corpus one edit away, with the articles that have each; the most frequent first.

    None for anything that is not one word of at least three letters.
    """
    token = terms_of_words(word).word
    if len(token) < _LEAST_LETTERS:
        return []
    counted: Counter[str] = Counter()
    for view in views:
        for text in expand(view, "text", Slot(0, "typo", token)):
            postings = view.postings("text", text)
            counted[text] += len(
                view.documents.intersection(postings.documents if postings else ())
            )
    del counted[token]
    return (+counted).most_common(limit)
