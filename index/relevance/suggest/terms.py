"""What some articles of one language are about: their topics, names and phrases, with weights.

No model and no list of names: a name is what is written with a capital in the middle of a sentence,
a topic any other word that is not a function word. Scripts without spaces have no words to count: there
the longest runs of letters that come again are taken (maximal repeats, as in Chien, SIGIR 1997).
Weights are counts, three times for the headline and twice for the lead, less for what is in few of
the articles or in many others; the heaviest of each kind has 1.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from index.article import Article
from index.relevance.suggest.translate import words_of_places
from index.text.analysis import Token, fold, holds_paired_script, read_tokens, stem_word

Word = TypeVar("Word", str, Token)

_ZONES = (("title", 3.0), ("description", 2.0), ("text", 1.0))
_LEAST_LETTERS = 3
_NOUNS_CAPITALISED = 0.25  # share of capitals within sentences above which they mark nouns
_HEADLINE_CAPITALS = 0.7  # share of capitals at which a headline is written in title case
_SENTENCE_END = re.compile(r"[.!?…:;\n\"“”„«»‹›()\[\]–—•|]\W*$")
_JOINED = re.compile(r"[ \u00a0-]")
_RUN = re.compile(r"\w+")
_REPEAT = range(2, 9)  # letters of a term in a script without spaces
_APOSTROPHES = re.compile("['’]")
_UNRANKED = 5_000
_ARTICLE_WORDS = 400
_LEAST_RARITY = 1.0  # a word in under 37 % of all articles
_RECURS = 2  # times that a topic or a phrase is before it may stand for the story
_LEAST_PHRASE = 2.0  # times that a phrase must stand, thrice where it is in the headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Topics, names and phrases as they are written, heaviest first, with weights of 0 to 1.

    `anchor` is a name of two words or with a figure in it that weighs more than any topic; empty
    if there is none. `recurring` are the topics that stand more than once.
    """

    topics: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, float] = field(default_factory=dict)
    phrases: Mapping[str, float] = field(default_factory=dict)
    anchor: str = ""
    recurring: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarity:
    """How rare words are: by the articles of a corpus that hold them, or by their rank in a language.

    `ranks` is a word's place among the most frequent of its language, from 1; it is asked where no
    corpus is known, by Zipf's law: the word of rank r is one in 10 r of all.
    """

    articles: int = 0
    holding: Mapping[str, int] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the language."""
        return bool(self.articles or self.ranks)

    def of(self, term: str) -> float:
        """The inverse document frequency of a word, or of the rarest word of several."""
        return max(map(self._of_word, map(fold, term.split())), default=0.0)

    def passes(self, term: str) -> bool:
        """Whether no word of a term is so usual that it is in over a third of all articles."""
        return all(self._of_word(fold(word)) >= _LEAST_RARITY for word in term.split())

    def _of_word(self, word: str) -> float:
        if self.articles:
            return math.log((self.articles + 1) / (self.holding.get(word, 0) + 0.5))
        rank = self.ranks.get(word, max(_UNRANKED, len(self.ranks)))
        return -math.log(1 - math.exp(-_ARTICLE_WORDS / 10 / rank))


def _zeros() -> defaultdict[str, float]:
    return defaultdict(float)


@dataclass(slots=True)
class _Counts:
    """What was found in the articles: weighed counts, and in how many articles each was."""

    weights: defaultdict[str, float] = field(default_factory=_zeros)
    articles: Counter[str] = field(default_factory=Counter)
    spelt: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, found: Mapping[str, float], language: str) -> None:
        """The terms of one article, as written; forms of one word are one term."""
        keys = {
            written: " ".join(stem_word(word, language) or fold(word) for word in written.split())
            for written in found
        }
        self.articles.update(set(keys.values()))
        for written, key in keys.items():
            self.weights[key] += found[written]
            self.spelt.setdefault(key, Counter())[written] += 1

    def leave(self, unwanted: Callable[[str, str], bool]) -> None:
        """Drop the terms of which that is so, told their key and their most usual spelling."""
        for key in [key for key in self.weights if unwanted(key, self.usual(key))]:
            del self.weights[key]

    def usual(self, key: str) -> str:
        """The most frequent spelling of a term."""
        return self.spelt[key].most_common(1)[0][0]


def read_vocabulary(
    articles: Sequence[Article], language: str, rarity: Rarity | None = None
) -> Vocabulary:
    """The vocabulary of articles in one language (ISO 639-1); empty without any."""
    rarity = rarity or Rarity()
    paired = any(holds_paired_script(article.title + article.text[:200]) for article in articles)
    topics, names, phrases = _Counts(), _Counts(), _Counts()
    nouns = not paired and _capitalises_nouns(articles, language)
    for article in articles:
        if paired:
            topics.add(_repeats(article), language)
            continue
        found = _read_words(article, language, nouns=nouns)
        topics.add(found.topics, language)
        names.add(found.names, language)
        phrases.add(found.phrases, language)
    total = len(articles)
    often = _often(articles, language) if not paired else Counter[str]()
    topics.leave(lambda key, written: not rarity.passes(written))
    phrases.leave(
        lambda key, written: (
            phrases.weights[key] < _LEAST_PHRASE
            or not rarity.passes(written)
            or not _is_said_twice(written, language, often)
        )
    )
    ranked, named = _weighed(topics, rarity, total), _weighed(names, rarity, total)
    return Vocabulary(
        topics=_in_order(ranked),
        names=_in_order(named),
        phrases=_in_order(_weighed(phrases, rarity, total)),
        anchor=_anchor(named, max(ranked.values(), default=0.0), articles, language),
        recurring=frozenset(
            word for word in ranked if paired or _is_said_twice(word, language, often)
        ),
    )


def _often(articles: Sequence[Article], language: str) -> Counter[str]:
    """How often each stem, and each pair of neighbours, is in all of the articles."""
    counted: Counter[str] = Counter()
    for article in articles:
        for zone, _ in _ZONES:
            tokens = read_tokens(getattr(article, zone), language)
            stems = [token.stem or token.text for token in tokens]
            counted.update(stems)
            counted.update(f"{first} {second}" for first, second in pairwise(stems))
    return counted


def _is_said_twice(written: str, language: str, often: Counter[str]) -> bool:
    key = " ".join(stem_word(word, language) or fold(word) for word in written.split())
    return often[key] >= _RECURS


def _anchor(
    named: Mapping[str, float], heaviest: float, articles: Sequence[Article], language: str
) -> str:
    """The name that says by itself what the story is: as heavy as any topic, in a headline, no country."""
    places = words_of_places(language)
    headed = {fold(word) for article in articles for word in _RUN.findall(article.title)}
    telling = {
        name: weight + sum(named.get(word, 0.0) for word in name.split()[-1:] if " " in name)
        for name, weight in named.items()
        if (" " in name or any(map(str.isdigit, name)))
        and places.isdisjoint(map(fold, name.split()))
        and (not headed or fold(name.split()[-1]) in headed)
    }
    best = max(telling, key=lambda name: (telling[name], name), default="")
    return best if best and telling[best] >= heaviest else ""


def count_words(articles: Sequence[Article], language: str) -> Rarity:
    """The rarity of words over some articles of a language, folded as the index has them."""
    holding: Counter[str] = Counter()
    for article in articles:
        opening = f"{article.title}\n{article.description}\n{article.text}"
        if holds_paired_script(opening[:200]):
            holding.update(_letters_of(opening))
        else:
            holding.update({token.text for token in read_tokens(opening, language)})
    return Rarity(articles=len(articles), holding=holding)


def phrases_around(article: Article, topics: Collection[str]) -> set[str]:
    """The pairs of neighbouring words of which one is a form of a topic, folded; by words only."""
    language = article.language
    roots = {stem_word(topic, language) or fold(topic) for topic in topics}
    passing = passing_words(language)
    found = set()
    for zone, _ in _ZONES:
        text: str = getattr(article, zone)
        for run in _runs(text, [(token, token) for token in read_tokens(text, language)], passing):
            for first, second in pairwise(run):
                if min(len(first.text), len(second.text)) < _LEAST_LETTERS:
                    continue
                if not roots.isdisjoint({first.stem or first.text, second.stem or second.text}):
                    found.add(f"{first.text} {second.text}")
    return found


def _weighed(counts: _Counts, rarity: Rarity, total: int) -> dict[str, float]:
    return {
        counts.usual(key): weight
        * math.sqrt(counts.articles[key] / total)
        * rarity.of(counts.usual(key))
        for key, weight in counts.weights.items()
    }


def _in_order(weighed: Mapping[str, float]) -> dict[str, float]:
    """The terms, heaviest first, of which the first has 1."""
    heaviest = max(weighed.values(), default=0.0) or 1.0
    order = sorted(weighed, key=lambda written: (-weighed[written], written))
    return {written: round(weighed[written] / heaviest, 3) for written in order}


# Words between spaces


@dataclass(slots=True)
class _Words:
    topics: defaultdict[str, float] = field(default_factory=_zeros)
    names: defaultdict[str, float] = field(default_factory=_zeros)
    phrases: defaultdict[str, float] = field(default_factory=_zeros)


def _read_words(article: Article, language: str, *, nouns: bool) -> _Words:
    found = _Words()
    passing = passing_words(language)
    named = _named_words(article, language)
    for zone, weight in _ZONES:
        text: str = getattr(article, zone)
        words = [(token, _bare(text, token)) for token in read_tokens(text, language)]
        for run in _runs(text, words, passing):
            _count_run(run, weight, named, found, nouns=nouns)
    return found


def _count_run(
    run: Sequence[str], weight: float, named: frozenset[str], found: _Words, *, nouns: bool
) -> None:
    """Count what stands side by side without a sign or a function word in between."""
    capitals: list[str] = []
    for word in [*run, ""]:
        if not nouns and len(word) > 1 and _is_capital(word) and fold(word) in named:
            capitals.append(word)
            continue
        if capitals:
            found.names[" ".join(capitals)] += weight
        capitals = []
        if len(word) >= _LEAST_LETTERS and any(map(str.isalpha, word)):
            found.topics[word if nouns else word.lower()] += weight
    for first, second in pairwise(run):
        if min(len(first), len(second)) >= _LEAST_LETTERS:
            found.phrases[f"{first} {second}"] += weight


def _runs(
    text: str, words: Sequence[tuple[Token, Word]], passing: frozenset[str]
) -> Iterator[list[Word]]:
    run: list[Word] = []
    end = 0
    for token, written in words:
        if run and not _JOINED.fullmatch(text[end : token.start]):
            yield run
            run = []
        end = token.end
        if token.text in passing:
            if run:
                yield run
            run = []
        else:
            run.append(written)
    if run:
        yield run


def _bare(text: str, token: Token) -> str:
    """A word as written, without the article or possessive that analysis takes off (l’Ukraine)."""
    written = text[token.start : token.end]
    parts = _APOSTROPHES.split(written) if len(written) != len(token.text) else ()
    return next((part for part in parts if fold(part) == token.text), written)


def _named_words(article: Article, language: str) -> frozenset[str]:
    """The folded words that stand with a capital within a sentence, and hardly ever without one."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in (article.description, article.text, article.title):
        if text is article.title and _is_title_case(text):
            continue
        for token in read_tokens(text, language):
            written = _bare(text, token)
            if not _is_capital(written):
                small[token.text] += 1
            elif not _opens_sentence(text, token.start) or _is_acronym(written):
                capital[token.text] += 1
    named = {word for word, count in capital.items() if count > small[word]}
    return frozenset(named | set(_forenames(article, language, named, small)))


def _forenames(
    article: Article, language: str, named: Collection[str], small: Mapping[str, int]
) -> Iterator[str]:
    """What opens a sentence before a name, and never stands without a capital: Pervez Musharraf."""
    passing = passing_words(language)
    for text in (article.description, article.text, article.title):
        for token, following in pairwise(read_tokens(text, language)):
            if (
                following.text in named
                and _opens_sentence(text, token.start)
                and _is_capital(_bare(text, token))
                and text[token.end : following.start] == " "
                and not small.get(token.text)
                and token.text not in passing
            ):
                yield token.text


def _capitalises_nouns(articles: Sequence[Article], language: str) -> bool:
    """Whether that many words within sentences have a capital that it is no sign of a name."""
    inside = capitals = 0
    for article in articles:
        for token in read_tokens(article.text[:4_000], language):
            if not _opens_sentence(article.text, token.start):
                inside += 1
                capitals += _is_capital(article.text[token.start : token.end])
    return capitals > _NOUNS_CAPITALISED * inside


def _is_title_case(text: str) -> bool:
    words = [word for word in _RUN.findall(text) if word.isalpha()]
    return sum(map(_is_capital, words)) > _HEADLINE_CAPITALS * len(words)


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 6) : start]
    return start == 0 or _SENTENCE_END.search(before) is not None


@lru_cache(maxsize=32)
def passing_words(language: str) -> frozenset[str]:
    """Function words (Snowball's lists, where there is one), days and months, folded."""
    from whoosh.lang.stopwords import stoplists

    return frozenset(map(fold, stoplists.get(language, ()))) | _calendar_words(language)


def _calendar_words(language: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    tables = (
        table[width]
        for table in (locale.days["format"], locale.months["format"])
        for width in ("wide", "abbreviated")
    )
    words = {word for table in tables for name in table.values() for word in _RUN.findall(name)}
    return frozenset(fold(word) for word in words if not word.isdigit())


# Scripts without spaces


def _repeats(article: Article) -> dict[str, float]:
    """The runs of letters that come twice and are part of no longer run as frequent."""
    counts, times = _zeros(), Counter[str]()
    for zone, weight in _ZONES:
        for run in _RUN.findall(getattr(article, zone)):
            for part in _parts(run):
                counts[part] += weight
                times[part] += 1
    # Of a bare headline nothing comes twice: then its own runs have to do.
    least = _RECURS if any(number >= _RECURS for number in times.values()) else 1
    often = {part: count for part, count in counts.items() if times[part] >= least}
    inner = _zeros()
    for part, count in often.items():
        for shorter in (part[1:], part[:-1]):
            inner[shorter] = max(inner[shorter], count)
    return {part: count for part, count in often.items() if inner[part] < count}


def _parts(run: str) -> Iterator[str]:
    if not holds_paired_script(run):
        if len(run) >= _LEAST_LETTERS and any(map(str.isalpha, run)):
            yield run
        return
    for length in _REPEAT:
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def _letters_of(text: str) -> set[str]:
    return {part for run in _RUN.findall(text[:1_000]) for part in _parts(run)}
