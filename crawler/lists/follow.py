"""The links of a kept article to other articles of the outlets that are read."""

from __future__ import annotations

from crawler.lists import Found
from crawler.lists.sections import parse_list_page
from crawler.refusal import Refusal
from index.capture import Capture

MAX_LINKS = 100  # of one article: more is a menu


def followed(capture: Capture, sites: frozenset[str]) -> list[Found]:
    """The articles that a page links to within these sites, those that look most like one first."""
    page = parse_list_page(
        capture.body, url=capture.url, content_type=capture.header("Content-Type"), sites=sites
    )
    if isinstance(page, Refusal):
        return []
    links = sorted(page.articles, key=lambda link: -link.score)[:MAX_LINKS]
    return [Found(url=link.url, title=link.text) for link in links]
