"""The ways of finding and of ranking that the relevance gate compares."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from statistics import mean

from bench.made_up.coverage import STORIES
from bench.sets.relevance import Item, core_of, count_background
from index.article import Verdict
from index.query import Node, parse
from index.query.match import evidence, matches
from index.relevance.profile import Background, learn_profile
from index.relevance.suggest.growth import grow_profile
from index.relevance.verdict import judge_analysed
from index.workspace.story import Story
from index.workspace.story_tree import story_tree

OBVIOUS = {
    "ferry": "ferry OR 渡轮 OR Fähre",
    "dam": "presa OR dam OR barragem OR barrage",
    "hospital": "Northmere OR hospital* OR Klinik*",
    "balloon": "balloon OR balon*",
    "bankrun": "Halvorsen OR bank* OR banque OR banco",
    "recount": "recount* OR recuento OR riconteggio",
    **{coverage.story.id: coverage.obvious for coverage in STORIES},
}
ROUNDS = 1


def found_by_way(story: Story, items: Sequence[Item]) -> Iterator[tuple[str, set[int]]]:
    """The places of the items that each way finds."""
    obvious, query = parse(OBVIOUS[story.id]), story_tree(story)
    yield "one obvious word", _where(items, lambda item: matches(obvious, item.analysed))
    yield "query", _where(items, lambda item: matches(query, item.analysed))
    core = core_of(items)
    ranked = Bm25(items).ranked(_earliest(items, core))
    yield "BM25 more like this", {*ranked[: len(core)]}
    verdicts = judge_in_rounds(story, items)
    yield (
        "verdict",
        {place for place, verdict in enumerate(verdicts) if verdict.decision == "on-story"},
    )
    yield (
        "verdict, or borderline",
        {n for n, verdict in enumerate(verdicts) if verdict.decision in ("on-story", "borderline")},
    )


def judge_in_rounds(story: Story, items: Sequence[Item]) -> list[Verdict]:
    """Judge, learn from what is on the story, judge again."""
    background = count_background(items)
    verdicts = [judge_analysed(item.analysed, story) for item in items]
    for _ in range(ROUNDS):
        learned = [
            (item.features, verdict.score)
            for item, verdict in zip(items, verdicts, strict=True)
            if verdict.decision == "on-story"
        ]
        profile = learn_profile(learned, background)
        verdicts = [judge_analysed(item.analysed, story, profile=profile) for item in items]
    return verdicts


def _earliest(items: Sequence[Item], core: Sequence[int]) -> list[int]:
    late = datetime.max.replace(tzinfo=UTC)
    return sorted(core, key=lambda n: items[n].analysed.article.published or late)[:3]


def _where(items: Sequence[Item], holds: Callable[[Item], bool]) -> set[int]:
    return {n for n, item in enumerate(items) if holds(item)}


class Bm25:
    """More-like-this as search engines do it: the 25 heaviest words of some articles, as one OR."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._documents = [Counter(_words(item)) for item in items]
        self._lengths = [document.total() for document in self._documents]
        self._usual = mean(self._lengths)
        self._holding: dict[str, list[int]] = defaultdict(list)
        for place, document in enumerate(self._documents):
            for word in document:
                self._holding[word].append(place)

    def ranked(self, seeds: Sequence[int]) -> list[int]:
        asked = Counter(word for seed in seeds for word in _words_of(self._documents[seed]))
        heaviest = sorted(asked, key=lambda word: -asked[word] * self._rarity(word))[:25]
        scores: Counter[int] = Counter()
        for word in heaviest:
            for place in self._holding[word]:
                scores[place] += asked[word] * self._weight(word, place)  # type: ignore[assignment]
        return [place for place, _ in scores.most_common() if place not in seeds]

    def _rarity(self, word: str) -> float:
        holding, number = len(self._holding[word]), len(self._documents)
        return math.log(1 + (number - holding + 0.5) / (holding + 0.5))

    def _weight(self, word: str, place: int, k1: float = 1.5, b: float = 0.75) -> float:
        times = self._documents[place][word]
        length = 1 - b + b * self._lengths[place] / self._usual
        return self._rarity(word) * times * (k1 + 1) / (times + k1 * length)


def _words(item: Item) -> Iterator[str]:
    for zone in ("title", "lead"):
        for token, stem in item.analysed.zones[zone].pieces():
            yield stem or token


def _words_of(document: Counter[str]) -> Iterator[str]:
    yield from document.elements()


def rank_grown(items: Sequence[Item], seeds: Sequence[int], background: Background) -> list[int]:
    others = [n for n in range(len(items)) if n not in seeds]
    profile = grow_profile(
        [items[n].features for n in seeds], [items[n].features for n in others], background
    )
    if profile is None:
        return others
    values = {n: profile.closeness(items[n].features).value for n in others}
    return sorted(others, key=lambda n: -values[n])


def rank_by_query(items: Sequence[Item], tree: Node, seeds: Sequence[int]) -> list[int]:
    """What a query finds, where it is met most often first, then all others."""
    others = [n for n in range(len(items)) if n not in seeds]
    hits = {
        n: sum(found.count for found in evidence(tree, items[n].analysed))
        if matches(tree, items[n].analysed)
        else -1
        for n in others
    }
    return sorted(others, key=lambda n: -hits[n])


def rank_quality(ranked: Sequence[int], truth: Collection[int]) -> tuple[float, float]:
    """Average precision, and recall at the last rank with a precision of 0.9."""
    right, total, reached = 0, 0.0, 0.0
    for rank, place in enumerate(ranked, start=1):
        if place in truth:
            right += 1
            total += right / rank
            if right / rank >= 0.9:
                reached = right / len(truth)
    return total / len(truth), reached
