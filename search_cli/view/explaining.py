"""`search --explain`: the query as a tree with its hits, and what each term adds to a score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from search_cli.output.render import cells, one_line, pad

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.engine import Answer
    from index.fulltext.searcher import Ranked
    from index.query import Node


def tree_lines(corpus: Corpus, tree: Node) -> Iterator[str]:
    """A line for each part of the query: what it is, and how many articles match it alone."""
    rows = list(_parts(corpus, corpus.asked(tree), 0, hides=corpus.asked(tree) != tree))
    width = max(cells(text) for text, _ in rows)
    yield from (f"{pad(text, width)}  {count:>7,}" for text, count in rows)


def _parts(corpus: Corpus, node: Node, depth: int, *, hides: bool) -> Iterator[tuple[str, int]]:
    from index.corpus.narrow import hide_mentions
    from index.query import And, Not, Or

    indent = "  " * depth
    count = corpus.match(hide_mentions(node) if hides else node).total
    if isinstance(node, And | Or):
        yield f"{indent}{'AND' if isinstance(node, And) else 'OR'}", count
        for part in node.parts:
            yield from _parts(corpus, part, depth + 1, hides=hides)
    elif isinstance(node, Not):
        yield f"{indent}NOT", count
        yield from _parts(corpus, node.part, depth + 1, hides=hides)
    else:
        yield f"{indent}{one_line(corpus.echo(node))}", count


def score_line(corpus: Corpus, matches: Answer, hit: Ranked) -> str:
    """The parts of a hit's score: for each term its share, and its weight in the article.

    A word of the text weighs 1, of the lead 2, of the headline 3; rare terms and short texts add more.
    """
    parts = [
        f"{one_line(corpus.echo(leaf))} {added:.2f} (weight {weight:g})"
        for leaf, weight, added in matches.score_parts(hit)
        if weight
    ]
    return f"{hit.score:.2f} = {' + '.join(parts)}" if parts else "no term to score by"
