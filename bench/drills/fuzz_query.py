"""Queries of any bytes: each is read, or refused with a message and a caret; nothing else happens.

`python -m bench.drills.fuzz_query --inputs 20000 --seed 1`. Prints how many inputs there were, how many were
queries, and the slowest; exits with 1 and the least input that does anything else.
"""

from __future__ import annotations

import argparse
import sys

from hypothesis import strategies as st

from bench.drills.fuzzing import drive
from index.errors import QuerySyntaxError
from index.query import parse, unparse

PIECES = (
    *("balloon", "ballo*", "baloon~", "=Balloons", "?", "*", "~5", "NEAR/8", "W/3", "AND", "OR"),
    *("NOT", "-", "(", ")", '"', "'", ":", "title:", "outlet:@us", "date:2023-02..", "date:7d"),
    *("date:", "lang:fr", "is:reprint", "story:", "..", "[", "]", "{", "}", "\\", "\x00", "\ud800"),
    *("\u202e", "气球", "منطاد", "é", "\n", " ", " ", " "),
)  # fmt: skip
SLOWEST = 1.0  # seconds


# Words of the language in no order, any text, bytes read as Latin-1.
PIECE = st.one_of(st.sampled_from(PIECES), st.text(max_size=4))
QUERIES = st.one_of(
    st.builds(str.join, st.sampled_from(("", " ")), st.lists(PIECE, max_size=40)),
    st.builds(str.join, st.just(" "), st.lists(st.sampled_from(PIECES), min_size=40, max_size=400)),
    st.text(max_size=200),
    st.binary(max_size=200).map(lambda data: data.decode("latin-1")),
    st.binary(max_size=200).map(lambda data: data.decode("utf-8", "surrogateescape")),
)


def outcome_of(text: object) -> str:
    """What became of a query: `read`, `refused`, or a description of the fault."""
    assert isinstance(text, str)
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
    tally = drive(QUERIES, outcome_of, number=chosen.inputs, start=chosen.seed, limit=SLOWEST)
    total = tally.counts.total()
    print(f"{total:,} inputs: {dict(tally.counts)}; slowest {tally.slowest * 1000:.1f} ms")
    print("nothing found" if tally.bad is None else f"FOUND {tally.bad!r}")
    return int(tally.bad is not None)


if __name__ == "__main__":
    sys.exit(main())
