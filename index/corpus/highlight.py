"""Where the words of a query are in one article, in characters of its headline and text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.article import Article
from index.query import Near, Node, Or
from index.query.match import AnalysedArticle, analyse, spans_of
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


def marks_in_text(tree: Node, article: Article) -> dict[str, list[list[Span]]]:
    """As `Answer.marks`, by the text itself: by zone, for each term of the query its positions there."""
    from index.fulltext.searcher.evaluate import leaves_of

    analysed = analyse(article)
    leaves = dict.fromkeys(leaves_of(tree))
    return {
        zone: [_marks(leaf, zone, analysed) for leaf in leaves]
        for zone in ("title", "lead", "text")
    }


def _marks(node: Node, zone: str, analysed: AnalysedArticle) -> list[Span]:
    """What to mark of a node: of a Near its parts, and only where they are near."""
    if isinstance(node, Or):
        return [span for part in node.parts for span in _marks(part, zone, analysed)]
    spans = spans_of(node, zone, analysed)
    if not isinstance(node, Near):
        return spans
    return [
        (start, end)
        for part in node.parts
        for start, end in _marks(part, zone, analysed)
        if any(first <= start and end <= last for first, last in spans)
    ]


def in_characters(spans: Sequence[Span], text: str, language: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that spans of its tokens cover, in order and apart."""
    tokens = list(read_tokens(text, language)) if spans else []
    end = 0
    for first, last in spans:
        if last >= len(tokens) or tokens[last].end <= end:
            continue
        yield max(tokens[first].start, end), tokens[last].end
        end = tokens[last].end
