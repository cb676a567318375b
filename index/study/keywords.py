"""Keywords: the words that set some texts apart from others (Scott 1997), with how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.study.statistics import holm, log_likelihood, log_ratio, p_value
from index.study.word_counts import Tally

Order = Literal["g2", "ratio"]
ALPHA = 0.001
LEAST_USES, LEAST_ARTICLES = 5, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A word with its use in the texts (`uses`, `rate` per million words) and in the others.

    `g2` is the evidence, `ratio` the size of the difference (log2; below 0 for a word of the others),
    `p` the probability of such a difference by chance, corrected for all words tested.
    """

    word: str
    uses: int
    rate: float
    articles: int
    outlets: int
    other_uses: int
    other_rate: float
    other_articles: int
    other_outlets: int
    g2: float
    ratio: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords:
    """The keywords of texts, those of the others, and how many words were tested."""

    own: tuple[Keyword, ...]
    others: tuple[Keyword, ...]
    tested: int


def find_keywords(
    texts: Tally,
    others: Tally,
    *,
    least_uses: int = LEAST_USES,
    least_articles: int = LEAST_ARTICLES,
    alpha: float = ALPHA,
    order: Order = "g2",
) -> Keywords:
    """Find the words that one side uses more than chance would explain, strongest first.

    Only words with `least_uses` in `least_articles` on one side are tested, so that one long article
    makes no keyword. G² after Rayson and Garside (2000), size after Hardie (2014), correction after
    Holm. Nothing is found where a side has no words.
    """
    if not texts.words or not others.words:
        return Keywords(own=(), others=(), tested=0)
    tested = [
        key
        for key in {*texts.uses, *others.uses}
        if any(
            side.uses.get(key, 0) >= least_uses and side.articles.get(key, 0) >= least_articles
            for side in (texts, others)
        )
    ]
    tested.sort()
    chances = []
    for key in tested:
        a, b = texts.uses.get(key, 0), others.uses.get(key, 0)
        chances.append(p_value(log_likelihood(a, texts.words, b, others.words)))
    found = [
        _keyword(key, p, texts, others)
        for key, p in zip(tested, holm(chances), strict=True)
        if p <= alpha
    ]
    return Keywords(
        own=_ordered([one for one in found if one.ratio > 0], order),
        others=_ordered([one for one in found if one.ratio < 0], order),
        tested=len(tested),
    )


def _keyword(key: str, p: float, texts: Tally, others: Tally) -> Keyword:
    a, b = texts.uses.get(key, 0), others.uses.get(key, 0)
    return Keyword(
        word=max(
            texts.written.get(key, ("", 0)), others.written.get(key, ("", 0)), key=lambda w: w[1]
        )[0],
        uses=a,
        rate=a / texts.words * 1e6,
        articles=texts.articles.get(key, 0),
        outlets=texts.outlets.get(key, 0),
        other_uses=b,
        other_rate=b / others.words * 1e6,
        other_articles=others.articles.get(key, 0),
        other_outlets=others.outlets.get(key, 0),
        g2=log_likelihood(a, texts.words, b, others.words),
        ratio=log_ratio(a, texts.words, b, others.words),
        p=p,
    )


def _ordered(found: Sequence[Keyword], order: Order) -> tuple[Keyword, ...]:
    if order == "ratio":
        return tuple(sorted(found, key=lambda one: (-abs(one.ratio), -one.g2, one.word)))
    return tuple(sorted(found, key=lambda one: (-one.g2, one.word)))
