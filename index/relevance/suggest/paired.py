"""A query for scripts without spaces, from what a story's articles have in common and others do not.

Pairs of letters are weighed as a profile weighs them (`index.relevance.profile`). A pair that hardly ever
stands without the same neighbours stands for the longer word; one that lies across two words is none.
Anchors are rare elsewhere and are taken greedily, each for the articles that the ones before it miss:
that is how a second word for the same thing comes in, such as 飞艇 beside 气球.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.article import Article
from index.query import And, Node, Or, Word
from index.text.analysis import holds_paired_script

_RUN = re.compile(r"\w+")
_CHARACTERS = 400  # of an article's beginning
_LONGEST = 6
_GROWS = 0.9  # share of a term's articles that hold the longer one
_SURE_TO_GROW = 8  # articles that hold a term before it may be taken for a longer one
_LEAST_HELD = 2
_RARE = 0.01  # share of other articles that hold an anchor at most
_LEAST_ODDS = 1.0  # natural logarithm
_ANCHORS, _LEAST_COVERED = 3, 0.1
_ALONE = 0.002  # share of other articles up to which an anchor needs no company
_ENOUGH_OTHERS = 500
_BELOW = 0.2  # what a term below the headline counts beside one in it
_COMPANY = 8
_KEPT = 60
ASSUMED = 50
"""Other articles, without any of the terms, that stand for those of a language of which none are known."""

# Signs that are hardly ever part of a word that tells a story: particles, pronouns, auxiliary verbs.
_PASSING = frozenset(
    "的了是在和与及为对将被就也都而以于从到这那个们之其或但与地得着过吗呢吧啊的我你他她它はがをにでとものへやかられます"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Articles in a script without spaces, and how many others hold each of their terms.

    A text begins with its headline, which ends with the first line.
    """

    texts: Sequence[str]
    others: int
    holding: Mapping[str, int]


def paired_text(article: Article) -> str:
    """What is read of an article: headline, lead, how the text begins."""
    return f"{article.title}\n{article.description}\n{article.text[:_CHARACTERS]}"


def count_terms(texts: Iterable[str]) -> Counter[str]:
    """In how many texts each run of two to six letters stands."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(_parts(text))
    return counted


def weigh_terms(story: Paired) -> dict[str, float]:
    """The words that set the story's articles apart, heaviest first; weights as those of a profile."""
    held = _Held(count_terms(story.texts))
    total = len(story.texts)
    found: dict[str, float] = {}
    for term, number in held.counts.items():
        if number < min(_LEAST_HELD, total) or len(term) != 2 or not _is_telling(term):
            continue
        share = number / (total + 1)
        usual = (story.holding.get(term, 0) + 0.5) / (story.others + 1)
        odds = math.log(share * (1 - usual) / (usual * (1 - share))) if usual < 1 else 0.0
        if odds >= _LEAST_ODDS and not held.lies_across(term):
            found[held.grown(term)] = odds * math.sqrt(share)
    ranked = sorted(found, key=lambda term: (-found[term], term))[:_KEPT]
    return {term: round(found[term], 4) for term in ranked}


def paired_tree(story: Paired, weights: Mapping[str, float]) -> Node | None:
    """Anchors, near each other's company where they are not rare enough to stand alone."""
    anchors = _anchors(story, weights)
    if not anchors:
        terms = list(weights)
        return And((Word(terms[0]), _any(terms[1 : _COMPANY + 1]))) if len(terms) > 1 else None
    alone = [one for one in anchors if _stands_alone(story, one)]
    others = [one for one in anchors if one not in alone]
    company = _cover(
        {place for place, text in enumerate(story.texts) if any(one in text for one in others)},
        [term for term in weights if not any(term in one or one in term for one in anchors)],
        story,
        weights,
        most=_COMPANY,
        least=1,
    )
    parts: list[Node] = [Word(one) for one in alone]
    if others:
        parts.append(And((_any(others), _any(company))) if company else _any(others))
    return Or(tuple(parts)) if len(parts) > 1 else parts[0]


def _anchors(story: Paired, weights: Mapping[str, float]) -> list[str]:
    rare = [term for term in weights if _usual(story, term) <= _RARE]
    least = max(_LEAST_HELD, math.ceil(_LEAST_COVERED * len(story.texts)))
    every = set(range(len(story.texts)))
    return _cover(every, rare, story, weights, most=_ANCHORS, least=least)


def _cover(
    places: set[int],
    terms: Sequence[str],
    story: Paired,
    weights: Mapping[str, float],
    *,
    most: int,
    least: int,
) -> list[str]:
    """The fewest terms that most of the texts at some places hold, each in `least` that no other has."""
    headlines = [text.partition("\n")[0] for text in story.texts]

    def told(term: str, held: set[int]) -> float:
        """In how many of the texts a term stands, those that have it in the headline for more."""
        return sum(1.0 if term in headlines[place] else _BELOW for place in held)

    missed = set(places)
    chosen: list[str] = []
    while missed and len(chosen) < most:
        covered = {
            term: {place for place in missed if term in story.texts[place]}
            for term in terms
            if not any(term in one or one in term for one in chosen)
        }
        best = max(
            covered, key=lambda term: (told(term, covered[term]), weights[term], term), default=""
        )
        if not best or len(covered[best]) < least:
            break
        chosen.append(best)
        missed -= covered[best]
    return chosen


def _usual(story: Paired, term: str) -> float:
    """The share of the other articles that hold a term; of those too few to tell, at least so much."""
    return story.holding.get(term, 0) / max(1, story.others)


def _stands_alone(story: Paired, term: str) -> bool:
    return story.others >= _ENOUGH_OTHERS and _usual(story, term) <= _ALONE


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

        Then it hardly ever stands without the same letter on one side, and what it makes with that stands
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


def _any(terms: Sequence[str]) -> Node:
    nodes = tuple(map(Word, terms))
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _parts(text: str) -> set[str]:
    return {
        run[start : start + length]
        for run in _RUN.findall(text)
        if holds_paired_script(run)
        for length in range(2, _LONGEST + 1)
        for start in range(len(run) - length + 1)
    }
