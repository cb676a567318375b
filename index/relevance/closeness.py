"""How like a story's many articles are at once, from the hashes of their terms: by numpy.

The numbers are those of `Profile.closeness` and, where no query is met and an article is hardly like the
story's, of the verdict's score.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy
from numpy.typing import NDArray

from index.relevance.draft import ABOUT
from index.relevance.hashes import SIZE, hash_term, unpack
from index.relevance.measures import (
    ANCHORED,
    CLOSE_BRIEF,
    CLOSE_TEXT,
    FEW,
    HEADLESS,
    LESS,
    LIKE_FROM,
    LIKE_TO,
    MORE,
    TITLE_LIKE,
    UNANCHORED,
)
from index.relevance.profile import ABROAD, Profile
from index.relevance.telling import DAMPING
from index.store.evidence import Compared

Numbers = NDArray[numpy.float64]
Flags = NDArray[numpy.bool_]


class Likeness:
    """A profile, ready to be asked about many articles; None, or one of few articles, tells nothing."""

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile if profile is not None and profile.articles >= FEW else None
        if self._profile is None:
            return
        self._whole = _Weights(self._profile)
        self._titles = _Weights(self._profile.titles) if self._profile.titles else None
        anchors = self._profile.anchors
        self._anchored = frozenset(name for name, terms in anchors.terms.items() if terms)
        self._headed = frozenset(anchors.heads)
        self._terms = _Table(dict.fromkeys(_union(anchors.terms), 1.0))
        self._heads = _Table(dict.fromkeys(_union(anchors.heads), 1.0))
        self._keys = _Table(dict.fromkeys(anchors.keys, 1.0))

    def judge(self, part: Sequence[Compared]) -> tuple[Numbers, Numbers]:
        """The closeness of each article, and the score of one that meets no query and is hardly close."""
        if self._profile is None:
            return numpy.zeros(len(part)), numpy.zeros(len(part))
        terms, keys = [one.terms for one in part], [one.keys for one in part]
        close = self._whole.closeness(part, terms, keys)
        heads = [one.terms[: SIZE * one.titled] for one in part]
        spelt = [one.keys[: SIZE * one.keyed] for one in part]
        brief = numpy.array([one.brief for one in part], bool)
        enough = numpy.where(brief, CLOSE_BRIEF * self._times(part, heads, spelt), CLOSE_TEXT)
        return close, numpy.minimum(0.9, ABOUT * (close / enough) ** 2)

    def _times(
        self, part: Sequence[Compared], heads: Sequence[bytes], spelt: Sequence[bytes]
    ) -> Numbers:
        """How much of the usual closeness each headline with a lead needs: see `verdict` and `nearness`."""
        has_heads = _spoken(part, self._headed)
        headed = numpy.where(has_heads, self._heads.hit(heads), self._keys.hit(spelt))
        tells = _spoken(part, self._anchored)
        lacks = tells & ~self._terms.hit([one.terms for one in part])
        times = numpy.where(headed, ANCHORED, numpy.where(lacks, UNANCHORED, 1.0))
        if self._titles is None:
            return times
        title = self._titles.closeness(part, heads, spelt)
        titled = title * numpy.where(headed | ~has_heads, 1.0, HEADLESS)
        told, sure = _rise(title, 0.0, TITLE_LIKE), _rise(titled, LIKE_FROM, LIKE_TO)
        return (1 + MORE * (1 - told) - LESS * sure) * times


class _Table:
    """Weights by hash, ready to be summed up over many articles."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        hashed = sorted((hash_term(term), weight) for term, weight in weights.items())
        self._terms = numpy.array([term for term, _ in hashed], numpy.int64)
        self._weights = numpy.array([weight for _, weight in hashed], float)

    def sums(self, packed: Sequence[bytes]) -> Numbers:
        """The sum of the weights of each article's terms."""
        terms = unpack(b"".join(packed))
        if not len(self._terms) or not len(terms):
            return numpy.zeros(len(packed))
        places = numpy.minimum(numpy.searchsorted(self._terms, terms), len(self._terms) - 1)
        hits = numpy.flatnonzero(self._terms[places] == terms)
        ends = numpy.cumsum(_sizes(packed))
        rows = numpy.searchsorted(ends, hits, side="right")
        return numpy.bincount(rows, self._weights[places[hits]], len(packed)).astype(float)

    def hit(self, packed: Sequence[bytes]) -> Flags:
        """Whether an article has one of the terms; the weights are above 0."""
        return self.sums(packed) > 0


class _Weights:
    """The weights of a profile, and what is usual among its articles."""

    def __init__(self, profile: Profile) -> None:
        self._terms, self._keys = _Table(profile.terms), _Table(profile.keys)
        self._usual = profile.usual

    def closeness(
        self, part: Sequence[Compared], terms: Sequence[bytes], keys: Sequence[bytes]
    ) -> Numbers:
        """`Profile.closeness` of each article."""
        usual = numpy.array([self._usual.get(one.language, self._usual[""]) for one in part])
        own = _spoken(part, self._usual)
        sums = numpy.where(own, self._terms.sums(terms), self._keys.sums(keys))
        sizes = numpy.where(own, _sizes(terms), _sizes(keys))
        score = sums / numpy.sqrt(sizes + DAMPING)
        value = numpy.divide(score, usual, out=numpy.zeros(len(part)), where=usual != 0)
        found: Numbers = numpy.where(own, value, value / ABROAD)
        return found


def _sizes(packed: Sequence[bytes]) -> NDArray[numpy.int64]:
    return numpy.array([len(one) // SIZE for one in packed], numpy.int64)


def _spoken(part: Sequence[Compared], languages: Collection[str]) -> Flags:
    return numpy.array([one.language in languages for one in part], bool)


def _rise(values: Numbers, low: float, high: float) -> Numbers:
    return numpy.clip((values - low) / (high - low), 0.0, 1.0)


def _union(words: Mapping[str, Collection[str]]) -> list[str]:
    return sorted({term for held in words.values() for term in held})
