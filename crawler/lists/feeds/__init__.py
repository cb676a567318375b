"""Feeds: RSS, RDF, Atom and JSON Feed to one shape, for finding articles."""

from __future__ import annotations

from crawler.extract.page.decode import decode
from crawler.lists.feeds.entries import Feed, FeedEntry
from crawler.lists.feeds.json_feed import parse_json_feed
from crawler.lists.feeds.xml_feed import parse_xml_feed
from crawler.lists.xml import FEED_LIMIT, unpack
from crawler.refusal import Refusal

__all__ = ["Feed", "FeedEntry", "parse_feed"]

_BLANK = b"\xef\xbb\xbf \t\r\n"


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> Feed | Refusal:
    """The feed in a response body. Never raises: a body that is not a feed gives a refusal.

    `url` is what relative links are resolved against, `content_type` the header's value. Codes
    of refusals: those of `xmldoc`, and `not-a-feed` for XML or JSON of another kind.
    """
    unpacked = unpack(body, FEED_LIMIT)
    if isinstance(unpacked, Refusal):
        return unpacked
    if unpacked[:200].lstrip(_BLANK)[:1] == b"{":
        return parse_json_feed(decode(unpacked, content_type), url)
    return parse_xml_feed(unpacked, url, content_type)
