"""The direction in which a story's headlines lie from all other news, whatever their language.

The mean of what was accepted, less its part along the mean of all others (as in Rocchio 1971). A
headline's place on it is 0 if the middle one of the others is and 1 where the middle one of the story
is to be expected: of n accepted ones each is itself a part of the mean, so their middle counts n / (n + 1.6)
(measured on headlines of a real week: .40 for one, .76 for five). One scale holds across languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from index.meaning.packing import dot, mean_of, of_length_one, unpack

_FEWEST_OTHERS = 20
_SHRINK = 1.6  # as many headlines as each is likelier to its own mean than the next one will be
_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """An axis of length 1 and what its ends mean: `zero` of other news, `one` of the story's."""

    axis: tuple[float, ...]
    zero: float
    one: float

    def place(self, packed: bytes) -> float:
        """Where a headline is: about 0 for other news, about 1 for the story's; 0 for no words."""
        vector = unpack(packed)
        if not vector:
            return 0.0
        return round((dot(self.axis, vector) - self.zero) / (self.one - self.zero), 4)


def learn_direction(accepted: Sequence[bytes], others: Sequence[bytes]) -> Direction | None:
    """The direction of accepted headlines; None without one, or with fewer than 20 others."""
    own = [vector for packed in accepted if (vector := unpack(packed))]
    rest = [vector for packed in others if (vector := unpack(packed))]
    if not own or len(rest) < _FEWEST_OTHERS:
        return None
    usual = of_length_one(mean_of(rest))
    total = tuple(map(sum, zip(*own, strict=True)))
    axis = _away(total, usual)
    if not axis:
        return None
    zero = median(dot(axis, vector) for vector in rest)
    middle = median(dot(axis, vector) for vector in own)
    one = zero + (middle - zero) * len(own) / (len(own) + _SHRINK)
    if one <= zero:
        return None
    return Direction(
        axis=tuple(round(value, _DIGITS) for value in axis),
        zero=round(zero, _DIGITS),
        one=round(one, _DIGITS),
    )


def _away(vector: Sequence[float], usual: Sequence[float]) -> tuple[float, ...]:
    """The part of a vector that does not lie along another, as long as 1."""
    along = dot(vector, usual)
    return of_length_one([x - along * y for x, y in zip(vector, usual, strict=True)])
