"""The characteristic words of an article, as a query for similar ones."""

from __future__ import annotations

import math
from collections import Counter

from index.article import Article
from index.fulltext.engine import Searcher
from index.fulltext.schema import TITLE_WEIGHT
from index.query import Node, Or, Word
from index.text.analysis import analyse_text
from index.text.zones import body_of

WORDS = 12
_MOST = 0.25  # share of the articles that have a word, beyond which it says nothing
_FEW = 10  # articles in which any word may stand, however small the corpus


def characteristic_words(
    index: Searcher, article: Article, *, carriers: int = 1, limit: int = WORDS
) -> list[str]:
    """The words of an article with the highest tf·idf (Salton and Buckley 1988), best first.

    A word of the headline counts as three of the text, as it does in a score; tf is its logarithm.
    `carriers` is how many articles carry the text: a word must be in others, too.
    """
    counted: Counter[str] = Counter()
    for text, weight in ((article.title, TITLE_WEIGHT), (body_of(article), 1)):
        for token in analyse_text(text, article.language).tokens:
            counted[token] += weight
    scores: dict[str, float] = {}
    most = max(_MOST * index.count, carriers + _FEW)
    for token, weight in counted.items():
        articles = index.frequency(token)
        if len(token) > 1 and not token.isdecimal() and carriers < articles <= most:
            scores[token] = (1 + math.log(weight)) * math.log(index.count / articles + 1)
    return sorted(scores, key=lambda token: (-scores[token], token))[:limit]


def like_tree(words: list[str]) -> Node | None:
    """A query for any of the words; None without words."""
    if len(words) > 1:
        return Or(tuple(Word(word) for word in words))
    return Word(words[0]) if words else None
