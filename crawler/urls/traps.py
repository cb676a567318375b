"""Addresses that a site can make without end: too deep, going round in circles, or the same page again."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from crawler.urls.article import IDENTITY_NAMES
from crawler.urls.parts import query_pairs, split_pair

MAX_DEPTH = 20  # segments of a path
MAX_REPEATS = 2  # of one segment in a path
MAX_VARIANTS = 100  # queries of one page in one run
_MAX_GROUPS = 100_000  # of variants in memory


def trap_fault(url: str) -> str:
    """Why a URL looks like one of endlessly many, as a code; empty if it does not.

    `trap-depth`: over 20 segments; `trap-repeat`: the same segment more than twice, as where a
    relative link adds to its own page's path.
    """
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    if len(segments) > MAX_DEPTH:
        return "trap-depth"
    if segments and max(Counter(segments).values()) > MAX_REPEATS:
        return "trap-repeat"
    return ""


class Variants:
    """Counts the queries under which one page was named, within a run.

    Parameters that name an article (`?id=7`) make another page, not another query of one.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def is_one_too_many(self, url: str) -> bool:
        """Note one more address; whether its page had `MAX_VARIANTS` others by now."""
        path, _, query = url.partition("?")
        pairs = query_pairs(query)
        own = [pair for pair in pairs if split_pair(pair)[0] in IDENTITY_NAMES]
        if len(own) == len(pairs):
            return False
        if len(self._seen) > _MAX_GROUPS:
            self._seen.clear()
        page = "?".join([path, *own])
        self._seen[page] += 1
        return self._seen[page] > MAX_VARIANTS
