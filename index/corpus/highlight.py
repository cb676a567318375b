"""Where the words of a query stand in one article, in characters of its headline and text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.article import Article
from index.query import Node
from index.query.match import analyse, spans_of
from index.query.spans import Span
from index.text.analysis import read_tokens
from index.text.zones import body_of


def highlight(tree: Node, article: Article) -> dict[str, list[tuple[int, int]]]:
    """For `title` and `text` the stretches that match: start and end in characters, in order, apart."""
    from index.fulltext.searcher.evaluate import leaves_of

    leaves, analysed = list(leaves_of(tree)), analyse(article)
    texts = {"title": article.title, "text": body_of(article)}
    return {
        zone: list(
            in_characters(
                sorted({span for leaf in leaves for span in spans_of(leaf, zone, analysed)}),
                text,
                article.language,
            )
        )
        for zone, text in texts.items()
    }


def in_characters(spans: Sequence[Span], text: str, language: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that spans of its tokens cover, in order and apart."""
    tokens = list(read_tokens(text, language)) if spans else []
    end = 0
    for first, last in spans:
        if last >= len(tokens) or tokens[last].end <= end:
            continue
        yield max(tokens[first].start, end), tokens[last].end
        end = tokens[last].end
