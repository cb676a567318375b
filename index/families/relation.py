"""What two texts are to each other: copies, a part and its whole, or neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.families.fingerprint import unpack_shingles
from index.text.alignment import coverage
from index.text.shingles import normal_tokens

Texts = Callable[[], tuple[str, str]]

_CLUE = 0.12  # sampled share below which two texts have nothing in common worth reading them for
_SURE_COPY = 0.6
_COPY = 0.5  # of each text is in the other, in order
_EVEN = 0.7  # the lesser share to the greater; below, the one text is a part of the other
_PART = 0.6  # of the smaller is in the larger
_LEAST_OF_WHOLE = 0.05
_SURE_SAMPLE = 32
_LONGEST_READ = 50_000  # tokens; of longer texts the sample is large enough

_NEAR = 1 / 3  # of each text is in the other: so like the text that a group is named after
_NEAR_SKETCH = 0.3
_FAR_SKETCH = 0.05

_NEXT_DAY = 20 * 3600  # seconds: between letters of one outlet for different days
_NEXT_SEASON = 45 * 86400
_SAME_EDITION = 0.85  # of the one is in the other
_SAME_PIECE = 0.9
_PLAINLY_LESS = 0.6  # sampled share: so little that no text need be read

_SPECIFICS = 5
_SAME_NUMBERS = 0.4
_SAME_NAMES = 0.6


@dataclass(frozen=True, slots=True)
class Relation:
    """How two texts are related; `contained` is the share of the first that is in the second."""

    kind: str
    contained: float = 0.0
    contains: float = 0.0


NEITHER = Relation("none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A stored text's fingerprint, unpacked for comparing; `sets` are made when asked for."""

    text: int
    words: int
    level: int
    values: tuple[int, ...]
    numbers: bytes
    names: bytes
    title: bytes
    titled: bool
    sets: dict[int, frozenset[int]] = field(default_factory=dict, compare=False)

    def at(self, level: int) -> Sequence[int]:
        """The sampled shingles that a sketch of that level, its own or a higher one, would keep."""
        if level == self.level:
            return self.values
        bound = (1 << 32) >> level
        return [value for value in self.values if value < bound]

    def set_at(self, level: int) -> frozenset[int]:
        """The same as a set, kept for the next comparison."""
        if level not in self.sets:
            self.sets[level] = frozenset(self.at(level))
        return self.sets[level]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares of two sketches that are in the other, and the smaller sample behind them."""

    contained: float
    contains: float
    sample: int


def overlap(a: Sketch, b: Sketch) -> Overlap:
    """How much of each text's sample is in the other's; quickest with the same `a` again."""
    level = max(a.level, b.level)
    in_a, in_b = a.set_at(level), b.at(level)
    if not in_a or not in_b:
        return Overlap(0.0, 0.0, 0)
    shared = len(in_a.intersection(in_b))
    return Overlap(shared / len(in_a), shared / len(in_b), min(len(in_a), len(in_b)))


def relate(a: Sketch, b: Sketch, texts: Texts) -> Relation:
    """Whether one text copies the other; `texts` is called when the sketches leave it open.

    Two texts of which neither has to do with its own headline are most likely what a failed
    extraction left (a cookie notice, a footer): never copies, unless the headline is the same.
    Nor is such a text a part of one that happens to end with it.
    """
    if not (a.titled or b.titled) and a.title != b.title:
        return NEITHER
    seen = overlap(a, b)
    if max(seen.contained, seen.contains) < _CLUE or _too_unequal(a, b):
        return NEITHER
    relation = _relation(*_measure(a, b, seen, texts))
    smaller = a if relation.contained > relation.contains else b
    if relation.kind == "part" and not smaller.titled:
        return NEITHER
    if relation.kind == "copy" and _only_same_template(a, b):
        return NEITHER
    return relation


@dataclass(frozen=True, slots=True)
class Printing:
    """Where and when a text was first printed (seconds since 1970); `dated`: that can be believed."""

    outlet: str
    published: int
    dated: bool


def is_near(a: Sketch, b: Sketch, printed: tuple[Printing, Printing], texts: Texts) -> bool:
    """Whether two texts that copies tie together, or a part and its whole, are like each other.

    Half as much as makes a copy suffices; a text at the other end of a chain of copies has less.
    A new edition (`is_edition`) is not near.
    """
    seen = overlap(a, b)
    if min(seen.contained, seen.contains) < _NEAR_SKETCH:
        if max(seen.contained, seen.contains) < _FAR_SKETCH:
            return False
        low, high = sorted(_measure(a, b, seen, texts))
        if not (low >= _NEAR or (low >= _LEAST_OF_WHOLE and high >= _PART)):
            return False
    return not (_only_same_template(a, b) or is_edition(a, b, printed, texts))


def is_edition(a: Sketch, b: Sketch, printed: tuple[Printing, Printing], texts: Texts) -> bool:
    """Whether two like texts are editions: one outlet's letters of two days, a piece of two years.

    They are when they lie that far apart and the one is not nearly contained in the other, or each has
    figures that the other lacks. A report that is printed again as it was is not an edition.
    """
    first, second = printed
    apart = abs(first.published - second.published) if first.dated and second.dated else 0
    if apart >= _NEXT_SEASON:
        least, figures = _SAME_PIECE, 1
    elif apart >= _NEXT_DAY and first.outlet == second.outlet:
        least, figures = _SAME_EDITION, 2
    else:
        return False
    if _renewed(a.numbers, b.numbers) >= figures:
        return True
    seen = overlap(a, b)
    if max(seen.contained, seen.contains) < _PLAINLY_LESS:
        return True
    one, other = texts()
    return max(coverage(normal_tokens(one), normal_tokens(other))) < least


def _renewed(a: bytes, b: bytes) -> int:
    """How many figures each text has that the other lacks, the fewer of both."""
    in_a, in_b = set(unpack_shingles(a)), set(unpack_shingles(b))
    return min(len(in_a - in_b), len(in_b - in_a))


def _too_unequal(a: Sketch, b: Sketch) -> bool:
    return min(a.words, b.words) < _LEAST_OF_WHOLE * max(a.words, b.words)


def _measure(a: Sketch, b: Sketch, seen: Overlap, texts: Texts) -> tuple[float, float]:
    """The shares of each text in the other: from the sketches when these are clear."""
    low, high = sorted((seen.contained, seen.contains))
    clear = seen.sample >= _SURE_SAMPLE and (low >= _SURE_COPY or (high >= 0.85 and low < 0.35))
    if clear or max(a.words, b.words) > _LONGEST_READ:
        return seen.contained, seen.contains
    first, second = texts()
    return coverage(normal_tokens(first), normal_tokens(second))


def _relation(contained: float, contains: float) -> Relation:
    low, high = sorted((contained, contains))
    if low >= _COPY and low >= _EVEN * high:
        return Relation("copy", contained, contains)
    if high >= _PART and low >= _LEAST_OF_WHOLE:
        return Relation("part", contained, contains)
    return NEITHER


def _only_same_template(a: Sketch, b: Sketch) -> bool:
    """Whether the wording is the same but the numbers and names are others.

    So are earthquake bulletins, match reports and readouts of calls written from one form.
    """
    numbers = _shared_share(a.numbers, b.numbers)
    names = _shared_share(a.names, b.names)
    if names is None:
        return numbers is not None and numbers < _SAME_NUMBERS / 2
    if numbers is None:
        return names < _SAME_NAMES / 2
    return (numbers < _SAME_NUMBERS and names < _SAME_NAMES) or names < _SAME_NAMES / 3


def _shared_share(a: bytes, b: bytes) -> float | None:
    """The share of the smaller set that is in the larger; None when there are too few."""
    in_a, in_b = set(unpack_shingles(a)), set(unpack_shingles(b))
    fewer = min(len(in_a), len(in_b))
    return len(in_a & in_b) / fewer if fewer >= _SPECIFICS else None
