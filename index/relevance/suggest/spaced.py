"""The words of scripts with spaces that a story's articles have in common, beside others of the language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.article import Article
from index.relevance.suggest.covering import Coverage, weigh
from index.relevance.suggest.terms import passing_words
from index.text.analysis import read_tokens

_CHARACTERS = 1_000  # of an article's beginning
_LEAST_LETTERS = 3
_LEAST_HELD = 2
_LEAST_ODDS = 1.5  # natural logarithm
_KEPT = 60


def read_spaced(articles: Sequence[Article], others: Sequence[Article], language: str) -> Coverage:
    """The stems of articles, each with its most usual spelling, and how many of the others hold them."""
    spelt: dict[str, Counter[str]] = {}
    texts, heads = [], []
    for article in articles:
        head = _stems(article.title, language)
        below = _stems(f"{article.description}\n{article.text[:_CHARACTERS]}", language)
        for stem, written in (*head, *below):
            spelt.setdefault(stem, Counter())[written] += 1
        heads.append(frozenset(stem for stem, _ in head))
        texts.append(frozenset(stem for stem, _ in (*head, *below)))
    holding = Counter(
        stem
        for other in others
        for stem in {
            stem
            for stem, _ in _stems(
                f"{other.title}\n{other.description}\n{other.text[:_CHARACTERS]}", language
            )
        }
    )
    return Coverage(
        texts=texts,
        heads=heads,
        others=len(others),
        holding=holding,
        spelt={stem: written.most_common(1)[0][0] for stem, written in spelt.items()},
    )


def weigh_words(story: Coverage) -> dict[str, float]:
    """The stems that set the story's articles apart, heaviest first; weights as those of a profile."""
    found = {}
    for stem, number in story.count().items():
        odds, weight = weigh(story, stem, number)
        if number >= _LEAST_HELD and odds >= _LEAST_ODDS:
            found[stem] = weight
    ranked = sorted(found, key=lambda stem: (-found[stem], stem))[:_KEPT]
    return {stem: round(found[stem], 4) for stem in ranked}


def _stems(text: str, language: str) -> list[tuple[str, str]]:
    passing = passing_words(language)
    return [
        (token.stem or token.text, text[token.start : token.end])
        for token in read_tokens(text, language)
        if len(token.text) >= _LEAST_LETTERS
        and token.text not in passing
        and not token.text.isdigit()
    ]
