"""Where two token sequences run alike, in order: anchors first, then the gaps between them.

Patience diff (Bram Cohen) with runs of tokens as anchors: linear on long texts, where a plain
longest-common-subsequence is quadratic; `difflib` only sees what is between two anchors.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_ANCHOR_LENGTHS = (6, 3)
_GAP_CELLS = 60_000  # a gap of more cells than this is left unmatched


@dataclass(frozen=True, slots=True)
class Run:
    """`size` tokens from `a` in the one sequence and from `b` in the other are the same."""

    a: int
    b: int
    size: int


def matching_runs(a: Sequence[str], b: Sequence[str]) -> list[Run]:
    """The runs that two sequences share, in the order of both, none touching the next in both."""
    matched: list[Run] = []
    _match(a, b, (0, len(a), 0, len(b)), _ANCHOR_LENGTHS, matched)
    return _joined(matched)


def coverage(a: list[str], b: list[str], *, shortest: int = 2) -> tuple[float, float]:
    """The shares (0 to 1) of each sequence that are in shared runs of at least `shortest` tokens.

    The same for both orders of the sequences, which `matching_runs` alone would not promise.
    """
    if not a or not b:
        return 0.0, 0.0
    if (len(a), a) > (len(b), b):
        return coverage(b, a, shortest=shortest)[::-1]
    covered = sum(run.size for run in matching_runs(a, b) if run.size >= shortest)
    return covered / len(a), covered / len(b)


def _match(
    a: Sequence[str],
    b: Sequence[str],
    window: tuple[int, int, int, int],
    lengths: Sequence[int],
    matched: list[Run],
) -> None:
    """Match a window (a from, a to, b from, b to) by anchors of the next length, or else by difflib."""
    a_from, a_to, b_from, b_to = window
    if a_from == a_to or b_from == b_to:
        return
    if not lengths:
        _match_small(a, b, window, matched)
        return
    for anchor in [*_anchors(a, b, window, lengths[0]), Run(a_to, b_to, 0)]:
        if anchor.a < a_from or anchor.b < b_from:  # swallowed by the anchor before
            continue
        _match(a, b, (a_from, anchor.a, b_from, anchor.b), lengths[1:], matched)
        grown = _grow(a, b, anchor, (a_to, b_to))
        matched.append(grown)
        a_from, b_from = grown.a + grown.size, grown.b + grown.size


def _match_small(
    a: Sequence[str], b: Sequence[str], window: tuple[int, int, int, int], matched: list[Run]
) -> None:
    a_from, a_to, b_from, b_to = window
    if (a_to - a_from) * (b_to - b_from) > _GAP_CELLS:
        return
    matcher = SequenceMatcher(None, a[a_from:a_to], b[b_from:b_to], autojunk=False)
    matched.extend(
        Run(a_from + block.a, b_from + block.b, block.size)
        for block in matcher.get_matching_blocks()
    )


def _anchors(
    a: Sequence[str], b: Sequence[str], window: tuple[int, int, int, int], length: int
) -> list[Run]:
    """Runs of `length` tokens that stand once on each side, in the order of both."""
    a_from, a_to, b_from, b_to = window
    in_a = _unique_runs(a, a_from, a_to, length)
    in_b = _unique_runs(b, b_from, b_to, length)
    pairs = sorted((in_a[run], in_b[run]) for run in in_a.keys() & in_b.keys())
    return [Run(i, j, length) for i, j in increasing_pairs(pairs)]


def _unique_runs(
    tokens: Sequence[str], start: int, stop: int, length: int
) -> dict[tuple[str, ...], int]:
    places: dict[tuple[str, ...], int] = {}
    for place in range(start, stop - length + 1):
        run = tuple(tokens[place : place + length])
        places[run] = -1 if run in places else place
    return {run: place for run, place in places.items() if place >= 0}


def increasing_pairs(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs (sorted by their first) whose seconds increase too."""
    tails: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        pile = bisect_left(tails, second)
        before.append(tops[pile - 1] if pile else -1)
        tails[pile : pile + 1] = [second]
        tops[pile : pile + 1] = [index]
    chain, index = [], tops[-1] if tops else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _grow(a: Sequence[str], b: Sequence[str], run: Run, limit: tuple[int, int]) -> Run:
    """The run with the equal tokens that follow it."""
    size = run.size
    while (
        run.a + size < limit[0] and run.b + size < limit[1] and a[run.a + size] == b[run.b + size]
    ):
        size += 1
    return Run(run.a, run.b, size)


def _joined(runs: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else Run(0, 0, 0)
        if last.a + last.size == run.a and last.b + last.size == run.b and joined:
            joined[-1] = Run(last.a, last.b, last.size + run.size)
        elif run.size:
            joined.append(run)
    return joined
