"""A query that covers a story's articles: a few rare words, each for what the ones before it miss.

Anchors are rare elsewhere and are taken greedily, those in headlines first: that is how a second word for
the same thing comes in, such as 飞艇 beside 气球. Where an anchor is not rare enough to stand alone, one
of the other words of the articles that hold it has to stand with it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.query import And, Near, Node, Or, Word

_RARE = 0.01  # share of other articles that hold an anchor at most
_ANCHORS, _LEAST_COVERED = 3, 0.1
_LEAST_HELD = 2  # articles that hold an anchor
_ALONE = 0.002  # share of other articles up to which an anchor needs no company
_ENOUGH_OTHERS = 500
_BELOW = 0.2  # what a term below the headline counts beside one in it
_COMPANY = 8
WITHIN = 12  # words: about a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The terms of a story's articles, of their headlines, and how many other articles hold each.

    `spelt` has how a term is written where it is not itself; `nested` terms may be parts of each other.
    """

    texts: Sequence[frozenset[str]]
    heads: Sequence[frozenset[str]]
    others: int
    holding: Mapping[str, int]
    spelt: Mapping[str, str] = field(default_factory=dict)
    nested: bool = False

    def usual(self, term: str) -> float:
        """The share of the other articles that hold a term."""
        return self.holding.get(term, 0) / max(1, self.others)

    def count(self) -> Counter[str]:
        """In how many of the story's articles each term stands."""
        return Counter(term for text in self.texts for term in text)

    def overlap(self, one: str, other: str) -> bool:
        """Whether one term is a part of the other."""
        return self.nested and (one in other or other in one)


def weigh(story: Coverage, term: str, number: int) -> tuple[float, float]:
    """The log odds of a term that so many of the articles hold, and its weight, as in a profile."""
    share = number / (len(story.texts) + 1)
    usual = (story.holding.get(term, 0) + 0.5) / (story.others + 1)
    odds = math.log(share * (1 - usual) / (usual * (1 - share))) if usual < 1 else 0.0
    return odds, odds * math.sqrt(share)


def cover_tree(story: Coverage, weights: Mapping[str, float]) -> Node | None:
    """The query for terms with their weights; None if nothing tells the articles apart."""
    anchors = _anchors(story, weights)
    if not anchors:
        terms = list(weights)
        return _together(story, terms[:1], terms[1 : _COMPANY + 1]) if len(terms) > 1 else None
    alone = [one for one in anchors if _stands_alone(story, one)]
    others = [one for one in anchors if one not in alone]
    company = _cover(
        {place for place, text in enumerate(story.texts) if not text.isdisjoint(others)},
        [term for term in weights if not any(story.overlap(term, one) for one in anchors)],
        story,
        weights,
        most=_COMPANY,
        least=1,
        leave=anchors,
    )
    parts: list[Node] = [_word(story, one) for one in alone]
    if others:
        parts.append(_together(story, others, company) if company else _any(story, others))
    return Or(tuple(parts)) if len(parts) > 1 else parts[0]


def _anchors(story: Coverage, weights: Mapping[str, float]) -> list[str]:
    rare = [term for term in weights if story.usual(term) <= _RARE]
    least = max(_LEAST_HELD, math.ceil(_LEAST_COVERED * len(story.texts)))
    every = set(range(len(story.texts)))
    return _cover(every, rare, story, weights, most=_ANCHORS, least=least)


def _cover(
    places: set[int],
    terms: Sequence[str],
    story: Coverage,
    weights: Mapping[str, float],
    *,
    most: int,
    least: int,
    leave: Sequence[str] = (),
) -> list[str]:
    """The fewest terms that most of the texts at some places hold, each in `least` that no other has."""

    def told(term: str, held: set[int]) -> float:
        """In how many of the texts a term stands, those that have it in the headline for more."""
        return sum(1.0 if term in story.heads[place] else _BELOW for place in held)

    missed = set(places)
    chosen: list[str] = []
    while missed and len(chosen) < most:
        covered = {
            term: {place for place in missed if term in story.texts[place]}
            for term in terms
            if term not in (*chosen, *leave) and not any(story.overlap(term, one) for one in chosen)
        }
        scores = {term: (told(term, held), weights[term], term) for term, held in covered.items()}
        best = max(scores, key=scores.__getitem__, default="")
        if not best or len(covered[best]) < least:
            break
        chosen.append(best)
        missed -= covered[best]
    return chosen


def _stands_alone(story: Coverage, term: str) -> bool:
    return story.others >= _ENOUGH_OTHERS and story.usual(term) <= _ALONE


def _together(story: Coverage, anchors: Sequence[str], company: Sequence[str]) -> Node:
    parts = (_any(story, anchors), _any(story, company))
    return And(parts) if story.nested else Near(parts, WITHIN)


def _any(story: Coverage, terms: Sequence[str]) -> Node:
    nodes = tuple(_word(story, term) for term in terms)
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _word(story: Coverage, term: str) -> Word:
    return Word(story.spelt.get(term, term))
