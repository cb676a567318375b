"""What the coverage of a story has in common: learned from its articles, no model, no download.

Terms are weighed by how much more often they stand in the story's articles than in all others of
their language (the log odds of Robertson and Spärck Jones, JASIS 1976), times the root of their
share of the story, so that a name in every article counts more than a rarity in one. An article's
closeness is the sum of its terms' weights over the root of its number of terms, and 1 is what half
of the story's own articles reach.

Across languages words are compared by a spelling that travels (`index.relevance.transliteration`),
so a story of one language recognises another's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Any, Self

from index.article import Article
from index.query.match import AnalysedArticle, analyse
from index.relevance.anchored import Anchors
from index.relevance.corrections import Corrections
from index.relevance.telling import Telling, length_of
from index.relevance.transliteration import travelling_key
from index.text.quotations import quotations

if TYPE_CHECKING:
    from index.relevance.by_meaning import Meaning

_OPENING = 150  # words of headline, of lead and of text that are compared
_OPENING_CHARACTERS = 2_000  # which hold that many words
_HALF_LIFE = timedelta(days=30)
_FEWEST = 5  # articles of a language from which the language is judged by itself
FEWEST_OTHERS = 20  # articles of a language beside the story's that tell what is usual in it
_LEAST_COUNT = 2  # articles that hold a term
_LEAST_ODDS = 1.0  # natural logarithm; keeps words like "the" of a small corpus out
_KEPT_TERMS = 600
_NAMED_TERMS = 5
_LEAST_SHARED, _WEIGHTY = (
    2,
    0.5,
)  # spellings across languages, and one of them of the heaviest's weight
ABROAD = 0.8
"""How much of the usual closeness articles of two languages reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What an article is compared by: its terms, and its travelling spellings, each with a word.

    `title` are those of the headline alone, which bears witness of its own.
    """

    language: str
    terms: Mapping[str, str]
    keys: Mapping[str, str]
    title: Features | None = None


@dataclass(slots=True)
class Background:
    """In how many articles of each language a term stands, over a whole corpus; `titles`: headlines."""

    articles: Counter[str] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    keys: dict[str, Counter[str]] = field(default_factory=dict)
    titles: Background | None = None

    def add(self, features: Features) -> None:
        """Count one article."""
        self.articles[features.language] += 1
        self.terms.update(features.terms.keys())
        self.keys.setdefault(features.language, Counter()).update(features.keys.keys())
        if features.title is not None:
            self.titles = self.titles or Background()
            self.titles.add(features.title)

    def add_keys(self, language: str, counts: Mapping[str, int]) -> None:
        """Count spellings of a language."""
        self.keys.setdefault(language, Counter()).update(counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeness:
    """How like a story's articles one is; `abroad`: by travelling spellings alone.

    1 is as like as half of them are to each other; `words` are the article's that say so most, `terms`
    how many it has in all.
    """

    value: float
    words: tuple[str, ...] = ()
    abroad: bool = False
    terms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What a number of articles say word for word and link to, as hashes.

    `quotes` are their quotations, `addresses` their own canonical addresses, `linked` those they
    link to.
    """

    quotes: frozenset[int] = frozenset()
    addresses: frozenset[int] = frozenset()
    linked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a number of articles have in common; weights by term and by travelling spelling.

    `usual` is the middle score of the story's own articles by language, "" by spellings alone; 0
    where most of them have nothing in common, so that likeness to them tells nothing. `titles` is
    the same of their headlines. Where the story has seeds, `anchors` are the words by which it is
    known and `telling` how surely each word tells it. `corrections` is what labels have taught, `meaning`
    where its headlines lie among all others and its words in languages without a query, as far as
    articles are encoded.
    """

    articles: int
    terms: Mapping[str, float]
    keys: Mapping[str, float]
    usual: Mapping[str, float]
    ties: Ties = Ties()
    titles: Profile | None = None
    anchors: Anchors = field(default_factory=Anchors)
    telling: Telling = field(default_factory=Telling)
    corrections: Corrections | None = None
    meaning: Meaning | None = None

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values; the same for the same articles, whatever their order."""
        return {
            "articles": self.articles,
            "terms": dict(sorted(self.terms.items())),
            "keys": dict(sorted(self.keys.items())),
            "usual": dict(sorted(self.usual.items())),
            "ties": {name: sorted(getattr(self.ties, name)) for name in Ties.__slots__},
            "titles": self.titles.to_dict() if self.titles else None,
            "anchors": self.anchors.to_dict(),
            **({"telling": self.telling.to_dict()} if self.telling else {}),
            "corrections": self.corrections.to_dict() if self.corrections else None,
            **({"meaning": self.meaning.to_dict()} if self.meaning else {}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; raises `KeyError` or `TypeError` on foreign data."""
        ties = {name: frozenset(values) for name, values in data["ties"].items()}
        titles, taught, meant = data.get("titles"), data.get("corrections"), data.get("meaning")
        made: dict[str, Any] = {
            "ties": Ties(**ties),
            "titles": cls.from_dict(titles) if titles else None,
            "anchors": Anchors.from_dict(data["anchors"]) if "anchors" in data else Anchors(),
            "corrections": Corrections.from_dict(taught) if taught else None,
        }
        if told := data.get("telling"):
            made["telling"] = Telling.from_dict(told)
        if meant:
            from index.relevance.by_meaning import Meaning  # which is made of profiles

            made["meaning"] = Meaning.from_dict(meant)
        return cls(**{**data, **made})

    def shared_quotes(self, article: Article) -> int:
        """How many of an article's quotations stand in the story's articles too."""
        return len(self.ties.quotes & quotations(article)) if self.ties.quotes else 0

    def links(self, article: Article, own: Iterable[str]) -> int:
        """How many links go from an article to the story's, and whether one comes from there.

        `own` are the article's canonical addresses.
        """
        there = self.ties.addresses.intersection(map(hash_address, article.links))
        return len(there) + any(hash_address(name) in self.ties.linked for name in own)

    def headline(self, features: Features) -> Closeness | None:
        """How like the story's headlines this one is; None where too little is known."""
        if self.titles is None or features.title is None:
            return None
        return self.titles.closeness(features.title)

    def closeness(self, features: Features) -> Closeness:
        """How like the story's articles this one is."""
        if features.language in self.usual:
            score, words = _score(features.terms, self.terms)
            value = _in_units(score, self.usual[features.language])
            return Closeness(value=value, words=words, terms=len(features.terms))
        score, words = _score(features.keys, self.keys)
        value = _in_units(score, self.usual[""]) / ABROAD
        return Closeness(value=value, words=words, abroad=True, terms=len(features.keys))

    def tells_abroad(self, features: Features) -> bool:
        """Whether an article in another language shares enough to be learned from.

        Two spellings at least, of which one weighs half as much as the heaviest: hardly anybody else has it.
        """
        shared = [self.keys[key] for key in features.keys if key in self.keys]
        least = _WEIGHTY * max(self.keys.values(), default=0.0)
        return len(shared) >= _LEAST_SHARED and max(shared) >= least


def opening_of(article: Article) -> Article:
    """The article with as much of its text as is compared."""
    return replace(article, text=article.text[:_OPENING_CHARACTERS])


def hash_address(address: str) -> int:
    """A canonical address as 48 bits."""
    return int.from_bytes(blake2b(address.encode(), digest_size=6).digest(), "big")


def read_features(analysed: AnalysedArticle) -> Features:
    """The terms of headline, lead and opening of an article."""
    terms: dict[str, str] = {}
    keys: dict[str, str] = {}
    title: Features | None = None
    for zone in ("title", "lead", "text"):
        for token, stem in islice(analysed.zones[zone].pieces(), _OPENING):
            terms.setdefault(stem or f"{analysed.language}:{token}", token)
            if key := travelling_key(token):
                keys.setdefault(key, token)
        if zone == "title":
            title = Features(language=analysed.language, terms=dict(terms), keys=dict(keys))
    return Features(language=analysed.language, terms=terms, keys=keys, title=title)


def learn_from(articles: Iterable[tuple[Article, float]]) -> Profile | None:
    """The profile of a story from a corpus: each article with how surely it is on the story.

    0 is not on it, 1 is surely. What was published long before the newest counts less: half after
    30 days, since stories move on. None where no article is on the story.
    """
    background = Background()
    found: list[tuple[Features, float, datetime | None]] = []
    for article, sureness in articles:
        features = read_features(analyse(opening_of(article)))
        background.add(features)
        if sureness > 0:
            found.append((features, sureness, article.published))
    return learn_fresh(found, background)


def learn_fresh(
    found: Sequence[tuple[Features, float, datetime | None]], background: Background
) -> Profile | None:
    """As `learn_profile`, from articles with how surely each is on the story and when it came out."""
    newest = max((when for _, _, when in found if when), default=None)
    weighted = [(features, sure * _freshness(when, newest)) for features, sure, when in found]
    return learn_profile(weighted, background)


def learn_profile(
    articles: Sequence[tuple[Features, float]], background: Background
) -> Profile | None:
    """The profile of a story's articles, each with its weight; None where too little is known.

    `background` has counted the whole corpus, the story's articles too; a language in which it
    holds fewer than 20 others says nothing of what is usual there.
    """
    known = {
        language: _Others.of(articles, background, language)
        for language, number in background.articles.items()
        if number - sum(features.language == language for features, _ in articles) >= FEWEST_OTHERS
    }
    if not articles or not known:
        return None
    terms: dict[str, float] = {}
    usual: dict[str, float] = {}
    for language, others in known.items():
        own = [
            (features.terms, weight)
            for features, weight in articles
            if features.language == language
        ]
        found = _weigh(own, [(others.terms, others.number)])
        terms.update(found)
        if len(own) >= min(_FEWEST, len(articles)):
            usual[language] = _middle(own, found)
    spelt = [(features.keys, weight) for features, weight in articles]
    keys = _weigh(spelt, [(others.keys, others.number) for others in known.values()])
    usual[""] = _middle(spelt, keys)
    return Profile(
        articles=len(articles),
        terms=terms,
        keys=keys,
        usual=usual,
        titles=_learn_titles(articles, background),
    )


def _learn_titles(
    articles: Sequence[tuple[Features, float]], background: Background
) -> Profile | None:
    if background.titles is None:
        return None
    titles = [(features.title, weight) for features, weight in articles if features.title]
    return learn_profile(titles, background.titles)


def _freshness(published: datetime | None, newest: datetime | None) -> float:
    """1 for the newest, half of it every 30 days; of unknown date counts as the newest."""
    if published is None or newest is None:
        return 1.0
    return float(0.5 ** ((newest - published) / _HALF_LIFE))


@dataclass(frozen=True, slots=True)
class _Others:
    """The articles of a language that are not the story's: how many, and with which terms."""

    number: int
    terms: Counter[str]
    keys: Counter[str]

    @classmethod
    def of(
        cls, articles: Sequence[tuple[Features, float]], background: Background, language: str
    ) -> _Others:
        own = [features for features, _ in articles if features.language == language]
        terms = Counter(term for features in own for term in features.terms)
        keys = Counter(key for features in own for key in features.keys)
        wanted = {key for features, _ in articles for key in features.keys}
        return cls(
            number=background.articles[language] - len(own),
            terms=Counter({term: background.terms[term] - count for term, count in terms.items()}),
            keys=Counter({key: background.keys[language][key] - keys[key] for key in wanted}),
        )


def _weigh(
    articles: Sequence[tuple[Mapping[str, str], float]], others: Sequence[tuple[Counter[str], int]]
) -> dict[str, float]:
    """The heaviest terms: log odds against where they are most usual, times the root of the share."""
    total = sum(weight for _, weight in articles)
    holding = Counter(term for terms, _ in articles for term in terms)
    counts: dict[str, float] = {}
    for terms, weight in articles:
        for term in terms:
            counts[term] = counts.get(term, 0.0) + weight
    weights = {}
    for term, count in counts.items():
        share = count / (total + 1)
        usual = max((known[term] + 0.5) / (number + 1) for known, number in others)
        odds = math.log(share * (1 - usual) / (usual * (1 - share))) if usual < 1 else 0.0
        if odds >= _LEAST_ODDS and holding[term] >= min(_LEAST_COUNT, len(articles)):
            weights[term] = odds * math.sqrt(share)
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return dict(heaviest[:_KEPT_TERMS])


def _middle(
    articles: Sequence[tuple[Mapping[str, str], float]], weights: Mapping[str, float]
) -> float:
    return median(_score(terms, weights)[0] for terms, _ in articles)


def _in_units(score: float, usual: float) -> float:
    return score / usual if usual else 0.0


def _score(terms: Mapping[str, str], weights: Mapping[str, float]) -> tuple[float, tuple[str, ...]]:
    found = sorted(
        ((weights[term], word) for term, word in terms.items() if term in weights), reverse=True
    )
    total = sum(weight for weight, _ in found)
    words = tuple(word for _, word in found[:_NAMED_TERMS])
    return total / length_of(terms), words
