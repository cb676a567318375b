"""What the cluster cannot say is asked for widely and looked at again in the texts of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.fulltext.searcher.evaluate import Leaf
from index.opensearch.client import Json
from index.opensearch.translate import leaf_query, translate
from index.query import And, Near, Node, Phrase, Typo, Wildcard, Word, parts_of
from index.query.match import analyse, matches

if TYPE_CHECKING:
    from index.article import Article
    from index.store import Store

MOST = 20_000
"""Articles that are looked at again for one part of a query; each takes a few milliseconds."""

_PART = 200


def inexact_leaves(tree: Node, languages: Sequence[str]) -> list[Leaf]:
    """The leaves of which the cluster's own query would find too much."""
    found: list[Leaf] = []
    for leaf in _leaves(tree):
        if leaf not in found and not leaf_query(leaf, languages)[1]:
            found.append(leaf)
    return found


def look_again(
    tree: Node,
    languages: Sequence[str],
    store: Store,
    candidates: Callable[[Json, int], Iterable[tuple[str, int, str]]],
) -> dict[Leaf, Json]:
    """For each such leaf the query that finds what it matches among what else the tree asks.

    `candidates` gives, for a query and at most that many, the article's id, its version's number and
    the document's own id. Raises `UsageError` if there are more than `MOST`.
    """
    known: dict[Leaf, Json] = {}
    for leaf in inexact_leaves(tree, languages):
        wide = {
            "bool": {"filter": [leaf_query(leaf, languages)[0], *_beside(tree, leaf, languages)]}
        }
        found = list(candidates(wide, MOST + 1))
        if len(found) > MOST:
            raise UsageError(
                f"{leaf}: more than {MOST:,} articles would have to be looked at for it",
                hint="make it narrower: a date, an outlet, another word",
            )
        fitting = [
            document
            for document, article in read_articles(store, found)
            if matches(leaf, analyse(article))
        ]
        known[leaf] = {"ids": {"values": fitting}}
    return known


def read_articles(
    store: Store, wanted: Sequence[tuple[str, int, str]]
) -> Iterator[tuple[str, Article]]:
    """Each document's id with the article as that version has it; what left the store is left out."""
    for start in range(0, len(wanted), _PART):
        part = wanted[start : start + _PART]
        found = store.articles.get([identity for identity, _, _ in part])
        for identity, version, document in part:
            stored = found.get(identity)
            if stored is None:
                continue
            if version >= stored.versions:
                yield document, stored.article
            else:
                yield document, store.versions.of(identity)[version - 1].article


def _beside(tree: Node, leaf: Leaf, languages: Sequence[str]) -> list[Json]:
    """What every hit must have besides, as far as the cluster can say it."""
    if not isinstance(tree, And):
        return []
    return [
        translate(part, languages, {})
        for part in tree.parts
        if part != leaf and not inexact_leaves(part, languages)
    ]


def _leaves(tree: Node) -> Iterator[Leaf]:
    if isinstance(tree, Word | Phrase | Wildcard | Typo | Near):
        yield tree
        return
    for part in parts_of(tree):
        yield from _leaves(part)
