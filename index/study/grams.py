"""Words of texts without spaces, found without a dictionary: runs of letters that are often the same.

Pairs of letters, as the index has them, cannot be read. A run grows by a letter while it stays frequent,
and a shorter run is dropped where it hardly is outside a longer one (Nagao and Mori 1994 count runs so;
the dropping is the statistical substring reduction of Lü, Zhang and Hu 2004).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

LONGEST = 6
_WITHIN = 0.7  # share of a run's uses within one longer run from which on it is dropped
_RUN = re.compile(
    "[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
    "\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]+|[A-Za-z0-9]+"
)


def frequent_grams(texts: Sequence[str], *, least: int) -> frozenset[str]:
    """The runs of two to `LONGEST` letters that stand `least` times, none only a part of another."""
    runs = [run for text in texts for run in _letter_runs(text)]
    kept: dict[str, int] = {}
    before: Collection[str] | None = None
    for length in range(2, LONGEST + 1):
        counted: Counter[str] = Counter()
        for run in runs:
            for start in range(len(run) - length + 1):
                gram = run[start : start + length]
                if before is None or (gram[1:] in before and gram[:-1] in before):
                    counted[gram] += 1
        frequent = {gram: count for gram, count in counted.items() if count >= least}
        if not frequent:
            break
        for gram, count in frequent.items():
            for part in (gram[1:], gram[:-1]):
                if count >= _WITHIN * kept.get(part, count + 1):
                    kept.pop(part, None)
        kept.update(frequent)
        before = frequent.keys()
    return frozenset(kept)


def find_grams(text: str, grams: Collection[str]) -> Iterator[tuple[str, int]]:
    """The words of a text with their places: the longest known run at each place, else nothing there.

    Words in Latin letters are whole words.
    """
    for found in _RUN.finditer(text):
        if found[0].isascii():
            yield found[0].lower(), found.start()
            continue
        run, start = found[0], 0
        while start < len(run):
            lengths = range(min(LONGEST, len(run) - start), 1, -1)
            length = next((n for n in lengths if run[start : start + n] in grams), 0)
            if length:
                yield run[start : start + length], found.start() + start
            start += length or 1


def _letter_runs(text: str) -> Iterable[str]:
    return (run for run in _RUN.findall(text) if not run.isascii())
