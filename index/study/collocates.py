"""Collocates: the words that are near a word more often than chance would have it (Firth 1957)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.study.statistics import log_dice, log_likelihood
from index.study.word_counts import Text, words_of
from index.text.sentences import split_sentences

LEAST_EVIDENCE = 6.63
"""The G² that chance gives once in a hundred words (χ² with one degree of freedom)."""

Order = Literal["dice", "g2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collocate:
    """A word beside the node: how often `together`, of that to the `left` and `right`, `uses` in all.

    `dice` is logDice (at most 14), `g2` the evidence; in how many articles and outlets they meet.
    """

    word: str
    together: int
    left: int
    right: int
    uses: int
    articles: int
    outlets: int
    dice: float
    g2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Collocates:
    """The collocates of a node, how often the node is in the texts, and in how many of them."""

    found: tuple[Collocate, ...]
    node: int
    articles: int
    words: int


def find_collocates(
    texts: Iterable[Text],
    node: Collection[str],
    *,
    left: int = 5,
    right: int = 5,
    least: int = 3,
    order: Order = "dice",
    grams: Collection[str] = (),
) -> Collocates:
    """The words within `left` words before and `right` after a node, within its sentence.

    `node` are the keys of the node's words; a word that is near two nodes counts once. Words
    that meet the node fewer than `least` times, or no oftener than chance (p < 0.01), are left out,
    and so are the node itself and numbers.
    """
    uses: Counter[str] = Counter()
    sides: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    articles: Counter[str] = Counter()
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    nodes = beside = with_node = 0
    for text in texts:
        met: set[str] = set()
        held = 0
        for zone in text.zones:
            for sentence in split_sentences(zone):
                words = list(words_of(sentence, text.language, grams))
                uses.update(key for key, _ in words)
                places = [place for place, (key, _) in enumerate(words) if key in node]
                held += len(places)
                near = _near(places, len(words), left, right)
                for place, is_left in near.items():
                    key, written = words[place]
                    beside += 1
                    if key not in node and not written.isdecimal():
                        sides[is_left][key] += 1
                        forms[key][written] += 1
                        met.add(key)
        nodes += held
        with_node += bool(held)
        articles.update(met)
        for key in met:
            outlets[key].add(text.outlet)
    total = uses.total()
    found = [
        Collocate(
            word=forms[key].most_common(1)[0][0],
            together=together,
            left=sides[True][key],
            right=sides[False][key],
            uses=uses[key],
            articles=articles[key],
            outlets=len(outlets[key]),
            dice=log_dice(together, nodes, uses[key]),
            g2=_evidence(together, beside, uses[key], total),
        )
        for key in forms
        if (together := sides[True][key] + sides[False][key]) >= least
    ]
    found = [one for one in found if one.g2 >= LEAST_EVIDENCE]
    return Collocates(found=_ordered(found, order), node=nodes, articles=with_node, words=total)


def _near(places: Sequence[int], length: int, left: int, right: int) -> dict[int, bool]:
    """The places near a node, and whether they are before the nearest one."""
    near: dict[int, tuple[int, bool]] = {}
    nodes = set(places)
    for node in places:
        for place in range(max(node - left, 0), min(node + right + 1, length)):
            distance = abs(place - node)
            if place not in nodes and distance < near.get(place, (length, False))[0]:
                near[place] = distance, place < node
    return {place: is_left for place, (_, is_left) in near.items()}


def _evidence(together: int, beside: int, uses: int, total: int) -> float:
    """G² for what is beside the node against what is elsewhere; 0 for what avoids it."""
    elsewhere, rest = uses - together, max(total - beside, 1)
    if together * rest <= elsewhere * beside:
        return 0.0
    return log_likelihood(together, beside, elsewhere, rest)


def _ordered(found: Sequence[Collocate], order: Order) -> tuple[Collocate, ...]:
    if order == "g2":
        return tuple(sorted(found, key=lambda one: (-one.g2, one.word)))
    return tuple(sorted(found, key=lambda one: (-one.dice, -one.g2, one.word)))
