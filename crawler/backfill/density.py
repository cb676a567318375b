"""How closely archives looked at an article: what its history can show, and what it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from index.store.backfill import KnownCopy
from index.text.wording import counted


def density(copies: Sequence[KnownCopy]) -> tuple[int, int]:
    """How many captures there are of a page, and over how many days, at least one."""
    moments = sorted(copy.captured for copy in copies)
    return len(moments), max(1, (moments[-1] - moments[0]).days)


def density_line(densities: Sequence[tuple[int, int]]) -> str:
    """What a person is to know of the captures of several articles; empty for none."""
    if not densities:
        return ""
    captures, days = (round(median(part)) for part in zip(*densities, strict=True))
    return (
        f"captures of {counted(len(densities), 'article')}: usually {counted(captures, 'capture')}"
        f" in {counted(days, 'day')}; edits between them are not seen"
    )
