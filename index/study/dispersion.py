"""Where in the articles a word stands, and how evenly it is spread over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.study.statistics import deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the matches are in one article: `places` from 0, its beginning, to 1; its `words`."""

    id: str
    outlet: str
    words: int
    places: tuple[float, ...]


def count_bins(places: Sequence[float], bins: int) -> list[int]:
    """How many of the places (0 to 1) are in each of that many equal parts."""
    counts = [0] * bins
    for place in places:
        counts[min(int(place * bins), bins - 1)] += 1
    return counts


def spread_over(articles: Sequence[Places]) -> float:
    """DP of the matches over the articles: 0 as even as can be, near 1 when one has them all."""
    return deviation([one.words for one in articles], [len(one.places) for one in articles])
