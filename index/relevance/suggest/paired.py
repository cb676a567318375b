"""The words of scripts without spaces: what a story's articles have in common and others do not.

Pairs of letters are weighed as a profile weighs them (`index.relevance.profile`). A pair that hardly ever
stands without the same neighbours stands for the longer word; one that lies across two words is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from index.article import Article
from index.relevance.suggest.covering import Coverage, weigh
from index.text.analysis import holds_paired_script

_RUN = re.compile(r"\w+")
_CHARACTERS = 400  # of an article's beginning
_LONGEST = 6
_GROWS = 0.9  # share of a term's articles that hold the longer one
_SURE_TO_GROW = 8  # articles that hold a term before it may be taken for a longer one
_LEAST_HELD = 2
_LEAST_ODDS = 1.0  # natural logarithm
_KEPT = 60
ASSUMED = 50
"""Other articles, without any of the terms, that stand for those of a language of which none are known."""

# Signs that are hardly ever part of a word that tells a story: particles, pronouns, auxiliary verbs.
_PASSING = frozenset(
    "的了是在和与及为对将被就也都而以于从到这那个们之其或但与地得着过吗呢吧啊的我你他她它はがをにでとものへやかられます"
)


def paired_text(article: Article) -> str:
    """What is read of an article: headline, lead, how the text begins."""
    return f"{article.title}\n{article.description}\n{article.text[:_CHARACTERS]}"


def read_paired(articles: Sequence[Article], others: int, holding: Mapping[str, int]) -> Coverage:
    """The terms of articles, and how many of that many others hold them."""
    return Coverage(
        texts=[frozenset(_parts(paired_text(article))) for article in articles],
        heads=[frozenset(_parts(article.title)) for article in articles],
        others=others,
        holding=holding,
        nested=True,
    )


def weigh_terms(story: Coverage) -> dict[str, float]:
    """The words that set the story's articles apart, heaviest first; weights as those of a profile."""
    held = _Held(story.count())
    least = min(_LEAST_HELD, len(story.texts))
    found: dict[str, float] = {}
    for term, number in held.counts.items():
        if number < least or len(term) != 2 or not _is_telling(term):
            continue
        odds, weight = weigh(story, term, number)
        if odds >= _LEAST_ODDS and not held.lies_across(term):
            found[held.grown(term)] = weight
    ranked = sorted(found, key=lambda term: (-found[term], term))[:_KEPT]
    return {term: round(found[term], 4) for term in ranked}


class _Held:
    """In how many articles each term stands, and the terms that are a letter longer."""

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts
        self._before: dict[str, int] = {}
        self._after: dict[str, int] = {}
        self._names: dict[tuple[str, bool], str] = {}
        for term, number in counts.items():
            for shorter, table, first in (
                (term[1:], self._before, True),
                (term[:-1], self._after, False),
            ):
                if number > table.get(shorter, 0):
                    table[shorter] = number
                    self._names[shorter, first] = term

    def lies_across(self, term: str) -> bool:
        """Whether a pair is the end of one word and the beginning of the next.

        Then it hardly ever stands without the same letter on one side, and what it makes with that is
        elsewhere too; or without the same letters on both sides.
        """
        number = self.counts[term]
        least = _GROWS * number
        before, after = self._before.get(term, 0) >= least, self._after.get(term, 0) >= least
        left = self.counts[self._names[term, True][:2]] if before else 0
        right = self.counts[self._names[term, False][-2:]] if after else 0
        return max(left, right) > number or (before and after and max(left, right) >= number)

    def grown(self, term: str) -> str:
        """The longest word that a pair hardly ever stands without."""
        least = _GROWS * self.counts[term]
        if self.counts[term] < _SURE_TO_GROW:
            return term
        while True:
            longer = [name for first in (True, False) if (name := self._names.get((term, first)))]
            best = max(longer, key=lambda name: (self.counts[name], name), default="")
            if not best or self.counts[best] < least:
                return term
            term = best


def _is_telling(term: str) -> bool:
    return _PASSING.isdisjoint(term) and holds_paired_script(term)


def _parts(text: str) -> set[str]:
    return {
        run[start : start + length]
        for run in _RUN.findall(text)
        if holds_paired_script(run)
        for length in range(2, _LONGEST + 1)
        for start in range(len(run) - length + 1)
    }
