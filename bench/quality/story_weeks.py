"""The balloon of a real week and of the week after, when the story drifts; and what labels make of it.

    python -m bench.quality.story_weeks [--every 3]

The story's own file is judged over both weeks of feed items in ../shared/data (skipped where that is
not there), learned from, and measured a week at a time: without labels, after 10 and 50 labels of the
second week in the order in which `review` asks, and after 25 + 25 drawn at random from what is shown.
`objects`, the things shot down a week later, count as wrong in `precision` and not at all in `without`.
The labels were made by title rules: a look, not a bar.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from bench.gates.focus import doubtful
from bench.sets.real import FEED_ITEMS, is_here
from bench.sets.relevance import (
    BALLOON,
    Item,
    count_background,
    load_file,
    week_items,
)
from index.article import Verdict
from index.relevance.profile import Background, learn_profile
from index.relevance.teaching import correct
from index.relevance.verdict import judge_analysed
from index.workspace.story import Story


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=3, help="take each so-manieth other item")
    every = parser.parse_args().every
    if not is_here(FEED_ITEMS):
        return 0
    weeks = [week_items(week, every=every) for week in (0, 1)]
    story, items = load_file(BALLOON), [*weeks[0], *weeks[1]]
    second = range(len(weeks[0]), len(items))
    background = count_background(items)
    alone = [judge_analysed(item.analysed, story) for item in items]
    print(
        f"{'labels':14}{'week':>5}{'recall':>8}{'precision':>10}{'without':>9}   on-story by label"
    )
    verdicts = judge_with(story, items, background, alone, {})
    _report("none", items, verdicts, second, {})
    labels: dict[int, bool] = {}
    asked = verdicts
    for _ in range(5):
        known = {*labels, *range(len(weeks[0]))}
        labels |= {n: items[n].label == "core" for n in doubtful(asked, known)}
        asked = judge_with(story, items, background, alone, labels)
        if len(labels) in (10, 50):
            _report(f"{len(labels)} asked", items, asked, second, labels)
    drawn = _drawn(items, [n for n in second if verdicts[n].score >= 0.3])
    _report("25 + 25", items, judge_with(story, items, background, alone, drawn), second, drawn)
    return 0


def judge_with(
    story: Story,
    items: Sequence[Item],
    background: Background,
    alone: Sequence[Verdict],
    labels: Mapping[int, bool],
) -> list[Verdict]:
    """The verdicts by the queries and labels, as a re-evaluation makes them."""
    weights = {n: verdict.alone for n, verdict in enumerate(alone)}
    weights |= {n: 2.0 if accepted else 0.0 for n, accepted in labels.items()}
    learned = [(items[n].features, weight) for n, weight in weights.items() if weight > 0]
    profile = learn_profile(learned, background)
    if profile is not None and labels:
        labelled = [(items[n].analysed, accepted) for n, accepted in labels.items()]
        on = [n for n, weight in weights.items() if weight > 0 and n not in labels]
        others = [n for n in range(len(items)) if weights[n] == 0 and n not in labels]
        some = [
            *random.Random(1).sample(on, min(100, len(on))),
            *others[:: max(1, len(others) // 400)],
        ]
        profile = correct(profile, story, labelled, [items[n].analysed for n in some])
    return [judge_analysed(item.analysed, story, profile=profile) for item in items]


def _drawn(items: Sequence[Item], shown: Sequence[int]) -> dict[int, bool]:
    chance = random.Random(2)
    drawn: dict[int, bool] = {}
    for is_core in (True, False):
        own = [n for n in shown if (items[n].label == "core") == is_core]
        drawn |= dict.fromkeys(chance.sample(own, min(25, len(own))), is_core)
    return drawn


def _report(
    name: str,
    items: Sequence[Item],
    verdicts: Sequence[Verdict],
    second: range,
    labels: Mapping[int, bool],
) -> None:
    for week, places in ((1, range(second.start)), (2, second)):
        held = [n for n in places if n not in labels]
        found = Counter(items[n].label for n in held if verdicts[n].decision == "on-story")
        core = sum(items[n].label == "core" for n in held)
        total = found.total()
        print(
            f"{name:14}{week:>5}{found['core'] / core:8.3f}{found['core'] / max(1, total):10.3f}"
            f"{found['core'] / max(1, total - found['objects']):9.3f}   {dict(found)}"
        )


if __name__ == "__main__":
    sys.exit(main())
