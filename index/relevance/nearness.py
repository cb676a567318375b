"""How an article stands to what is on a story: close, alike in meaning, sharing texts and links."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from index.query.match import AnalysedArticle
from index.relevance.corrections import Signals
from index.relevance.focus import is_digest
from index.relevance.measures import ANCHORED, FAINT, FEW, HEADLESS, UNANCHORED
from index.relevance.profile import Closeness, Features, Profile
from index.workspace.story import ANY, Story

if TYPE_CHECKING:
    from index.relevance.by_meaning import Likeness

_MOST_ALIKE = 1.3  # closeness beyond which more of it says no more
_ELSEWHERE = 0.3  # likeness by meaning below which names alone are doubted
# What it says for coverage that an article shares this with what is on the story.
_KIN = {"copies": 0.5, "quotes": 0.4, "links": 0.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """How an article stands to what is on the story; without `close`, too little is known.

    `anchors` is whether the story has anchors in the article's language, `anchored` whether it holds one,
    `headed` whether its headline does, `likely` the probability of a headline and a lead by telling words.
    """

    articles: int = 0
    close: Closeness | None = None
    title: Closeness | None = None
    anchored: bool | None = None
    headed: bool = False
    anchors: bool = False
    likely: float = 0.0
    copies: int = 0
    quotes: int = 0
    links: int = 0
    alike: Likeness | None = None

    def signals(self, *, rules: float, **more: float) -> Signals:
        """The evidence for the article as the corrections weigh it."""
        return Signals(
            rules=rules,
            title=min(_MOST_ALIKE, self.title.value) if self.title else 0.0,
            close=min(_MOST_ALIKE, self.close.value) if self.close else 0.0,
            kin=float(bool(self.copies or self.quotes or self.links)),
            **more,
        )

    def titled(self, title: Closeness) -> float:
        """How like the story's headlines one is: less where it has none of the story's anchors."""
        return title.value * (1.0 if self.headed or not self.anchors else HEADLESS)

    def times(self) -> float:
        """How much of the usual closeness an article needs that meets no query, by the story's anchors."""
        if self.headed:
            return ANCHORED
        return UNANCHORED if self.anchored is False else 1.0

    def strengthen(self, score: float) -> float:
        """A score joined with what the article shares, as independent signals."""
        found = [weight for name, weight in _KIN.items() if getattr(self, name)]
        return 1 - (1 - score) * prod(1 - weight for weight in found)

    @property
    def means_else(self) -> bool:
        """Whether names alone speak for it, and its headline lies among other news."""
        abroad = self.close is not None and self.close.abroad
        return abroad and self.alike is not None and self.alike.value < _ELSEWHERE

    def lift(self, score: float) -> tuple[float, tuple[str, ...]]:
        """The score, or what meaning and words say in a language without a query, if that is more."""
        alike = self.alike
        if alike is None or alike.score <= score:
            return score, ()
        if not alike.nearest:
            return alike.score, ()
        shared = f"; words: {', '.join(alike.words)}" if alike.words else ""
        return alike.score, (f"by meaning ({alike.value:.2f}) near “{alike.nearest}”{shared}",)

    def likened(self) -> Iterator[str]:
        """Closeness in words, then what is shared."""
        if self.close is not None:
            words = ", ".join(self.close.words)
            yield f"close to {self.articles:,} on-story articles: {words}"
        yield from self.shared()

    def shared(self) -> Iterator[str]:
        """What it has in common with on-story articles, in words."""
        if self.copies:
            yield f"shares its text with {_count(self.copies, 'on-story article')}"
        if self.quotes:
            yield f"shares {_count(self.quotes, 'quotation')} with on-story articles"
        if self.links:
            yield f"{_count(self.links, 'link')} to or from on-story articles"


def read_near(
    analysed: AnalysedArticle,
    story: Story,
    profile: Profile | None,
    features: Features | None,
    *,
    names: Collection[str],
    copies: int = 0,
    vector: bytes = b"",
) -> Near:
    """How an article stands to the story's; by meaning only where there is no query for its language.

    `features` are the article's, None only where there is no profile either.
    """
    if profile is None or features is None:
        return Near(copies=copies)
    language, meaning = analysed.language, profile.meaning
    abroad = bool(vector and language) and is_without_query(story, language)
    if profile.articles < FEW and not (abroad and meaning):
        return Near(copies=copies)
    alike = meaning.judge(vector, features) if abroad and meaning else None
    if profile.articles < FEW:
        return Near(copies=copies, alike=alike)
    close, title = profile.closeness(features), profile.headline(features)
    likely = 0.0
    if profile.telling and title is not None and not close.abroad and close.value >= FAINT:
        likely = profile.telling.likely(
            features,
            close=close.value,
            title=title.value,
            is_digest=is_digest(analysed.article.title, analysed.article.description),
            is_elsewhere=profile.anchors.is_elsewhere(features),
        )
    return Near(
        articles=profile.articles,
        close=close,
        title=title,
        likely=likely,
        anchored=profile.anchors.held(features),
        headed=profile.anchors.headed(features),
        anchors=features.language in profile.anchors.heads,
        copies=copies,
        quotes=profile.shared_quotes(analysed.article),
        links=profile.links(analysed.article, names),
        alike=alike,
    )


def is_without_query(story: Story, language: str) -> bool:
    """Whether a story has neither a query for a language nor one for all."""
    return language not in story.match and ANY not in story.match


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
