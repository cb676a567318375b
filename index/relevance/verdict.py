"""Article × story → verdict: does it belong, how surely, and why, in words.

The story's own queries come first: where and how densely they are met says whether an article is
about the story or only mentions it. A profile of the articles that are on the story already finds
coverage that never uses the obvious word, also in a language without a query, and doubts what
meets the query but is like none of them. No word of any story stands here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import groupby
from math import prod

from index.article import Article, Decision, Verdict
from index.query import And, Everything, Filter, Node, Not, Or, Period
from index.query.match import AnalysedArticle, analyse, evidence, matches, spans_of
from index.relevance.profile import Closeness, Profile, read_features
from index.text.zones import NOT_STORY, sayings
from index.workspace.story import ANY, Story
from index.workspace.story_tree import query_tree, story_tree

# What a query that is wholly met in one place says for being about the story; the places are
# joined as independent signals: 1 − ∏(1 − weight × share of the query met there).
_WEIGHTS = {"title": 0.75, "lead": 0.55, "opening": 0.4, "text": 0.45}
_OPENING = 80  # words that every newsroom's first two paragraphs fill
_DENSE = 1.5  # hits in 100 words at which a text speaks of little else
ABOUT = 0.5
"""The score from which an article is on the story."""

_UNSURE = 0.3
# Closeness that counts as coverage without a hit (1: as half of the story's articles are). A text has
# words enough that others are hardly ever so close by chance; a headline and a lead have not.
_CLOSE_TEXT, _CLOSE_BRIEF = 0.42, 0.6
_TEXT = 40  # words from which it is a text
_UNLIKE = 0.3  # closeness below which a hit is doubted
_FEW = 8  # articles from which a profile is trusted
_LIKE = 0.35  # closeness from which what an article shares with others counts too
# What it says for coverage that an article shares this with what is on the story.
_KIN = {"copies": 0.5, "quotes": 0.4, "links": 0.25}
_SHOWN_TERMS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What speaks for an article: the score of 0 to 1, and why."""

    score: float
    reasons: tuple[str, ...] = ()


def judge(
    article: Article,
    story: Story,
    *,
    names: Collection[str] = (),
    profile: Profile | None = None,
    copies: int = 0,
) -> Verdict:
    """The story's verdict on an article; raises `QuerySyntaxError` for a faulty story query.

    `names` are what else the user's `keep` lists may call it: its id, its other addresses.
    `profile` is what the story's articles have in common (see `index.relevance.profile`), `copies` how many
    articles of its family the queries put on the story.
    """
    return judge_analysed(analyse(article), story, names=names, profile=profile, copies=copies)


def judge_analysed(
    analysed: AnalysedArticle,
    story: Story,
    *,
    names: Collection[str] = (),
    profile: Profile | None = None,
    copies: int = 0,
) -> Verdict:
    """`judge` for an article that is already cut into tokens, so several stories share the work."""
    article = analysed.article
    if by_hand := _decided_by_hand(story, {article.url, article.canonical_url, *names}):
        return by_hand
    tree = query_tree(story, analysed.language)
    is_met = matches(story_tree(story), analysed)
    if not is_met and matches(tree, analysed):
        return _verdict(
            story, "off-story", 0.0, "the not query is met", *_terms_met(tree, analysed)
        )
    alone = _score_met(tree, story, analysed) if is_met else 0.0
    near = _Near.of(analysed, profile, copies, names)
    reading = (
        _read_met(tree, story, analysed, alone, near)
        if is_met
        else _read_close(story, analysed, near)
    )
    if not is_met and reading.score < _UNSURE:
        only = (f"only {met}" for met in _terms_met(tree, analysed))
        reasons = (*only, *_beside(tree, analysed), *_doubts(analysed, story))
        return _verdict(story, "off-story", reading.score, "the query is not met", *reasons)
    if too_short := _shortage(analysed, story):
        return _verdict(story, "off-story", reading.score, too_short, *reading.reasons)
    inside, when = _dated(article, story)
    decision = _decide(reading.score) if inside else "outside-window"
    found = _verdict(story, decision, reading.score, *reading.reasons, when)
    return replace(found, alone=round(alone, 3) if inside and alone >= ABOUT else 0.0)


def score_alone(analysed: AnalysedArticle, story: Story, *, names: Collection[str] = ()) -> float:
    """The `alone` of the verdict that `judge_analysed` would give, for less work."""
    article = analysed.article
    if by_hand := _decided_by_hand(story, {article.url, article.canonical_url, *names}):
        return by_hand.alone
    if not matches(story_tree(story), analysed) or _shortage(analysed, story):
        return 0.0
    score = _score_met(query_tree(story, analysed.language), story, analysed)
    return round(score, 3) if score >= ABOUT and _dated(article, story)[0] else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """How an article stands to what is on the story; without `close`, too little is known."""

    articles: int = 0
    close: Closeness | None = None
    copies: int = 0
    quotes: int = 0
    links: int = 0

    @classmethod
    def of(
        cls,
        analysed: AnalysedArticle,
        profile: Profile | None,
        copies: int,
        names: Collection[str],
    ) -> _Near:
        if profile is None or profile.articles < _FEW:
            return cls(copies=copies)
        return cls(
            articles=profile.articles,
            close=profile.closeness(read_features(analysed)),
            copies=copies,
            quotes=profile.shared_quotes(analysed.article),
            links=profile.links(analysed.article, names),
        )

    def strengthen(self, score: float) -> float:
        """A score joined with what the article shares, as independent signals."""
        found = [weight for name, weight in _KIN.items() if getattr(self, name)]
        return 1 - (1 - score) * prod(1 - weight for weight in found)

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


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _decide(score: float) -> Decision:
    if score >= ABOUT:
        return "on-story"
    return "borderline" if score >= _UNSURE else "mention"


def _score_met(tree: Node, story: Story, analysed: AnalysedArticle) -> float:
    return 1.0 if story.keeps_everything else _score(tree, analysed)


def _read_met(
    tree: Node, story: Story, analysed: AnalysedArticle, alone: float, near: _Near
) -> _Reading:
    """An article that meets the query: by where it does, and doubted if it is like no other."""
    if story.keeps_everything:
        return _Reading(score=1.0, reasons=("the story keeps every article",))
    reasons = (*_terms_met(tree, analysed), *_doubts(analysed, story))
    close = near.close
    if close is None or close.abroad:
        return _Reading(score=alone, reasons=(*reasons, *near.shared()))
    if close.value >= _UNLIKE:
        score = max(alone, _score_close(close, analysed))
        return _Reading(score=score, reasons=(*reasons, *near.likened()))
    doubt = f"unlike the {near.articles:,} on-story articles"
    return _Reading(score=min(alone, ABOUT - 0.01), reasons=(*reasons, doubt))


def _read_close(story: Story, analysed: AnalysedArticle, near: _Near) -> _Reading:
    """An article that does not meet the query: by how close it is to those that do."""
    if near.close is None:
        return _Reading(score=0.0)
    reasons = ("the query is not met", *near.likened(), *_doubts(analysed, story))
    score = _score_close(near.close, analysed)
    if near.close.value >= _LIKE:
        score = min(0.9, near.strengthen(score))
    return _Reading(score=score, reasons=reasons)


def _decided_by_hand(story: Story, names: Collection[str]) -> Verdict | None:
    own = {_plain_address(name) for name in names}
    if not own.isdisjoint(map(_plain_address, story.keep_never)):
        return _verdict(story, "off-story", 0.0, "never kept: you decided")
    if not own.isdisjoint(map(_plain_address, story.keep_always)):
        kept = _verdict(story, "on-story", 1.0, "always kept: you decided")
        return replace(kept, alone=1.0)
    return None


def _plain_address(name: str) -> str:
    """An address without what people leave out when they copy it by hand."""
    bare = name.strip().partition("#")[0].partition("://")
    return (bare[2] or bare[0]).removeprefix("www.").rstrip("/")


def _verdict(story: Story, decision: Decision, score: float, *reasons: str) -> Verdict:
    kept = tuple(reason for reason in reasons if reason)
    return Verdict(story=story.id, decision=decision, score=round(score, 3), reasons=kept)


def _score(tree: Node, analysed: AnalysedArticle) -> float:
    """The places where the query is met, joined as independent signals: 0 to 1."""
    hits = sum(item.count for item in evidence(tree, analysed) if item.zone == "text")
    density = min(1.0, hits * 100 / max(1, analysed.zones["text"].length) / _DENSE)
    shares = {
        "title": _share(tree, "title", analysed),
        "lead": _share(tree, "lead", analysed),
        "opening": _share(tree, "text", analysed, until=_OPENING),
        "text": _share(tree, "text", analysed) * density,
    }
    return 1 - prod(1 - _WEIGHTS[place] * share for place, share in shares.items())


def _share(node: Node, zone: str, analysed: AnalysedArticle, until: int | None = None) -> float:
    """How much of the query is met within a zone, or its first words: from 0 to 1."""
    match node:
        case And(parts):
            shares = [_share(part, zone, analysed, until) for part in parts if _is_text(part)]
            return sum(shares) / len(shares) if shares else float(matches(node, analysed))
        case Or(parts):
            return max(_share(part, zone, analysed, until) for part in parts)
        case Not() | Filter() | Period() | Everything():
            return float(matches(node, analysed))
        case _:
            spans = spans_of(node, zone, analysed)
            return float(bool(spans) and (until is None or spans[0][0] < until))


def _is_text(node: Node) -> bool:
    return not isinstance(node, Not | Filter | Period | Everything)


def _terms_met(tree: Node, analysed: AnalysedArticle) -> Iterator[str]:
    """What is met where, zone by zone: `text: Pentagon ×3, Beijing`, most frequent terms first."""
    for zone, items in groupby(evidence(tree, analysed), key=lambda item: item.zone):
        terms = sorted(items, key=lambda item: -item.count)
        named = [
            f"{item.term} ×{item.count}" if item.count > 1 else item.term
            for item in terms[:_SHOWN_TERMS]
        ]
        more = [f"{len(terms) - _SHOWN_TERMS} more"] if len(terms) > _SHOWN_TERMS else []
        yield f"{zone}: {', '.join(named + more)}"


def _score_close(close: Closeness, analysed: AnalysedArticle) -> float:
    enough = _CLOSE_TEXT if analysed.zones["text"].words >= _TEXT else _CLOSE_BRIEF
    # The square keeps what is half as close well below the borderline.
    return min(0.9, ABOUT * (close.value / enough) ** 2)


def _beside(tree: Node, analysed: AnalysedArticle) -> Iterator[str]:
    """That a caption or a credit would meet the query, which says nothing of the article."""
    article = analysed.article
    text = "\n".join(saying for kind in NOT_STORY for saying in sayings(article, kind))
    if text:
        bare = replace(article, title="", description="", text=text, zones=(), asides=())
        if matches(tree, analyse(bare)):
            yield "met only in a caption or credit"


def _doubts(analysed: AnalysedArticle, story: Story) -> Iterator[str]:
    if not analysed.language:
        yield "language unknown: asked every query of the story"
    elif analysed.language not in story.match and ANY not in story.match:
        yield f"no query for {analysed.language}: asked every query of the story"
    if analysed.article.published is None and str(story.window):
        yield "no publication date: judged by its text"


def _shortage(analysed: AnalysedArticle, story: Story) -> str:
    """Why the text is too short, or nothing; a paywalled page or a bare listing is not asked."""
    words = analysed.zones["text"].words
    if analysed.article.paywalled or not 0 < words < story.min_words:
        return ""
    return f"too short: {words} of {story.min_words} words"


def _dated(article: Article, story: Story) -> tuple[bool, str]:
    """Whether the article is of the story's window, by its day in UTC, and how that is known."""
    if not str(story.window):
        return True, ""
    if article.published is None:
        return True, ""
    day = article.published.astimezone(UTC).date()
    if day in story.window:
        return True, "published in the window"
    return False, f"published {day}, outside {story.window}"
