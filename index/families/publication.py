"""The time by which an article was certainly published, as far as its date can be trusted."""

from __future__ import annotations

from datetime import datetime, timedelta

from index.article import Article

_LENGTHS = {"day": timedelta(days=1), "month": timedelta(days=31)}


def publication(article: Article, first_seen: datetime) -> tuple[int, bool]:
    """The time by which an article was certainly out, in seconds since 1970; whether it gave one.

    A day or a month counts by its end, so that an exact time within it goes before. What was seen
    was out: no time is later than the first sight, and a later one is not believed.
    """
    seen = int(first_seen.timestamp())
    if article.published is None:
        return seen, False
    published = article.published + _LENGTHS.get(article.published_precision, timedelta())
    if article.published > first_seen:
        return seen, False
    return min(int(published.timestamp()), seen), True
