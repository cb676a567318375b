"""The anchors of a story as its profile keeps them, and whether an article holds one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from index.relevance.profile import Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The words by which a story is known (see `anchors`): terms by language, and travelling spellings.

    `heads` are those of them that most headlines of the seeds hold, `named` the languages in which one of
    these is a name.
    """

    terms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    heads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def held(self, features: Features) -> bool | None:
        """Whether an article has one of them; None where its language would not tell."""
        if own := self.terms.get(features.language):
            return not own.isdisjoint(features.terms)
        return True if not self.keys.isdisjoint(features.keys) else None

    def is_elsewhere(self, features: Features) -> bool:
        """Whether an article has none of the anchors of a story that is known by a name."""
        return features.language in self.named and self.held(features) is False

    def headed(self, features: Features) -> bool:
        """Whether an article's headline has one of those that the seeds' headlines have."""
        if features.title is None:
            return False
        if own := self.heads.get(features.language):
            return not own.isdisjoint(features.title.terms)
        return not self.keys.isdisjoint(features.title.keys)

    def joined_by(self, words: Mapping[str, frozenset[str]]) -> Self:
        """With some words more, by language, that headlines hold."""
        terms, heads = dict(self.terms), dict(self.heads)
        for language, more in words.items():
            if more:
                terms[language] = terms.get(language, frozenset()) | more
                heads[language] = heads.get(language, frozenset()) | more
        return replace(self, terms=terms, heads=heads)

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""

        def plain(words: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
            return {language: sorted(held) for language, held in sorted(words.items())}

        return {
            "terms": plain(self.terms),
            "heads": plain(self.heads),
            "keys": sorted(self.keys),
            "named": sorted(self.named),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""

        def sets(words: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
            return {language: frozenset(held) for language, held in words.items()}

        return cls(
            terms=sets(data["terms"]),
            heads=sets(data["heads"]),
            keys=frozenset(data["keys"]),
            named=frozenset(data.get("named", ())),
        )
