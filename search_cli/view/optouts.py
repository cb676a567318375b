"""What an article's page asks of those who use it, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from index.article import Article
from search_cli.output.moments import moment
from search_cli.output.render import one_line

_WITHHELD = {
    "noindex": "not in search: its page asks not to be indexed",
    "expired": "not in search: its page asked to be gone by now",
}


def wish_lines(article: Article, zone: tzinfo) -> Iterator[str]:
    """The page's directives, its end, its reservation of text mining, and what follows from them."""
    if article.robots:
        kept = "; no snapshot is kept" if "noarchive" in article.robots else ""
        yield f"robots: {', '.join(article.robots)}{kept}"
    if article.unavailable_after:
        yield f"asks to be gone after {moment(article.unavailable_after, zone)}"
    if article.tdm_reserved is not None:
        terms = f", terms: {one_line(article.tdm_policy)}" if article.tdm_policy else ""
        yield f"text mining: {'reserved' if article.tdm_reserved else 'free'}{terms}"
    if article.withheld:
        yield _WITHHELD.get(article.withheld, f"not in search: {one_line(article.withheld)}")
