"""Where an article's page came from, if not from its publisher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.article import Article
from search_cli.output.moments import moment
from search_cli.output.render import one_line

if TYPE_CHECKING:
    from index.store import StoredArticle

# Sources whose terms ask to be named where their data is used.
_CITED = {
    "gdelt": "the GDELT Project (gdeltproject.org)",
    "gdelt-doc": "the GDELT Project (gdeltproject.org)",
    "common-crawl": "Common Crawl (commoncrawl.org)",
    "cc-news": "Common Crawl (commoncrawl.org)",
    "mediacloud": "Media Cloud (mediacloud.org)",
    "wikipedia": "Wikipedia",
}


def copy_lines(article: Article, zone: tzinfo) -> Iterator[str]:
    """Lines on a copy: of what moment, and where to find it; none for the publisher's own page."""
    if article.copy_of:
        told = f"a copy, captured {moment(article.captured, zone)}"
        yield f"{told}: {one_line(article.archive_source)}"


def saved_lines(stored: StoredArticle, zone: tzinfo) -> Iterator[str]:
    """The copy that the Wayback Machine made because we asked; nothing for none."""
    if stored.saved:
        yield f"saved {moment(stored.saved.captured, zone)}: {one_line(stored.saved.address)}"


def archive_name(article: Article) -> str:
    """The host of the archive that gave a copy; empty for the publisher's own page."""
    return urlsplit(article.archive_source).hostname or "" if article.copy_of else ""


def cited_sources(articles: Iterable[StoredArticle], channels: Iterable[str]) -> list[str]:
    """Whom a report on these articles has to name: sources that named pages, archives that gave them."""
    archives = {archive_name(one.article) for one in articles} - {""}
    return sorted({_CITED[name] for name in channels if name in _CITED} | archives)
