"""Since when an outlet's pages are built otherwise, by sketches of the class names of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from index.habits.values import TemplateChange

BEFORE, AFTER = 4, 3  # pages on each side of a change, at least
OTHER, SAME = 0.35, 0.5
SKETCH = 48


def find_change(pages: Sequence[tuple[datetime, tuple[int, ...]]]) -> TemplateChange | None:
    """Find when an outlet last changed its templates: later pages are alike, and unlike all earlier ones.

    `pages` are oldest first. A page of another kind in between (a gallery) is not a change.
    """
    known = sorted((at, sketch) for at, sketch in pages if sketch)
    alike = cache(likeness)
    for first in range(len(known) - AFTER, BEFORE - 1, -1):
        before, after = known[:first], known[first:]
        if before[-1][0] == after[0][0]:
            continue
        if _are_alike([sketch for _, sketch in after]) and all(
            alike(one, other) < OTHER for _, one in after for _, other in before
        ):
            return TemplateChange(since=after[0][0], before=len(before), after=len(after))
    return None


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of class names that two pages have in common (Jaccard), by their least hashes; 0 to 1."""
    both = sorted({*one, *other})[:SKETCH]
    mine, theirs = set(one), set(other)
    return sum(name in mine and name in theirs for name in both) / len(both) if both else 0.0


def _are_alike(sketches: Sequence[Sequence[int]]) -> bool:
    """Whether most of the pages are like another one of them."""
    near = sum(
        any(likeness(one, other) >= SAME for place, other in enumerate(sketches) if place != number)
        for number, one in enumerate(sketches)
    )
    return near * 2 > len(sketches)
