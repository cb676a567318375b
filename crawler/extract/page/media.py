"""Pages whose matter is a film, a sound or pictures: which, and whether there is a text to read."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from crawler.extract.page import Page
from crawler.extract.page.linked_data import ARTICLE_TYPES, Node, is_page_node, types

Media = Literal["video", "audio", "gallery"]

PATHS: tuple[tuple[Media, re.Pattern[str]], ...] = (
    (
        "gallery",
        re.compile(
            r"/(?:galer(?:y|ie|ia)s?|gallery|galleries|fotogalerie\w*|fotogaler[ií]as?|slideshows?"
            r"|bildergalerie\w*|fotostrecken?|photo-?gallery|in-pictures|diaporamas?|zdjecia)/",
            re.IGNORECASE,
        ),
    ),
    ("video", re.compile(r"/(?:videos?|watch|mediathek/video|v[ií]deos?)/", re.IGNORECASE)),
    ("audio", re.compile(r"/(?:audios?|podcasts?|listen|h[oö]ren)/", re.IGNORECASE)),
)
TYPES: tuple[tuple[Media, frozenset[str]], ...] = (
    ("gallery", frozenset({"imagegallery", "mediagallery"})),
    ("video", frozenset({"videoobject"})),
    ("audio", frozenset({"audioobject", "podcastepisode", "radioepisode"})),
)


def media_of(page: Page) -> Media | None:
    """What a page shows instead of a text: by its address, its og:type, or its linked data.

    A film within an article makes no film's page of it, unless the page calls itself one.
    """
    path = urlsplit(page.url).path
    if by_path := next((media for media, pattern in PATHS if pattern.search(path)), None):
        return by_path
    og_type = page.first("og:type").lower()
    for media in ("video", "audio"):
        if og_type.startswith(media):
            return "video" if media == "video" else "audio"
    if og_type == "article" or any(_is_article(node) for node in page.nodes):
        named = frozenset[str]().union(*(types(node) for node in page.nodes if _is_article(node)))
        return "gallery" if "imagegallery" in named else None
    named = frozenset[str]().union(*(types(node) for node in page.nodes if is_page_node(node)))
    return next((media for media, kinds in TYPES if named & kinds), None)


def _is_article(node: Node) -> bool:
    return is_page_node(node) and bool(types(node) & ARTICLE_TYPES)
