"""Quotations read and grouped, over growing numbers of made-up articles with five of them each.

    python -m bench.speed.quotes [--sizes 5000,10000,20000,100000]

CPU seconds, utterances and the peak of memory (MB, of a process of its own for each size). Of more
articles than `index.study.sample.MOST` that many are read, as `pressclip quotes` does.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from bench.made_up.articles import make_article
from index.store import StoredArticle
from index.study.quotes import full_speakers, group_utterances, sayings_of
from index.study.sample import MOST

QUOTES = 5  # of an article
SPEAKERS = ("Ann Reyes", "Bo Sample", "Cara Muster", "Dell Testerman", "Eva Modell")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,10000,20000,100000")
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.size:
        measure(options.size)
        return
    for size in options.sizes.split(","):
        command = [sys.executable, "-m", "bench.speed.quotes", "--size", size]
        subprocess.run(command, check=True)


def measure(size: int) -> None:
    """One line on so many articles."""
    read = min(size, MOST)
    started = time.process_time()
    sayings = [saying for stored in quoting(read) for saying in sayings_of(stored)]
    reading = time.process_time() - started
    utterances = group_utterances(full_speakers(sayings))
    grouping = time.process_time() - started - reading
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{size:>8,} articles, {read:>6,} read  {len(sayings):>7,} quotations"
        f"  {len(utterances):>7,} utterances  reading (and making up) {reading:5.1f} s"
        f"  grouping {grouping:5.1f} s  {peak:,} MB"
    )


def quoting(count: int) -> Iterator[StoredArticle]:
    """English articles with quotations, two of five of which other articles print too."""
    rng = random.Random(count)
    for number in range(count):
        stored = make_article(number * 10)
        lines = []
        for place in range(QUOTES):
            shared = place < 2
            own = random.Random(rng.randrange(count // 4) if shared else count + number * 9 + place)
            words = " ".join(f"{own.choice(WORDS)}{own.randrange(400)}" for _ in range(18))
            lines.append(f"“It is {words},” {own.choice(SPEAKERS)} said on Monday.")
        text = "\n\n".join(lines)
        yield replace(stored, article=replace(stored.article, text=text, language="en"))


WORDS = (
    "balloon", "field", "morning", "radar", "county", "harvest", "signal", "weather", "river", "tower",
)  # fmt: skip

if __name__ == "__main__":
    main()
