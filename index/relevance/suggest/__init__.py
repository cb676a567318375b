"""A story proposed from a few of its articles: title, window, a query for each language, a `not`.

The clippings say what the story is about. Where there is a corpus, it says what is usual, which of
its articles are close to the clippings (`index.relevance.profile`), and so how the story is reported in other
languages, and what shares its words but is something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import Literal

from index.article import Article
from index.query import Everything, Node, parse
from index.query.match import analyse, matches
from index.relevance.profile import Background, learn_profile, opening_of, read_features
from index.relevance.suggest.build_query import (
    WITHIN,
    any_of,
    main_names,
    main_topics,
    propose_tree,
)
from index.relevance.suggest.covering import cover_tree
from index.relevance.suggest.growth import grow_profile
from index.relevance.suggest.paired import ASSUMED, paired_text, read_paired, weigh_terms
from index.relevance.suggest.spaced import read_spaced, weigh_words
from index.relevance.suggest.terms import (
    Rarity,
    Vocabulary,
    count_words,
    phrases_around,
    read_vocabulary,
)
from index.relevance.suggest.translate import carry_names
from index.text.analysis import holds_paired_script
from index.workspace.story import Seed, Window

__all__ = [
    "Proposal",
    "Proposed",
    "Rarity",
    "Vocabulary",
    "closest_query",
    "propose",
    "propose_query",
]

BEFORE, AFTER = timedelta(days=7), timedelta(days=28)
_HELD = 0.15  # closeness to the clippings that some article of a corpus with their story has
_CLOSE = 0.65  # closeness at which an article of the corpus is taken for the story's
_KINDRED = 0.1  # closeness to the clippings themselves that an article in another language needs
_STRAY = _CLOSE - 0.05  # the closeness of one that has less
_ENOUGH_ARTICLES = 5  # of another language, to propose a query from them
_KNOWN_LANGUAGE = 50  # articles that say what is usual in a language
_FEW_BUT_ALL = 10  # the same where nothing else does
_FEWEST_PAIRED = 3  # articles from which words without spaces are recognised by what they share
_SURELY_OTHER = 2  # articles that hold a phrase of another matter
_MOST_OTHER = 6
_TITLE = 100  # characters of a title that is made of a text's opening
_SEED_WORDS, _SEED_SIGNS = 60, 200
_SIGNS = re.compile(r"[\W\d_]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s|(?<=[。！？])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The query of one language and what it comes from; `query` has a `…` where words are missing.

    `origin`: the clippings, articles of the corpus close to them, or names carried over. `unsure`
    where it is not known which words are usual in the language.
    """

    language: str
    query: str
    origin: Literal["clippings", "corpus", "carried"]
    articles: int = 0
    words: Vocabulary = field(default_factory=Vocabulary)
    unsure: bool = False

    @property
    def to_complete(self) -> bool:
        """Whether words are missing that only a person knows."""
        return "…" in self.query


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a story file would say; `close` is how many articles of the corpus are like the clippings."""

    title: str
    window: Window
    queries: tuple[Proposed, ...]
    seeds: tuple[Seed, ...] = ()
    not_query: str = ""
    close: int = 0


def propose(
    clippings: Sequence[Article],
    *,
    corpus: Sequence[Article] = (),
    languages: Sequence[str] = (),
    usual: Callable[[str], Rarity] = lambda language: Rarity(),
) -> Proposal:
    """The proposal for one or more clippings with a language each.

    `languages` are others that the story should be looked for in; `usual` tells how rare the words
    of a language are where the corpus does not.
    """
    own = _by_language(clippings)
    rated = _rate(clippings, corpus)
    near = [article for article, value in rated if value >= _CLOSE]
    rarity = _rarity_by_language([found for found, value in rated if value < _CLOSE], usual)
    found = _by_language(near)
    queries = [
        *(_from_articles(language, own[language], rarity, "clippings") for language in own),
        *(
            _from_articles(language, found[language], rarity, "corpus")
            for language in found
            if language not in own and len(found[language]) >= _ENOUGH_ARTICLES
        ),
    ]
    covered = {query.language for query in queries}
    missing = [language for language in dict.fromkeys(languages) if language not in covered]
    queries += [_carried(queries[0], language) for language in missing]
    return Proposal(
        title=_title(clippings),
        window=_window(clippings),
        queries=tuple(queries),
        seeds=tuple(_seed(article, rarity(article.language)) for article in clippings),
        not_query=_other_matter(queries, clippings, rated),
        close=len(near),
    )


def propose_query(
    language: str, articles: Sequence[Article], others: Sequence[Article], usual: Rarity
) -> Proposed:
    """The query that articles of one language have in common, beside others in it.

    `usual` tells how rare words are where the others are too few.
    """
    if len(others) >= _FEW_BUT_ALL and not holds_paired_script(articles[0].title):
        story = read_spaced(articles, others, language)
        if (tree := cover_tree(story, weigh_words(story))) is not None:
            return Proposed(
                language=language, query=str(tree), origin="corpus", articles=len(articles)
            )
    enough = _KNOWN_LANGUAGE if usual.is_known else _FEW_BUT_ALL
    known = count_words(others, language) if len(others) >= enough else usual
    return _from_articles(language, articles, lambda _: known, "corpus")


def closest_query(clippings: Sequence[Article], *, most: int) -> Node:
    """Any of the heaviest words and names of the clippings: what finds articles like them."""
    terms: list[str] = []
    for language, articles in _by_language(clippings).items():
        words = read_vocabulary(articles, language)
        heaviest = Counter({**words.topics, **words.names}).most_common(most)
        terms += [term for term, _ in heaviest]
    return any_of(dict.fromkeys(terms)) if terms else Everything()


def _from_articles(
    language: str,
    articles: Sequence[Article],
    rarity: Callable[[str], Rarity],
    origin: Literal["clippings", "corpus"],
) -> Proposed:
    known = rarity(language)
    if len(articles) >= _FEWEST_PAIRED and (found := _paired(articles, known)) is not None:
        weights, tree = found
        heaviest = max(weights.values(), default=1.0)
        topics = {term: round(weight / heaviest, 3) for term, weight in weights.items()}
        words = Vocabulary(topics=topics, recurring=frozenset(topics))
    else:
        words = read_vocabulary(articles, language, known)
        tree = propose_tree(words)
    return Proposed(
        language=language,
        query="…" if tree is None else str(tree),
        origin=origin,
        articles=len(articles),
        words=words,
        unsure=not known.is_known and not holds_paired_script(articles[0].text[:200]),
    )


def _paired(
    articles: Sequence[Article], known: Rarity
) -> tuple[Mapping[str, float], Node | None] | None:
    """The terms and the query of articles in a script without spaces; None where too little is known."""
    if not all(holds_paired_script(paired_text(article)) for article in articles):
        return None
    story = read_paired(articles, known.articles or ASSUMED, known.holding)
    weights = weigh_terms(story)
    return (weights, cover_tree(story, weights)) if weights else None


def _carried(known: Proposed, language: str) -> Proposed:
    """A query to be completed: the names that can be carried over, and a place for the rest."""
    names = carry_names(main_names(known.words), known.language, language)
    query = f"… NEAR/{WITHIN} ({any_of(names)})" if names else "…"
    return Proposed(language=language, query=query, origin="carried", words=known.words)


def _seed(article: Article, known: Rarity) -> Seed:
    """What the story file keeps of a clipping: its headline and its telling words."""
    title = article.title or _title([article])
    if holds_paired_script(f"{title}{article.text[:200]}"):
        opening = f"{article.description}。{article.text}"[:_SEED_SIGNS]
        words = [part for part in _SIGNS.split(opening) if part]
    else:
        found = read_vocabulary([article], article.language, known)
        ranked = Counter({**found.topics, **found.names})
        words = [word for word, _ in ranked.most_common(_SEED_WORDS)]
    return Seed(language=article.language, title=title, words=tuple(words))


def _title(clippings: Sequence[Article]) -> str:
    """The first headline, or else the opening of the first text, cut where a sentence or a word ends."""
    if headline := next((clipping.title for clipping in clippings if clipping.title), ""):
        return headline
    opening = " ".join(clippings[0].text[: 2 * _TITLE].split()) if clippings else ""
    sentence = _SENTENCE.split(opening, maxsplit=1)[0]
    if len(sentence) <= _TITLE:
        return sentence.rstrip(".。")
    return f"{sentence[:_TITLE].rpartition(' ')[0] or sentence[:_TITLE]} …"


def _window(clippings: Sequence[Article]) -> Window:
    """A week before the first clipping to four weeks after the last; open where none has a date."""
    days = [article.published.astimezone(UTC).date() for article in clippings if article.published]
    if not days:
        return Window()
    return Window(_moved(min(days), -BEFORE), _moved(max(days), AFTER))


def _moved(day: date, by: timedelta) -> date | None:
    try:
        return day + by
    except OverflowError:
        return None


def _by_language(articles: Sequence[Article]) -> dict[str, list[Article]]:
    grouped: dict[str, list[Article]] = {}
    for article in articles:
        grouped.setdefault(article.language, []).append(article)
    return grouped


def _rarity_by_language(
    corpus: Sequence[Article], usual: Callable[[str], Rarity]
) -> Callable[[str], Rarity]:
    held = _by_language(corpus)
    known = {
        language: count_words(articles, language)
        for language, articles in held.items()
        if len(articles) >= _KNOWN_LANGUAGE
    }
    return lambda language: known.get(language) or usual(language)


# With a corpus


def _rate(clippings: Sequence[Article], corpus: Sequence[Article]) -> list[tuple[Article, float]]:
    """The articles of the corpus, each with its closeness to the clippings' story as it is told there.

    Each 0 if nothing is close to the clippings themselves: the corpus holds other stories, and
    what its articles have in common would be one of those.
    """
    seeds = [read_features(analyse(opening_of(article))) for article in clippings]
    features = [read_features(analyse(opening_of(article))) for article in corpus]
    background = Background()
    for item in (*seeds, *features):
        background.add(item)
    alone = learn_profile([(seed, 1.0) for seed in seeds], background)
    held = alone is not None and any(alone.closeness(item).value >= _HELD for item in features)
    spoken = {seed.language for seed in seeds}
    profile = grow_profile(seeds, features, background) if held else None
    if profile is None or alone is None:
        return [(article, 0.0) for article in corpus]
    rated = []
    for article, item in zip(corpus, features, strict=True):
        close = profile.closeness(item)
        # What joined another language by what had joined before, and shares nothing with the seeds.
        is_stray = item.language not in spoken and alone.closeness(item).value < _KINDRED
        rated.append((article, min(close.value, _STRAY) if is_stray else close.value))
    return rated


def _other_matter(
    queries: Sequence[Proposed],
    clippings: Sequence[Article],
    rated: Sequence[tuple[Article, float]],
) -> str:
    """Phrases around the story's topics that stand only in articles which its query does not meet."""
    asked = {
        query.language: query
        for query in queries
        if query.origin == "clippings" and not query.to_complete
    }
    topics = {language: main_topics(query.words) for language, query in asked.items()}
    trees = {language: parse(query.query) for language, query in asked.items()}
    own: list[Article] = list(clippings)
    others: list[Article] = []
    for article, value in rated:
        if article.language in trees:
            is_met = value >= _CLOSE or matches(trees[article.language], analyse(article))
            (own if is_met else others).append(article)
    elsewhere, meant = _phrases_of(topics, others), _phrases_of(topics, own)
    phrases = [
        phrase
        for phrase, count in sorted(elsewhere.items(), key=lambda item: (-item[1], item[0]))
        if count >= _SURELY_OTHER and phrase not in meant
    ]
    return str(any_of(phrases[:_MOST_OTHER])) if phrases else ""


def _phrases_of(topics: Mapping[str, Sequence[str]], articles: Sequence[Article]) -> Counter[str]:
    return Counter(
        phrase
        for article in articles
        if article.language in topics
        for phrase in phrases_around(article, topics[article.language])
    )
