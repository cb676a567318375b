"""Queries of any bytes: each is read, or refused with a message and a caret; nothing else happens.

`python bench/fuzz_query.py --inputs 20000 --seed 1`. Prints how many inputs there were, how many were
queries, and the slowest; exits with 1 and the input when one does anything else.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from index.errors import QuerySyntaxError
from index.query import parse, unparse

PIECES = (
    *("balloon", "ballo*", "baloon~", "=Balloons", "?", "*", "~5", "NEAR/8", "W/3", "AND", "OR"),
    *("NOT", "-", "(", ")", '"', "'", ":", "title:", "outlet:@us", "date:2023-02..", "date:7d"),
    *("date:", "lang:fr", "is:reprint", "story:", "..", "[", "]", "{", "}", "\\", "\x00", "\ud800"),
    *("\u202e", "气球", "منطاد", "é", "\n", " ", " ", " "),
)  # fmt: skip
SLOWEST = 1.0  # seconds


def random_text(source: random.Random) -> str:
    """Words of the language in no order, or bytes read as Latin-1."""
    if source.random() < 0.2:
        return source.randbytes(source.randrange(200)).decode("latin-1")
    many = source.choice((3, 10, 40, 400))
    joint = source.choice(("", " "))
    return joint.join(source.choice(PIECES) for _ in range(source.randrange(many)))


def outcome_of(text: str) -> str:
    """What became of a query: `read`, `refused`, or a description of the fault."""
    try:
        tree = parse(text)
        if parse(unparse(tree)) != tree:
            return "not the same when written and read again"
    except QuerySyntaxError as error:
        return "refused" if str(error) else "refused without a message"
    except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
        return f"{type(error).__name__}: {error}"
    return "read"


def main() -> int:
    """Try the inputs; 0 when nothing was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--inputs", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    source = random.Random(chosen.seed)
    counts: Counter[str] = Counter()
    slowest = 0.0
    for _ in range(chosen.inputs):
        text = random_text(source)
        start = time.perf_counter()
        outcome = outcome_of(text)
        slowest = max(slowest, time.perf_counter() - start)
        counts[outcome] += 1
        if outcome not in ("read", "refused") or slowest > SLOWEST:
            print(f"{outcome} ({slowest:.2f} s): {text!r}")
            return 1
    print(
        f"{chosen.inputs:,} inputs: {dict(counts)}; slowest {slowest * 1000:.1f} ms; nothing found"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
