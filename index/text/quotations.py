"""What an article quotes word for word: passages by which two reports of one event are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from index.article import Article
from index.text.shingles import count_words, normal_tokens
from index.text.zones import sayings

FEWEST_WORDS = 6  # shorter ones are titles, nicknames and sayings
_LONGEST = 600  # characters; beyond it a sign was left open
_QUOTED = re.compile(
    "|".join(
        f"{opening}([^{opening}{closing}\n]{{12,{_LONGEST}}}){closing}"
        for opening, closing in ("“”", "„“", "„”", "«»", "»«", "「」", "『』", '""')
    )
)


def quotations(article: Article) -> frozenset[int]:
    """The quoted passages of six words and more, as hashes that case and signs do not change."""
    return frozenset(_hash(tokens) for tokens in _passages(article))


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a text is within quotation marks."""
    return any(found.start() < start and end < found.end() for found in _QUOTED.finditer(text))


def _passages(article: Article) -> Iterator[list[str]]:
    texts = [next(filter(None, found.groups()), "") for found in _QUOTED.finditer(article.text)]
    for text in (*texts, *sayings(article, "quote")):
        tokens = normal_tokens(text)
        if count_words(tokens) >= FEWEST_WORDS:
            yield tokens


def _hash(tokens: list[str]) -> int:
    return int.from_bytes(blake2b(" ".join(tokens).encode(), digest_size=6).digest(), "big")
