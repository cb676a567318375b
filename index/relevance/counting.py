"""In how many articles the terms of a story stand, from the hashes of their terms: by numpy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy
from numpy.typing import NDArray

from index.relevance.hashes import SIZE, hash_term, unpack
from index.relevance.profile import Background, Features
from index.store.evidence import Compared


def count_terms(
    others: Sequence[Compared], own: Sequence[Features], background: Background
) -> None:
    """Count others into a background, as far as the terms and spellings of a story's own are concerned."""
    titles = [features.title for features in own if features.title]
    heads = background.titles = background.titles or Background()
    terms = _Words(term for features in own for term in features.terms)
    spelt = _Words(key for features in own for key in features.keys)
    headed = _Words(term for features in titles for term in features.terms)
    head_spelt = _Words(key for features in titles for key in features.keys)
    background.terms.update(terms.count([one.terms for one in others]))
    heads.terms.update(headed.count([one.terms[: SIZE * one.titled] for one in others]))
    for language in sorted({one.language for one in others}):
        spoken = [one for one in others if one.language == language]
        for counted, words, packed in (
            (background, spelt, [one.keys for one in spoken]),
            (heads, head_spelt, [one.keys[: SIZE * one.keyed] for one in spoken]),
        ):
            counted.articles[language] += len(spoken)
            counted.add_keys(language, words.count(packed))


class _Words:
    """Words, ready to be counted among hashes."""

    def __init__(self, words: Iterable[str]) -> None:
        hashed = sorted((hash_term(word), word) for word in set(words))
        self._words = [word for _, word in hashed]
        self._hashes: NDArray[numpy.int64] = numpy.array([one for one, _ in hashed], numpy.int64)

    def count(self, packed: Collection[bytes]) -> dict[str, int]:
        """How many articles hold each word, which each article has once at most."""
        terms = unpack(b"".join(packed))
        if not self._words or not len(terms):
            return {}
        places = numpy.minimum(numpy.searchsorted(self._hashes, terms), len(self._words) - 1)
        hits = places[self._hashes[places] == terms]
        counts = numpy.bincount(hits, minlength=len(self._words)).tolist()
        return {word: count for word, count in zip(self._words, counts, strict=True) if count}
