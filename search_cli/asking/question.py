"""The question that a search puts to a corpus: the tree that is matched, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from index.corpus import Corpus, Hits
    from index.fulltext.engine import Answer
    from index.fulltext.searcher import Ranked
    from index.query import Node
    from index.workspace import Workspace
    from search_cli.asking.novelty import Told
    from search_cli.asking.request import SearchRequest


_MOST_BY_WORDS = 1000  # whose order counts beside that of meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for, and how to tell it.

    `by_words` is the tree of the words alone, and `nearest` the ids of what is nearest in meaning, where
    that was asked for. Where only what is new is wanted, `told` is what earlier searches have told of
    it, and `current` all that matches now, with the number of versions of each.
    """

    tree: Node
    asked: str
    told: Told | None = None
    current: dict[str, int] | None = None
    by_words: Node | None = None
    nearest: tuple[str, ...] = ()


def question_of(request: SearchRequest, workspace: Workspace, corpus: Corpus) -> Question:
    """The question behind a request; raises `UsageError` and its children."""
    from search_cli.asking.articles import find_articles

    tree = request.narrowing.understand(corpus, request.words or ("*",))
    question = Question(tree=tree, asked=corpus.echo(tree))
    narrowed = question.tree
    like = None
    if request.like is not None:
        (like, *_) = find_articles(workspace, corpus.store, [request.like])
        question = _alike(question, like, corpus, needed=not request.meaning)
    if request.meaning:
        question = _meant(question, narrowed, like, corpus, most=request.limit or 0)
    if request.new is not None:
        question = _only_new(question, request.told_as, workspace, corpus)
    return question


def shown_of(question: Question, corpus: Corpus, hits: Hits, *, every: bool) -> dict[str, int]:
    """What a list of hits told, with the number of versions of each.

    Unless `every` reprint has a row of its own, one row stands for all of its text that match.
    """
    from index.corpus.narrow import narrow
    from index.query import Filter

    current = question.current or {}
    if len(hits) == (hits.total if every else hits.texts):
        return current
    shown = [hit.id for hit in hits]
    if not every:
        families = tuple(dict.fromkeys(hit.stored.family for hit in hits))
        shown += corpus.match(narrow(question.tree, [Filter("group", families)])).ids()
    return {name: current[name] for name in shown if name in current}


def ranked_of(
    question: Question, request: SearchRequest, corpus: Corpus, matches: Answer
) -> list[Ranked]:
    """The hits that are listed, in the order asked for."""
    fold = not request.every
    if question.by_words is None or request.sort != "relevance":
        return matches.top(request.listed, sort=request.sort, fold=fold)
    from index.corpus.nearest import rank_fused

    alone = corpus.match(question.by_words).top(_MOST_BY_WORDS, fold=False)
    return rank_fused(
        matches,
        (hit.id for hit in alone),
        question.nearest,
        limit=request.listed,
        fold=fold,
    )


def _meant(
    question: Question, narrowed: Node, like: str | None, corpus: Corpus, *, most: int
) -> Question:
    """The question, for what means the same too: as the words, or as the article it is to be like."""
    from index.corpus.narrow import narrow
    from index.corpus.nearest import (
        NEAREST,
        find_nearest,
        meaning_of,
        meaning_of_article,
        with_nearest,
        without_words,
    )
    from index.query import Filter, Not

    among = without_words(narrowed)
    if like is None:
        vector = meaning_of(corpus.asked(question.tree))
    else:
        vector = meaning_of_article(corpus, like)
        among = narrow(narrowed, [Not(Filter("group", (corpus.get(like).family,)))])
    nearest = tuple(find_nearest(corpus, vector, among, most=max(NEAREST, most)))
    return replace(
        question,
        tree=with_nearest(question.tree, nearest),
        asked=f"{question.asked} · by meaning {len(nearest)}",
        by_words=question.tree,
        nearest=nearest,
    )


def _alike(question: Question, identity: str, corpus: Corpus, *, needed: bool) -> Question:
    """The question, for articles like one, without it and its reprints.

    Where words are `needed` and there are none, raises `UsageError`.
    """
    from index.corpus.like import characteristic_words, like_tree
    from index.corpus.narrow import narrow
    from index.query import Filter, Not

    stored = corpus.get(identity)
    family = Filter("group", (stored.family,))
    carriers = corpus.match(family).total
    words = characteristic_words(corpus.index, stored.article, carriers=carriers)
    tree = like_tree(words)
    if tree is None and needed:
        raise UsageError(f"{identity}: no other article shares its distinctive words")
    tree = tree or Filter("id", ())
    asked = f"like {identity}: {', '.join(words)}"
    if question.asked != "*":
        asked = f"{question.asked} · {asked}"
    return replace(question, tree=narrow(question.tree, [tree, Not(family)]), asked=asked)


def _only_new(question: Question, name: str, workspace: Workspace, corpus: Corpus) -> Question:
    """The question, without what was told under the name."""
    from search_cli.asking.novelty import Told, count_versions, only
    from search_cli.output.moments import moment

    told = Told.read(workspace, name)
    current = count_versions(corpus, question.tree)
    fresh = told.fresh(current)
    tree = question.tree if len(fresh) == len(current) else only(question.tree, fresh)
    since = f"since {moment(told.at, corpus.zone)}" if told.at else "as nothing was told before"
    return Question(tree=tree, asked=f"{question.asked} · new {since}", told=told, current=current)
