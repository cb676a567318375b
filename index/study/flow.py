"""Who took whose texts, and how fast: the pairs of an origin and an outlet that carried it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A text of one outlet that another carried, so many hours after it was out (never below 0)."""

    family: str
    origin: str
    carrier: str
    at: datetime
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How many texts of an outlet another carried, and after how many hours: the median, the least."""

    origin: str
    carrier: str
    texts: int
    median: float
    fastest: float


def count_ways(taken: Iterable[Taken]) -> list[Way]:
    """The pairs of origin and carrier, those with most texts first; an outlet's own copies are none."""
    held: dict[tuple[str, str], dict[str, float]] = {}
    for one in taken:
        if one.origin != one.carrier:
            own = held.setdefault((one.origin, one.carrier), {})
            own[one.family] = min(one.hours, own.get(one.family, one.hours))
    ways = [
        Way(
            origin=origin,
            carrier=carrier,
            texts=len(hours),
            median=round(median(hours.values()), 1),
            fastest=round(min(hours.values()), 1),
        )
        for (origin, carrier), hours in held.items()
    ]
    return sorted(ways, key=lambda way: (-way.texts, way.median, way.origin, way.carrier))
