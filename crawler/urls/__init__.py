"""URLs: the form that is fetched, the identity of an article, its site; article-like or not."""

from crawler.urls.article import (
    ARTICLE_SCORE,
    article_score,
    is_front_page,
    looks_like_article,
)
from crawler.urls.canonical import article_url, canonical, page_of, plausible_canonical
from crawler.urls.domains import outlet_of, registered_domain
from crawler.urls.parts import MAX_URL, Parts, clean, read_url, url_fault
from crawler.urls.traps import Variants, trap_fault

__all__ = [
    "ARTICLE_SCORE",
    "MAX_URL",
    "Parts",
    "Variants",
    "article_score",
    "article_url",
    "canonical",
    "clean",
    "is_front_page",
    "looks_like_article",
    "outlet_of",
    "page_of",
    "plausible_canonical",
    "read_url",
    "registered_domain",
    "trap_fault",
    "url_fault",
]
