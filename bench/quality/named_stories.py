"""Stories of a real week told by their names: how well one to three clippings rank the others.

    python -m bench.quality.named_stories [--draws 1] [--every 2] [--half look]

The labels are made by rule: an item is of a story if its headline and summary hold the names that
mark it, in English or Polish. That misses some coverage and takes in some mentions, so a figure
counts only beside BM25 more-like-this in the same run. How a story is grown from clippings was
chosen on every other of them (`--half look`); the rest is only measured. A draw below .1 was hijacked by
a bigger neighbour. Reads the 18,000 feed items of ../shared/data, each so-manieth of them.
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
from bench.sets.real import FEED_ITEMS, is_here
from bench.sets.relevance import Item, count_background, week_items

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
    "Dallas": r".*dallas zoo",
    "Baldwin": r"(?=.*baldwin)(?=.*(rust|charg|shoot|manslaughter|hutchins))",
    "Alice": r"(?=.*alice springs)(?=.*(alcohol|ban|crime|grog))",
    "Pell": r".*\bpell\b",
    "Kohberger": r".*kohberger",
    "Irving": r".*(kyrie|\birving\b)",
    "Rushdie": r".*rushdie",
    "Shark": r"(?=.*shark)(?=.*(swan river|perth|girl|stella))",
    "Green": r".*eva green",
    "Williams": r".*cindy williams",
    "Glitter": r".*glitter",
    "S23": r"(?=.*samsung)(?=.*(s23|unpacked))",
    "Hogwarts": r".*hogwarts",
    "Password": r"(?=.*netflix)(?=.*password)",
    "Murdaugh": r".*murdaugh",
    "Enzo": r".*enzo fern",
    "Meters": r"(?=.*(prepayment|british gas))(?=.*(meter|gas))",
    "Shell": r"(?=.*\bshell\b)(?=.*(profit|oil))",
    "Bryson": r".*isla bryson|.*(trans).*(prison)",
    "Jenin": r"(?=.*(jenin|synagogue|west bank))(?=.*(isra|palest|jerusalem))",
    "Happy": r".*happy valley",
    "Leopard": r"(?=.*(leopard|abrams))(?=.*(tank|ukrain))",
    "Bard": r"(?=.*\bbard\b)(?=.*(google|chatgpt|ai))",
    "LeBron": r"(?=.*lebron)(?=.*(record|kareem|abdul|scoring))",
    "Ozzy": r".*ozzy",
    "Buttigieg": r".*buttigieg",
    "AP": r"(?=.*(ap |advanced placement))(?=.*african american)",
    "Zahawi": r".*zahawi",
    "Raab": r".*\braab\b",
    "Bolsonaro": r".*(bolsonaro)",
    "Djokovic": r".*djokovic",
}


def main() -> int:
    options = _options()
    if not is_here(FEED_ITEMS):
        return 0
    items = week_items(0, every=options.every)
    background, bm25 = count_background(items), Bm25(items)
    figures: dict[tuple[str, str], list[float]] = defaultdict(list)
    halves = {"look": 0, "measure": 1}
    for number, (name, pattern) in enumerate(STORIES.items()):
        if options.half and number % 2 != halves[options.half]:
            continue
        told = told_by_name(items, pattern)
        for kind, seeds in drawn(items, told, random.Random(name), options.draws):
            truth = {*told} - {*seeds}
            ways = {"grown": rank_grown(items, seeds, background), "BM25": bm25.ranked(seeds)}
            for way, ranked in ways.items():
                figures[kind, way].append(rank_quality(ranked, truth)[0])
    for (kind, way), values in figures.items():
        low, lowest = (sum(value < bound for value in values) for bound in (0.5, 0.1))
        print(
            f"{kind:14}{way:8}mean AP {mean(values):.3f}"
            f"   below .5: {low}, below .1: {lowest} of {len(values)}"
        )
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
        if len(told) <= number:
            continue
        for _ in range(max(1, draws // 2)):
            yield kind, chance.sample(list(told), number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=1, help="single clippings of each language")
    parser.add_argument("--every", type=int, default=2, help="take each so-manieth item")
    parser.add_argument("--half", choices=("look", "measure"), help="every other story")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
