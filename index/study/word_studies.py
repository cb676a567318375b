"""Studies of words over a corpus: which articles stand on which side, read and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from index.errors import UsageError
from index.study.collocates import Collocates, find_collocates
from index.study.keywords import Keywords, find_keywords
from index.study.sample import MOST, Sample, read_texts, take_sample
from index.study.word_counts import GRAM_LANGUAGES, node_keys, tally, vocabulary

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node


def take_sides(
    corpus: Corpus,
    tree: Node,
    against: Node,
    *,
    language: str | None,
    every: bool = False,
    rest: bool = False,
    most: int = MOST,
) -> tuple[Sample, Sample] | None:
    """The articles of both sides, in one language as `take_sample` has it; None if none match.

    With `rest` the other side is what matches `against` and not `tree`, without reprints of it. Of
    each side at most `most` articles are taken.
    """
    from index.corpus.narrow import narrow
    from index.query import Not

    own = take_sample(corpus, corpus.match(tree), language=language, every=every, most=most)
    if not own.ids:
        return None
    others = corpus.match(narrow(against, [Not(tree)]) if rest else against)
    without = own.families if rest else ()
    return own, take_sample(
        corpus, others, language=own.language, every=every, without=without, most=most
    )


def compare_sides(
    corpus: Corpus,
    sides: tuple[Sample, Sample],
    *,
    ngram: int = 1,
    least: int = 5,
    articles: int = 3,
    order: Literal["g2", "ratio"] = "g2",
) -> Keywords:
    """The keywords of the first side against the second, as `find_keywords`; reads every text."""
    own, others = sides
    grams: frozenset[str] = frozenset()
    if not own.language or own.language in GRAM_LANGUAGES:
        grams = vocabulary(read_texts(corpus, (*own.ids, *others.ids)), least=least)
    counts = [tally(read_texts(corpus, one.ids), ngram=ngram, grams=grams) for one in sides]
    return find_keywords(*counts, least_uses=least, least_articles=articles, order=order)


def collocates_in(
    corpus: Corpus,
    sample: Sample,
    word: str,
    *,
    left: int = 5,
    right: int = 5,
    least: int = 3,
    order: Literal["dice", "g2"] = "dice",
) -> Collocates:
    """The collocates of a word, or of several between commas, in the articles of a sample.

    Raises `UsageError` if it is not one word.
    """
    node = node_keys(word.split(","), sample.language)
    if node is None:
        raise UsageError(
            f"not one word: {' '.join(word.split())}",
            hint="several words stand between commas; phrases have no collocates: pressclip kwic",
        )
    grams: frozenset[str] = frozenset()
    if not sample.language or sample.language in GRAM_LANGUAGES:
        grams = vocabulary(read_texts(corpus, sample.ids), least=least) | node
    texts = read_texts(corpus, sample.ids)
    return find_collocates(
        texts, node, left=left, right=right, least=least, order=order, grams=grams
    )
