"""A made-up news corpus of any size: nine languages, Zipf's law, agencies' reports carried by others.

No text of anyone's: words are built of syllables by a seeded generator. Article `n` is the same in
every run and every process.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate

from index.article import Article, Verdict
from index.store import StoredArticle

FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
OUTLETS = tuple(f"outlet-{number}.example" for number in range(120))
SECTIONS = ("world", "politics", "business", "local", "sport", "")
STORED_WORDS = 600  # of one article, on average
_VOCABULARY = 40_000
_LANGUAGES = ("en",) * 9 + ("es", "fr", "de", "pt", "ru", "ar", "zh", "ja")
_CONSONANTS = (*"bcdfghklmnprstv", "st", "tr", "ch", "pl")
_SYLLABLES = {
    "ru": [first + second for first in "бвгдзклмнпрст" for second in "аеиоуя"],
    "ar": [first + second for first in "بتجدرزسشفقكلمن" for second in ("ا", "و", "ي", "")],
    "": [first + second for first in _CONSONANTS for second in "aeiou"],
}
_ENDINGS = {
    "en": ("", "", "s", "ed", "ing", "ly"),
    "es": ("o", "a", "os", "as", "ción", "mente"),
    "fr": ("", "e", "s", "es", "ement", "é"),
    "de": ("", "en", "er", "e", "ung", "ungen"),
    "pt": ("o", "a", "os", "as", "ção", "ções"),
    "ru": ("а", "ов", "ы", "ами", "ий", "ого"),
    "ar": ("", "ة", "ات", "ون", "ه", "ها"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by rank, with the running sum of their shares."""

    words: Sequence[str]
    weights: Sequence[float]

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """Words in the language's proportions."""
        return rng.choices(self.words, cum_weights=self.weights, k=count)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language; rank r has a share of 1 / (r + 2.7)^1.2 (Mandelbrot)."""
    rng = random.Random(f"words {language}")
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        words[_make_word(rng, language)] = None
    weights = accumulate((rank + 2.7) ** -1.2 for rank in range(len(words)))
    return Vocabulary(list(words), list(weights))


def make_article(number: int) -> StoredArticle:
    """Article `number`, from 0; every eighth is a reprint of one before it."""
    rng = random.Random(f"article {number}")
    if number % 8 == 7:
        original = make_article(number - rng.choice((2, 4, 6)))
        article = replace(original.article, outlet=rng.choice(OUTLETS), url=_url(number))
        return replace(original, id=_id(number), revision=number + 1, article=article)
    language = rng.choice(_LANGUAGES)
    glue = "" if language in ("zh", "ja") else " "
    body = _sentences(rng, language, max(60, round(rng.gauss(STORED_WORDS, 220))))
    published = FIRST_DAY + timedelta(seconds=rng.randrange(90 * 86400))
    article = Article(
        url=_url(number),
        canonical_url=_url(number),
        outlet=rng.choice(OUTLETS),
        title=glue.join(vocabulary(language).draw(rng, 9)),
        description=glue.join(vocabulary(language).draw(rng, 24)),
        text=body,
        fetched=published + timedelta(hours=1),
        published=None if rng.random() < 0.02 else published,
        authors=(f"Ada Maker {rng.randrange(400)}",),
        language=language,
        section=rng.choice(SECTIONS),
    )
    return StoredArticle(
        id=_id(number),
        revision=number + 1,
        article=article,
        family=_id(number),
        verdicts=(Verdict(story="all", decision="on-story", score=1.0),),
        kept=True,
        first_seen=published + timedelta(hours=1),
        versions=1,
        archive=None,
        aliases=(),
    )


def make_articles(count: int, first: int = 0) -> Iterator[StoredArticle]:
    """Articles in order of their numbers."""
    return map(make_article, range(first, first + count))


def _sentences(rng: random.Random, language: str, count: int) -> str:
    words = vocabulary(language).draw(rng, count)
    stop, glue = ("。", "") if language in ("zh", "ja") else (". ", " ")
    cuts = range(0, count, 18)
    return stop.join(glue.join(words[start : start + 18]) for start in cuts) + stop.strip()


def _make_word(rng: random.Random, language: str) -> str:
    if language in ("zh", "ja"):
        first = 0x4E00 if language == "zh" else 0x5E00
        letters = rng.choice((1, 2, 2, 2, 3))
        return "".join(chr(first + min(2999, int(rng.expovariate(0.002)))) for _ in range(letters))
    syllables = _SYLLABLES.get(language, _SYLLABLES[""])
    root = "".join(rng.choice(syllables) for _ in range(rng.choice((1, 2, 2, 3, 3, 4))))
    return root + rng.choice(_ENDINGS[language])


def _url(number: int) -> str:
    return f"https://{OUTLETS[number % len(OUTLETS)]}/{number}"


def _id(number: int) -> str:
    """Five and more signs of base 32, as the store gives them."""
    signs = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(signs[(number >> shift) & 31] for shift in range(25, -1, -5))
