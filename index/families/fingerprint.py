"""Fingerprints of texts: exact hash, sketch, boilerplate blocks.

The sketch is a sample of the text's shingles: those whose hash is below a bound (Broder, "On
the resemblance and containment of documents", 1997, the modulo sketch; FracMinHash in Irber et
al. 2022). Unlike MinHash permutations it tells containment both ways, so an excerpt is found too.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise

from index.article import Article
from index.text.shingles import (
    content_shingles,
    count_words,
    fold_tokens,
    hash_all,
    hash_tokens,
    is_character,
    join_tokens,
    normal_tokens,
    only_characters,
    only_content,
    split_tokens,
    word_shingles,
)

SHORT_TEXT = 40  # words; below, a text says too little to be called a copy of another
_SAMPLE = 256  # shingles kept of a text, about
_KEYS = (16, 64)  # shingles to be found by: one of ten, at least and at most
_BLOCK_WORDS = 3
_LEARNABLE_BLOCKS = 128
_OWN_SHARE = (
    1 / 3
)  # of a text; with less beside its blocks, these may be what its headline is about
_TOLD_SHARE = 2 / 3  # of a headline's terms
_SPECIFICS = 256
_STEM = 5  # letters of a word that count when a headline is looked for in its text
_TITLE_SHARE = 1 / 3
_TITLE_TERMS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedBlock:
    """A paragraph that may be a block, and which of the sketch's shingles and keys are its own.

    `told` has a bit for each term of the headline that is in it, in the order of the terms.
    """

    hash: int
    words: int
    told: int
    shingles: tuple[int, int]
    keys: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The fingerprint of a text under its headline; equal texts give equal fingerprints.

    `exact` hashes all normalised tokens, `title` those of the headline (empty when it has under
    three). `signature` holds sampled shingles (4 bytes each, little-endian, in text order), of
    which one in 2**`level` is kept; `keys` (8 bytes each) are those it is found by. `numbers` and
    `names` hash what is specific in it. `titled`: some of the headline's words are in the
    text; `terms` is how many can be looked for. `dropped` holds the hashes of the blocks that
    `without_blocks` left out.
    """

    exact: bytes
    title: bytes
    words: int
    level: int
    signature: bytes
    keys: bytes
    numbers: bytes
    names: bytes
    titled: bool
    terms: int = 0
    blocks: tuple[HashedBlock, ...] = ()
    dropped: bytes = b""

    @property
    def short(self) -> bool:
        """Whether the text is too short to be compared with others."""
        return self.words < SHORT_TEXT


def fingerprint(article: Article) -> Fingerprint:
    """The fingerprint of an article's text; pure, below 1 ms for 4,000 characters."""
    return fingerprint_text(article.text, article.title)


def fingerprint_text(text: str, title: str = "") -> Fingerprint:
    """The fingerprint of a text under a headline, whatever its language or script."""
    cased = [split_tokens(line) for line in text.split("\n")]
    spaced = text.isascii() or not any(only_characters(tokens) for tokens in cased)
    paragraphs = [_read(fold_tokens(tokens), spaced=spaced) for tokens in cased]
    tokens = [token for paragraph in paragraphs for token in paragraph.tokens]
    content = [token for paragraph in paragraphs for token in paragraph.content]
    terms = _title_terms(title)
    sketch = _sketch(word_shingles(content) if spaced else content_shingles(content))
    numbers, names = _specifics(set().union(*cased))
    return Fingerprint(
        exact=hash_tokens(tokens),
        title=_title_hash(title),
        words=len(tokens) if spaced else count_words(tokens),
        level=sketch.level,
        signature=pack_shingles(value for _, value in sketch.kept),
        keys=_pack_keys(value >> 1 for _, value in sketch.keys),
        numbers=numbers,
        names=names,
        titled=_is_titled(terms, paragraphs),
        terms=len(terms),
        blocks=_blocks(paragraphs, sketch, terms),
    )


def without_blocks(
    whole: Fingerprint, boilerplate: Collection[int], printed_often: Collection[int] = frozenset()
) -> Fingerprint:
    """The fingerprint with some of its blocks not counted; the same one when it has none of them.

    `boilerplate` is never counted. Blocks that are `printed_often`, but may be what a headline is
    about, are counted where hardly anything else is in the text: so a report that its outlet
    printed under many headlines stays one. What is left names no blocks: it is for comparing, not
    for cutting again.
    """
    never = [block for block in whole.blocks if block.hash in boilerplate]
    often = [block for block in whole.blocks if block.hash in printed_often]
    often += [block for block in never if block.hash not in printed_often]
    dropped = never if _is_of_blocks(whole, often) else often
    if not dropped:
        return whole
    packed = _pack_keys(block.hash for block in dropped)
    return replace(
        whole,
        exact=blake2b(whole.exact + packed, digest_size=16).digest(),
        words=max(0, whole.words - sum(block.words for block in dropped)),
        signature=_cut(whole.signature, [block.shingles for block in dropped], 4),
        keys=_cut(whole.keys, [block.keys for block in dropped], 8),
        blocks=(),
        dropped=packed,
    )


def _is_of_blocks(whole: Fingerprint, often: Sequence[HashedBlock]) -> bool:
    """Whether a text is hardly more than blocks, or little more and its headline tells of these."""
    own = whole.words - sum(block.words for block in often)
    if own < SHORT_TEXT:
        return True
    if own >= _OWN_SHARE * whole.words:
        return False
    hashes = {block.hash for block in often}
    told = _told(often)
    by_own = _told(block for block in whole.blocks if block.hash not in hashes)
    return told >= _TOLD_SHARE * max(whole.terms, 1) and told > by_own


def _told(blocks: Iterable[HashedBlock]) -> int:
    """How many of the headline's terms are in some blocks."""
    told = 0
    for block in blocks:
        told |= block.told
    return told.bit_count()


def hash_block(tokens: Sequence[str]) -> int:
    """The hash by which a paragraph is known: 63 bits of its normalised tokens."""
    return int.from_bytes(hash_tokens(tokens)[:8], "big") >> 1


def pack_shingles(values: Iterable[int]) -> bytes:
    """32-bit values as bytes, 4 each, little-endian."""
    listed = list(values)
    return struct.pack(f"<{len(listed)}I", *listed)


def unpack_shingles(packed: bytes) -> tuple[int, ...]:
    """The inverse of `pack_shingles`."""
    return struct.unpack(f"<{len(packed) // 4}I", packed)


def unpack_keys(packed: bytes) -> tuple[int, ...]:
    """The keys of a fingerprint, or its dropped blocks, as signed 64-bit numbers."""
    return struct.unpack(f"<{len(packed) // 8}q", packed)


def _pack_keys(values: Iterable[int]) -> bytes:
    listed = list(values)
    return struct.pack(f"<{len(listed)}q", *listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    """A paragraph's tokens, its length in words, and its content tokens, in a list and joined."""

    tokens: list[str]
    words: int
    content: list[str]
    joined: str

    def find(self, terms: Sequence[str]) -> int:
        """Which of a headline's terms are in it, a bit for each."""
        return sum(1 << place for place, term in enumerate(terms) if term in self.joined)


def _read(tokens: list[str], *, spaced: bool) -> _Paragraph:
    """`spaced`: none of the text's tokens is a single character of an unspaced script."""
    content = only_content(tokens)
    return _Paragraph(
        tokens=tokens,
        words=len(tokens) if spaced else count_words(tokens),
        content=content,
        joined=join_tokens(["", *content, ""]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sketch:
    """Sampled shingles and keys, each with the place of its first token among the content tokens."""

    level: int
    kept: list[tuple[int, int]]
    keys: list[tuple[int, int]]


def _sketch(shingles: Iterable[str]) -> _Sketch:
    hashes = hash_all(shingles)
    distinct = set(hashes)
    level = max(0, (len(distinct) - 1).bit_length() - _SAMPLE.bit_length() + 1)
    fewest, most = _KEYS
    count = min(max(len(distinct) // 10, fewest), most)
    bound = (1 << 64) >> level
    highest = _lowest(distinct, count)[-1] if distinct else -1
    end = max(bound, highest + 1)
    kept = [(place, value) for place, value in enumerate(hashes) if value < end]
    if len(distinct) < len(hashes):
        kept = _firsts(kept)
    return _Sketch(
        level=level,
        kept=[(place, value >> 32) for place, value in kept if value < bound],
        keys=[(place, value) for place, value in kept if value <= highest],
    )


def _firsts(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each value once, at its first place."""
    first: dict[int, int] = {}
    for place, value in places:
        first.setdefault(value, place)
    return [(place, value) for value, place in first.items()]


def _lowest(hashes: Collection[int], count: int) -> list[int]:
    """The lowest of hashes, in order; only those that may be among them are sorted."""
    expected = (2 * count << 64) // len(hashes)  # twice as many as wanted are below, as a rule
    low = [value for value in hashes if value < expected]
    return sorted(low if len(low) >= count else hashes)[:count]


def _blocks(
    paragraphs: Sequence[_Paragraph], sketch: _Sketch, title_terms: Sequence[str]
) -> tuple[HashedBlock, ...]:
    """The paragraphs that could stand on other pages too: of a long text, the first and the last."""
    kept = [place for place, _ in sketch.kept]
    keys = [place for place, _ in sketch.keys]
    blocks, start = [], 0
    for paragraph in paragraphs:
        end = start + len(paragraph.content)
        if paragraph.words >= _BLOCK_WORDS:
            block = HashedBlock(
                hash=hash_block(paragraph.tokens),
                words=paragraph.words,
                told=paragraph.find(title_terms),
                shingles=(bisect_left(kept, start), bisect_left(kept, end)),
                keys=(bisect_left(keys, start), bisect_left(keys, end)),
            )
            blocks.append(block)
        start = end
    half = _LEARNABLE_BLOCKS // 2
    return tuple(blocks if len(blocks) <= 2 * half else blocks[:half] + blocks[-half:])


def _specifics(tokens: Collection[str]) -> tuple[bytes, bytes]:
    """Hashes of the numbers and of the names: words that never stand without a capital here."""
    others = [token for token in tokens if not (token.islower() and token.isalpha())]
    numbers = {token for token in others if token[0].isdigit() or token[-1].isdigit()}
    capital = [token for token in others if len(token) > 2 and token[0].isupper()]
    names = {token for token in capital if token.lower() not in tokens} - numbers
    return _pack_specifics(numbers), _pack_specifics(names)


def _pack_specifics(tokens: Collection[str]) -> bytes:
    hashes = hash_all(token.casefold() for token in tokens)
    return pack_shingles(sorted(value >> 32 for value in hashes)[:_SPECIFICS])


def _title_hash(title: str) -> bytes:
    tokens = normal_tokens(title)
    return hash_tokens(tokens)[:8] if len(tokens) >= _TITLE_TERMS else b""


def _title_terms(title: str) -> tuple[str, ...]:
    """What to look for in a paragraph's joined content: beginnings of words, pairs of characters."""
    content = only_content(normal_tokens(title))
    words = [token for token in content if len(token) > 1]
    long = {join_tokens(["", word[:_STEM]]) for word in words if len(word) >= _STEM}
    short = {join_tokens(["", word, ""]) for word in words if len(word) < _STEM}
    pairs = {
        join_tokens(["", first, second, ""])
        for first, second in pairwise(content)
        if is_character(first) and is_character(second)
    }
    return tuple(sorted(long | short | pairs))


def _is_titled(title_terms: Collection[str], paragraphs: Sequence[_Paragraph]) -> bool:
    if len(title_terms) < _TITLE_TERMS:
        return True
    whole = "\n".join(paragraph.joined for paragraph in paragraphs)
    found = [term for term in title_terms if term in whole]
    return len(found) >= _TITLE_SHARE * len(title_terms)


def _cut(packed: bytes, ranges: Sequence[tuple[int, int]], width: int) -> bytes:
    """The packed values without those at the ranges."""
    pieces, start = [], 0
    for first, stop in sorted(ranges):
        pieces.append(packed[start * width : first * width])
        start = stop
    return b"".join([*pieces, packed[start * width :]])
