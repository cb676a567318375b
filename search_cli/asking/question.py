"""The question that a search puts to a corpus: the tree that is matched, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from index.corpus import Corpus, Hits
    from index.query import Node
    from index.workspace import Workspace
    from search_cli.asking.novelty import Told
    from search_cli.asking.request import SearchRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for, and how to tell it.

    Where only what is new is wanted, `told` is what earlier searches have told of it, and `current`
    all that matches now, with the number of versions of each.
    """

    tree: Node
    asked: str
    told: Told | None = None
    current: dict[str, int] | None = None


def question_of(request: SearchRequest, workspace: Workspace, corpus: Corpus) -> Question:
    """The question behind a request; raises `UsageError` and its children."""
    tree = request.narrowing.understand(corpus, request.words or ("*",))
    question = Question(tree=tree, asked=corpus.echo(tree))
    if request.like is not None:
        question = _alike(question, request.like, workspace, corpus)
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


def _alike(question: Question, name: str, workspace: Workspace, corpus: Corpus) -> Question:
    """The question, for articles like one, without it and its reprints."""
    from index.corpus.like import characteristic_words, like_tree
    from index.corpus.narrow import narrow
    from index.query import Filter, Not
    from search_cli.asking.articles import find_articles

    (identity, *_) = find_articles(workspace, corpus.store, [name])
    stored = corpus.get(identity)
    family = Filter("group", (stored.family,))
    carriers = corpus.match(family).total
    words = characteristic_words(corpus.index, stored.article, carriers=carriers)
    tree = like_tree(words)
    if tree is None:
        raise UsageError(f"{identity}: no word that sets it apart is in another article")
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
