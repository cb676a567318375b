"""URLs: the form that is fetched, the identity of an article, its site; article-like or not."""

from crawler.urls.article import (
    ARTICLE_SCORE,
    article_score,
    is_front_page,
    looks_like_article,
)
from crawler.urls.canonical import canonical, page_of
from crawler.urls.domains import outlet_of, registered_domain
from crawler.urls.identity import Identity, Likeness, Link, are_one, article_url, decide_address
from crawler.urls.parts import MAX_URL, Parts, clean, read_url, url_fault
from crawler.urls.traps import Variants, trap_fault

__all__ = [
    "ARTICLE_SCORE",
    "MAX_URL",
    "Identity",
    "Likeness",
    "Link",
    "Parts",
    "Variants",
    "are_one",
    "article_score",
    "article_url",
    "canonical",
    "clean",
    "decide_address",
    "is_front_page",
    "looks_like_article",
    "outlet_of",
    "page_of",
    "read_url",
    "registered_domain",
    "trap_fault",
    "url_fault",
]
