"""The whole article in a feed's entry, as a page to be read where the site refuses its own."""

from __future__ import annotations

import re
from html import escape

from crawler.extract.phrases import phrase_pattern
from crawler.extract.text import SHORT_WORDS, count_words
from crawler.lists.feeds.entries import FeedEntry, plain_text

LONGEST = 200_000  # characters of HTML
LONG_WORDS = 2 * SHORT_WORDS  # what is as long is not a teaser, although the summary is the same

_TAIL = 400
_CUT = re.compile(r"(?:…|\.{3}|\[…\]|\[\.{3}\])[\s\])»\"”]*$")
_CREDIT = re.compile(r"\s*(?:The post|Der Beitrag|L.article|La entrada)\b[^.…]{1,250}\.?\s*$")
_MORE = phrase_pattern("read_more")
_PAYWALL = phrase_pattern("paywall")


def full_text_page(entry: FeedEntry) -> str:
    """An HTML page with the entry's whole text; empty if the entry has none, or a teaser.

    A text is whole from 120 words on, when it does not end in an ellipsis, an invitation to read on
    or to subscribe, and says more than the entry's summary (or has 240 words all the same).
    """
    if len(entry.content) > LONGEST or not _is_whole(entry):
        return ""
    metas = [("author", name) for name in entry.authors]
    if entry.published_at:
        metas.append(("article:published_time", entry.published_at.isoformat()))
    head = "".join(
        f'<meta name="{name}" property="{name}" content="{escape(value)}">' for name, value in metas
    )
    title = escape(entry.title)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{entry.content}</article></body></html>"
    )


def _is_whole(entry: FeedEntry) -> bool:
    text = plain_text(entry.content, LONGEST)
    words = count_words(text)
    if words < SHORT_WORDS:
        return False
    tail = _CREDIT.sub("", text[-_TAIL:]).rstrip()
    if _CUT.search(tail) or _MORE.search(tail) or _PAYWALL.search(tail):
        return False
    return words >= LONG_WORDS or count_words(entry.summary) < words / 2
