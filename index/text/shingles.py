"""Normalised tokens of a text in any script, their number in words, and their shingles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from struct import unpack
from unicodedata import normalize

# Scripts without spaces between words, and Hangul, whose particles hang on the word.
CHARACTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
)
# Vowel signs and points that are inside words, but that `\w` does not know.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
)
_SPECIAL = f"[{CHARACTERS}{_MARKS}\ud800-\udfff]"
_WORD = r"[^\W_]+"
_ASCII_GAPS = {code: " " for code in range(128) if not chr(code).isalnum()}
_TOKEN = rf"[{CHARACTERS}]|(?:[^\W_{CHARACTERS}]|[{_MARKS}])+"
_FIRST_CHARACTER = "\u0e00"
_SEPARATOR = "\x1f"

_HASH = blake2b(digest_size=8)

# A shingle reaches until its tokens weigh 15: three words, or five characters.
_SHINGLE_WEIGHT = 15
_WORD_WEIGHT = 5
_CHARACTER_WEIGHT = 3

# Characters to a word, by the first code point of the script's range (averages of news prose).
_PER_WORD = (
    (0x0E00, 4.5),
    (0x3005, 1.7),
    (0x3040, 2.4),
    (0x3400, 1.7),
    (0xAC00, 2.7),
    (0xD7B0, 1.7),
)


def split_tokens(text: str) -> list[str]:
    """The tokens of a text in their own case: words and numbers; single characters of zh, ja, ko, th."""
    if text.isascii():
        return text.translate(_ASCII_GAPS).split()  # a third of the time of the expression
    text = normalize("NFKC", text)
    if re.search(_SPECIAL, text) is None:
        return re.findall(_WORD, text)
    return re.findall(_TOKEN, re.sub("[\ud800-\udfff]", " ", text))


def normal_tokens(text: str) -> list[str]:
    """The tokens of a text, compatibility forms and case folded."""
    return fold_tokens(split_tokens(text))


def fold_tokens(tokens: Sequence[str]) -> list[str]:
    """Tokens without case; all at once, as full case folding looks at one character at a time."""
    return join_tokens(tokens).casefold().split(_SEPARATOR) if tokens else []


def join_tokens(tokens: Iterable[str]) -> str:
    """Tokens in one text, with a character between them that is in none."""
    return _SEPARATOR.join(tokens)


def is_character(token: str) -> bool:
    """Whether a token is a single character of a script that is read by characters."""
    return len(token) == 1 and token >= _FIRST_CHARACTER


def only_characters(tokens: Sequence[str]) -> list[str]:
    """The tokens that are single characters of a script that is read by characters."""
    return [token for token in tokens if len(token) == 1 and token >= _FIRST_CHARACTER]


def count_words(tokens: Sequence[str]) -> int:
    """The length in words; characters of unspaced scripts count for their share of a word."""
    characters = only_characters(tokens)
    if not characters:
        return len(tokens)
    return len(tokens) - len(characters) + round(sum(map(_share_of_word, characters)))


@lru_cache(maxsize=8192)
def _share_of_word(character: str) -> float:
    code = ord(character)
    return 1 / next(rate for start, rate in reversed(_PER_WORD) if code >= start)


@lru_cache(maxsize=8192)  # the short words of a language are few
def is_content(token: str) -> bool:
    """Whether a token is more than a short function word, whatever the language.

    Words of four letters (three in scripts that write few vowels), numbers, and characters.
    """
    if len(token) > 3:
        return True
    if is_character(token) or (len(token) == 3 and token[0] > "\u0590"):
        return True
    return token[0].isdigit() or token[-1].isdigit()


def only_content(tokens: Iterable[str]) -> list[str]:
    """The tokens that are more than function words."""
    return [
        token
        for token in tokens
        if len(token) > 3 or (len(token) == 1 and token >= _FIRST_CHARACTER) or is_content(token)
    ]


def content_shingles(tokens: Sequence[str]) -> Iterable[str]:
    """Each run of three content words (five characters), joined; runs overlap."""
    return _weighed_shingles(tokens) if only_characters(tokens) else word_shingles(tokens)


def word_shingles(tokens: Sequence[str]) -> Iterable[str]:
    """`content_shingles` of tokens none of which is a single character."""
    return map(_SEPARATOR.join, zip(tokens, tokens[1:], tokens[2:], strict=False))


def _weighed_shingles(tokens: Sequence[str]) -> list[str]:
    """All runs of five, as is right among characters; then, where words are, shorter ones instead."""
    words = {
        place for place, token in enumerate(tokens) if len(token) != 1 or token < _FIRST_CHARACTER
    }
    runs = zip(tokens, tokens[1:], tokens[2:], tokens[3:], tokens[4:], strict=False)
    shingles = list(map(_SEPARATOR.join, runs))
    for start in sorted({place - back for place in words for back in range(min(place, 3) + 1)}):
        end = start + _shingle_size(words, start)
        if end > len(tokens):
            break
        shingles[start : start + 1] = [_SEPARATOR.join(tokens[start:end])]
    return shingles


def _shingle_size(words: Collection[int], start: int) -> int:
    size = weight = 0
    while weight < _SHINGLE_WEIGHT:
        weight += _WORD_WEIGHT if start + size in words else _CHARACTER_WEIGHT
        size += 1
    return size


def hash_all(texts: Iterable[str]) -> tuple[int, ...]:
    """64-bit hashes that are the same in every process and on every machine.

    The texts are tokens, or joined of them: they hold no lone surrogates.
    """
    digests = []
    for text in texts:
        hasher = _HASH.copy()  # a seventh of the time of a new one
        hasher.update(text.encode())
        digests.append(hasher.digest())
    return unpack(f">{len(digests)}Q", b"".join(digests))


def hash_tokens(tokens: Sequence[str]) -> bytes:
    """A 128-bit hash of a token sequence."""
    return blake2b(join_tokens(tokens).encode(), digest_size=16).digest()
