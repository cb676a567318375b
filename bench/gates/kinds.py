"""Whether pages are told for what they are: made-up ones of every kind, in two halves.

    python bench/gates/kinds.py             the half to gate on; 1 when a kind falls below its floor
    python bench/gates/kinds.py --look      the half that the rules were made with

Printed are, for each kind, how many are told and what the others are taken for, and how many articles
are refused; beside it, what trafilatura gives a text of 20 words for.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from trafilatura import extract as trafilatura_text

from bench.sets.kind_pages import GATE, LOOK, kind_pages
from crawler.extract import extract
from index.article import Article

FLOOR = 0.95
WORDS = 20


def main() -> None:
    """Prints the table; exits 1 below the floor."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--look", action="store_true", help="the half that the rules were made with"
    )
    sys.exit(check(LOOK if parser.parse_args().look else GATE))


def check(languages: tuple[str, ...]) -> int:
    """The table of those languages; 1 when a kind is below the floor."""
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    texts: Counter[str] = Counter()
    for page in kind_pages(languages):
        result = extract(page.capture)
        taken[page.kind]["article" if isinstance(result, Article) else result.kind] += 1
        text = trafilatura_text(page.capture.body) or ""
        texts[page.kind] += (
            len(text) // 2 >= WORDS if not text.isascii() else len(text.split()) >= WORDS
        )
    print(f"{'kind':16}{'pages':>7}{'right':>8}{'trafilatura gives a text':>28}  taken for")
    low = 0
    for kind, found in taken.items():
        right = found[kind] / found.total()
        low += right < FLOOR
        others = ", ".join(f"{name} {count}" for name, count in found.items() if name != kind)
        mark = "  below its floor" if right < FLOOR else ""
        print(f"{kind:16}{found.total():7}{right:8.3f}{texts[kind]:28}  {others or '–'}{mark}")
    return int(low > 0)


if __name__ == "__main__":
    main()
