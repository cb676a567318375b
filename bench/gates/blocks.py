"""Whether pages whose markup hides the article are read whole: made-up ones of each kind, in two halves.

    python -m bench.gates.blocks            the half to gate on; 1 when a kind falls below its floor
    python -m bench.gates.blocks --look     the half that the rules were made with

Printed are, for each kind, precision and recall of the text (four-word shingles), the lines of furniture
that stayed out, exact titles and authors; beside them, precision and recall of trafilatura.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bench.gates.extraction import score_page
from bench.peers.extractors import read_pressclip, read_trafilatura
from bench.sets.block_pages import GATE, LOOK, block_pages

FLOOR = 0.97
SHOWN = ("precision", "recall", "no leaks", "title", "authors")


def main() -> None:
    """Prints the table; exits 1 below the floor."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--look", action="store_true", help="the half the rules were made with")
    parser.add_argument("--worst", action="store_true", help="name each page below the floor")
    args = parser.parse_args()
    sys.exit(check(LOOK if args.look else GATE, worst=args.worst))


def check(languages: tuple[str, ...], *, worst: bool = False) -> int:
    """The table of those languages; 1 when a kind is below the floor."""
    ours: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    theirs: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for kind, page in block_pages(languages):
        measured = score_page(page, read_pressclip(page.capture, page.zone))
        if kind != "authors":
            measured.pop("authors")
        for name, value in measured.items():
            ours[kind][name].append(value)
            if worst and name in SHOWN and value < FLOOR:
                print(f"  {page.id}: {name} {value:.2f}")
        for name, value in score_page(page, read_trafilatura(page.capture, page.zone)).items():
            theirs[kind][name].append(value)
    print(f"{'kind':10}{'pages':>6}{''.join(f'{name:>11}' for name in SHOWN)}  trafilatura P, R")
    low = 0
    for kind, measured_by in ours.items():
        means = {name: statistics.mean(measured_by[name]) for name in SHOWN if measured_by[name]}
        below = min(means.values()) < FLOOR
        low += below
        cells = "".join(f"{means[name]:11.3f}" if name in means else f"{'–':>11}" for name in SHOWN)
        peer = ", ".join(f"{statistics.mean(theirs[kind][name]):.3f}" for name in SHOWN[:2])
        pages = len(measured_by["title"])
        print(f"{kind:10}{pages:6}{cells}  {peer}{'  below its floor' if below else ''}")
    return int(low > 0)


if __name__ == "__main__":
    main()
