"""Whether day, authors and headline are told where no markup names them: made-up pages, in two halves.

    python -m bench.gates.fields            the half to gate on; 1 when a kind falls below its floor
    python -m bench.gates.fields --look     the half that the rules were made with

Printed are, for each kind, the measure that it is about, precision and recall of the text, and the lines of
furniture that stayed out; beside them, the measure of trafilatura.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
from collections import defaultdict

from bench.gates.extraction import score_page
from bench.peers.extractors import read_pressclip, read_trafilatura
from bench.sets.field_pages import GATE, LOOK, MEASURED, field_pages

FLOOR = 0.97
TEXT = ("precision", "recall", "no leaks")


def main() -> None:
    """Prints the table; exits 1 below the floor."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--look", action="store_true", help="the half the rules were made with")
    parser.add_argument("--worst", action="store_true", help="name each page below the floor")
    args = parser.parse_args()
    sys.exit(check(LOOK if args.look else GATE, worst=args.worst))


def check(languages: tuple[str, ...], *, worst: bool = False) -> int:
    """The table of those languages; 1 when a kind is below the floor in what it is about or in the text."""
    ours: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    theirs: dict[str, list[float]] = defaultdict(list)
    for kind, page in field_pages(languages):
        about = MEASURED[kind]
        measured = score_page(page, read_pressclip(page.capture, page.zone))
        for name in (about, *TEXT):
            ours[kind][name].append(measured.get(name, 0.0))
            if worst and measured.get(name, 0.0) < FLOOR:
                print(f"  {page.id}: {name} {measured.get(name, 0.0):.2f}")
        other = score_page(page, read_trafilatura(page.capture, page.zone))
        theirs[kind].append(other.get(about, 0.0))
    return _print_table(ours, theirs)


def _print_table(ours: dict[str, dict[str, list[float]]], theirs: dict[str, list[float]]) -> int:
    names = "".join(f"{name:>11}" for name in TEXT)
    print(f"{'kind':10}{'pages':>6}  {'about':10}{'right':>8}{names}  trafilatura")
    low = 0
    for kind, measured in ours.items():
        means = {name: statistics.mean(values) for name, values in measured.items()}
        below = min(means.values()) < FLOOR
        low += below
        about, peer = MEASURED[kind], statistics.mean(theirs[kind])
        cells = "".join(f"{means[name]:11.3f}" for name in TEXT)
        mark = "  below its floor" if below else ""
        print(
            f"{kind:10}{len(theirs[kind]):6}  {about:10}{means[about]:8.3f}{cells}{peer:13.3f}{mark}"
        )
    return int(low > 0)


if __name__ == "__main__":
    main()
