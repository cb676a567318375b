"""Terms as hashes of 48 bits, by which articles are compared without their words.

Of 100,000 articles with 300 terms each, one in a thousand has a term that is taken for one of a
profile's 600 by chance. All its words, by
their stems, are kept by 24 bits, to find what has to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.query.match import AnalysedArticle
from index.relevance.measures import beside_text, is_brief
from index.store.evidence import Compared
from index.text.analysis import analyse_text
from index.text.quotations import quotations

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from index.relevance.profile import Features

SIZE = 6
"""Bytes of a packed hash."""

_WORD = 3  # bytes of a word's
_HEADLINE = 0x5BD1E995A5C3  # any pattern of bits


def hash_term(term: str) -> int:
    """The hash of a term."""
    return int.from_bytes(_digest(term), "little")


def in_headline(term: int) -> int:
    """The hash of a term that is in a headline, told from one in the text; and back."""
    return term ^ _HEADLINE


def compare_by(analysed: AnalysedArticle, features: Features) -> Compared:
    """What an article is compared by, as it is stored; `read_features` has the headline's terms first."""
    title, article = features.title, analysed.article
    return Compared(
        language=features.language,
        brief=is_brief(analysed),
        undated=article.published is None,
        terms=_pack(features.terms),
        titled=len(title.terms) if title else 0,
        keys=_pack(features.keys),
        keyed=len(title.keys) if title else 0,
        quotes=b"".join(quote.to_bytes(SIZE, "little") for quote in sorted(quotations(article))),
        words=_pack_words(analysed),
    )


def hash_all(features: Features) -> tuple[int, ...]:
    """The terms that labelled articles are compared by: all, and those of the headline as such."""
    title = features.title.terms if features.title else {}
    return (*map(hash_term, features.terms), *(in_headline(hash_term(term)) for term in title))


def terms_of(compared: Compared) -> NDArray[numpy.int64]:
    """`hash_all` of the article that was stored, as an array."""
    import numpy

    terms = unpack(compared.terms)
    return numpy.concatenate([terms, terms[: compared.titled] ^ _HEADLINE])


def unpack(packed: bytes) -> NDArray[numpy.int64]:
    """Packed hashes as an array of integers."""
    import numpy

    wide = numpy.zeros((len(packed) // SIZE, 8), numpy.uint8)
    wide[:, :SIZE] = numpy.frombuffer(packed, numpy.uint8).reshape(-1, SIZE)
    return wide.view("<i8").ravel()


def pack_term(term: str) -> bytes:
    """The hash of a term as it is packed."""
    return _digest(term)


def split_packed(packed: bytes) -> list[bytes]:
    """Packed hashes, each by itself."""
    return [packed[start : start + SIZE] for start in range(0, len(packed), SIZE)]


def unpack_quotes(packed: bytes) -> list[int]:
    """Packed quotations as `quotations` has them."""
    return [int.from_bytes(one, "little") for one in split_packed(packed)]


def hash_word(word: str) -> int:
    """The hash of a word or a stem, of 24 bits: by it a word is looked for, which then is read."""
    return int.from_bytes(_digest(word)[:_WORD], "little")


def unpack_words(packed: Sequence[bytes]) -> tuple[NDArray[numpy.uint32], NDArray[numpy.int64]]:
    """The packed words of articles as one array of integers, and where each article's end there."""
    import numpy

    joined = b"".join(packed)
    wide = numpy.zeros((len(joined) // _WORD, 4), numpy.uint8)
    wide[:, :_WORD] = numpy.frombuffer(joined, numpy.uint8).reshape(-1, _WORD)
    ends = numpy.cumsum([len(one) // _WORD for one in packed], dtype=numpy.int64)
    return wide.view("<u4").ravel(), ends


def _pack_words(analysed: AnalysedArticle) -> bytes:
    zones = [zone.pieces() for zone in analysed.zones.values()]
    if beside := beside_text(analysed.article):
        found = analyse_text(beside, analysed.language)
        zones.append(zip(found.tokens, found.stems, strict=True))
    words = {stem or token for pieces in zones for token, stem in pieces}
    return b"".join(sorted(_digest(word)[:_WORD] for word in words))


def _pack(terms: Iterable[str]) -> bytes:
    return b"".join(map(_digest, terms))


@lru_cache(maxsize=200_000)
def _digest(term: str) -> bytes:
    return blake2b(term.encode(), digest_size=SIZE).digest()
