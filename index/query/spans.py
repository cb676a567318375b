"""Stretches of words and how near they are to each other; one definition for every engine.

A span is the first and the last position of a match in one zone. Pure functions on small lists.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

Span = tuple[int, int]


def phrase_spans(slots: Sequence[tuple[int, Sequence[int]]], length: int) -> list[Span]:
    """Where every slot fits at once: each is an offset and the sorted positions it is at."""
    rarest = min(slots, key=lambda slot: len(slot[1]))
    starts = {position - rarest[0] for position in rarest[1]}
    for offset, positions in slots:
        if not starts:
            return []
        starts.intersection_update([position - offset for position in positions])
    return [(start, start + length - 1) for start in sorted(starts)]


def near_spans(
    parts: Sequence[Sequence[Span]], distance: int, *, ordered: bool = False
) -> list[Span]:
    """Where one span of each part is within `distance` words of all the others.

    Neighbouring words are 1 apart; one word never counts for two parts. Two parts: the gap from
    the end of the first to the start of the second, the two not sharing an end word (`ordered`:
    the second after the first); the answer is the hull of every such pair. More parts (never
    ordered): from the first beginning to the last; the shortest hull from each beginning.
    """
    if not all(parts):
        return []
    if len(parts) == 2:
        return sorted(set(_pairs(parts[0], parts[1], distance, ordered=ordered)))
    return sorted(set(_windows(parts, distance)))


def _pairs(
    left: Sequence[Span], right: Sequence[Span], distance: int, *, ordered: bool
) -> Iterable[Span]:
    right = sorted(right)
    firsts = [span[0] for span in right]
    widest = max(end - start for start, end in right)
    for start, end in left:
        low = bisect_left(firsts, end + 1 if ordered else start - distance - widest)
        for first, last in right[low : bisect_right(firsts, end + distance)]:
            # Two matches that share an end word are not two; `ordered` ones never do.
            apart = first != start != last and first != end != last
            if ordered or (apart and start - last <= distance):
                yield (start if start < first else first), (end if end > last else last)


def _windows(parts: Sequence[Sequence[Span]], distance: int) -> Iterable[Span]:
    """From each beginning, the first stretch in which every part has a word of its own."""
    standing: dict[int, list[int]] = {}
    ends: dict[int, int] = {}
    for part, spans in enumerate(parts):
        for start, end in spans:
            standing.setdefault(start, []).append(part)
            ends[start] = max(end, ends.get(start, end))
    places = sorted(standing)
    for number, first in enumerate(places):
        taken: dict[int, int] = {}
        for place in places[number : bisect_right(places, first + distance)]:
            if _seat(place, standing, taken, set()) and len(taken) == len(parts):
                yield first, ends[place]
                break


def _seat(
    place: int, standing: Mapping[int, Sequence[int]], taken: dict[int, int], tried: set[int]
) -> bool:
    """Give the word to a part, moving others if need be (Kuhn's augmenting paths)."""
    for part in standing[place]:
        if part not in tried:
            tried.add(part)
            if part not in taken or _seat(taken[part], standing, taken, tried):
                taken[part] = place
                return True
    return False
