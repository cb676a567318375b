"""How closely archives looked at an article: what its history can show, and what it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from index.store.backfill import KnownCopy


def density(copies: Sequence[KnownCopy]) -> tuple[int, int]:
    """How many captures there are of a page, and over how many days, at least one."""
    moments = sorted(copy.captured for copy in copies)
    return len(moments), max(1, (moments[-1] - moments[0]).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureDensity:
    """How closely archives looked at `articles`: the medians of their captures, and of the days between."""

    articles: int
    captures: int
    days: int


def density_of(densities: Sequence[tuple[int, int]]) -> CaptureDensity | None:
    """The density of several articles, of each (captures, days); None for none."""
    if not densities:
        return None
    captures, days = (round(median(part)) for part in zip(*densities, strict=True))
    return CaptureDensity(articles=len(densities), captures=captures, days=days)
