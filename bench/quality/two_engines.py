"""The desk's own index beside an OpenSearch node: the same random queries asked of both.

    python -m bench.quality.two_engines [--queries 5000] [--articles 400] [--seed 1]

Made-up articles in six languages, some of them reprinted, edited, removed, tagged; queries of all nodes of
the language, now, of all versions, and as of a moment. Prints how many of them find something, every
difference, and how far the ten best by score are the same ten.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from bench.made_up.queries import make_query
from bench.peers.opensearch_nodes import run_nodes
from index.errors import UsageError
from index.fulltext.searcher import When
from index.fulltext.searcher.evaluate import leaves_of
from index.query import walk
from tests.test_index_searcher import NOW
from tests.test_opensearch import MATERIAL
from tests.twins import Twins, open_twins

BEST = 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--queries", type=int, default=5000)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        run_nodes() as nodes,
        open_twins(Path(folder), nodes[0], "twins", count=options.articles) as twins,
    ):
        ask(twins, random.Random(options.seed), options.queries)


def ask(twins: Twins, rng: random.Random, count: int) -> None:
    kinds: Counter[str] = Counter()
    differences, refused, found, hits = 0, 0, 0, 0
    shares = []
    for _ in range(count):
        tree = make_query(rng, MATERIAL, NOW)
        moment: When = NOW + timedelta(hours=rng.randrange(80))
        when: When = rng.choice(("now", "now", "ever", moment))
        try:
            if difference := twins.differences(tree, when=when):
                differences += 1
                print(f"DIFFERENT ({when}) {difference}")
        except UsageError as error:
            refused += 1
            print(f"refused: {error}")
            continue
        kinds.update({type(node).__name__ for node in walk(tree)})
        ours = twins.own.index.search(tree, when=when)
        found += bool(ours.total)
        hits += ours.total
        if when == "now" and ours.total > BEST and leaves_of(tree):
            theirs = twins.cluster.index.search(tree)
            best = [{hit.id for hit in each.top(BEST, fold=False)} for each in (ours, theirs)]
            shares.append(len(best[0] & best[1]) / BEST)
    print(
        f"{count:,} queries, {found:,} with hits ({hits:,}), {differences} different, {refused} refused"
    )
    print("nodes: " + ", ".join(f"{name} {number:,}" for name, number in kinds.most_common()))
    print(
        f"of the {BEST} best by score {sum(shares) / max(1, len(shares)):.2f} are the same"
        f" ({len(shares):,} queries)"
    )


if __name__ == "__main__":
    main()
