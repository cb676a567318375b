"""Languages without a query: meaning first, words second, as far as articles have been encoded.

The direction of a story's accepted headlines finds the surest twenty of each such language; what
their articles have in common gives the words of the story there; both together judge. Meaning alone is
a finder of topics: other news of the same countries is near, too, and has other words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from index.meaning.direction import Direction
from index.meaning.packing import cosine
from index.relevance.profile import Background, Features, Profile, learn_profile

SURE, UNSURE = 0.6, 0.5
"""The likeness from which an article is on the story, and from which it is for a person to look at."""

WORDLESS = 0.8
"""So much of a headline's place counts where the words of its language are not known."""

_TRUSTED = 20
_ROUNDS = 3
_WELL_KNOWN = 20  # articles from which the words of a language are known well
_MOST_CLOSE = 1.2  # closeness beyond which more of it says no more
_NAMED = 24  # accepted headlines that are kept to be named


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An article as it is judged by meaning: its packed headline, and its features."""

    vector: bytes
    features: Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How like the story's an article is by meaning and words, about 0 to 1.1; and why.

    `nearest` is the accepted headline with the nearest meaning, `words` what it shares with the
    articles that were trusted first.
    """

    value: float
    nearest: str = ""
    words: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """As a verdict's score: .5 where it is sure, .3 where it is not."""
        if self.value < UNSURE:
            return 0.3 * max(0.0, self.value) / UNSURE
        if self.value < SURE:
            return 0.3 + 0.2 * (self.value - UNSURE) / (SURE - UNSURE)
        return min(0.9, 0.5 + (self.value - SURE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a story's headlines mean, some of them, and its words in languages without a query."""

    direction: Direction
    headlines: Sequence[tuple[str, bytes]] = ()
    words: Mapping[str, Profile] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {
            "axis": list(self.direction.axis),
            "zero": self.direction.zero,
            "one": self.direction.one,
            "headlines": [[title, vector.hex()] for title, vector in self.headlines],
            "words": {name: words.to_dict() for name, words in sorted(self.words.items())},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; raises `KeyError` or `ValueError` on foreign data."""
        return cls(
            direction=Direction(
                axis=tuple(map(float, data["axis"])), zero=data["zero"], one=data["one"]
            ),
            headlines=[(title, bytes.fromhex(vector)) for title, vector in data["headlines"]],
            words={name: Profile.from_dict(words) for name, words in data["words"].items()},
        )

    def judge(self, vector: bytes, features: Features) -> Likeness:
        """How like the story's an article is; 0 if it was not encoded."""
        if not vector:
            return Likeness(value=0.0)
        place = self.direction.place(vector)
        known = self.words.get(features.language)
        if known is None:
            return self._named(min(WORDLESS * place, SURE - 0.01), vector, ())
        close = known.closeness(features)
        return self._named(_joined(place, close.value, known.articles), vector, close.words)

    def _named(self, value: float, vector: bytes, words: tuple[str, ...]) -> Likeness:
        if value < UNSURE:
            return Likeness(value=round(value, 4))
        near = max(self.headlines, key=lambda one: (cosine(one[1], vector), one[0]), default=None)
        return Likeness(value=round(value, 4), nearest=near[0] if near else "", words=words)


def learn_meaning(
    direction: Direction, accepted: Sequence[tuple[str, bytes]], wanted: Sequence[Read]
) -> Meaning:
    """The meaning of a story whose direction and accepted headlines are known.

    `wanted` are articles in languages without a query, among which its words there are looked for.
    """
    spoken: dict[str, list[Read]] = {}
    for one in wanted:
        spoken.setdefault(one.features.language, []).append(one)
    words = {
        language: known
        for language, items in sorted(spoken.items())
        if (known := _learn_words(direction, items)) is not None
    }
    return Meaning(direction=direction, headlines=accepted[:_NAMED], words=words)


def _joined(place: float, close: float, articles: int) -> float:
    """Meaning and words as one: half and half where the words come of enough articles, else fewer words."""
    share = 0.5 * min(1.0, articles / _WELL_KNOWN)
    return (1 - share) * place + share * min(close, _MOST_CLOSE)


def _learn_words(direction: Direction, items: Sequence[Read]) -> Profile | None:
    """What the surest articles of one language have in common; None where too little is known."""
    places = [direction.place(one.vector) for one in items]
    background = Background()
    for one in items:
        background.add(one.features)
    values, known = places, None
    for _ in range(_ROUNDS):
        best = sorted(
            (n for n, value in enumerate(values) if value >= SURE), key=lambda n: -values[n]
        )
        trusted = best[:_TRUSTED]
        learned = learn_profile(
            [(items[n].features, min(1.0, max(0.1, places[n]))) for n in trusted], background
        )
        if learned is None or items[0].features.language not in learned.usual:
            break
        known = learned
        values = [
            _joined(place, known.closeness(one.features).value, known.articles)
            for place, one in zip(places, items, strict=True)
        ]
    return known
