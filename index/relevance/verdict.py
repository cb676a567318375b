"""Article × story → verdict: does it belong, how surely, and why, in words.

The story's own queries come first: where and how densely they are met says whether an article is
about the story or only mentions it. A profile of the articles that are on the story already finds
coverage that never uses the obvious word, also in a language without a query, and doubts what
meets the query but is like none of them. No word of any story stands here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC
from itertools import groupby

from index.article import Article, Decision, Verdict
from index.query import Node
from index.query.match import AnalysedArticle, analyse, evidence, matches
from index.relevance.corrections import Corrections
from index.relevance.draft import ABOUT, UNMET, UNSURE, Draft
from index.relevance.focus import is_digest
from index.relevance.hashes import hash_all
from index.relevance.measures import (
    CLOSE_BRIEF,
    CLOSE_TEXT,
    FAINT,
    LESS,
    LIKE_FROM,
    LIKE_TO,
    MORE,
    TITLE_LIKE,
    beside_text,
    is_brief,
)
from index.relevance.nearness import Near, read_near
from index.relevance.occurrences import Places, find_places
from index.relevance.profile import Closeness, Features, Profile, read_features
from index.workspace.story import ANY, Story
from index.workspace.story_tree import not_tree, query_tree, story_tree

_UNLIKE = 0.3  # closeness below which a hit is doubted
_ENOUGH_TERMS = 12  # of a headline and its lead; of fewer less can be like the story's
# How like the story's headlines a headline is below which it is doubted.
_TITLE_UNLIKE = 0.2
_TITLE_SAYS = 0.4  # what a headline like the story's says for a hit elsewhere
_DOUBTED = ABOUT - 0.01  # borderline at best
_LIKE = 0.35  # closeness from which what an article shares with others counts too
_SHOWN_TERMS = 6


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
    vector: bytes = b"",
) -> Verdict:
    """`judge` for an article that is already cut into tokens, so several stories share the work.

    `vector` is its headline's, packed; it counts in languages without a query.
    """
    features = read_features(analysed) if profile is not None else None
    found = draft_verdict(
        analysed, story, features, names=names, profile=profile, copies=copies, vector=vector
    )
    return finish_draft(found, story, profile.corrections if profile else None, features)


def finish_draft(
    found: Draft | Verdict, story: Story, taught: Corrections | None, features: Features | None
) -> Verdict:
    """The verdict that a draft comes to by what labels have taught."""
    if isinstance(found, Verdict):
        return found
    if taught is None or features is None or found.signals is None or not found.asks:
        return found.finish(story.id, found.rules)
    held = taught.held(hash_all(features))
    return found.finish(story.id, *taught.correct(found.signals, held))


def draft_verdict(
    analysed: AnalysedArticle,
    story: Story,
    features: Features | None,
    *,
    names: Collection[str] = (),
    profile: Profile | None = None,
    copies: int = 0,
    vector: bytes = b"",
) -> Draft | Verdict:
    """The verdict on an article but for what labels teach; the verdict itself where they have no say.

    `features` are needed with a profile, of which its corrections are not asked.
    """
    article = analysed.article
    if by_hand := _decided_by_hand(story, {article.url, article.canonical_url, *names}):
        return by_hand
    tree = query_tree(story, analysed.language)
    is_met = matches(story_tree(story), analysed)
    if not is_met and matches(tree, analysed):
        return _verdict(
            story, "off-story", 0.0, "the not query is met", *_terms_met(tree, analysed)
        )
    near = read_near(analysed, story, profile, features, names=names, copies=copies, vector=vector)
    draft = (
        _read_met(tree, story, analysed, near)
        if is_met
        else _read_close(tree, story, analysed, near)
    )
    inside, when = _dated(article, story)
    counts = inside and draft.alone >= ABOUT
    return replace(
        draft,
        shortage=_shortage(analysed, story),
        inside=inside,
        when=when,
        alone=round(draft.alone, 3) if counts else 0.0,
    )


def score_alone(analysed: AnalysedArticle, story: Story, *, names: Collection[str] = ()) -> float:
    """The `alone` of the verdict that `judge_analysed` would give, for less work."""
    article = analysed.article
    if by_hand := _decided_by_hand(story, {article.url, article.canonical_url, *names}):
        return by_hand.alone
    if not matches(story_tree(story), analysed) or _shortage(analysed, story):
        return 0.0
    score = _score_met(query_tree(story, analysed.language), story, analysed)
    return round(score, 3) if score >= ABOUT and _dated(article, story)[0] else 0.0


def score_by_queries(analysed: AnalysedArticle, story: Story) -> float | None:
    """The score of a verdict without a profile or any lower bound, for less work: 0 to 1.

    0.0 where the queries are not met, None where they are but for the story's `not`.
    """
    article = analysed.article
    if by_hand := _decided_by_hand(story, {article.url, article.canonical_url}):
        return by_hand.score
    tree = query_tree(story, analysed.language)
    if not matches(tree, analysed):
        return 0.0
    if (kept_out := not_tree(story)) is not None and matches(kept_out, analysed):
        return None
    return round(_score_met(tree, story, analysed), 3)


def _score_met(tree: Node, story: Story, analysed: AnalysedArticle) -> float:
    return 1.0 if story.keeps_everything else find_places(tree, analysed).score


def _read_met(tree: Node, story: Story, analysed: AnalysedArticle, near: Near) -> Draft:
    """An article that meets the query: by where it does, and doubted if it is like no other."""
    if story.keeps_everything:
        return Draft(rules=1.0, alone=1.0, reasons=("the story keeps every article",))
    places = find_places(tree, analysed)
    reasons = (*_terms_met(tree, analysed), *_weak(places), *_doubts(analysed, story))
    score, doubts = _joined(places, analysed, near)
    score, meant = near.lift(score)
    likened = near.shared() if near.close is None or near.close.abroad else near.likened()
    signals = near.signals(
        rules=score,
        headline=places.title,
        lead_only=float(not places.title and is_brief(analysed)),
        passing=float(places.recalled),
        digest=float(places.listed),
    )
    return Draft(
        rules=score,
        alone=places.score,
        signals=signals,
        asks=True,
        reasons=(*reasons, *meant, *(() if meant else doubts or likened)),
    )


def _joined(places: Places, analysed: AnalysedArticle, near: Near) -> tuple[float, tuple[str, ...]]:
    """The score of a hit by its places and by how like the story's the article and its headline are."""
    alone, close, title = places.score, near.close, near.title
    if close is None or close.abroad:
        return alone, ()
    if places.title:
        if close.value < _UNLIKE * min(1.0, close.terms / _ENOUGH_TERMS):
            return min(alone, _DOUBTED), (f"unlike the {near.articles:,} on-story articles",)
        return max(alone, _score_close(close, analysed)), ()
    says = 0.0
    if title is not None:
        says = _TITLE_SAYS * _rise(near.titled(title), _TITLE_UNLIKE, TITLE_LIKE)
    if is_brief(analysed):
        score = 1 - (1 - alone) * (1 - says)
        doubt = () if says else ("its headline is unlike the story's",)
        recalls = places.listed or (places.recalled and near.anchors and not near.headed)
        believed = says and not recalls
        return (score if believed else min(score, _DOUBTED)), (doubt if title is not None else ())
    if close.value < _UNLIKE:
        return min(alone, _DOUBTED), (f"unlike the {near.articles:,} on-story articles",)
    if places.listed:
        return alone, ()
    return max(1 - (1 - alone) * (1 - says), _score_close(close, analysed)), ()


def _rise(value: float, low: float, high: float) -> float:
    """0 up to a first value, 1 from a second, and even between them."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _weak(places: Places) -> Iterator[str]:
    if places.recalled:
        yield "the lead only recalls it"
    if places.listed:
        yield "a page of many topics"


def _read_close(tree: Node, story: Story, analysed: AnalysedArticle, near: Near) -> Draft:
    """An article that does not meet the query: by how close it is to those that do."""
    if near.close is None:
        score, meant = near.lift(0.0)
        reasons = (UNMET, *meant, *_doubts(analysed, story))
        faint = _faint(tree, story, analysed) if score < UNSURE else None
        return Draft(rules=score, reasons=reasons, faint=faint)
    told = _rise(near.title.value, 0.0, TITLE_LIKE) if near.title is not None else 1.0
    sure = _rise(near.titled(near.title), LIKE_FROM, LIKE_TO) if near.title else 0.0
    times = (1 + MORE * (1 - told) - LESS * sure) * near.times()
    score = _score_close(near.close, analysed, times)
    doubts = ["its headline is unlike the story's"] if told < 1 and score < ABOUT else []
    if near.anchored is False:
        doubts.append("has none of the words by which the story is known")
    if near.close.value >= _LIKE:
        score = min(0.9, near.strengthen(score))
    listed = is_digest(analysed.article.title, analysed.article.description)
    if is_brief(analysed):
        if listed or _is_headless(near):
            score = min(score, _DOUBTED)
        score = max(score, min(0.9, near.likely))
    score, meant = near.lift(score)
    if near.means_else and score > _DOUBTED:
        score, doubts = _DOUBTED, [*doubts, "its headline means something else"]
    signals = near.signals(rules=score, unmet=1.0, digest=float(listed))
    asks = near.close.value >= FAINT or bool(meant)
    why = meant or (*near.likened(), *doubts)
    return Draft(
        rules=score,
        signals=signals,
        asks=asks,
        reasons=(UNMET, *why, *_doubts(analysed, story)),
        faint=_faint(tree, story, analysed) if asks or score < UNSURE else None,
    )


def _faint(tree: Node, story: Story, analysed: AnalysedArticle) -> tuple[str, ...]:
    """The reasons where no query is met and little else speaks for an article."""
    only = (f"only {met}" for met in _terms_met(tree, analysed))
    return (UNMET, *only, *_beside(tree, analysed), *_doubts(analysed, story))


def _is_headless(near: Near) -> bool:
    """Whether a headline has none of the story's anchors, and is not like its headlines otherwise."""
    if not near.anchors or near.headed or near.title is None:
        return False
    return near.titled(near.title) < _TITLE_UNLIKE


def _decided_by_hand(story: Story, names: Collection[str]) -> Verdict | None:
    own = {plain_address(name) for name in names}
    if not own.isdisjoint(map(plain_address, story.keep_never)):
        return _verdict(story, "off-story", 0.0, "never kept: you decided")
    if not own.isdisjoint(map(plain_address, story.keep_always)):
        kept = _verdict(story, "on-story", 1.0, "always kept: you decided")
        return replace(kept, alone=1.0)
    return None


def plain_address(name: str) -> str:
    """An address without what people leave out when they copy it by hand."""
    bare = name.strip().partition("#")[0].partition("://")
    return (bare[2] or bare[0]).removeprefix("www.").rstrip("/")


def _verdict(story: Story, decision: Decision, score: float, *reasons: str) -> Verdict:
    kept = tuple(reason for reason in reasons if reason)
    return Verdict(story=story.id, decision=decision, score=round(score, 3), reasons=kept)


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


def _score_close(close: Closeness, analysed: AnalysedArticle, times: float = 1.0) -> float:
    """What closeness says, `times` as much of it being needed where the headline does not say so too."""
    enough = CLOSE_BRIEF * times if is_brief(analysed) else CLOSE_TEXT
    # The square keeps what is half as close well below the borderline.
    return min(0.9, ABOUT * (close.value / enough) ** 2)


def _beside(tree: Node, analysed: AnalysedArticle) -> Iterator[str]:
    """That a caption or a credit would meet the query, which says nothing of the article."""
    article = analysed.article
    if text := beside_text(article):
        bare = replace(article, title="", description="", text=text, zones=(), asides=())
        if matches(tree, analyse(bare)):
            yield "met only in a caption or credit"


def _doubts(analysed: AnalysedArticle, story: Story) -> Iterator[str]:
    yield from doubts_of(story, analysed.language, undated=analysed.article.published is None)


def doubts_of(story: Story, language: str, *, undated: bool) -> Iterator[str]:
    """What is doubted of an article in a language, ISO 639-1 or empty, before it is read."""
    if not language:
        yield "language unknown: asked every query of the story"
    elif language not in story.match and ANY not in story.match:
        yield f"no query for {language}: asked every query of the story"
    if undated and str(story.window):
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
