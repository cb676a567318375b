"""Many articles beside the labelled ones at once: the numbers of `Corrections.held`, by numpy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy
from numpy.typing import NDArray

from index.relevance.corrections import COPY, Corrections, Held, damped

_PART = 256  # articles at a time, against at most 500 examples


def array_of(terms: Collection[int]) -> NDArray[numpy.int64]:
    """Hashes of terms as an array."""
    return numpy.fromiter(terms, numpy.int64, len(terms))


class Neighbours:
    """The examples of corrections, ready to be asked about many articles."""

    def __init__(self, taught: Corrections) -> None:
        self._terms = numpy.array(sorted(taught.holding), numpy.int64)
        lists = [taught.holding[term] for term in self._terms.tolist()]
        self._counts = numpy.array([len(one) for one in lists], numpy.int64)
        self._starts = numpy.cumsum(self._counts) - self._counts
        self._places = numpy.array([place for one in lists for place, _ in one], numpy.int64)
        self._shares = numpy.array([share for one in lists for _, share in one], float)
        words = [taught.words.get(term, 0.0) for term in self._terms.tolist()]
        self._words = numpy.array(words, float)
        self._accepted = numpy.array(taught.accepted, bool)

    def held(
        self, articles: Sequence[NDArray[numpy.int64]], *, themselves: bool = False
    ) -> Iterator[Held]:
        """What each article holds of the examples; `themselves`: these are the examples, in order."""
        for start in range(0, len(articles), _PART):
            part = articles[start : start + _PART]
            yield from self._held(part, start if themselves else None)

    def _held(self, articles: Sequence[NDArray[numpy.int64]], first: int | None) -> Iterator[Held]:
        if not len(self._terms):
            yield from (Held(words=0.0, accepted=0.0, rejected=0.0) for _ in articles)
            return
        sizes = numpy.array([len(one) for one in articles], numpy.int64)
        rows = numpy.repeat(numpy.arange(len(articles)), sizes)
        terms = numpy.concatenate(articles)
        found = numpy.minimum(numpy.searchsorted(self._terms, terms), len(self._terms) - 1)
        known = self._terms[found] == terms
        rows, found = rows[known], found[known]
        words = numpy.bincount(rows, self._words[found], len(articles))
        counts = self._counts[found]
        ends = numpy.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        entries = numpy.repeat(self._starts[found] - (ends - counts), counts) + numpy.arange(total)
        number = len(self._accepted)
        cells = numpy.repeat(rows, counts) * number + self._places[entries]
        flat = numpy.bincount(cells, self._shares[entries], len(articles) * number)
        shares = flat.astype(float).reshape(len(articles), number)
        if first is not None:
            shares[shares >= COPY] = 0.0
            own = numpy.arange(len(articles))
            shares[own, own + first] = 0.0
        accepted = _largest(shares[:, self._accepted])
        rejected = _largest(shares[:, ~self._accepted])
        for place, size in enumerate(sizes.tolist()):
            yield Held(
                words=damped(float(words[place]), size),
                accepted=accepted[place],
                rejected=rejected[place],
            )


def _largest(shares: NDArray[numpy.float64]) -> list[float]:
    return [min(1.0, float(share)) for share in shares.max(axis=1, initial=0.0)]
