"""Who said what: our reader on own articles in seven languages, beside the nearest name as a baseline.

`python -m bench.gates.quotes` prints F1 of (quotation, speaker) for both halves of `tests/data/quotes`; exit
status 1 below the floors of the half to gate on.
"""

from __future__ import annotations

import re
import sys

from index.text.quotes.attribute import read_quotes
from tests.test_index_quotes import (
    FLOOR,
    FLOOR_OF_ONE,
    LANGUAGES,
    Pair,
    f1,
    found_in,
    labelled,
    plain,
)

_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)+")


def nearest_names(text: str, language: str) -> set[Pair]:
    """The baseline: the full name that stands nearest to a quotation, wherever it is."""
    names = [(found.start(), found[0]) for found in _NAME.finditer(text)]
    found: set[Pair] = set()
    for one in read_quotes(text, language):
        if not one.is_term:
            place = one.start
            near = min(names, key=lambda name: abs(name[0] - place), default=(0, ""))
            found.add((plain(one.text), near[1]))
    return found


def main() -> int:
    """Print the table; 1 when the half to gate on is below a floor."""
    failed = False
    for half in ("look", "gate"):
        ours, baseline = [], []
        for language in LANGUAGES:
            text, wanted = labelled(language, half)
            ours.append((found_in(text, language), wanted))
            baseline.append((nearest_names(text, language), wanted))
            _tell(half, language, ours[-1:], baseline[-1:])
            failed = failed or (half == "gate" and f1(ours[-1:]) < FLOOR_OF_ONE)
        _tell(half, "all", ours, baseline)
        failed = failed or (half == "gate" and f1(ours) < FLOOR)
    return int(failed)


def _tell(
    half: str,
    name: str,
    ours: list[tuple[set[Pair], set[Pair]]],
    baseline: list[tuple[set[Pair], set[Pair]]],
) -> None:
    count = sum(len(wanted) for _, wanted in ours)
    print(f"{half} {name:<3} {count:>3} quotations  F1 {f1(ours):.3f}  nearest {f1(baseline):.3f}")


if __name__ == "__main__":
    sys.exit(main())
