"""Terms as hashes of 48 bits, by which articles are compared without their words.

Of 100,000 articles with 300 terms each, one in a thousand has a term that is taken for one of a
profile's 600 by chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.store.evidence import Compared

if TYPE_CHECKING:
    import numpy

    from index.relevance.profile import Features

_SIZE = 6  # bytes
_HEADLINE = 0x5BD1E995A5C3  # any pattern of bits


def hash_term(term: str) -> int:
    """The hash of a term."""
    return int.from_bytes(_digest(term), "little")


def in_headline(term: int) -> int:
    """The hash of a term that stands in a headline, told from one in the text; and back."""
    return term ^ _HEADLINE


def compare_by(features: Features) -> Compared:
    """What an article is compared by, as it is stored; `read_features` has the headline's terms first."""
    title = features.title
    return Compared(
        language=features.language,
        terms=_pack(features.terms),
        titled=len(title.terms) if title else 0,
        keys=_pack(features.keys),
        keyed=len(title.keys) if title else 0,
    )


def hash_all(features: Features) -> tuple[int, ...]:
    """The terms that labelled articles are compared by: all, and those of the headline as such."""
    title = features.title.terms if features.title else {}
    return (*map(hash_term, features.terms), *(in_headline(hash_term(term)) for term in title))


def terms_of(compared: Compared) -> numpy.ndarray:
    """`hash_all` of the article that was stored, as an array."""
    import numpy

    terms = unpack(compared.terms)
    return numpy.concatenate([terms, terms[: compared.titled] ^ _HEADLINE])


def unpack(packed: bytes) -> numpy.ndarray:
    """Packed hashes as an array of integers."""
    import numpy

    wide = numpy.zeros((len(packed) // _SIZE, 8), numpy.uint8)
    wide[:, :_SIZE] = numpy.frombuffer(packed, numpy.uint8).reshape(-1, _SIZE)
    return wide.view("<i8").ravel()


def _pack(terms: Iterable[str]) -> bytes:
    return b"".join(map(_digest, terms))


@lru_cache(maxsize=200_000)
def _digest(term: str) -> bytes:
    return blake2b(term.encode(), digest_size=_SIZE).digest()
