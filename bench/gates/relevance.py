"""Does it belong to the story: recall and precision of verdicts, beside simpler ways, in one run.

    python -m bench.gates.relevance [--real] [--seeds N]

The sets are our own: seven made-up stories in fourteen languages, what only mentions them, what
sounds like them, and other news; of five headline and lead only, of two whole articles. Traps are
coverage without the obvious word in the headline, most of them without it at all. Two of the stories
(bankrun, recount) are held out: figures without floors, at which nobody looks who changes the method.
`--real` adds the labelled feed items and the 18,000 others of the same week in ../shared/data. Exit 1
when a floor is broken. The sets are in `relevance_sets`, the ways in `relevance_ways`.

First table: what is found at the default threshold. The others: one obvious word, the story's query
alone, and BM25 more-like-this of the three earliest articles, cut at the number to be found. A story
is judged by its queries, learned from and judged again, as a workspace does at the end of a crawl.
Second table: one to three articles given, all others ranked; average precision, and recall at the
last rank where nine in ten are right. The word and the query rank by how often they are met; the
query is the user's own, which a story from clippings has to do without.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bench.peers.relevance_ways import (
    OBVIOUS,
    Bm25,
    found_by_way,
    rank_by_query,
    rank_grown,
    rank_quality,
)
from bench.sets.real import FEED_ITEMS, is_here
from bench.sets.relevance import (
    Item,
    core_of,
    count_background,
    coverage_sets,
    held_sets,
    own_sets,
    real_set,
)
from index.query import parse
from index.relevance.profile import learn_profile
from index.relevance.verdict import judge_analysed
from index.workspace.story import Story
from index.workspace.story_tree import story_tree

FLOORS = {"recall": 0.95, "precision": 0.95, "traps": 0.6, "AP": 0.9}
# Of these there is a headline and a lead, and a dozen to learn from: a lead that mentions the story
# cannot be told from coverage, and is for a person to look at; some traps have no word in common with
# anything.
BRIEF_FLOORS = {"recall": 0.7, "precision": 0.9, "traps": 0.0, "AP": 0.9}
ASKED_FLOORS = {"recall": 0.83, "precision": 0.75, "traps": 0.4}  # what is on it or borderline
BRIEF = ("dam", "ferry", "hospital")
HELD = ("bankrun", "recount")  # measured, and without a floor that one could tune to


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a way of finding found, of all that there was."""

    recall: float
    precision: float
    traps: float
    by_label: Counter[str]


def main() -> int:
    options = _options()
    sets = [*own_sets(), *coverage_sets(), *held_sets()]
    if options.real and is_here(FEED_ITEMS):
        sets.append(real_set())
    broken = []
    print(f"{'story':10}{'way':24}{'recall':>8}{'precision':>11}{'traps':>8}   found by label")
    for story, items in sets:
        for way, found in found_by_way(story, items):
            score = measure(items, found)
            print(_line(story.id, way, score))
            if way == "verdict":
                broken += [f"{story.id}: {fault}" for fault in _faults(score, floors_of(story))]
            if way == "verdict, or borderline" and story.id in BRIEF:
                broken += [f"{story.id}, asked: {fault}" for fault in _faults(score, ASKED_FLOORS)]
    print(f"\n{'story':10}{'way':24}{'mean AP':>8}{'least AP':>10}{'recall at 0.9':>15}")
    for story, items in sets:
        broken += rank_from_clippings(story, items, options.seeds)
    print_speed(sets[-1])
    for fault in broken:
        print(f"BROKEN {fault}")
    return bool(broken)


def floors_of(story: Story) -> Mapping[str, float]:
    """What a story's verdicts may not fall below."""
    if story.id in HELD:
        return dict.fromkeys(FLOORS, 0.0)
    return BRIEF_FLOORS if story.id in BRIEF else FLOORS


def measure(items: Sequence[Item], found: Collection[int]) -> Score:
    """Recall of what is core and of the traps in it, precision over all that was found."""
    core, traps = core_of(items), [n for n, item in enumerate(items) if item.trap]
    right = sum(n in found for n in core)
    return Score(
        recall=right / len(core),
        precision=right / max(1, len(found)),
        traps=sum(n in found for n in traps) / max(1, len(traps)),
        by_label=Counter(items[n].label for n in found),
    )


def rank_from_clippings(story: Story, items: Sequence[Item], trials: int) -> list[str]:
    """Print how well all others are ranked from one to three articles; the floors that broke."""
    chance, core, background = random.Random(7), core_of(items), count_background(items)
    bm25 = Bm25(items)
    by_query = {
        "one obvious word": parse(OBVIOUS[story.id]),
        "query": story_tree(story),
    }
    figures: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for trial in range(trials):
        seeds = chance.sample(core, 1 + trial % 3)
        truth = {*core} - {*seeds}
        figures["BM25 more like this"].append(rank_quality(bm25.ranked(seeds), truth))
        figures["story from clippings"].append(
            rank_quality(rank_grown(items, seeds, background), truth)
        )
        for way, found in by_query.items():
            figures[way].append(rank_quality(rank_by_query(items, found, seeds), truth))
    for way, pairs in figures.items():
        precisions, recalls = zip(*pairs, strict=True)
        print(
            f"{story.id:10}{way:24}{mean(precisions):8.3f}{min(precisions):10.3f}{mean(recalls):15.3f}"
        )
    means = {way: mean(pair[0] for pair in pairs) for way, pairs in figures.items()}
    ours = means.pop("story from clippings")
    if story.id in (*BRIEF, *HELD, "balloon"):
        # Of headlines that were chosen by the word, the word alone finds nearly all.
        del means["one obvious word"], means["query"]
    theirs = max(means.values())
    floor = max(floors_of(story)["AP"], theirs)
    return [] if ours >= floor else [f"{story.id}: mean AP {ours:.3f} below {floor:.3f}"]


def print_speed(found: tuple[Story, list[Item]]) -> None:
    """Microseconds of CPU for one verdict after analysis, with a profile and without."""
    story, items = found
    some = items[:: max(1, len(items) // 500)]
    profile = learn_profile(
        [(items[n].features, 1.0) for n in core_of(items)], count_background(items)
    )
    for name, known in (("query alone", None), ("with profile", profile)):
        start = time.process_time()
        for item in some:
            judge_analysed(item.analysed, story, profile=known)
        spent = (time.process_time() - start) / len(some)
        print(f"\nverdict on a headline and a lead, {name}: {spent * 1e6:,.0f} µs", end="")
    print()


def _line(story: str, way: str, score: Score) -> str:
    labels = ", ".join(f"{label} {score.by_label[label]}" for label in sorted(score.by_label))
    return (
        f"{story:10}{way:24}{score.recall:8.3f}{score.precision:11.3f}{score.traps:8.2f}   {labels}"
    )


def _faults(score: Score, floors: Mapping[str, float]) -> Iterator[str]:
    for name in ("recall", "precision", "traps"):
        if getattr(score, name) < floors[name]:
            yield f"{name} {getattr(score, name):.3f} below {floors[name]}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--real", action="store_true", help="add the items of ../shared/data")
    parser.add_argument("--seeds", type=int, default=18, help="times that clippings are drawn")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
