"""The statistical measures of the studies, each with its source; pure functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple


class Interval(NamedTuple):
    """The ends of a 95 % confidence interval."""

    low: float
    high: float


_Z = 1.959964  # of the normal distribution, for 95 %


def log_likelihood(a: int, total_a: int, b: int, total_b: int) -> float:
    """G² of a word used `a` times in `total_a` words and `b` times in `total_b`; 0 and more.

    2 Σ O ln(O/E) over the four cells of the table (Dunning 1993). Totals are at least 1.
    """
    total, uses = total_a + total_b, a + b
    cells = (
        (a, total_a * uses / total),
        (b, total_b * uses / total),
        (total_a - a, total_a * (total - uses) / total),
        (total_b - b, total_b * (total - uses) / total),
    )
    found = 2 * sum(seen * math.log(seen / expected) for seen, expected in cells if seen > 0)
    return max(found, 0.0)


def log_ratio(a: int, total_a: int, b: int, total_b: int) -> float:
    """The ratio of a word's frequencies in two texts, as a power of 2 (Hardie 2014).

    A zero counts as half a use.
    """
    return math.log2(((a or 0.5) / total_a) / ((b or 0.5) / total_b))


def p_value(g2: float) -> float:
    """The probability of such a G² or a higher one by chance: χ² with one degree of freedom."""
    return math.erfc(math.sqrt(max(g2, 0.0) / 2))


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct probabilities for multiple tests (Holm 1979), in the same order; at most 1."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(p_values[place] * (len(p_values) - rank), 1.0))
        corrected[place] = highest
    return corrected


def log_dice(together: int, one: int, other: int) -> float:
    """14 + log2 of the Dice coefficient (Rychlý 2008): 14 at most, comparable between corpora."""
    return 14 + math.log2(2 * together / (one + other))


def deviation(sizes: Sequence[int], uses: Sequence[int]) -> float:
    """DP (Gries 2008) of uses over parts of these sizes: 0 as even as can be, near 1 in one part."""
    size, used = sum(sizes), sum(uses)
    if not size or not used:
        return 0.0
    pairs = zip(sizes, uses, strict=True)
    return sum(abs(count / used - length / size) for length, count in pairs) / 2


def wilson(count: int, total: int) -> Interval:
    """The interval of a share (Wilson 1927); the whole from 0 to 1 of nothing."""
    if total <= 0:
        return Interval(0.0, 1.0)
    share, z2 = count / total, _Z * _Z
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    reach = (
        _Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    )
    return Interval(max(middle - reach, 0.0), min(middle + reach, 1.0))


def bootstrap_share(
    parts: Sequence[tuple[int, int]], *, draws: int = 2000, seed: int = 1
) -> Interval | None:
    """The bootstrap interval of the share of all (count, total) parts, resampled with replacement.

    Of parts that differ, as outlets do, it is wider than `wilson` (Efron 1979, percentiles). None for
    fewer than three parts with a total: too few to say anything of others. The seed is fixed.
    """
    known = [part for part in parts if part[1] > 0]
    if len(known) < 3:
        return None
    random = Random(seed)
    shares = []
    for _ in range(draws):
        drawn = random.choices(known, k=len(known))
        shares.append(sum(count for count, _ in drawn) / sum(total for _, total in drawn))
    shares.sort()
    return Interval(shares[round(0.025 * (draws - 1))], shares[round(0.975 * (draws - 1))])
