"""Stories of a real week told by their names: how well one to three clippings rank the others.

    python -m bench.quality.named_stories [--draws 6]

The labels are made by rule: an item is of a story if its headline and summary hold the names that
mark it, in English or Polish. That misses some coverage and takes in some mentions, so a figure
counts only beside BM25 more-like-this in the same run. How a story is grown from clippings was
chosen on these. Reads the 18,000 feed items of ../shared/data.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import mean

from bench.peers.relevance_ways import Bm25, rank_grown, rank_quality
from bench.sets.relevance import Item, count_background, real_set

STORIES = {
    "earthquake": r"(?=.*(earthquake|quake|trzęsieni))(?=.*(turk|turc|syri|gaziantep))",
    "Nichols": r"(?=.*nichols)(?=.*(memphis|polic|tyre))",
    "Peshawar": r"(?=.*(peshawar|peszawar))(?=.*(mosque|bomb|blast|meczet|zamach|wybuch|eksploz))",
    "Musharraf": r".*(musharraf|muszarraf)",
    "Brady": r".*(\btom brady|brady.*(retir|emerytur|karier))",
    "Grammys": r".*grammy",
    "Rabanne": r".*rabanne",
    "capsule": r"(?=.*(capsule|kapsuł))(?=.*(austral|radio))",
    "derailment": r"(?=.*ohio)(?=.*(derail|wykole|train))|.*east palestine",
    "Tate": r".*andrew tate",
    "Johnson": r"(?=.*johnson)(?=.*putin)(?=.*(missile|rakiet|threat|gro))",
    "Santos": r".*(george santos|\bsantos\b.*(congress|republican|committee))",
    "Pope": r"(?=.*(pope|papie|francisz))(?=.*(congo|kong|sudan))",
    "Adani": r".*(\badani|hindenburg research)",
    "Bulley": r".*bulley",
    "Omar": r".*ilhan omar",
}


def main() -> int:
    draws = _options().draws
    _, items = real_set()
    background, bm25 = count_background(items), Bm25(items)
    figures: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name, pattern in STORIES.items():
        told = told_by_name(items, pattern)
        for kind, seeds in drawn(items, told, random.Random(name), draws):
            truth = {*told} - {*seeds}
            ways = {"grown": rank_grown(items, seeds, background), "BM25": bm25.ranked(seeds)}
            for way, ranked in ways.items():
                figures[kind, way].append(rank_quality(ranked, truth)[0])
    for (kind, way), values in figures.items():
        low = sum(value < 0.5 for value in values)
        print(f"{kind:14}{way:8}mean AP {mean(values):.3f}   below .5: {low} of {len(values)}")
    return 0


def told_by_name(items: Sequence[Item], pattern: str) -> list[int]:
    """The places of the items that hold a story's names."""
    names = re.compile(pattern, re.DOTALL)
    articles = (item.analysed.article for item in items)
    return [
        place
        for place, article in enumerate(articles)
        if names.match(f"{article.title} {article.description}".lower())
    ]


def drawn(
    items: Sequence[Item], told: Sequence[int], chance: random.Random, draws: int
) -> Iterator[tuple[str, list[int]]]:
    """Clippings of a story: single ones by language, pairs and threes."""
    for language, kind in (("en", "one English"), ("pl", "one Polish")):
        own = [place for place in told if items[place].language == language]
        for place in chance.sample(own, min(draws, len(own))):
            yield kind, [place]
    for number, kind in ((2, "two"), (3, "three")):
        for _ in range(max(1, draws // 2)):
            yield kind, chance.sample(list(told), number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=6, help="single clippings of each language")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
